"""The answered notebook of a lesson, run, for students after the deadline."""

from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder import build, student, web
from autograder.build import ROOT, BuildError, run
from course import files

WIDGET = "application/vnd.jupyter.widget-view+json"
MARKERS = ("### BEGIN SOLUTION", "### END SOLUTION")


def publish(lesson: str, root: Path = ROOT, quick: bool = False) -> Path:
    """Write dist/published/<lesson>/: the source notebook with its outputs, and the same as a page.

    quick: leave out the cells that grading leaves out: pictures, and training that takes minutes.
    Raises: BuildError when the notebook is older than its text, or a cell of it fails; WebError when what
    draws the page's formulas is not to be had.
    """
    if lesson not in build.lessons(root):
        raise BuildError(f"no lesson {lesson!r} in course/lessons, only {', '.join(build.lessons(root))}")
    built = build.make(lesson, root)
    student.require_fresh(built, root)
    folder = root / "dist" / "published" / lesson
    web.put("formulas", folder)
    source = nbformat.reads(built.source, as_version=4)
    how = {} if quick else {"skip": "", "seconds": None}
    executed = run.run(source, path=[root], **how, COURSE_ORACLE="fresh")
    found = run.faults(executed)
    if found:
        raise BuildError(f"{lesson}: the notebook does not run: {found[0]}")
    notebook = plain(executed)
    files.write(folder / f"{lesson}.ipynb", nbformat.writes(notebook).encode())
    files.write(folder / f"{lesson}.html", web.page(notebook, lesson).encode())
    return folder


def plain(notebook: NotebookNode) -> NotebookNode:
    """Return a notebook to read and to play with: nothing in it is graded, locked or marked.

    An explorer is its still picture until its cell is run: without its Python it could not answer.
    """
    notebook = nbformat.from_dict(notebook)
    notebook.metadata.pop("widgets", None)
    for cell in notebook.cells:
        for key in ("nbgrader", "deletable", "editable"):
            cell.metadata.pop(key, None)
        for output in cell.get("outputs", ()):
            if "image/png" in output.get("data", {}):
                output.data.pop(WIDGET, None)
        lines = cell.source.split("\n")
        cell.source = "\n".join(line for line in lines if line.strip() not in MARKERS)
    return notebook
