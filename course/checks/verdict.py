"""What a check says: points, what is wrong, where, and what to do next. Plain data and its pictures."""

from dataclasses import asdict, dataclass, field, replace
from math import floor

import numpy as np

from ..version import VERSION
from .compare import Result
from .diagnose import diagnose, smallest
from .examine import is_blank
from .fingerprint import recognise
from .numeric import numerical_gradients
from .oracle import Named, current_oracle
from .render import as_html, as_text
from .task import WEIGHTS, arrays_in

MOST_CELLS = 64  # of a plane that is drawn
HARD_CODED = (
    "Every visible case passes, but fresh inputs of the same kind do not: it fits only the inputs shown."
)

DO_NOT_FIT = (
    "Your functions, one handed to the next, do not give what the whole must give. Mend first what its own "
    "check finds wrong. When each is right alone, look at what a forward pass keeps for its backward pass."
)


@dataclass(frozen=True)
class Evidence:
    """The smallest failing case: its name, the shapes that go in, and the numbers at the largest error.

    rows: dictionaries with output, index, yours, right and, for gradients, numerical.
    planes: the first wrong image as (title, rows of numbers), to be drawn.
    """

    case: str
    shapes: str
    rows: tuple[dict, ...]
    planes: tuple[tuple[str, list], ...] = ()


@dataclass(frozen=True)
class Verdict:
    """The answer of a check; in a notebook its text is the number of points alone.

    status: "right", "partly right" (a net that is not as good as it could be), "wrong", "not written" or
    "cannot decide".  groups, hidden: {group: passed};
    hidden is None where no hidden cases were asked.  agreement: largest difference between a right
    answer's gradient and the numerical one, by name.
    """

    stem: str
    points: float
    max_points: float
    status: str
    sentences: tuple[str, ...] = ()
    mistake: Named | None = None
    groups: dict[str, bool] = field(default_factory=dict)
    hidden: dict[str, bool] | None = None
    evidence: Evidence | None = None
    agreement: dict[str, float] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    version: str = VERSION

    def hint(self, step=1):
        """Return the hint of this step, 1 to 3, or what to do where there is none."""
        if self.mistake is None:
            return "There is no hint for this one: compare the numbers of the smallest failing case by hand."
        return self.mistake.hints[min(max(step, 1), len(self.mistake.hints)) - 1]

    def to_json(self):
        """Return plain data for reports, with the message as HTML."""
        return {**asdict(self), "html": as_html(self)}

    def __str__(self):
        return as_text(self)

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"text/plain": f"{self.points:g}", "text/html": as_html(self)}


def verdict(task, points, visible, forward=None, oracle=None):
    """Return the Verdict on the visible Results of a task.

    forward: the answer that gives the numerical gradient of a backward pass.
    """
    if is_blank(visible[0]):
        return Verdict(
            task.stem, 0.0, points, "not written", ("It is not written yet.",), groups=none_passed()
        )
    oracle = oracle or current_oracle()
    groups, shown, numeric = passed(visible), evident(visible), {}
    right = all(groups.values())
    if task.forward is not None and forward is not None:
        numeric = numerical_gradients(task, forward, shown.case)
    mistake = recognised(task, visible, oracle)
    return Verdict(
        stem=task.stem,
        points=points_for(groups, points),
        max_points=points,
        status="right" if right else "wrong",
        sentences=() if right else sentences(task, visible, shown, mistake),
        mistake=mistake,
        groups=groups,
        evidence=None if right else evidence(task, shown, numeric),
        agreement=agreement(task, shown, numeric) if right else {},
        notes=notes(visible),
    )


def with_hidden(home, hidden):
    """Return a Verdict that counts hidden Results too: a group counts when it passes in both.

    home: the Verdict on the visible cases.  hidden: the Results of hidden cases of the same task.
    """
    if home.status in ("not written", "cannot decide"):
        return home
    groups = passed(hidden)
    both = {group: ok and groups[group] for group, ok in home.groups.items()}
    right = all(both.values())
    return replace(
        home,
        points=points_for(both, home.max_points),
        status="right" if right else "wrong",
        hidden=groups,
        sentences=home.sentences or (() if right else (HARD_CODED,)),
    )


def undecided(stem, points, reason):
    """Return the Verdict of a check that could not be made; the reason says what to do."""
    return Verdict(stem, 0.0, points, "cannot decide", (reason,), groups=none_passed())


def none_passed():
    """Return the groups of an answer that passed nothing."""
    return dict.fromkeys(WEIGHTS, False)


def passed(results):
    """Return {group: passed}: no wrong value in its cases and, for care, nothing careless in any case."""
    careless = any(fault.fault == "care" for result in results for fault in result.faults)
    groups = {group: [r.right for r in results if r.case.group == group] for group in WEIGHTS}
    return {g: all(right) and not (g == "care" and careless) for g, right in groups.items() if right}


