"""A table of points for people: a line a submission, a column a question."""

import csv
import io

from autograder.gradebook import Score

from .grades import Grade, text

WAITING = "waiting"


def per_question(grades: list[Grade]) -> str:
    """Return the quoted CSV of a lesson.

    A question that a person still has to grade is "waiting", and so is the total then; `so far` is what the
    graded questions come to.
    """
    questions = list(grades[0].entry.scores) if grades else []
    table = io.StringIO()
    writer = csv.writer(table, quoting=csv.QUOTE_ALL, lineterminator="\n")
    names = ["student", "last name", "first name"]
    writer.writerow([*names, *questions, "late penalty", "so far", "total", "of", "state", "reason", "level"])
    writer.writerows(map(_row, grades))
    return table.getvalue()


def _row(grade: Grade) -> list[str]:
    entry = grade.entry
    return [
        *map(text, (entry.student, entry.last_name, entry.first_name)),
        *map(_points, entry.scores.values()),
        f"{entry.late_penalty:g}",
        f"{grade.so_far:g}",
        WAITING if grade.waiting else f"{grade.so_far:g}",
        f"{grade.possible:g}",
        *map(text, (grade.state, grade.result.reason if grade.result else "", grade.level)),
    ]


def _points(score: Score) -> str:
    return WAITING if score.points is None else f"{score.points:g}"
