"""From a lesson's cells to a notebook: ids, what nbgrader reads, the first cell."""

from collections import Counter
from pathlib import Path

import nbformat
from nbformat import v4

from .text import BuildError

FIRST_CELL = Path(__file__).with_name("first_cell.txt").read_text(encoding="utf-8")
OPENS = "from course import bugs, check"  # with this line begins what only an assignment needs
KERNEL = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
FLAGS = {
    "setup": {"grade": False, "solution": False, "locked": True},
    "given": {"grade": False, "solution": False, "locked": True},
    "locked": {"grade": False, "solution": False, "locked": True},
    "solution": {"grade": False, "solution": True, "locked": False},
    "bug": {"grade": False, "solution": False, "locked": True},
    "test": {"grade": True, "solution": False, "locked": True},
    "written": {"grade": True, "solution": True, "locked": False},
}


def notebook(lesson, version):
    """Return the lesson as a notebook for teachers; `version` is that of the wheel that its students get.

    Raises BuildError when two cells would have the same id.
    """
    nodes = [first_cell(lesson, version)]
    for cell, name in zip(lesson.cells, ids(lesson), strict=True):
        metadata = {"nbgrader": graded(cell.kind, name, cell.points)} if cell.kind in FLAGS else {}
        if cell.tags:
            metadata["tags"] = list(cell.tags)
        new = v4.new_markdown_cell if cell.cell_type == "markdown" else v4.new_code_cell
        nodes.append(new(source_of(cell), id=name, metadata=metadata))
    wants = {"course": {"needs_kernel": True}} if lesson.needs_kernel else {}  # read again when it is graded
    return v4.new_notebook(cells=nodes, metadata={**KERNEL, **wants})


def text_of(notebook):
    """Return a notebook as the text of its file."""
    return nbformat.writes(notebook, version=4) + "\n"


def first_cell(lesson, version):
    """Return the locked cell that brings the course, of this version at least, and opens the lesson."""
    source = FIRST_CELL.replace("LESSON", lesson.lesson).replace("VERSION", version).rstrip("\n")
    if lesson.is_lecture:
        source = source[: source.index(OPENS)].rstrip("\n")
    folded = {"source_hidden": True}  # JupyterLab shows its first line, and all of it on a click
    return v4.new_code_cell(
        source, id="setup", metadata={"nbgrader": graded("setup", "setup"), "jupyter": folded}
    )


def graded(kind, name, points=None):
    """Return what nbgrader reads of a cell."""
    metadata = {"schema_version": 3, "grade_id": name, "task": False, **FLAGS[kind]}
    return metadata if points is None else {**metadata, "points": points}


def source_of(cell):
    """Return a cell's source; one that waits for functions says so in its first line."""
    return f"%%after {' '.join(cell.after)}\n{cell.source}" if cell.after else cell.source


def ids(lesson):
    """Return an id for each cell, after what it stands for; the others are counted.

    Raises BuildError when two cells would have the same.
    """
    found, written, others = [], 0, 0
    for cell in lesson.cells:
        if cell.kind == "written":
            written += 1
            found.append(f"written-{written}")
        elif cell.names:
            found.append(f"{cell.kind}-{cell.names[0]}")
        else:
            others += 1
            found.append(f"{lesson.lesson}-{others}")
    twice = [name for name, count in Counter(found).items() if count > 1]
    if twice:
        cell = lesson.cells[len(found) - 1 - found[::-1].index(twice[0])]
        raise BuildError(f"{cell.place}: there is a cell {twice[0]} already")
    return found
