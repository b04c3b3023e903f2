"""What an attack is: a submission, what it is worth, and what a level cannot keep it from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import dedent

from nbformat import NotebookNode, v4

from autograder.sandbox import Limits

LAYERS, CONVNET = "modular-layers", "convnet-cifar10"
LIMITS = Limits(cell_seconds=2, call_seconds=1, wall_seconds=8, memory_bytes=1 << 30)
RIGHT_ALONE = {"affine_forward": 3, "relu_forward": 0}
NOTHING = dict.fromkeys(RIGHT_ALONE, 0)
WRONG = "def relu_forward(x):\n    return x, x\n"


@dataclass(frozen=True)
class Attack:
    """A hostile submission.

    first, last: the source of a cell before the first answer, and of one after everything.
    answer: what stands in the place of the wrong answer.  change: edits the whole notebook.
    lay: puts more into the folder that is handed in, or something else than the notebook.
    worth: {stem: points} of its answers.  limited: level -> why that level cannot stop it.
    twice: hand it in twice, and grade both at the same time.  shows: what it puts out when it got to its end.
    needs_kernel: the lesson says that its cells need a kernel; level B refuses it.
    """

    name: str
    kind: str
    first: str = ""
    answer: str = WRONG
    last: str = ""
    change: Callable[[NotebookNode], None] | None = None
    lay: Callable[[Path, Mapping], None] | None = None
    worth: Mapping[str, float] = field(default_factory=lambda: RIGHT_ALONE)
    limited: Mapping[str, str] = field(default_factory=dict)
    twice: bool = False
    shows: str = ""
    limits: Limits = LIMITS
    lesson: str = LAYERS
    needs_kernel: bool = False

    @property
    def student(self) -> str:
        """Return the name under which it is handed in."""
        return "-".join("".join(c if c.isalnum() else " " for c in self.name.lower()).split())


def own_cell(source: str, name: str) -> NotebookNode:
    """Return a cell of the student's own."""
    return v4.new_code_cell(dedent(source).strip(), id=name)


def cell(notebook: NotebookNode, name: str) -> NotebookNode:
    """Return the cell with this id."""
    return next(each for each in notebook.cells if each.id == name)
