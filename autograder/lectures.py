"""Lectures as pages show them: run once, and kept until something that they depend on has changed."""

import hashlib
from importlib import metadata
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder import build
from autograder.build import BuildError, run
from autograder.root import ROOT
from course import files

CACHE = ROOT / ".cache" / "executed"
STAYS = ("lessons", "lectures", "mistakes", "__pycache__")  # of course/: no lecture can see them
DRAWN_BY = ("numpy", "matplotlib", "ipywidgets", "anywidget")


def shown(name: str, root: Path = ROOT) -> NotebookNode:
    """Return a lecture with its outputs, without the cell that loads the course.

    Raises: BuildError when there is no such lecture, or a cell of it fails.
    """
    if name not in build.lectures(root):
        raise BuildError(f"no lecture {name!r} in course/lectures, only {', '.join(build.lectures(root))}")
    notebook = nbformat.reads(build.make(name, root).source, as_version=4)
    notebook.cells = [cell for cell in notebook.cells if cell.id != "setup"]
    return executed(name, notebook, root)


def executed(name: str, notebook: NotebookNode, root: Path = ROOT) -> NotebookNode:
    """Return a notebook with its outputs and the state of its widgets: kept ones, while they are true.

    Raises: BuildError when a cell fails.
    """
    kept = CACHE / f"{name}-{fingerprint(notebook, root)}.ipynb"
    if kept.is_file():
        return nbformat.read(kept, as_version=4)
    made = run.run(notebook, path=[root], skip="")
    if found := run.faults(made):
        raise BuildError(f"{name}: the notebook does not run: {found[0]}")
    for cell in made.cells:
        cell.metadata.pop("execution", None)  # when it ran
    files.write(kept, nbformat.writes(made).encode())
    for old in set(CACHE.glob(f"{name}-*.ipynb")) - {kept}:
        old.unlink(missing_ok=True)
    return made


def fingerprint(notebook: NotebookNode, root: Path = ROOT) -> str:
    """Return a text that changes with a notebook, with the course that it imports, and with who draws."""
    seen = hashlib.sha256(nbformat.writes(notebook).encode())
    for path in sorted((root / "course").rglob("*")):
        inside = path.relative_to(root / "course")
        if path.is_file() and not set(inside.parts) & set(STAYS):
            seen.update(f"\0{inside.as_posix()}\0".encode() + path.read_bytes())
    seen.update("".join(f"\0{package} {metadata.version(package)}" for package in DRAWN_BY).encode())
    return seen.hexdigest()[:16]
