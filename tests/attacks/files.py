"""Files that are no honest notebook."""

import json

from tests.attacks.attack import ALL, Attack
from tests.small_lesson import as_bytes


def handed_in(name, data, worth=0.0):
    return Attack(name, "file", change=lambda _notebook: data, worth=worth)


def old_format(notebook):
    made = json.loads(as_bytes(notebook))
    cells = [{**cell, "input": cell.get("source", ""), "language": "python"} for cell in made["cells"]]
    return json.dumps(
        {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": cells}]}
    ).encode()


def odd_cells(notebook):
    made = json.loads(as_bytes(notebook))
    made["cells"][2:2] = [{"cell_type": "code", "source": 5}, {"cell_type": "x"}, None, [], {"id": "../../x"}]
    return json.dumps(made).encode()


def odd_names(notebook):
    for cell in notebook.cells:
        cell.metadata.setdefault("nbgrader", {})["grade_id"] = "../../../etc/passwd"
    notebook.metadata["kernelspec"] = {
        "name": "../../x",
        "argv": ["rm", "-rf", "/"],
        "display_name": "<script>",
    }


FILES = [
    handed_in("not JSON", b"<html>log in first</html>"),
    handed_in("empty", b""),
    handed_in("JSON that is no notebook", b"[1, 2]"),
    handed_in("JSON of great depth", b"[" * 10**6),
    handed_in("a number of a million digits", b'{"cells": ' + b"9" * 10**6 + b"}"),
    handed_in("200 MB", b'{"cells": [], "x": "' + b"x" * (200 << 20) + b'"}'),
    handed_in("noise", bytes(range(256)) * 100),
    Attack("nbformat 3", "file", right=True, change=old_format, worth=ALL),
    Attack("cells of no kind", "file", right=True, change=odd_cells, worth=ALL),
    Attack("names that are paths", "file", right=True, change=odd_names, worth=ALL),
]  # fmt: skip
