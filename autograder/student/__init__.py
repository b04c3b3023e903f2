"""The student package: dist/student/, all that a course's students get and nothing else."""

import shutil
import zipfile
from pathlib import Path
from string import Template
from tempfile import TemporaryDirectory

from autograder import build
from autograder.build import ROOT, BuildError, leaks

from .needs import NOTEBOOK, declared, requirements
from .wheel import make_wheel, stage, write

__all__ = ["release", "unpack"]

FILES = Path(__file__).parent / "files"


def release(name=None, root=ROOT):
    """Write dist/student/ for a lesson, None: for the last; return the path of its wheel.

    The folder is replaced as a whole, and what was there before is kept as dist/student.before/. The wheel
    is also put beside the lesson's source and release notebooks, so that nbgrader carries it.
    Raises BuildError when a notebook is older than its text, or the package would hold an answer.
    """
    names = list(build.lessons(root))
    if not names or (name and name not in names):
        raise BuildError(f"no lesson {name!r} in course/lessons, only {', '.join(names) or 'nothing'}")
    name = name or names[-1]
    lessons = [build.read(one, root) for one in build.in_order(root)]
    current = next(lesson for lesson in lessons if lesson.lesson == name)
    built = [build.make(one.lesson, root) for one in lessons if one.number <= current.number]
    for one in built:
        require_fresh(one, root)
    dist = root / "dist"
    dist.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=dist, prefix=".student-") as folder:
        course = stage(root / "course", lessons, current, Path(folder) / "course")
        staged = Path(folder) / "student"
        wheel = fill(staged, built, course, current)
        require_tight(staged, [lesson for lesson in lessons if lesson.number >= current.number])
        swap(staged, dist / "student")
    wheel = dist / "student" / wheel.name
    put_beside(wheel, [root / step / name for step in ("source", "release")])
    return wheel


def fill(folder, built, course, current):
    """Write the notebooks, the wheel and the files around them; return the path of the wheel."""
    for one in built:
        write(folder / f"{one.lesson.lesson}.ipynb", one.release)
    needed = requirements(course)
    wheel = make_wheel(course, build.version(current), needed, folder)
    packages = needed + declared(NOTEBOOK)
    said = {
        "wheel": wheel.name,
        "notebook": f"{current.lesson}.ipynb",
        "lessons": "\n".join(f"- `{one.lesson.lesson}.ipynb`: {one.lesson.title}" for one in built),
        "packages": "\n".join(packages),
        "conda": "\n".join(f"  - {line}" for line in packages),
    }
    for path in sorted(FILES.iterdir()):
        write(folder / path.name, Template(path.read_text(encoding="utf-8")).substitute(said))
    return wheel


def require_fresh(built, root):
    """Raise BuildError unless the notebooks on disk are those that the lesson's text makes."""
    name = built.lesson.lesson
    for path, made in build.files(built, root).items():
        if not build.holds(path, made):
            old = path.relative_to(root)
            raise BuildError(f"{old} is not what the lesson's text makes: run `autograder build {name}`")


def require_tight(folder, still_open):
    """Raise BuildError when a file in the folder holds an answer or a known mistake of a lesson."""
    files = {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }
    secrets = {secret: line for lesson in still_open for secret, line in leaks.secrets(lesson).items()}
    found = leaks.find(files, secrets)
    if found:
        raise BuildError(f"the student package leaks: {found[0]}")


def swap(staged, into):
    """Put a staged folder in place of another one, which is kept beside it."""
    before = into.with_name(f"{into.name}.before")
    if into.exists():
        shutil.rmtree(before, ignore_errors=True)
        into.rename(before)
    staged.rename(into)


def put_beside(wheel, folders):
    """Copy the wheel into folders, in place of older ones."""
    for folder in folders:
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.glob("course-*.whl"):
            old.unlink()
        shutil.copy(wheel, folder)


def unpack(wheel, into):
    """Unpack the wheel into a new folder, where Python finds it on its path; return the folder."""
    shutil.rmtree(into, ignore_errors=True)
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(into)
    return into
