"""Points for Canvas: the gradebook that Canvas exports, with one assignment filled in, to be imported there.

Canvas takes every column that it does not know for a new assignment. So nothing is added: how a submission
was graded stands in the table per question, which is written beside. A total that waits for a person leaves
the cell as Canvas has it.
"""

import re
from pathlib import Path

from autograder.errors import AutograderError
from autograder.people import Directory, squeezed

from . import sheet
from .grades import Grade, number
from .sheet import Filled, Row, Sheet

OF_CANVAS = ("EX", "N/A")  # excused; not given this assignment


def canvas(
    template: Path, lesson: str, grades: list[Grade], directory: Directory, column: str | None = None
) -> Filled:
    """Return Canvas's own export with the points of a lesson in the column of its assignment.

    column: its heading, title or number; None: the assignment whose title holds the lesson's name.
    Raises: AutograderError when it is no such export, the assignment is not there or has other points.
    """
    table = sheet.read(template)
    table.needs("ID", "Section")
    heading = _assignment(table, lesson, column)
    students = _below_possible(table, heading, grades)
    pairs, said = sheet.pair(students, grades, lambda row: _student(row, directory))
    for row, grade in pairs:
        if row[heading].strip().upper() in OF_CANVAS:
            said.append(f"{grade.student}: left {row[heading].strip()}, as Canvas has it")
        elif grade.waiting:
            said.append(f"{grade.student}: left as it is, {', '.join(grade.waiting)} waits for its teacher")
        else:
            row[heading] = number(grade.so_far)
    return Filled(sheet.written(table), said)


def _assignment(table: Sheet, lesson: str, column: str | None) -> str:
    """Return the heading of an assignment: its title and, in parentheses, its number."""
    matches = (re.fullmatch(r"(.+) \((\d+)\)", heading) for heading in table.headings)
    known = {match[0]: match.groups() for match in matches if match}
    if column is None:
        found = [heading for heading, (title, _) in known.items() if squeezed(lesson) in squeezed(title)]
    else:
        found = [heading for heading, names in known.items() if column in (heading, *names)]
    if len(found) != 1:
        there = ", ".join(found or known) or "none"
        raise AutograderError(
            f"{table.path}: expected one assignment {column or lesson}, got {len(found)} ({there[:150]}): "
            "make it in Canvas and export again, or name it with --column"
        )
    return found[0]


def _below_possible(table: Sheet, heading: str, grades: list[Grade]) -> list[Row]:
    """Return the students' rows, which follow the row of possible points."""
    names = table.headings[0]
    at = next((i for i, row in enumerate(table.rows) if row[names].strip() == "Points Possible"), None)
    if at is None:
        raise AutograderError(f"{table.path} has no row 'Points Possible': expected Canvas's own export")
    possible = sheet.decimal(table.rows[at][heading])
    if grades and possible != grades[0].possible:
        raise AutograderError(
            f"{heading} has {table.rows[at][heading].strip() or 'no'} points in Canvas, the lesson "
            f"{grades[0].possible:g}: give it {grades[0].possible:g} there and export again"
        )
    return table.rows[at + 1 :]


def _student(row: Row, directory: Directory) -> str | None:
    name = row.get("Student") or f"{row.get('LastName', '')}, {row.get('FirstName', '')}"
    ids = (row.get(heading, "") for heading in ("SIS User ID", "SIS Login ID", "Integration ID"))
    person = (
        directory.by_id(*ids)
        or directory.by_number(row["ID"])
        or directory.by_folder(name, row["ID"])
        or directory.by_name(name)
    )
    return person.id if person else None
