"""Ask a lesson's checks about answers that live elsewhere, and turn what they find into points."""

import ast
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from nbformat import NotebookNode

from autograder.errors import AutograderError
from autograder.sanitise import is_test
from course.checks import Verdict, checked, examine, verdict, with_hidden
from course.checks.answer import Raised, Reply
from course.checks.lessons import WEIGHED
from course.checks.oracle import Fresh, Recorded, bank
from course.checks.task import Task
from course.checks.verdict import HARD_CODED
from course.checks.whole import answers_of, takes

INTERRUPTED = "KeyboardInterrupt"
ENDED = "ProcessEnded"


class AsBuilt(Fresh):
    """Right values computed now; known mistakes by the traces that the lesson's build has kept.

    To run them all takes a second in each process.
    """

    def known(self, task: Task) -> dict[str, list[dict]]:
        """Return {name: traces} of the task's known mistakes on the visible cases."""
        mistakes = bank(task)
        return {name: traces for name, traces in Recorded().known(task).items() if name in mistakes}


ORACLE = AsBuilt()


@dataclass(frozen=True)
class GradedCell:
    """A test cell, read: the task that it checks, the functions that it asks, what it is worth.

    task, names: None and empty where it asks for handed-in weights instead of functions.
    """

    cell_id: str
    stem: str
    task: Task | None
    names: tuple[str, ...]
    points: float


class Patient:
    """An answer that is not asked again once a call of it had to be interrupted.

    An endless loop then costs the time of one call, not of every case.  stuck: how it was interrupted, or "".
    asking: whether a call is under way.  deadly: how an earlier call ended its process: it is never asked.
    """

    def __init__(self, answer, deadly: str = ""):
        self.name, self.stuck, self.asking = answer.name, deadly, False
        self._answer, self._last = answer, Reply(error=Raised(ENDED, deadly))

    def call(self, args: tuple, keep: tuple[int, ...] = ()) -> Reply:
        """Call the function once."""
        return self.map([args], keep)[0]

    def map(self, calls: Sequence[tuple], keep: tuple[int, ...] = ()) -> list[Reply]:
        """Call the function once for each tuple of arguments; no more when one had to be interrupted."""
        if self.stuck:
            return [self._last] * len(calls)
        self.asking = True
        replies = self._answer.map(calls, keep)
        self.asking = False
        for reply in replies:
            if reply.interrupted:
                self._last, self.stuck = reply, reply.error.message or INTERRUPTED
        return replies


class Settled:
    """An answer when all cells have run: what a forward pass keeps need not be made twice.

    made: replies by what was asked, of all answers.  is_forward: it is asked for the sake of a backward pass,
    most often what its own test has asked.
    """

    def __init__(self, answer, made: dict[tuple, Reply], is_forward: bool = False):
        self.name, self._answer, self._made, self._is_forward = answer.name, answer, made, is_forward

    def call(self, args: tuple, keep: tuple[int, ...] = ()) -> Reply:
        """Call the function once."""
        return self.map([args], keep)[0]

    def map(self, calls: Sequence[tuple], keep: tuple[int, ...] = ()) -> list[Reply]:
        """Call the function once for each tuple of arguments, a forward pass only where it was not yet."""
        if not keep:
            return self._answer.map(calls)
        asked = [(self.name, keep, spelt(args)) for args in calls]
        new = [n for n, key in enumerate(asked) if not (self._is_forward and key in self._made)]
        if new:
            replies = self._answer.map([calls[n] for n in new], keep)
            self._made.update(zip([asked[n] for n in new], replies, strict=True))
        return [self._made[key] for key in asked]


def spelt(value: object) -> tuple:
    """Return what equals that of another value only where both are the same, an array to its last bit."""
    if isinstance(value, np.ndarray):
        return value.dtype.str, value.shape, value.tobytes()
    if isinstance(value, dict):
        return dict, *((key, spelt(part)) for key, part in value.items())
    if isinstance(value, (tuple, list)):
        return type(value), *map(spelt, value)
    return type(value), value


