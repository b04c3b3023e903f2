"""A wrong answer that has been opened: into a new cell of the notebook, and as text."""

import json
import re
from html import escape
from pathlib import Path

from IPython import get_ipython

NEW = "Opened. The next cell holds an answer with one mistake. Find it, mend it and run that cell."
THERE = "Opened. A cell of this notebook holds it already."


class Opened:
    """The text of an opened exercise; a notebook gets it as a new cell, unless it has that cell already."""

    def __init__(self, name, text):
        self.text = text
        self._said = THERE if stands_already(name, Path()) else NEW
        shell = get_ipython()
        if shell is not None and self._said is NEW:
            shell.set_next_input(text)

    def __str__(self):
        return self.text

    def _repr_mimebundle_(self, include=None, exclude=None):
        code = f"<details><summary>The code</summary><pre>{escape(self.text)}</pre></details>"
        return {"text/plain": self.text, "text/html": f"<div>{escape(self._said)}</div>{code}"}


def stands_already(name, folder):
    """Return True when a cell of a notebook in the folder, as it was last saved, defines this function.

    Else each run of the whole notebook would add a cell.
    """
    defined = re.compile(rf"^def {name}\(", re.MULTILINE)
    return any(defined.search(source) for path in folder.glob("*.ipynb") for source in code_cells(path))


def code_cells(path):
    """Return the sources of a notebook's code cells, none when it cannot be read."""
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    except (OSError, ValueError, LookupError, TypeError):
        return []
