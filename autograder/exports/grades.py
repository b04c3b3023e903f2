"""What is exported of each submission, whatever the format: points, what waits, how it was graded."""

from collections.abc import Iterable
from dataclasses import dataclass

from autograder.engine import Result
from autograder.gradebook import Entry
from autograder.reports.page import level as level_in_words

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


@dataclass(frozen=True)
class Grade:
    """One submission: what the gradebook holds, and its last grading here (None: there was none)."""

    entry: Entry
    result: Result | None

    @property
    def student(self) -> str:
        """Return the student's id."""
        return self.entry.student

    @property
    def so_far(self) -> float:
        """Return what the graded questions come to, without what being late costs."""
        points = sum(score.points or 0.0 for score in self.entry.scores.values())
        return max(0.0, points - self.entry.late_penalty)

    @property
    def possible(self) -> float:
        """Return the points of all questions."""
        return sum(score.max_points for score in self.entry.scores.values())

    @property
    def waiting(self) -> list[str]:
        """Return the questions that a person still has to grade."""
        return [name for name, score in self.entry.scores.items() if score.points is None]

    @property
    def state(self) -> str:
        """Return how grading ended."""
        return self.result.state if self.result else "not graded here"

    @property
    def level(self) -> str:
        """Return the level of the sandbox, "" where nothing is known of the grading."""
        return self.result.level if self.result else ""

    def comment(self, lesson: str) -> str:
        """Return all of it in a line for the student and the teacher."""
        points = f"{self.so_far:g} of {self.possible:g} points{' so far' if self.waiting else ''}"
        waits = f"{', '.join(self.waiting)} waits for your teacher" if self.waiting else ""
        reason = f" ({self.result.reason})" if self.result and self.result.reason else ""
        how = level_in_words(self.level) if self.level else ""
        return f"{lesson}: {'; '.join(filter(None, (points, waits, f'{self.state}{reason}', how)))}."


def grades(entries: Iterable[Entry], results: Iterable[Result]) -> list[Grade]:
    """Return the Grade of each submission, by student."""
    how = {result.student: result for result in results}
    return [Grade(entry, how.get(entry.student)) for entry in entries]


def number(points: float) -> str:
    """Return points as learning platforms keep them: two decimals at most, with a point."""
    return f"{points:.2f}".rstrip("0").rstrip(".")


def text(value: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{value}" if value.startswith(FORMULA) else value
