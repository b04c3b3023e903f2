"""The student package and a teacher's copy to make it from, for tests of both."""

import os
import shutil
import subprocess
import sys

import nbformat
import pytest

from autograder import build
from autograder.build import ROOT

LESSON = list(build.lessons())[-1]
# For what does not depend on the lesson: the students' package of the last one.
of_the_last = pytest.mark.parametrize("lesson", [LESSON], indirect=True, scope="session")

# Where a Python finds the course, and which parts of the teacher's it finds.
SEARCH = """
import importlib.util, json, sys, course, course.reference.inputs
print(json.dumps([course.__file__, course.__version__, [
    name for name in ("mistakes", "lessons", "lectures")
    if importlib.util.find_spec("course." + name)
]]))
"""


def teachers_copy(root):
    """Copy what the student package is made of."""
    for folder in ("course", "source", "release"):
        shutil.copytree(ROOT / folder, root / folder, ignore=shutil.ignore_patterns("__pycache__", "*.whl"))
    for name in ("nbgrader_config.py", "pyproject.toml"):
        shutil.copy(ROOT / name, root)
    return root


def notebook(package, lesson, answered):
    """Return the released notebook, blank or with the answers of the source notebook."""
    blank = nbformat.read(package / f"{lesson}.ipynb", as_version=4)
    source = nbformat.read(ROOT / "source" / lesson / f"{lesson}.ipynb", as_version=4)
    answers = {cell.id: cell.source for cell in source.cells if cell.id.startswith("solution-")}
    for cell in blank.cells:
        cell.source = answers.get(cell.id, cell.source) if answered else cell.source
    return blank


def python(code, path, **options):
    """Run code in a fresh Python that looks for packages in a folder first."""
    environment = {**os.environ, "PYTHONPATH": str(path)}
    command = [options.pop("python", sys.executable), "-P", "-c", code]
    return subprocess.run(command, env=environment, capture_output=True, text=True, **options)
