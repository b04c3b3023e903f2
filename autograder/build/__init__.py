"""Build lessons: text -> source notebook -> release notebook, the same bytes on every machine."""

from contextlib import contextmanager
from dataclasses import dataclass

import nbformat

import course
from autograder.root import ROOT
from course.checks import checked, record
from course.checks.lessons import WEIGHED
from course.files import write, write_all

from . import answers, bugs, cells, course_page, leaks, names, points, release, run, text
from .text import BuildError, Lesson

__all__ = [
    "ROOT", "BuildError", "Built", "build", "build_page", "in_order", "lectures", "lessons", "make", "read",
    "version",
]  # fmt: skip



@dataclass(frozen=True)
class Built:
    """A lesson with its answers in place; the texts of its two notebooks and of its sealed bugs."""

    lesson: Lesson
    source: str
    release: str
    bugs: str


def lessons(root=ROOT):
    """Return {lesson: path} of the lesson texts, in the order of their numbers."""
    return text.find(root / "course" / "lessons")


def lectures(root=ROOT):
    """Return {lecture: path} of the lecture texts, in the order of their numbers."""
    return text.find(root / "course" / text.LECTURES)


def in_order(root=ROOT):
    """Return the names of all lessons and lectures; a lecture stands behind the lesson of its number."""
    found = [text.read(path) for path in (*lessons(root).values(), *lectures(root).values())]
    return [one.lesson for one in sorted(found, key=lambda one: (one.number, one.is_lecture))]


def version(lesson):
    """Return the version of the students' wheel of a lesson: it grows from lesson to lesson."""
    return f"{course.__version__.rpartition('.')[0]}.{lesson.number}"


def read(name, root=ROOT):
    """Return a lesson or lecture with its answers in place, checked as far as that goes without running it.

    Raises BuildError when there is no such lesson or it cannot be built.
    """
    found = lessons(root) | lectures(root)
    if name not in found:
        raise BuildError(f"no lesson {name!r} in course/lessons, only {', '.join(found) or 'nothing'}")
    lesson = text.read(found[name])
    lesson = answers.insert(lesson, root / "course" / "reference")
    lesson = points.insert_points(lesson)
    lesson = bugs.insert(lesson)
    return names.check(lesson)


def make(name, root=ROOT):
    """Return a lesson Built, in memory.

    Raises BuildError when it cannot be built, or its release notebook holds a line of an answer.
    """
    lesson = read(name, root)
    source = cells.notebook(lesson, version(lesson))
    released = cells.text_of(release.release(source, root))
    built = Built(lesson, cells.text_of(source), released, bugs.sealed(lesson))
    found = leaks.find({f"release/{name}": built.release.encode()}, leaks.secrets(lesson))
    if found:
        raise BuildError(f"{name}: the release notebook leaks: {found[0]}")
    return built


def build(name, root=ROOT):
    """Write a lesson's two notebooks, recorded cases and sealed bugs; return True when something changed.

    A changed lesson is run first, and not written unless every check gives its answer full points.
    Raises BuildError when it cannot be built or does not run.
    """
    built = make(name, root)
    require_checks(built.lesson)
    changed = {path: made for path, made in files(built, root).items() if not holds(path, made)}
    needed = [root / "course" / "checks" / "recorded" / f"{name}.npz", sealed_file(name, root)]
    with as_it_was_on_failure(*needed):  # written before the notebook runs, which reads them
        write_cases(built.lesson, needed[0])
        write_all({path: made.encode() for path, made in changed.items() if path in needed})
        if changed:
            prove(built, root)
            write_all({path: made.encode() for path, made in changed.items()})
    return bool(changed)


def build_page(root=ROOT):
    """Write docs/course.md, the page on the course; return True when it changed.

    Raises BuildError when a row of docs/rows.toml names what no lesson has.
    """
    lessons = [read(name, root) for name in in_order(root)]
    made = course_page.course_page(lessons, course_page.read_rows(root / "docs" / "rows.toml"))
    changed = not holds(root / "docs" / "course.md", made)
    if changed:
        write(root / "docs" / "course.md", made.encode())
    return changed


def files(built, root=ROOT):
    """Return {path: text} of a built lesson's two notebooks, and of its sealed bugs where it has some."""
    name = built.lesson.lesson
    found = {root / step / name / f"{name}.ipynb": getattr(built, step) for step in ("source", "release")}
    return found | ({sealed_file(name, root): built.bugs} if built.bugs else {})


def sealed_file(name, root):
    """Return the path of a lesson's sealed bugs."""
    return root / "course" / "bugs" / f"{name}.json"


def holds(path, text):
    """Return True when a file holds this text, to the byte."""
    return path.is_file() and path.read_bytes() == text.encode()


def require_checks(lesson):
    """Raise BuildError unless the lesson asks for what its checks are about, in their order."""
    asked = [stem for stem in lesson.points if stem != WEIGHED]
    try:
        known = list(checked(lesson.lesson)) if asked else []
    except KeyError as error:
        raise BuildError(f"{lesson.lesson}: course.checks has {error.args[0]}") from error
    if asked != known:
        differ = set(known) ^ set(asked)
        what = f"{min(differ)} is in one alone" if differ else "their order differs"
        raise BuildError(f"{lesson.lesson}: its test cells and its tasks in course.checks must agree: {what}")


def write_cases(lesson, path):
    """Write the recorded cases of a lesson that has tests.

    Raises BuildError when they cannot be written.
    """
    try:
        if lesson.points:
            record.write(lesson.lesson, lesson.points, path)
    except ValueError as error:
        raise BuildError(f"{lesson.lesson}: {error}") from error


@contextmanager
def as_it_was_on_failure(*paths):
    """Put files back as they were when what is done with them fails."""
    before = {path: path.read_bytes() if path.is_file() else None for path in paths}
    try:
        yield
    except BaseException:
        for path, content in before.items():
            if content is None:
                path.unlink(missing_ok=True)
            else:
                write(path, content)
        raise


def prove(built, root):
    """Run the source notebook in an empty namespace, with the reference as the oracle.

    Raises BuildError when a cell fails, a check gives its answer less than full points or a bug stays sealed.
    """
    notebook = nbformat.reads(built.source, as_version=4)
    executed = run.run(notebook, path=[root], COURSE_ORACLE="fresh")
    found = run.faults(executed)
    given = run.points(executed)
    found += [
        f"test-{stem}: gives its answer {given[f'test-{stem}']} of {full} points"
        for stem, full in built.lesson.points.items()
        if given[f"test-{stem}"] != full and stem != WEIGHED  # no weights lie beside it
    ]
    found += [f"{cell.id}: does not open" for cell in executed.cells if bugs.is_closed(cell)]
    if found:
        raise BuildError(f"{built.lesson.lesson}: the source notebook does not run: {'; '.join(found)}")