def points_for(groups, points):
    """Return the sum of the groups that passed, in quarters; the full number only when all have."""
    if all(groups.values()):
        return float(points)
    share = sum(WEIGHTS[g] for g, ok in groups.items() if ok) / sum(WEIGHTS[g] for g in groups)
    return min(floor(share * points * 4 + 0.5) / 4, points - 0.25)


def recognised(task, visible, oracle):
    """Return the known mistake that behaves as these Results do, or None."""
    if not any(result.faults for result in visible):
        return None
    name = recognise(visible, oracle.known(task))
    return oracle.named(task, name) if name else None


def sentences(task, visible, shown, mistake):
    """Return what is wrong with an answer in words, the most telling first; shown: the Result to show.

    Where an answer does nothing but raise, a known mistake that raises alike is one way to get there.
    """
    if mistake is not None:
        told = [fault.message for fault in shown.faults if fault.kind == "raised"]
        if told and all(result.reply.error for result in visible if not result.right):
            return (*told, f"A known way to this error: {mistake.sentence}")
        return (mistake.sentence, *told)
    careless = {fault.message for result in visible for fault in result.faults if fault.fault == "care"}
    together = [DO_NOT_FIT] if task.of else []
    return tuple(dict.fromkeys([*together, *diagnose(task, visible), *sorted(careless)]))


def notes(visible):
    """Return what is worth knowing and costs nothing."""
    free = ("note", "convention")
    return tuple(dict.fromkeys(f.message for r in visible for f in r.faults if f.fault in free))


def evident(visible) -> Result:
    """Return the Result to show: the smallest that fails, or the smallest of all."""
    wrong = [result for result in visible if not result.right]
    return smallest(wrong or [result for result in visible if result.costs] or visible)


def evidence(task, result, numeric):
    """Return the numbers of a failing Result at the largest errors of the outputs that are wrong."""
    case, wrong = result.case, {fault.output for fault in result.faults if fault.fault == "wrong"}
    named = dict(zip(task.arguments, case.inputs, strict=True))
    if case.dout is not None:
        named[task.called_with[0]] = case.dout
    if "reg" in task.called_with and "reg" not in named:
        named["reg"] = case.reg
    shapes = ", ".join(f"{name} {shape_of(value)}" for name, value in named.items())
    rows, planes = [], ()
    outputs = zip(task.outputs, result.expected, result.values or (), strict=False)
    for name, right, value in [] if task.chance and task.cached else outputs:  # of a draw all is in the words
        if name not in wrong or value.shape != right.shape or not value.size:
            continue
        index = worst_index(right, value)
        row = {
            "output": name,
            "index": list(index),
            "yours": float(value[index]),
            "right": float(right[index]),
        }
        if name in numeric:
            kink = numeric[name].kinks[index]
            row["numerical"] = "cannot decide (kink)" if kink else float(numeric[name].gradient[index])
        rows.append(row)
        if not planes and not np.allclose(value, right, rtol=1e-5, atol=1e-9, equal_nan=True):
            planes = drawn(name, right, value, index, task.plane(name, right.ndim))
    return Evidence(case.name, shapes, tuple(rows), planes)


def shape_of(value):
    """Return an argument in few words: the shapes of its arrays, or the value itself."""
    if isinstance(value, np.ndarray):
        return str(value.shape)
    if isinstance(value, dict) and arrays_in(value):
        return "{" + ", ".join(f"{name} {shape_of(part)}" for name, part in value.items()) + "}"
    if isinstance(value, (tuple, list)) and arrays_in(value):
        return "[" + ", ".join(map(shape_of, value)) + "]"
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def worst_index(right, value):
    """Return the index of the largest error; nan counts as the largest."""
    error = np.nan_to_num(np.abs(value.astype(float) - right), nan=np.inf)
    return tuple(int(i) for i in np.unravel_index(error.argmax(), error.shape))


def drawn(name, right, value, index, plane):
    """Return the rows and columns around an index as two pictures, when there are some and few enough."""
    here = tuple(slice(None) if axis in plane else place for axis, place in enumerate(index))
    if right.ndim < 2 or right[here].size > MOST_CELLS or (right.ndim > 2 and right[here].size == 1):
        return ()
    shown = [":" if axis in plane else str(place) for axis, place in enumerate(index)]
    while shown and shown[-1] == ":":  # dx[0, 1, :, :] is dx[0, 1]
        shown.pop()
    where = f"{name}[{', '.join(shown)}]" if shown else name
    return ((f"your {where}", value[here].tolist()), (f"right {where}", right[here].tolist()))


def agreement(task, result, numeric):
    """Return how far the numerical gradient is from the answer's, relative, where there is no kink."""
    found = {}
    for name, value in zip(task.outputs, result.values, strict=True):
        if name in numeric and not numeric[name].kinks.all():
            difference = np.abs(value - numeric[name].gradient)[~numeric[name].kinks].max()
            found[name] = float(difference / max(1e-8, np.abs(value).max()))
    return found
