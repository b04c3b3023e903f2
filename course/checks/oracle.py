"""Where right answers come from: the reference when it is there, recorded cases elsewhere."""

import os
import pkgutil
from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module, resources

import numpy as np

from .answer import Handle, Local, Reply
from .ask import ask_by_contract
from .compare import compare, unpack
from .fingerprint import fingerprint
from .recorded import Recording, read
from .whole import answers_of

# They give the same but for rounding, without loops of Python: enough for hidden cases, which nobody sees.
SOONER = {
    "conv_forward_naive": "conv_forward_fast",
    "conv_backward_naive": "conv_backward_fast",
}


class OracleError(RuntimeError):
    """No right answers can be had; the message says why and what to do."""


@dataclass(frozen=True)
class Named:
    """A known mistake without its code: what a learner is told.

    fault: "wrong", "care", "note" or "convention".  hints: three, from vague to concrete.
    reads: the heading of the lesson to read again.
    """

    name: str
    fault: str
    sentence: str
    hints: tuple[str, ...]
    reads: str


class Fresh:
    """Right answers computed now, by the reference; known mistakes run now, from the bank."""

    def solved(self, task, seed=None):
        """Return [(case, right values)] of the visible cases, or of the hidden cases of the seed."""
        if seed is None:
            return visible(task)
        return [solve(task, case, sooner) for case in task.cases(seed)]

    def known(self, task):
        """Return {name: traces} of the task's known mistakes on the visible cases."""
        return traces_of_mistakes(task)

    def named(self, task, name):
        """Return what a learner is told of a known mistake."""
        mistake = bank(task)[name]
        return Named(mistake.name, mistake.fault, mistake.sentence, tuple(mistake.hints), mistake.reads)


class Recorded:
    """Right answers and traces of known mistakes, read from the lesson's file."""

    def solved(self, task, seed=None):
        """Return [(case, right values)] of the visible cases."""
        if seed is not None:
            raise OracleError(
                "hidden cases need the reference: set COURSE_ORACLE=fresh on the teacher's machine"
            )
        return recording(task.lesson).cases(task.stem)

    def known(self, task):
        """Return {name: traces} of the task's known mistakes on the visible cases."""
        return recording(task.lesson).known(task.stem)

    def named(self, task, name):
        """Return what a learner is told of a known mistake."""
        told = recording(task.lesson).mistake(name)
        return Named(name, told["fault"], told["sentence"], tuple(told["hints"]), told["reads"])


def current_oracle():
    """Return Fresh() when COURSE_ORACLE=fresh is set, else Recorded()."""
    return Fresh() if os.environ.get("COURSE_ORACLE") == "fresh" else Recorded()


@cache
def reference(stem):
    """Return the reference function of this name, from whichever module of course.reference defines it.

    Raises OracleError when the reference is not there, as in the students' package.
    """
    for module in pkgutil.iter_modules(import_module("course.reference").__path__):
        try:
            function = getattr(import_module(f"course.reference.{module.name}"), stem)
        except (ImportError, AttributeError):  # in the students' package: what is still to be written
            continue
        return function
    raise OracleError(f"the reference of {stem} is not in this package: only recorded cases can be used here")


def sooner(stem):
    """Return what gives the values of the reference of this name sooner, or the reference itself."""
    return reference(SOONER.get(stem, stem))


class Trusted:
    """Ask a function of our own, which leaves its arguments as they are: no copies are made for it."""

    def __init__(self, function):
        self.name, self._function = function.__name__, function

    def call(self, args, keep=()):
        """Call the function once; what it raises is raised."""
        given = [argument.holds if isinstance(argument, Handle) else argument for argument in args]
        with np.errstate(all="ignore"):  # a call that overflows is what some cases are about
            value = self._function(*given)
        if keep and isinstance(value, tuple):
            kept = [Handle(type(v).__name__, v) if i in keep else v for i, v in enumerate(value)]
            value = tuple(kept)
        return Reply(value)

    def map(self, calls, keep=()):
        """Call the function once for each tuple of arguments."""
        return [self.call(args, keep) for args in calls]


def solve(task, case, function_of=reference):
    """Return (case, right values); the case knows the contract's cache where that is not its inputs.

    function_of: gives the right function of a name.
    """
    if task.call:
        _, cache = function_of(task.forward)(*case.inputs)
        case = replace(case, cache=cache)
    return case, right_values(task, case, function_of)


def right_values(task, case, function_of=reference):
    """Return the right outputs of a case, in the order of task.outputs."""
    stems, ask = task.of or (task.stem,), Local if task.keeps else Trusted  # what it writes to is to be seen
    answer, _ = answers_of(task, [ask(function_of(stem)) for stem in stems])
    values, faults = unpack(task, ask_by_contract(task, answer, case)[1])
    if faults:
        raise OracleError(f"the reference of {task.stem} fails on {case.name}: {faults[0].message}")
    return values


@cache
def visible(task):
    """Return the visible cases of a task with their right values."""
    return [solve(task, case) for case in task.cases()]


def bank(task):
    """Return {name: Mistake} of the task."""
    from course.mistakes import mistakes  # stays with the teacher: only a fresh oracle may ask for it

    return {mistake.name: mistake for mistake in mistakes(task.lesson) if mistake.stem == task.stem}


@cache
def traces_of_mistakes(task):
    """Return {name: traces} of every known mistake of the task on the visible cases."""
    return {name: traces(task, Local(mistake.function)) for name, mistake in bank(task).items()}


def traces(task, answer):
    """Return the traces of an answer on the visible cases, with the contract's cache for a backward pass."""
    found = []
    for case, expected in visible(task):
        args, reply = ask_by_contract(task, answer, case)
        found.append(fingerprint(compare(task, case, expected, reply, args)))
    return found


@cache
def recording(lesson) -> Recording:
    """Return the lesson's recorded cases.

    Raises OracleError when the file is missing or damaged.
    """
    path = resources.files("course.checks") / "recorded" / f"{lesson}.npz"
    try:
        return read(path)
    except (OSError, ValueError) as error:
        raise OracleError(
            f"the recorded cases of {lesson} cannot be used ({error}): reinstall the course package"
        ) from error
