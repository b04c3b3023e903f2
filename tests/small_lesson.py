"""A lesson of three TODOs and a written question, as the builder would release it, and answers to it."""

import inspect
import io
import shutil
import zipfile
from functools import cache
from pathlib import Path
from textwrap import dedent

import nbformat
from nbformat import v4
from nbgrader.utils import compute_checksum

import course
from autograder.build import ROOT
from autograder.bundle import Bundle
from course.reference import layers

LESSON = "modular-layers"
OPENING = """import numpy as np
from course import check
from course.reference.inputs import expect_array
check.open('modular-layers')"""
PLAY = "%%after relu_forward\nrelu_forward(np.array([-1.0, 2.0]))[0]"
POINTS = {"affine_forward": 3, "affine_backward": 3, "relu_forward": 2}
TESTS = {
    "affine_forward": "check.affine_forward(affine_forward, points=3)",
    "affine_backward": "check.affine_backward(affine_backward, affine_forward, points=3)",
    "relu_forward": "check.relu_forward(relu_forward, points=2)",
}
RIGHT = {stem: inspect.getsource(getattr(layers, stem)) for stem in POINTS}


def release():
    """Return the released notebook."""
    cells = [
        v4.new_markdown_cell("# Layers", id="modular-layers-1"),
        held(v4.new_code_cell(OPENING, id="modular-layers-2"), locked=True),
    ]
    for stem, points in POINTS.items():
        cells += [
            held(v4.new_code_cell(stub(stem), id=f"solution-{stem}"), solution=True),
            held(v4.new_code_cell(TESTS[stem], id=f"test-{stem}"), grade=True, locked=True, points=points),
        ]
    cells += [
        v4.new_code_cell(PLAY, id="modular-layers-9"),
        v4.new_code_cell("while True: pass", id="modular-layers-10", metadata={"tags": ["skip-execution"]}),
        held(v4.new_markdown_cell("YOUR ANSWER HERE", id="written-1"), grade=True, solution=True, points=3),
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})


def held(cell, grade=False, solution=False, locked=False, points=None):
    """Return the cell with nbgrader's metadata."""
    flags = {"grade": grade, "solution": solution, "locked": locked, "task": False}
    names = {"grade_id": cell.id, "cell_type": cell.cell_type, "schema_version": 3}
    cell.metadata["nbgrader"] = nbformat.from_dict({**flags, **names})
    if points is not None:
        cell.metadata.nbgrader["points"] = points
    cell.metadata.nbgrader["checksum"] = compute_checksum(cell)
    return cell


def stub(stem):
    """Return the unwritten function."""
    signature = str(inspect.signature(getattr(layers, stem)))
    return f"def {stem}{signature}:\n    # YOUR CODE HERE\n    raise NotImplementedError()"


def answered(**sources):
    """Return the notebook with these sources in its cells: by stem, or by cell id with _ for -."""
    notebook = release()
    for name, source in sources.items():
        name = f"solution-{name}" if name in POINTS else name.replace("_", "-")
        cell(notebook, name).source = dedent(source)
    return notebook


def right(**sources):
    """Return the notebook with right answers, but for these."""
    return answered(**{**RIGHT, **sources})


def cell(notebook, name):
    """Return the cell with this id."""
    return next(cell for cell in notebook.cells if cell.id == name)


def as_bytes(notebook):
    """Return the notebook as a file holds it."""
    return nbformat.writes(notebook).encode()


@cache
def wheel():
    """Return a students' wheel: the course without answers."""
    root, data = Path(course.__file__).parent, io.BytesIO()
    kept = [root / "reference" / "__init__.py", root / "reference" / "inputs.py"]
    with zipfile.ZipFile(data, "w") as archive:
        for path in sorted(root.rglob("*.py")):
            if path in kept or path.relative_to(root).parts[0] not in ("reference", "mistakes", "lessons"):
                archive.write(path, path.relative_to(root.parent))
    return data.getvalue()


@cache
def bundle():
    """Return what grading needs of the lesson."""
    return Bundle(LESSON, as_bytes(release()), wheel())


def make_course(root):
    """Put the lesson's release and the students' wheel into a course folder, as `autograder release` does."""
    for step in ("source", "release"):
        (root / step / LESSON).mkdir(parents=True)
    (root / "release" / LESSON / f"{LESSON}.ipynb").write_bytes(bundle().release)
    (root / "source" / LESSON / "course-1.0.0-py3-none-any.whl").write_bytes(wheel())
    shutil.copy(ROOT / "nbgrader_config.py", root)
    return root
