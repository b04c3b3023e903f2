"""What happens to honest submissions: each accident, and the answers that it takes with it."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass

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


def test_deleted(notebook, _filename):
    """Delete a test cell."""
    notebook.cells.remove(cell(notebook, "test-svm_loss"))


def test_duplicated(notebook, _filename):
    """Copy a test cell, with its id, as old editors do."""
    notebook.cells.append(deepcopy(cell(notebook, "test-relu_forward")))


def test_edited(notebook, _filename):
    """Ask for more points than there are."""
    test = cell(notebook, "test-affine_forward")
    test.source = test.source.replace("points=3", "points=300")
    test.metadata.nbgrader.points = 300


def renamed(_notebook, filename):
    """Name the file as a browser does that has downloaded it twice."""
    return filename.replace(".ipynb", " (1).ipynb")


def own_cells(notebook, _filename):
    """Leave cells that fail: a division by zero, a name that is not there."""
    for source in ("1 / 0", "print(undefined_name)"):
        extra = deepcopy(cell(notebook, "solution-relu_forward"))
        extra.update(source=source, id=f"own{len(notebook.cells)}", metadata={})
        notebook.cells.insert(2, extra)


ACCIDENTS = (
    Accident(
        "syntax error in conv_forward_naive",
        replaced("conv_forward_naive", lambda source: source.replace("):", ")", 1)),
        ("conv_forward_naive",),
    ),
    Accident(
        "endless loop in max_pool_forward_naive",
        instead("max_pool_forward_naive", ENDLESS),
        ("max_pool_forward_naive",),
    ),
    Accident(
        "endless loop below avg_pool_forward_naive",
        added("avg_pool_forward_naive", "while True:\n    pass"),
    ),
    Accident(
        "os._exit in conv_forward_im2col",
        instead("conv_forward_im2col", "    import os\n    os._exit(0)"),
        ("conv_forward_im2col",),
    ),
    Accident(
        "os._exit in the cell of softmax_loss",
        added("softmax_loss", "import os\nos._exit(0)"),
        ("softmax_loss",),
    ),
    Accident("sys.exit below affine_backward", added("affine_backward", "import sys\nsys.exit()")),
    Accident("own cells that fail", own_cells),
    Accident("test cell deleted", test_deleted),
    Accident("test cell duplicated", test_duplicated),
    Accident("test cell edited", test_edited),
    Accident("notebook renamed", renamed),
)
