"""Fill in a table that a learning platform has exported, so that it takes it back."""

import csv
import io
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from autograder import people
from autograder.errors import AutograderError

from .grades import Grade, text

Row = dict[str, str]


@dataclass
class Filled:
    """A filled table, and what a person has to know of it, a line each."""

    table: str
    said: list[str] = field(default_factory=list)


@dataclass
class Sheet:
    """A table of a platform: its headings, its rows as {heading: cell}, what separates the cells.

    A heading that is there again is followed by a line break and its place.
    """

    path: Path
    headings: list[str]
    rows: list[Row]
    separator: str

    def needs(self, *headings: str) -> None:
        """Raise AutograderError unless these headings are there."""
        missing = [heading for heading in headings if heading not in self.headings]
        if missing:
            raise AutograderError(
                f"{self.path} has no column {missing[0]!r}, only {', '.join(self.headings)[:150]}: "
                "export it anew, in English, and do not change its headings"
            )


def read(path: Path) -> Sheet:
    """Return the table in a file; of columns with the same heading the first keeps it.

    Raises: AutograderError when it is no table.
    """
    (headings, *rows), separator = people.table(path)
    keys = [f"{name}\n{i}" if name in headings[:i] else name for i, name in enumerate(headings)]
    filled = [[*row, *[""] * (len(keys) - len(row))] for row in rows]
    return Sheet(path, keys, [dict(zip(keys, row, strict=False)) for row in filled], separator)


def pair(
    rows: list[Row], grades: list[Grade], whose: Callable[[Row], str | None]
) -> tuple[list[tuple[Row, Grade]], list[str]]:
    """Return each row with its grade, and lines that name who is left out.

    whose: gives a row's student, or None.  Two rows of one student are nobody's: one of them must be wrong.
    """
    by_student = {grade.student: grade for grade in grades}
    students = [whose(row) for row in rows]
    found = {student for student in students if student in by_student}
    doubtful = {student for student in found if students.count(student) > 1}
    pairs = [
        (row, by_student[student])
        for row, student in zip(rows, students, strict=True)
        if student in found - doubtful
    ]
    said = [f"{student}: not exported, two rows seem to be this student's" for student in sorted(doubtful)]
    said += [
        f"{student}: not exported, no row of the template is this student's: is the roster imported?"
        for student in sorted(by_student.keys() - found)
    ]
    return pairs, said


def written(sheet: Sheet) -> str:
    """Return the table as CSV in which no cell of a student's is a formula; the headings stay."""
    table = io.StringIO()
    writer = csv.writer(table, quoting=csv.QUOTE_ALL, lineterminator="\r\n", delimiter=sheet.separator)
    writer.writerow([heading.partition("\n")[0] for heading in sheet.headings])
    for row in sheet.rows:
        writer.writerow([_harmless(row[heading]) for heading in sheet.headings])
    return table.getvalue()


def _harmless(cell: str) -> str:
    """Return a cell as it is when it is a number or a dash, else as a text that is no formula."""
    return cell if re.fullmatch(r"-|[+-]?\d+([.,]\d+)*", cell) else text(cell)


def decimal(cell: str) -> float | None:
    """Return the number in a cell, with a decimal point or comma; None when there is none."""
    try:
        return float(cell.strip().replace(",", "."))
    except ValueError:
        return None
