"""Are known mistakes recognised in other words, on other inputs? Counted for each way to write them."""

from collections import Counter
from dataclasses import dataclass
from functools import cache

import numpy as np

from benchmarks.known import judge, of_mistake
from benchmarks.rewritten import KINDS, rewrite
from course.checks import examine, find
from course.checks.answer import Local
from course.checks.draw import as_float32
from course.checks.fingerprint import fingerprint
from course.checks.oracle import Fresh, solve
from course.mistakes import Mistake, mistakes, right_ways

SEEDS = (101, 202)  # none of them leads to the recorded cases
ANOTHER_WAY, SINGLE = "in another right way", "float32 inputs"


@dataclass(frozen=True)
class Variant:
    """A known mistake in other words: a source text, and whether it is given float32."""

    mistake: Mistake
    kind: str
    source: str
    is_single: bool = False

    def answers(self, task):
        """Return the answer and the forward pass whose cache it gets, None where there is none."""
        pair = of_mistake(task, self.mistake, self.source)
        return tuple(each and InSingle(each) for each in pair) if self.is_single else pair


class InSingle:
    """An answer that gets its arguments in single precision."""

    def __init__(self, answer):
        self.name, self._answer = answer.name, answer

    def call(self, args, keep=()):
        """Call the answer with float32 in the place of float64."""
        return self._answer.call(as_float32(tuple(args)), keep)

    def map(self, calls, keep=()):
        """Call the answer once for each tuple of arguments, with float32 in the place of float64."""
        return self._answer.map([as_float32(tuple(args)) for args in calls], keep)


class OtherInputs(Fresh):
    """The fresh oracle with cases of another seed in the place of the visible ones."""

    def __init__(self, seed):
        self._seed, self._solved, self._known = seed, {}, {}

    def solved(self, task, seed=None):
        """Return [(case, right values)] of this oracle's own seed."""
        if task not in self._solved:
            self._solved[task] = [solve(task, case) for case in task.cases(self._seed)]
        return self._solved[task]

    def known(self, task):
        """Return {name: traces} of the task's known mistakes on these cases."""
        if task not in self._known:
            self._known[task] = {
                mistake.name: [fingerprint(r) for r in examine(task, Local(mistake.function), oracle=self)]
                for mistake in mistakes(task.lesson)
                if mistake.stem == task.stem
            }
        return self._known[task]


def variants(mistake, ways):
    """Return the Variants of a mistake; ways: {name: text} of the other right answers to its TODO."""
    as_it_stands = rewrite(mistake.source)
    found = [Variant(mistake, "as it stands", mistake.source)]
    for kind, steps in KINDS.items():
        text = rewrite(mistake.source, *steps)
        if text != as_it_stands:
            found.append(Variant(mistake, kind, text))
    for text in ways.values():
        if all(text.count(old) == 1 for old, _ in mistake.edits):
            for old, new in mistake.edits:
                text = text.replace(old, new)
            found.append(Variant(mistake, ANOTHER_WAY, text))
    if mistake.fault != "note":  # a float32 that was lost is about float32 itself
        found.append(Variant(mistake, SINGLE, mistake.source, is_single=True))
    return found


def still_the_mistake(task, variant):
    """Tell whether a variant answers the recorded cases as the mistake does."""
    theirs = results_of(variant.mistake)
    try:
        ours = examine(task, *variant.answers(task), oracle=Fresh())
    except (SyntaxError, NameError):  # an edit that does not fit into another right way
        return False
    return all(same(*pair, variant.is_single) for pair in zip(ours, theirs, strict=True))


@cache
def results_of(mistake):
    """Return the Results of a mistake as it stands on the recorded cases."""
    task = find(mistake.stem)
    return examine(task, *Variant(mistake, "", mistake.source).answers(task), oracle=Fresh())


def same(one, other, is_single):
    """Tell whether two Results show the same behaviour; an exception is one, whatever it says."""
    if (one.values is None) != (other.values is None) or marks(one, is_single) != marks(other, is_single):
        return False
    pairs, rtol = zip(one.values or (), other.values or (), strict=True), 1e-3 if is_single else 1e-9
    with np.errstate(all="ignore"):
        return all(close(*pair, rtol) for pair in pairs)


def marks(result, is_single):
    """Return what a Result shows beside its values."""
    kinds = ("raised", "structure", "overwritten", "integers", "printed", *(() if is_single else ["float32"]))
    return {(fault.kind, fault.output) for fault in result.faults if fault.kind in kinds}


def close(value, wanted, rtol):
    """Tell whether two arrays agree, as to the largest finite number."""
    largest = np.abs(wanted[np.isfinite(wanted)]).max(initial=0)
    return value.shape == wanted.shape and np.allclose(value, wanted, rtol, rtol * largest, equal_nan=True)


def measure(stem):
    """Return a Counter of (kind, outcome) over all variants of the TODO's mistakes, and the unnamed ones.

    Outcomes: "not the mistake" for what comparison has sorted out, else "caught" and "missed", "named",
    "unnamed" and "misnamed", each once for a seed.
    """
    task, counts, unnamed = find(stem), Counter(), []
    oracles = [OtherInputs(seed) for seed in SEEDS]
    ways = right_ways(task.lesson)[stem]
    for mistake in mistakes(task.lesson):
        for variant in variants(mistake, ways) if mistake.stem == stem else ():
            if not still_the_mistake(task, variant):
                counts[variant.kind, "not the mistake"] += 1
                continue
            for oracle in oracles:
                caught, named = judge(task, variant.answers(task), mistake.fault, oracle)
                outcome = {mistake.name: "named", None: "unnamed"}.get(named, "misnamed")
                counts[variant.kind, "caught" if caught else "missed"] += 1
                counts[variant.kind, outcome] += 1
                if outcome != "named" or not caught:
                    unnamed.append(f"{mistake.name}, {variant.kind}: {named or outcome}")
    return counts, unnamed
