"""A hostile submission, as a row of a table."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

import nbformat
from nbformat import v4

from tests import small_lesson
from tests.small_lesson import as_bytes

ALL = 8.0  # points of the small lesson's tests
WRONG = "def {0}(*args): return 0"


@dataclass(frozen=True)
class Attack:
    """What a student hands in, and what it is worth.

    kind: "points" forged, "harm" tried, an "end" of the process, a "file" that is no honest notebook.
    source: of a cell of the student's, put behind the cell `after`.  words in capitals stand for what there
    is to harm, see Witness.words.
    answers: by stem; the others are as released, or with right=True as they should be.
    change: what is done to the notebook at last; it may return bytes.
    worth: points.  limited: {level: why it cannot stop this}.
    """

    name: str
    kind: str
    source: str = ""
    after: str = "modular-layers-2"
    answers: dict[str, str] = field(default_factory=dict)
    right: bool = False
    change: Callable | None = None
    worth: float = 0.0
    limited: dict[str, str] = field(default_factory=dict)
    says: tuple[str, ...] = ()  # one of these stands in the reason or the state

    def bytes(self, words: dict[str, str]) -> bytes:
        """Return the file that is handed in."""
        make = small_lesson.right if self.right else small_lesson.answered
        notebook = make(**{stem: filled(source, words) for stem, source in self.answers.items()})
        if self.source:
            place = [cell.id for cell in notebook.cells].index(self.after) + 1
            notebook.cells.insert(place, v4.new_code_cell(filled(self.source, words), id="mine"))
        changed = self.change(notebook) if self.change else notebook
        return changed if isinstance(changed, bytes) else as_bytes(nbformat.from_dict(changed or notebook))


def filled(source: str, words: dict[str, str]) -> str:
    """Return source with the words in it replaced."""
    for word, meaning in words.items():
        alone = rf"(?<![A-Za-z_]){word}(?![A-Za-z_])"
        source = re.sub(alone, lambda _found, meaning=meaning: meaning, source)
    return source


def harm(name: str, source: str, **options) -> Attack:
    """Return a submission with right answers that tries to do harm at its beginning."""
    return Attack(name, "harm", source, right=True, worth=ALL, **options)
