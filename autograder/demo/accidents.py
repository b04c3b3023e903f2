"""What happens to honest submissions: each accident, and the answers that it takes with it."""

import re
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from itertools import cycle, islice

from nbformat import v4

ENDLESS = "    while True:\n        pass"


@dataclass(frozen=True)
class Accident:
    """Something that goes wrong in a submission that was right.

    happen: changes a notebook; it may return another file name.  lost: the stems whose answers are gone
    with it. Every other answer must keep its points.
    """

    about: str
    happen: Callable
    lost: tuple[str, ...] = ()


def cell(notebook, name):
    """Return the cell with this id."""
    return next(cell for cell in notebook.cells if cell.id == name)


def replaced(stem, change):
    """Return a happening that changes the source of a solution cell."""

    def happen(notebook, _filename):
        solution = cell(notebook, f"solution-{stem}")
        solution.source = change(solution.source)

    return happen


def added(stem, text):
    """Return a happening that adds a line at the end of a solution cell."""
    return replaced(stem, lambda source: f"{source.rstrip()}\n\n{text}")


def instead(stem, body):
    """Return a happening that replaces what a function does."""
    return replaced(stem, lambda _source: f"def {stem}(*arguments):\n{body}")


def test_deleted(stem):
    """Return a happening that deletes a test cell."""

    def happen(notebook, _filename):
        notebook.cells.remove(cell(notebook, f"test-{stem}"))

    return happen


def test_duplicated(stem):
    """Return a happening that copies a test cell, with its id, as old editors do."""

    def happen(notebook, _filename):
        notebook.cells.append(deepcopy(cell(notebook, f"test-{stem}")))

    return happen


def test_edited(stem):
    """Return a happening that asks for more points than there are."""

    def happen(notebook, _filename):
        test = cell(notebook, f"test-{stem}")
        test.source = re.sub(r"points=\d+", "points=300", test.source)
        test.metadata.nbgrader.points = 300

    return happen


def renamed(_notebook, filename):
    """Name the file as a browser does that has downloaded it twice."""
    return filename.replace(".ipynb", " (1).ipynb")


def own_cells(notebook, _filename):
    """Leave cells that fail: a division by zero, a name that is not there."""
    for source in ("1 / 0", "print(undefined_name)"):
        extra = v4.new_code_cell(source, id=f"own{len(notebook.cells)}")
        notebook.cells.insert(2, extra)


def accidents(stems):
    """Return the Accidents of a lesson with these TODOs; each is about one of them."""
    one = cycle(stems)
    syntax, endless, below, deadly, dead_cell, leaves, deleted, copied, edited = islice(one, 9)
    return (
        Accident(
            f"syntax error in {syntax}",
            replaced(syntax, lambda source: source.replace("):", ")", 1)),
            (syntax,),
        ),
        Accident(f"endless loop in {endless}", instead(endless, ENDLESS), (endless,)),
        Accident(f"endless loop below {below}", added(below, "while True:\n    pass")),
        Accident(f"os._exit in {deadly}", instead(deadly, "    import os\n    os._exit(0)"), (deadly,)),
        Accident(
            f"os._exit in the cell of {dead_cell}", added(dead_cell, "import os\nos._exit(0)"), (dead_cell,)
        ),
        Accident(f"sys.exit below {leaves}", added(leaves, "import sys\nsys.exit()")),
        Accident("own cells that fail", own_cells),
        Accident("test cell deleted", test_deleted(deleted)),
        Accident("test cell duplicated", test_duplicated(copied)),
        Accident("test cell edited", test_edited(edited)),
        Accident("notebook renamed", renamed),
    )
