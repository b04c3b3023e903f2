"""A lesson's text, read: the header, and cells that know their line."""

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import jupytext

from autograder.errors import AutograderError

KINDS = {"code": ("code", "solution", "given", "locked", "test", "bug"), "markdown": ("prose", "written")}
KEYS = {"kind", "points", "after", "tags", "mistake"}
HEADER = ("lesson", "number", "title", "hours", "reference")
NEEDS_KERNEL = "needs_kernel"  # the header may say so
LECTURES = "lectures"
MARKER = re.compile(r"# ?%%(\s|$)")


class BuildError(AutograderError):
    """A lesson that cannot be built; the message names the lesson and the line."""


@dataclass(frozen=True)
class Cell:
    """One cell of a lesson.

    kind: "prose", "code", "solution", "given", "locked", "test", "bug" or "written".
    place: where it stands, for messages.
    names: the functions of a solution or given cell, and those that a bug asks; the stem and the arguments
    of a test.
    module: where the functions of a solution or given cell come from, in course.reference.
    mistake: the name of the known mistake that a bug is about.
    """

    kind: str
    source: str
    place: str
    points: float | None = None
    after: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    module: str = ""
    mistake: str = ""

    @property
    def cell_type(self):
        """Return "markdown" or "code", as a notebook says it."""
        return "markdown" if self.kind in KINDS["markdown"] else "code"

    @property
    def always_runs(self):
        """Return True unless something may skip the cell."""
        return not self.after and "skip-execution" not in self.tags


@dataclass(frozen=True)
class Lesson:
    """A lesson: what its header says, and its cells in order.

    reference: the modules of course.reference whose functions are asked for, so open.
    is_lecture: nothing is asked for; the lecture stands behind the assignment of its number.
    needs_kernel: its cells are graded in an IPython kernel.
    """

    lesson: str
    number: int
    title: str
    hours: str
    reference: tuple[str, ...]
    cells: tuple[Cell, ...]
    is_lecture: bool = False
    needs_kernel: bool = False

    def of_kind(self, *kinds):
        """Return the cells of these kinds, in order."""
        return [cell for cell in self.cells if cell.kind in kinds]

    @property
    def points(self):
        """Return {stem: points} of the test cells, in order."""
        return {cell.names[0]: cell.points for cell in self.of_kind("test")}

    def with_cells(self, cells):
        """Return the lesson with other cells."""
        return replace(self, cells=tuple(cells))


def find(folder):
    """Return {lesson: path} of all lesson texts in a folder, in the order of their numbers."""
    paths = sorted(Path(folder).glob("*.py"))
    return {path.stem: path for path in sorted(paths, key=lambda path: read(path).number)}


def read(path):
    """Return the Lesson in a py:percent text; what lies in a folder `lectures` is a lecture.

    Raises BuildError when the header or a cell's marker is not as it must be.
    """
    return parse(path.stem, path.parent.name == LECTURES, path.read_text(encoding="utf-8"))


@lru_cache  # a text is asked for again and again: by its number, by its name, by what it needs
def parse(stem, is_lecture, text):
    """Return the Lesson of a text whose file has this stem."""
    notebook = jupytext.reads(text, fmt="py:percent")
    header = read_header(stem, notebook.metadata.get("course", {}))
    lines = [number for number, line in enumerate(text.splitlines(), 1) if MARKER.match(line)]
    if len(lines) != len(notebook.cells):
        raise BuildError(
            f"{stem}: expected each cell below a `# %%` line, got {len(notebook.cells)} cells "
            f"and {len(lines)} such lines: does text stand above the first, or `# %%` inside a cell?"
        )
    return Lesson(
        **header,
        is_lecture=is_lecture,
        cells=tuple(
            read_cell(stem, line, node) for line, node in zip(lines, notebook.cells, strict=True)
        ),
    )


def read_header(stem, course):
    """Return the header's fields as arguments of Lesson.

    Raises BuildError when one is missing or is not what it must be.
    """
    if set(course) - {NEEDS_KERNEL} != set(HEADER):
        raise BuildError(
            f"{stem}: the header's `course:` needs {', '.join(HEADER)}, and may have {NEEDS_KERNEL}, "
            f"got {', '.join(course) or 'nothing'}"
        )
    if type(course.get(NEEDS_KERNEL, False)) is not bool:
        raise BuildError(
            f"{stem}: the header's {NEEDS_KERNEL} must be true or false, got {course[NEEDS_KERNEL]!r}"
        )
    if course["lesson"] != stem:
        raise BuildError(f"{stem}: the header names the lesson {course['lesson']}, the file is {stem}.py")
    if not isinstance(course["number"], int) or not isinstance(course["reference"], list):
        raise BuildError(
            f"{stem}: the header's number must be an integer and its reference a list of modules"
        )
    return {**course, "hours": str(course["hours"]), "reference": tuple(course["reference"])}


def read_cell(stem, line, node):
    """Return the Cell of a notebook node whose marker stands on this line of the text.

    Raises BuildError when the marker says something unknown or what does not go together.
    """
    said = {key: value for key, value in node.metadata.items() if key != "lines_to_next_cell"}
    kinds = KINDS[node.cell_type] if node.cell_type in KINDS else ()
    kind = said.get("kind", kinds[0] if kinds else node.cell_type)
    place = f"{stem}, line {line}, {kind} cell"
    if not set(said) <= KEYS:
        raise BuildError(
            f"{place}: expected {', '.join(sorted(KEYS))}, got {', '.join(sorted(set(said) - KEYS))}"
        )
    if kind not in kinds:
        raise BuildError(f"{place}: a {node.cell_type} cell may be {' or '.join(kinds) or 'nothing here'}")
    if bool(node.source.strip()) == (kind == "bug"):
        wanted = "a bug cell is its first line alone" if kind == "bug" else "the cell is empty"
        raise BuildError(f"{place}: {wanted}")
    if ("mistake" in said) != (kind == "bug"):
        raise BuildError(f"{place}: expected mistake=<name> in a bug cell, and nowhere else")
    points = said.get("points")
    if kind in ("test", "written") and not (isinstance(points, (int, float)) and points > 0):
        raise BuildError(f"{place}: expected points=<number above 0>, got points={points}")
    if kind not in ("test", "written") and points is not None:
        raise BuildError(f"{place}: only a test or written cell has points, got points={points}")
    if kind not in ("code", "locked") and "after" in said:
        raise BuildError(
            f"{place}: only a plain or locked code cell can wait for a function, got after={said['after']}"
        )
    after = tuple(said.get("after", "").split())
    tags, mistake = tuple(said.get("tags", ())), said.get("mistake", "")
    return Cell(kind, node.source, place, points, after, tags, mistake=mistake)
