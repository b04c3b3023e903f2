"""Notebooks that are changed where they must not be, and files that are no notebooks."""

import os
from copy import deepcopy

from nbformat import v4

from benchmarks.attacks.attack import LAYERS, NOTHING, Attack, cell
from benchmarks.attacks.suite import SCRIPT

FILE = f"{LAYERS}.ipynb"
TEST = "test-relu_forward"


def test_deleted(notebook):
    """Delete both tests."""
    notebook.cells = [each for each in notebook.cells if not each.id.startswith("test-")]


def test_copied(notebook):
    """Have the test of the right answer twice, once under the id of the other."""
    copied = deepcopy(cell(notebook, "test-affine_forward"))
    copied.metadata.nbgrader.grade_id = copied.id = TEST
    notebook.cells.insert(2, copied)


def test_edited(notebook):
    """Let the test ask something else."""
    cell(notebook, TEST).source = "2.0"


def test_unlocked(notebook):
    """Unlock the test, and have it shown as an answer."""
    test = cell(notebook, TEST)
    test.source = "check.affine_forward(affine_forward, points=2)"
    test.metadata.nbgrader.update(locked=False, solution=True, grade=True)


def points_edited(notebook):
    """Ask for more points in text and metadata."""
    for name in (TEST, "test-affine_forward"):
        test = cell(notebook, name)
        test.source = test.source.replace("points=", "points=10")
        test.metadata.nbgrader.points = 100


def flags_edited(notebook):
    """Swap the grade ids of the tests, and grade an answer as a test."""
    one, two = cell(notebook, TEST), cell(notebook, "test-affine_forward")
    one.metadata.nbgrader.grade_id, two.metadata.nbgrader.grade_id = two.id, one.id
    one.metadata.nbgrader.points = 3
    cell(notebook, "solution-relu_forward").metadata.nbgrader.update(grade=True, points=50, solution=True)


def outputs_given(notebook):
    """Hand in outputs that say full points, and keep the cells from running."""
    for each in notebook.cells:
        if each.cell_type == "code":
            given = v4.new_output("execute_result", data={"text/plain": "2.0"}, execution_count=1)
            each.update(outputs=[given], execution_count=1)
            each.metadata["tags"] = ["skip-execution"]


def kind_changed(notebook):
    """Make the test a text."""
    test = cell(notebook, TEST)
    test.cell_type = "raw"
    test.pop("outputs", None)


def checksum_changed(notebook):
    """Give every cell another checksum and schema."""
    for each in notebook.cells:
        if "nbgrader" in each.metadata:
            each.metadata.nbgrader.update(checksum="0" * 32, schema_version=1)


def odd_ids(notebook):
    """Give cells ids and metadata of odd types, and grades to own cells."""
    own = v4.new_code_cell("3.0", id="own")
    flags = {"grade": True, "points": 50, "locked": True, "solution": False, "task": False}
    own.metadata["nbgrader"] = flags | {"grade_id": "bonus", "schema_version": 3, "cell_type": "code"}
    notebook.cells += [own, {**own, "id": ["x"]}, {**own, "id": "../../x", "metadata": {"nbgrader": [1]}}]
    notebook.metadata["kernelspec"] = {"name": "evil", "argv": ["sh", "-c", "touch /tmp/attack-mark"]}


OUTPUT_SCRIPT = f"""
from IPython.display import HTML, SVG, Javascript, Markdown, display
for text in ("<script>{SCRIPT}</script>", "<img src=x onerror={SCRIPT}()>",
             "<a href='javascript:{SCRIPT}()'>x</a>",
             "<iframe srcdoc='<script>{SCRIPT}</script>'></iframe>", "</pre></div><script>{SCRIPT}</script>",
             "<svg onload={SCRIPT}()></svg>", "<math><mi xlink:href='javascript:{SCRIPT}()'>x</mi></math>"):
    display(HTML(text), Markdown(text))
    print(text)
    display({{"text/plain": text, "text/html": text, "image/svg+xml": text, "image/png": text}}, raw=True)
display(Javascript("{SCRIPT}()"))
raise ValueError("<script>{SCRIPT}</script>")
"""


def words(notebook):
    """Put scripts into words and names of pictures."""
    text = f"<script>{SCRIPT}</script> <img src=x onerror={SCRIPT}()> [x](javascript:{SCRIPT}())"
    notebook.cells += [v4.new_markdown_cell(text, id="words"), v4.new_raw_cell(text, id="raw")]


def instead(content):
    """Return what lays these bytes in the place of the notebook."""
    return lambda folder, told: (folder / FILE).write_bytes(content)


def renamed(folder, told):
    """Name the notebook as a browser does."""
    (folder / FILE).rename(folder / f"{LAYERS} (1).ipynb")


def link(target):
    """Return what lays a link in the place of the notebook."""

    def lay(folder, told):
        (folder / FILE).unlink()
        (folder / FILE).symlink_to(target(told))

    return lay


def linked_folder(folder, told):
    """Lay a link in the place of the whole folder."""
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()
    folder.symlink_to(told["folder"])


def pipe(folder, told):
    """Lay a pipe in the place of the notebook: who opens it waits."""
    (folder / FILE).unlink()
    os.mkfifo(folder / FILE)


def modules(folder, told):
    """Lay modules beside the notebook that have names of others."""
    for name in ("numpy", "course", "IPython", "random", "sitecustomize", "matplotlib"):
        (folder / f"{name}.py").write_text("raise SystemExit('not the one you wanted')")


def huge(folder, told):
    """Lay 200 MB, none of which lie on the disk."""
    with open(folder / FILE, "wb") as file:
        file.truncate(200_000_000)


CHANGES = {
    "tests deleted": test_deleted,
    "a test copied under the id of another": test_copied,
    "a test edited": test_edited,
    "a test unlocked": test_unlocked,
    "points edited": points_edited,
    "grade ids swapped": flags_edited,
    "outputs handed in": outputs_given,
    "a test made a text": kind_changed,
    "checksums changed": checksum_changed,
    "odd ids, grades of own cells": odd_ids,
}
NONE = {
    "not JSON": instead(b"<html>"),
    "empty": instead(b""),
    "nbformat 3": instead(b'{"nbformat": 3, "worksheets": []}'),
    "JSON nested 100,000 deep": instead(b"[" * 100_000),
    "a number of a million digits": instead(b'{"nbformat": 4, "cells": ' + b"9" * 1_000_000 + b"}"),
    "3,000,000 cells": instead(b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": ['
                               + b"{}," * 3_000_000 + b"{}]}"),
    "200 MB": huge,
    "a link to a file of the grader's": link(lambda told: told["canary"]),
    "a link to /dev/zero": link(lambda told: "/dev/zero"),
    "a link to a folder of the grader's": linked_folder,
    "a pipe": pipe,
}  # fmt: skip
ATTACKS = (
    *(Attack(name, "forging", change=change) for name, change in CHANGES.items()),
    Attack("scripts in outputs", "notebooks", last=OUTPUT_SCRIPT),
    Attack("scripts in words", "notebooks", change=words),
    Attack("renamed", "notebooks", lay=renamed),
    Attack("modules beside the notebook", "notebooks", lay=modules),
    *(Attack(f"no notebook: {name}", "notebooks", lay=lay, worth=NOTHING) for name, lay in NONE.items()),
)
