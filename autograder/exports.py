"""Tables of points for people and for other programs."""

import csv
import io
from collections.abc import Iterable

from autograder.engine import Result
from autograder.gradebook import Entry, Score

WAITING = "waiting"
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def per_question(entries: Iterable[Entry], results: Iterable[Result]) -> str:
    """Return the quoted CSV of a lesson: a line a submission, a column a question.

    A question that a person still has to grade is "waiting", and so is the total then; `so far` is what the
    graded questions come to.  results: the last grading of each, for state, reason and sandbox level.
    """
    entries, how = list(entries), {result.student: result for result in results}
    questions = list(entries[0].scores) if entries else []
    table = io.StringIO()
    writer = csv.writer(table, quoting=csv.QUOTE_ALL, lineterminator="\n")
    names = ["student", "last name", "first name"]
    writer.writerow([*names, *questions, "late penalty", "so far", "total", "of", "state", "reason", "level"])
    writer.writerows(_row(entry, how.get(entry.student)) for entry in entries)
    return table.getvalue()


def _row(entry: Entry, result: Result | None) -> list[str]:
    scores = entry.scores.values()
    so_far = max(0.0, sum(score.points or 0.0 for score in scores) - entry.late_penalty)
    waits = any(score.points is None for score in scores)
    how = (result.state, result.reason, result.level) if result else ("not graded here", "", "")
    return [
        *map(text, (entry.student, entry.last_name, entry.first_name)),
        *map(_points, scores),
        f"{entry.late_penalty:g}",
        f"{so_far:g}",
        WAITING if waits else f"{so_far:g}",
        f"{sum(score.max_points for score in scores):g}",
        *map(text, how),
    ]


def _points(score: Score) -> str:
    return WAITING if score.points is None else f"{score.points:g}"


def text(value: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{value}" if value.startswith(FORMULA) else value
