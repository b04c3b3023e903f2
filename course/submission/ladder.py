"""What a student's own ConvNet is worth: a ladder of accuracies, each worth a part of the points."""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from ..checks.lessons import WEIGHED
from ..checks.verdict import Verdict
from . import exams
from .accuracy import correct
from .weights import FILE, MAX_BYTES, Refused, unpack

FIRST = 1_000  # images that tell what a network was trained on
GAP = 0.05  # between test images and their changed copy: more of it is told to the teacher

# {source: ((accuracy from which, share of the points), ...)}. On each source LeNet reaches the last step but
# one, a net of three convolutions the last, from each of 5 seeds: benchmarks/ladder.json.
LADDERS = {
    "stand-in": ((0.35, 0.1), (0.50, 0.3), (0.62, 0.5), (0.72, 0.7), (0.80, 0.85), (0.86, 1.0)),
    "CIFAR-10": ((0.30, 0.1), (0.40, 0.3), (0.48, 0.5), (0.53, 0.7), (0.57, 0.85), (0.64, 1.0)),
}
MISSING = f"{FILE} is not beside the notebook: run the cell with submission.pack, and hand the file in too."


@dataclass(frozen=True)
class Score:
    """How a network did on one source: the share of right answers in each view of its images."""

    source: str
    images: int
    accuracies: dict[str, float]

    @property
    def counts(self):
        """Return the accuracy that counts: the lowest."""
        return min(self.accuracies.values())

    @property
    def gap(self):
        """Return how far the views are apart."""
        return max(self.accuracies.values()) - self.counts

    def sentence(self):
        """Return the accuracies in words."""
        told = [f"{accuracy:.1%} of {self.images:,} {view}" for view, accuracy in self.accuracies.items()]
        lower = ", the lower counts" if len(told) > 1 else ""
        return f"Right on {' and on '.join(told)}{lower}."


def judge(content, points, exams_of):
    """Return the Verdict on the bytes of a weights file; None: there is none.

    exams_of: makes the Exams to score it on, asked for a file that can be scored; the source that it does
    best on counts.
    """
    if content is None:
        return Verdict(WEIGHED, 0.0, points, "not written", (MISSING,))
    try:
        network, model = unpack(content)
    except Refused as problem:
        return refused(points, problem)
    score = best(network, model, exams_of())
    share, following = rung(score)
    reached = round(4 * share * points) / 4
    sentences = [score.sentence()]
    if following is not None:
        sentences.append(f"The next step is at {following:.0%}.")
    status = "right" if share == 1 else "partly right"
    return Verdict(WEIGHED, reached, points, status, tuple(sentences), notes=notes(score))


def refused(points, problem):
    """Return the Verdict on a file that is not evaluated, which names its state."""
    return Verdict(WEIGHED, 0.0, points, "wrong", (f"{FILE}, {problem.state}: {problem}.",))


def best(network, model, taken):
    """Return the Score on the source that a network does best on, judged by some first images."""

    def first(exam):
        view = next(iter(exam.views.values()))
        return correct(network, model, view[:FIRST], exam.y[:FIRST]).mean()

    exam = max(taken, key=first) if len(taken) > 1 else taken[0]
    accuracies = {name: float(correct(network, model, X, exam.y).mean()) for name, X in exam.views.items()}
    return Score(exam.source, len(exam.y), accuracies)


def rung(score):
    """Return the share of the points that an accuracy is worth, and the accuracy of the next step or None."""
    reached, following = 0.0, None
    for accuracy, share in reversed(LADDERS[score.source]):
        if score.counts >= accuracy:
            reached = share
            break
        following = accuracy
    return reached, following


def notes(score):
    """Return what a teacher should know of a score."""
    if score.gap <= GAP:
        return ()
    return (f"The accuracies are {100 * score.gap:.0f} points apart: was it trained on the test images?",)


def beside_the_notebook(points):
    """Return the Verdict on the weights file in this folder, on images that a student has.

    Where a teacher's machine asks for fresh cases, on fresh pictures and the test set.
    """
    content = None
    if Path(FILE).is_file():
        with Path(FILE).open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    if os.environ.get("COURSE_ORACLE") == "fresh":
        return judge(content, points, lambda: exams.in_grading(secrets.randbits(63)))
    return judge(content, points, exams.at_home)
