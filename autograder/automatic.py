"""What the grader itself gives and says, cell by cell, of what it ran."""

import json
from functools import lru_cache

import nbformat
from nbformat import NotebookNode
from nbgrader.utils import compute_checksum, determine_grade, is_grade, is_solution

from autograder.engine import Result

NO_ANSWER = "No response."  # nbgrader's own words for an answer cell that was left as released


def points(result: Result) -> dict[str, float | None]:
    """Return {graded cell: points}: of a test its Verdict's, of a written answer 0 if left as released."""
    return {
        cell.metadata.nbgrader.grade_id: float(result.verdicts[cell.id]["points"])
        if cell.id in result.verdicts
        else determine_grade(cell)[0]
        for cell in _cells(result.notebook)
        if is_grade(cell)
    }


def comments(result: Result) -> dict[str, str | None]:
    """Return {answer cell: why there are no points, where that is the same for all}."""
    # What a student raised may hold half characters, which no database takes, and zeros: not PostgreSQL.
    reason = result.reason.encode("utf-8", "replace").decode().replace("\x00", "?")
    is_failed = result.state == "failed"
    return {
        cell.metadata.nbgrader.grade_id: reason if is_failed else NO_ANSWER if _is_released(cell) else None
        for cell in _cells(result.notebook)
        if is_solution(cell)
    }


@lru_cache(maxsize=1)  # asked for twice in a row
def _cells(notebook: bytes) -> list[NotebookNode]:
    cells = json.loads(notebook)["cells"]
    return [nbformat.from_dict(cell) for cell in cells if "nbgrader" in cell["metadata"]]


def _is_released(cell: NotebookNode) -> bool:
    return cell.metadata.nbgrader.checksum == compute_checksum(cell)
