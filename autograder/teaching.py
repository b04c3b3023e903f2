"""The teacher's page of a lesson: time, how its written question is graded, mistakes to expect."""

import re
from itertools import groupby
from pathlib import Path

from autograder import build
from autograder.build import ROOT, BuildError, text
from course import files
from course.checks import checked
from course.mistakes import mistakes

COSTS = {
    "wrong": "costs its group of cases",
    "care": "costs the care points",
    "note": "is named and costs nothing",
    "convention": "is named and costs nothing",
}
PARTS = re.compile(r"^\| part \| points \| minutes \|\n(?:\|.*\n)+", re.MULTILINE)


def write(name: str, root: Path = ROOT) -> Path:
    """Write dist/teacher/<lesson>.md and return its path.

    Raises: BuildError when there is no such assignment, or it has no sample answers in docs/teaching/.
    """
    if name not in build.lessons(root):
        raise BuildError(f"no lesson {name!r} in course/lessons, only {', '.join(build.lessons(root))}")
    samples = root / "docs" / "teaching" / f"{name}.md"
    if not samples.is_file():
        raise BuildError(f"{name}: expected sample answers to its written question in {samples}")
    path = root / "dist" / "teacher" / f"{name}.md"
    files.write(path, page(build.read(name, root), samples.read_text(encoding="utf-8")).encode())
    return path


def page(lesson: text.Lesson, samples: str) -> str:
    """Return the page as Markdown.

    samples: answers worth 1 and 2 of 3 points, with what is missing in them.
    """
    return "\n\n".join([
        f"# {lesson.title}: for the teacher",
        f"Lesson `{lesson.lesson}`, about {lesson.hours} hours. The model answers of the TODOs are those of "
        f"`source/{lesson.lesson}/`; `autograder publish {lesson.lesson}` writes them with their outputs, "
        "for after the deadline.",
        "## Time and points",
        timing(lesson).rstrip(),
        *question(lesson),
        samples.rstrip(),
        "## Mistakes to expect",
        "The checks know these and name them. `autograder report` counts who made which.",
        *expected(lesson),
        "",
    ])  # fmt: skip


def timing(lesson: text.Lesson) -> str:
    """Return the lesson's own table of parts.

    Raises: BuildError when it has none.
    """
    found = PARTS.search("\n".join(cell.source for cell in lesson.of_kind("prose")) + "\n")
    if not found:
        raise BuildError(f"{lesson.lesson}: expected a table | part | points | minutes |")
    return found[0]


def question(lesson: text.Lesson) -> list[str]:
    """Return the written question with its rubric, and the model answer."""
    parts = []
    for before, cell in zip(lesson.cells, lesson.cells[1:], strict=False):
        if cell.kind == "written":
            asked = re.sub(r"^#+ ", "## ", before.source)
            parts += [asked, f"### The model answer, worth {cell.points:g} points", cell.source]
    return parts


def expected(lesson: text.Lesson) -> list[str]:
    """Return a section for each TODO: its known mistakes, the costly ones first."""
    order = {stem: i for i, stem in enumerate(checked(lesson.lesson))}
    bank = sorted(mistakes(lesson.lesson), key=lambda m: (order[m.stem], list(COSTS).index(m.fault)))
    sections = []
    for stem, found in groupby(bank, key=lambda mistake: mistake.stem):
        lines = [f"- **{m.name.partition('.')[2]}** {COSTS[m.fault]}. {m.sentence}" for m in found]
        sections.append("\n".join([f"### {stem}", "", *lines]))
    return sections
