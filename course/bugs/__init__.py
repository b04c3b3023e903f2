"""Find the bug: a known wrong answer, sealed until the student's own answer is right.

The code of a mistake is nearly the answer, so it ships as bytes that right outputs alone can open, for inputs
whose right outputs ship nowhere.

    bugs.affine_forward.open(affine_forward)           puts the wrong answer into a new cell
    bugs.affine_forward.check(broken_affine_forward)   says whether it is mended
"""

import json
import sys
from dataclasses import replace
from functools import cache
from importlib import resources

import numpy as np

from course.checks import examine, find, verdict
from course.checks.answer import Local
from course.checks.recorded import unfold
from course.checks.task import Case
from course.checks.verdict import evident, sentences

from .opened import Opened
from .seal import NotYet, key_of, unseal, views


def __getattr__(stem):
    """Return the exercise about a TODO."""
    try:
        return Bug(find(stem))
    except KeyError:
        raise AttributeError(f"there is no exercise about {stem!r}") from None


class Bug:
    """The exercise about one TODO."""

    def __init__(self, task):
        self._task = task
        self._sealed = exercises(task.lesson)[task.stem]

    def open(self, function, forward=None):
        """Put the wrong answer into a new cell when this function is right; else say what comes first.

        forward: the student's own forward pass, where the exercise is about a backward pass.
        """
        stem, first = self._task.stem, [self._task.forward] if forward else []
        answers = Local(function, stem), Local(forward, *first) if forward else None
        try:
            seen = [views(self._task, *answers, case) for case in cases(self._sealed)]
            text = unseal(self._sealed["text"], key_of(np.concatenate(seen)))
        except NotYet as reason:
            right_first = f"get {' and '.join([*first, stem])} right first"
            sys.stdout.write(f"{str(reason) or right_first}\n")
            return None
        return Opened(f"broken_{stem}", text)

    def check(self, function, forward=None):
        """Return the Verdict on the wrong answer, which may be mended by now; it gives no points.

        It shows what fails and does not name the mistake: to find it is the exercise.
        """
        task, own = self._task, forward and Local(forward)
        results = examine(task, Local(function), own)
        found = verdict(task, 0, results, forward=own)
        if found.status == "wrong":
            found = replace(found, sentences=sentences(task, results, evident(results), None))
        return replace(found, points=0.0)


@cache
def exercises(lesson):
    """Return {stem: exercise} of a lesson, as the builder has sealed them."""
    path = resources.files(__name__) / f"{lesson}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def cases(sealed):
    """Return the Cases for which an exercise asks."""
    arrays = {kind: np.array(numbers, kind) for kind, numbers in sealed["arrays"].items()}
    return [
        Case(
            name=entry["name"],
            group=entry["group"],
            inputs=unfold(entry["inputs"], arrays),
            dout=unfold(entry["dout"], arrays),
            reg=entry["reg"],
        )
        for entry in sealed["cases"]
    ]