def graded_cells(release: NotebookNode, lesson: str) -> list[GradedCell]:
    """Return the tests of a released notebook, in order.

    Raises: AutograderError when the lesson has no checks, or a test cell is not one expression
    `check.<stem>(<name>[, <name>], points=<number>)` with the points of the cell.
    """
    return [read_cell(cell, lesson) for cell in release.cells if is_test(cell)]


def read_cell(cell: NotebookNode, lesson: str) -> GradedCell:
    """Return one test cell, read without running it."""
    return read_source(cell.source, cell.id, cell.metadata.nbgrader.points, lesson)


@lru_cache(maxsize=1000)  # of each submission a lesson's cells are looked at
def read_source(source: str, cell_id: str, worth: float, lesson: str) -> GradedCell:
    """Return the test cell with this text, which is worth so many points."""
    wrong = AutograderError(
        f"{lesson}, cell {cell_id}: expected check.<stem>(<name>[, <name>], points=<number>), "
        f"got {source[:80]!r}: build the lesson again"
    )
    try:
        call = ast.parse(source.strip(), mode="eval").body
        asked = known_tasks(lesson)
        name, (points,) = call.func.attr, [word.value.value for word in call.keywords if word.arg == "points"]
        names = tuple(argument.id for argument in call.args)
        form = f"check.{name}({', '.join(names)}, points={points})"
    except (SyntaxError, AttributeError, ValueError):
        raise wrong from None
    if name == WEIGHED:
        form, fits = f"check.{name}(points={points})", not names
    else:
        fits = name in asked and takes(asked[name], len(names))
    if ast.unparse(call) != form or not fits:
        raise wrong
    if points != worth:
        raise AutograderError(f"{lesson}, cell {cell_id}: its text and its metadata differ in points")
    return GradedCell(cell_id, name, asked.get(name), names, float(points))


@lru_cache
def known_tasks(lesson: str) -> dict[str, Task]:
    """Return the tasks of a lesson by stem.

    Raises: AutograderError when there are no checks for it.
    """
    try:
        return checked(lesson)
    except KeyError as error:
        raise AutograderError(error.args[0]) from None


def at_home(test: GradedCell, answer_of: Callable[[str], Patient]) -> Verdict:
    """Return the Verdict of the visible cases; `answer_of` gives the answer of a name."""
    answer, forward = answers_of(test.task, [answer_of(name) for name in test.names])
    visible = examine(test.task, answer, forward, oracle=ORACLE)
    # Beside a right gradient the measured one says nothing new; it takes a quarter of all calls.
    measured = forward if any(result.costs for result in visible) else None
    return verdict(test.task, test.points, visible, forward=measured, oracle=ORACLE)


def in_grading(
    test: GradedCell,
    home: Verdict,
    answer_of: Callable[[str], Patient],
    seed: int,
    made: dict[tuple, Reply] | None = None,
) -> Verdict:
    """Return the Verdict of visible and hidden cases, the hidden ones drawn from this seed.

    made: replies to hidden cases of other tests, where no cell has run since; those to these are added.
    """
    answer, forward = answers_of(test.task, [answer_of(name) for name in test.names])
    if made is not None:
        answer, forward = Settled(answer, made), forward and Settled(forward, made, is_forward=True)
    return with_hidden(home, examine(test.task, answer, forward, seed, oracle=ORACLE))


def can_lose(home: Verdict) -> bool:
    """Tell whether hidden cases can change a Verdict: something passed at home."""
    return any(home.groups.values())


def hard_coded(judged: Verdict) -> bool:
    """Tell whether everything passed at home and something was lost to hidden cases."""
    return HARD_CODED in judged.sentences


def output(judged: Verdict) -> NotebookNode:
    """Return the Verdict as the result of its test cell: points alone as text, the message as HTML."""
    data = judged._repr_mimebundle_()
    return NotebookNode(output_type="execute_result", data=data, metadata={}, execution_count=None)
