"""Two small lessons, cut out of released ones: a right answer, and one TODO that an attack is about."""

from __future__ import annotations

import io
import json
import shutil
import tempfile
import zipfile
from copy import deepcopy
from dataclasses import replace
from functools import cache
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder import build
from autograder.bundle import Bundle
from autograder.folder import Folder
from autograder.student.wheel import stage
from benchmarks.attacks.attack import CONVNET, LAYERS, Attack, cell, own_cell
from benchmarks.record import ROOT
from course.files import write

CELLS = {
    LAYERS: """setup modular-layers-2 given-expect_array solution-affine_forward test-affine_forward
        solution-relu_forward test-relu_forward""".split(),
    CONVNET: "setup solution-conv_size test-conv_size test-free_convnet".split(),
}
RIGHT = {LAYERS: ("affine_forward", "relu_forward"), CONVNET: ("conv_size",)}
FULL = {LAYERS: {"affine_forward": 3, "relu_forward": 2}, CONVNET: {"conv_size": 3, "free_convnet": 0}}
TELL = """
BAIT = {bait}
def reached(what):
    print("REA" + "CHED: " + str(what)[:200])
"""


@cache
def release(lesson: str) -> NotebookNode:
    """Return the small lesson's notebook, not to be changed."""
    whole = nbformat.read(ROOT / "release" / lesson / f"{lesson}.ipynb", as_version=4)
    return nbformat.from_dict({**whole, "cells": [cell(whole, name) for name in CELLS[lesson]]})


@cache
def right(lesson: str) -> dict[str, str]:
    """Return {stem: source of a right answer}."""
    source = nbformat.read(ROOT / "source" / lesson / f"{lesson}.ipynb", as_version=4)
    return {stem: cell(source, f"solution-{stem}").source for stem in RIGHT[lesson]}


def honest(lesson: str) -> NotebookNode:
    """Return a notebook with right answers alone."""
    notebook = deepcopy(release(lesson))
    for stem, source in right(lesson).items():
        cell(notebook, f"solution-{stem}").source = source
    return notebook


def notebook(attack: Attack, bait: dict) -> NotebookNode:
    """Return the notebook of an attack, told where there is something to attack."""
    made = honest(attack.lesson)
    if attack.lesson == LAYERS:
        cell(made, "solution-relu_forward").source = attack.answer.strip()
    made.cells.insert(2, own_cell(TELL.format(bait=bait), "bait"))
    if attack.first:
        made.cells.insert(3, own_cell(attack.first, "first"))
    if attack.last:
        made.cells.append(own_cell(attack.last, "last"))
    if attack.change:
        attack.change(made)
    return made


def furnish(root: Path, lesson: str) -> Folder:
    """Put a small lesson and its students' package into a course folder."""
    write(root / "release" / lesson / f"{lesson}.ipynb", nbformat.writes(release(lesson)).encode())
    (root / "source" / lesson).mkdir(parents=True)
    (root / "submitted").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as staging:
        lessons = [build.read(name) for name in build.lessons()]
        stage(ROOT / "course", lessons, build.read(lesson), Path(staging) / "course")
        (root / "source" / lesson / "course-1.0.0-py3-none-any.whl").write_bytes(zipped(Path(staging)))
    shutil.copy(ROOT / "nbgrader_config.py", root)
    return Folder(root, lesson)


@cache
def with_kernel(bundle: Bundle) -> Bundle:
    """Return the same lesson, which now says that its cells need a kernel."""
    notebook = json.loads(bundle.release)
    notebook["metadata"]["course"] = {"needs_kernel": True}
    return replace(bundle, release=json.dumps(notebook).encode())


def zipped(folder: Path) -> bytes:
    """Return all files of a folder as a zip archive, which is what a wheel is."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for path in sorted(folder.rglob("*")):
            archive.write(path, path.relative_to(folder))
    return data.getvalue()
