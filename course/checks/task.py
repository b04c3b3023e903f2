"""What a check asks: cases in weighted groups, drawn from a seed."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

WEIGHTS = {"core": 0.6, "geometry": 0.3, "care": 0.1}
VISIBLE_SEED = 2015


@dataclass(frozen=True)
class Case:
    """One question to an answer: the arguments of a forward pass and, for a backward pass, dout.

    group: "core", "geometry" or "care".  rule: how its values are judged (see compare.RULES).
    reg: the strength of the penalty on the weights, whose gradient a net's backward pass adds.
    cache: what the contract puts into the cache, where that is not the forward's arguments; the oracle knows.
    """

    name: str
    group: str
    inputs: tuple
    dout: np.ndarray | None = None
    rule: str = "values"
    reg: float = 0.0
    cache: object = None

    @property
    def contract_cache(self):
        """Return what the contract puts into the cache: the forward's arguments, or what the case says."""
        if self.cache is not None:
            return self.cache
        return self.inputs[0] if len(self.inputs) == 1 else self.inputs

    @cached_property
    def is_float32(self):
        """Return True when an array of it is float32; those who compare ask again and again."""
        return any(array.dtype == np.float32 for array in arrays_in((*self.inputs, self.dout)))


def arrays_in(value):
    """Return the arrays in a tree of tuples, lists and dictionaries."""
    if isinstance(value, dict):
        value = tuple(value.values())
    if isinstance(value, (tuple, list)):
        return [array for part in value for array in arrays_in(part)]
    return [value] if isinstance(value, np.ndarray) else []


@dataclass(frozen=True)
class Task:
    """One TODO: what it is called, what it takes and returns, and the cases that judge it.

    outputs: names of the values that are compared.  cached: a forward that returns (out, cache).
    forward: the stem of the matching forward of a backward pass; arguments: those of the forward pass.
    call: the names of what a net's backward pass is called with: dout and the cache under the names that they
    have there, then arguments of the forward pass, and reg.
    steps: an update rule, asked for one step after the other; inputs[0] holds the gradients.
    channels_last: images are (m, n_H, n_W, n_C) and filters (f, f, n_C_prev, n_C), not (N, C, H, W).
    keeps: the name of a dictionary among the arguments, into which a call writes the outputs after the first.
    chance: a layer that draws at random, judged by what does not depend on luck (see chance.py).
    named: it returns a dictionary, with the outputs under their names.
    parts: it returns a list of as many arrays as it was given; outputs name the most that there can be.
    of: the stems of the functions that it is put together from, where it is no TODO itself (see whole.py);
    through: how one of them is handed to the next.
    draw: Generator -> list of Case; every seed gives the same names of groups in the same order.
    """

    stem: str
    lesson: str
    arguments: tuple[str, ...]
    outputs: tuple[str, ...]
    draw: Callable[[np.random.Generator], list[Case]]
    cached: bool = False
    forward: str | None = None
    call: tuple[str, ...] | None = None
    steps: bool = False
    channels_last: bool = False
    keeps: str | None = None
    chance: bool = False
    named: bool = False
    parts: bool = False
    of: tuple[str, ...] = ()
    through: Callable | None = None

    @property
    def called_with(self):
        """Return the names of the arguments of the call, as a student wrote them."""
        if self.steps:
            return "g", "state", *self.arguments[1:]
        return self.arguments if self.forward is None else self.call or ("dout", "cache")

    @property
    def returns(self):
        """Return the names of what one call returns."""
        if self.steps:
            return "dx", "state"
        outputs = self.outputs[:1] if self.keeps or (self.chance and self.cached) else self.outputs
        return (*outputs, "cache") if self.cached else outputs

    def plane(self, name, ndim):
        """Return the axes of rows and columns in the value of this name."""
        if self.channels_last and ndim == 4:
            return (0, 1) if name.endswith("W") else (1, 2)
        return ndim - 2, ndim - 1

    def backward_call(self, case, cache):
        """Return the arguments of a backward call that is given this cache."""
        named = {**dict(zip(self.arguments, case.inputs, strict=True)), "reg": case.reg}
        return case.dout, cache, *(named[name] for name in self.called_with[2:])

    def cases(self, seed=None):
        """Return the visible cases, or the hidden ones of this seed."""
        if seed is None:
            return self.draw(np.random.default_rng(VISIBLE_SEED))
        apart = np.random.SeedSequence(seed, spawn_key=(1,))  # no seed leads to the visible cases
        return self.draw(np.random.default_rng(apart))
