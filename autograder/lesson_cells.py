"""Which cells of a lesson nbgrader's gradebook knows: those with points, answers, what was released."""

import json

from nbformat import NotebookNode
from nbgrader.utils import is_grade, is_locked, is_solution

from autograder.errors import AutograderError


def graded(release: NotebookNode) -> list[str]:
    """Return the names of the cells that have points, in the order of the lesson."""
    return [cell.metadata.nbgrader.grade_id for cell in release.cells if is_grade(cell)]


def check(gradebook, lesson: str, release: NotebookNode) -> None:
    """Raise AutograderError when there are submissions that were graded by other cells."""
    notebook = _known(gradebook, lesson)
    if notebook is not None and notebook.submissions and _names(notebook) != _released_names(release):
        raise AutograderError(
            f"{lesson}: the gradebook holds submissions with other graded cells than the lesson has now; "
            "keep the gradebook of the old lesson aside and begin a new one"
        )


def save(gradebook, lesson: str, release: NotebookNode) -> dict[str, str]:
    """Record the lesson and its cells as they are released now, as `nbgrader generate_assignment` does.

    Returns {id: name} of the cells with points and of those for answers.
    """
    gradebook.update_or_create_assignment(lesson)
    notebook = _known(gradebook, lesson)
    if notebook is not None and _names(notebook) != _released_names(release):
        gradebook.remove_notebook(lesson, lesson)  # without submissions: `check` has seen to that
    kernel = json.dumps(release.metadata.get("kernelspec", {}))
    notebook = gradebook.update_or_create_notebook(lesson, lesson, kernelspec=kernel)
    held = {
        cell.metadata.nbgrader.grade_id: cell
        for cell in release.cells
        if is_grade(cell) or is_solution(cell) or is_locked(cell)
    }
    for name, cell in held.items():
        _save_cell(gradebook, (name, lesson, lesson), cell)
    for cell in list(notebook.source_cells):
        if cell.name not in held:
            gradebook.db.delete(cell)
    gradebook.db.flush()  # the database gives them their ids
    return {cell.id: cell.name for cell in (*notebook.grade_cells, *notebook.solution_cells)}


def _save_cell(gradebook, where: tuple[str, str, str], cell: NotebookNode) -> None:
    flags = cell.metadata.nbgrader
    if is_grade(cell):
        points = float(flags.points)
        gradebook.update_or_create_grade_cell(*where, max_score=points, cell_type=cell.cell_type)
    if is_solution(cell):
        gradebook.update_or_create_solution_cell(*where)
    gradebook.update_or_create_source_cell(
        *where,
        cell_type=cell.cell_type,
        locked=is_locked(cell),
        source=cell.source,
        checksum=flags.get("checksum"),
    )


def _known(gradebook, lesson: str):
    """Return the gradebook's notebook of a lesson, or None."""
    lessons = [assignment for assignment in gradebook.assignments if assignment.name == lesson]
    return next((found for each in lessons for found in each.notebooks if found.name == lesson), None)


def _names(notebook) -> tuple[set[str], set[str]]:
    return {cell.name for cell in notebook.grade_cells}, {cell.name for cell in notebook.solution_cells}


def _released_names(release: NotebookNode) -> tuple[set[str], set[str]]:
    answers = {cell.metadata.nbgrader.grade_id for cell in release.cells if is_solution(cell)}
    return set(graded(release)), answers
