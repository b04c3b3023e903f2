"""What the checks make of a known answer."""

from functools import cache

import numpy as np

from course.checks import examine, verdict, with_hidden
from course.checks.answer import Local
from course.checks.oracle import Fresh, reference
from course.mistakes import define

POINTS = 4
COSTS = ("wrong", "care")
LAYERS = """conv_forward_fast conv_backward_fast max_pool_forward_fast max_pool_backward_fast
affine_forward affine_backward relu_forward relu_backward im2col col2im""".split()


@cache
def given():
    """Return what notebooks define before the TODOs."""
    return {"np": np, **{name: reference(name) for name in LAYERS}}


def answers(task, source, known):
    """Return the answer that a text defines, and the forward pass whose cache it gets: its own if it has one.

    known: the names that stand for something in the text.
    """
    names = define(source, task.stem, known)
    forward = (names.get(task.forward) or reference(task.forward)) if task.forward else None
    return Local(names[task.stem]), forward and Local(forward)


def of_mistake(task, mistake, source=None):
    """Return the answer and the forward pass of a known mistake, or of another text for it."""
    return answers(task, source or mistake.source, mistake.reference.__globals__ | given())


def judge(task, pair, fault, oracle):
    """Return (whether the check catches an answer of this class, the name that it gives, or None).

    pair: the answer and its forward pass.  oracle: the one whose cases are asked.
    """
    results = examine(task, *pair, oracle=oracle)
    made = verdict(task, POINTS, results, oracle=oracle)
    caught = made.points < POINTS if fault in COSTS else any(result.faults for result in results)
    return caught, made.mistake.name if made.mistake else None


def full_marks(task, source, seeds):
    """Return (whether a right way gets full marks, the number of hidden cases it was asked, those it lost).

    seeds: of the hidden cases, each seed a draw of all groups.
    """
    answer, forward = answers(task, source, given())
    home = verdict(task, POINTS, examine(task, answer, forward, oracle=Fresh()), oracle=Fresh())
    hidden = [examine(task, answer, forward, seed, Fresh()) for seed in seeds]
    points = min(with_hidden(home, results).points for results in hidden)
    cases = [result for results in hidden for result in results]
    return points == POINTS, len(cases), sum(result.costs for result in cases)
