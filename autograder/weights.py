"""The weights file of a submission: what is known of it, and what it is worth. It is only ever read here."""

from __future__ import annotations

from dataclasses import dataclass

from course.checks import Verdict
from course.submission import Refused, exams, ladder


@dataclass(frozen=True)
class Weights:
    """The weights file of a submission: its bytes, or why they could not be read.

    state: the trouble in a word or two.  trouble: in one line.
    """

    content: bytes | None
    state: str = ""
    trouble: str = ""

    @property
    def name(self) -> bytes:
        """Return what tells this file from others: its bytes, or the trouble with it."""
        return self.trouble.encode() if self.content is None else self.content


def judged(weights: Weights | None, points: float, seed: int) -> Verdict:
    """Return the Verdict on a weights file, by images drawn from this seed and, where it is, the test set."""
    if weights is not None and weights.content is None:
        return ladder.refused(points, Refused(weights.state, weights.trouble))
    content = None if weights is None else weights.content
    return ladder.judge(content, points, lambda: exams.in_grading(seed))
