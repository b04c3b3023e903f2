"""The documentation is run like code."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from autograder.build import ROOT

BLOCK = re.compile(r"^```(\w+) (append|file|edit)=(\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ASK = """
from course.checks import examine, find, verdict, with_hidden
from course.checks.answer import Local
from course.checks.oracle import Fresh
from course.mistakes import define, mistakes, right_ways
import numpy as np

task = find("leaky_relu_forward")


def judged(function):
    visible, hidden = (examine(task, Local(function), seed=seed, oracle=Fresh()) for seed in (None, 3))
    return with_hidden(verdict(task, 2, visible, oracle=Fresh()), hidden)


for mistake in mistakes("modular-layers"):
    if mistake.stem == task.stem:
        result = judged(mistake.function)
        print(mistake.name, result.mistake.name, result.points)
for way, source in right_ways("modular-layers")[task.stem].items():
    print(way, judged(define(source, way, {"np": np})[task.stem]).points)
"""


@pytest.fixture(scope="module")
def followed(tmp_path_factory):
    """Return a copy of the project in which the page has been followed."""
    project = tmp_path_factory.mktemp("project")
    for name in ("course", "autograder", "source", "release", "docs"):
        shutil.copytree(ROOT / name, project / name, ignore=shutil.ignore_patterns("__pycache__", "*.whl"))
    shutil.copy(ROOT / "nbgrader_config.py", project)
    blocks = BLOCK.findall((ROOT / "docs" / "add-a-todo.md").read_text(encoding="utf-8"))
    assert len(blocks) >= 6
    for _, how, path, content in blocks:
        follow(project / path, how, content)
    return project


def follow(path: Path, how, content):
    if how == "file":
        assert not path.exists()
        path.write_text(content, encoding="utf-8")
        return
    text = path.read_text(encoding="utf-8")
    if how == "append":
        path.write_text(text + content, encoding="utf-8")
        return
    for old, new in zip(
        *([line[1:] for line in content.splitlines() if line[0] == sign] for sign in "-+"), strict=True
    ):
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")


def python(project, *arguments):
    environment = {**os.environ, "PYTHONPATH": str(project)}
    ran = subprocess.run(
        [sys.executable, *arguments],
        cwd=project,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def test_who_follows_the_page_gets_a_todo_with_its_check_in_both_notebooks(followed):
    assert "built" in python(followed, "-m", "autograder", "build", "modular-layers")
    notebooks = {
        step: nbformat.read(followed / step / "modular-layers" / "modular-layers.ipynb", as_version=4)
        for step in ("source", "release")
    }
    cells = {step: {cell.id: cell.source for cell in nb.cells} for step, nb in notebooks.items()}
    for step in cells:
        expected = "check.leaky_relu_forward(leaky_relu_forward, points=2)"
        assert cells[step]["test-leaky_relu_forward"] == expected
        assert cells[step]["bug-leaky_relu_forward"].endswith("open(leaky_relu_forward)")
    assert "np.where" in cells["source"]["solution-leaky_relu_forward"]
    assert "NotImplementedError" in cells["release"]["solution-leaky_relu_forward"]
    assert "np.where" not in cells["release"]["solution-leaky_relu_forward"]


def test_the_new_check_names_the_new_mistakes_and_accepts_the_new_right_way(followed):
    lines = python(followed, "-c", ASK).splitlines()
    named = [line.split() for line in lines if "." in line.split()[0]]
    assert len(named) == 2 and all(made == seen and float(points) < 2 for made, seen, points in named)
    assert [line for line in lines if line.startswith("masks ")] == ["masks 2.0"]
