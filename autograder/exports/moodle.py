"""Points for Moodle: the grading worksheet of an assignment, filled in, to be uploaded there."""

import re
from pathlib import Path

from autograder.errors import AutograderError
from autograder.people import Directory

from . import sheet
from .grades import Grade, number
from .sheet import Filled, Row

COMMENTS = "Feedback comments"


def moodle(template: Path, lesson: str, grades: list[Grade], directory: Directory) -> Filled:
    """Return Moodle's own worksheet with grades and, where it has a column for them, comments.

    A total that waits for a person leaves the grade as Moodle has it; the comment says what waits. A comment
    that is not of this program stays.
    Raises: AutograderError when it is no worksheet, or the assignment has other points.
    """
    table = sheet.read(template)
    table.needs("Identifier", "Full name", "Grade", "Maximum Grade")
    pairs, said = sheet.pair(table.rows, grades, lambda row: _student(row, directory))
    for row, grade in pairs:
        _require_points(row, grade)
        if row.get("Grade can be changed", "Yes") == "No":
            said.append(f"{grade.student}: left as it is, Moodle says that the grade cannot be changed")
            continue
        if grade.waiting:
            said.append(f"{grade.student}: left as it is, {', '.join(grade.waiting)} waits for its teacher")
        else:
            row["Grade"] = number(grade.so_far)
        if COMMENTS in row and (not row[COMMENTS].strip() or row[COMMENTS].startswith(f"{lesson}: ")):
            row[COMMENTS] = grade.comment(lesson)
    if COMMENTS not in table.headings:
        said.append(f"no column {COMMENTS!r}, so how it was graded is not in the worksheet")
    return Filled(sheet.written(table), said)


def _require_points(row: Row, grade: Grade) -> None:
    if sheet.decimal(row["Maximum Grade"]) != grade.possible:
        raise AutograderError(
            f"the assignment has {row['Maximum Grade'].strip() or 'no'} points in Moodle, the lesson "
            f"{grade.possible:g}: give it {grade.possible:g} there and download the worksheet again"
        )


def _student(row: Row, directory: Directory) -> str | None:
    participant = re.search(r"\d*$", row["Identifier"].strip())[0]
    person = (
        directory.by_id(row.get("ID number", ""), row.get("Username", ""), row.get("Email address", ""))
        or directory.by_folder(row["Full name"], participant)
        or directory.by_name(row["Full name"])
    )
    return person.id if person else None
