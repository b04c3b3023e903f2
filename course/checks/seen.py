"""A wrong output of one case, beside what it should be and what it could have been made of."""

from dataclasses import dataclass, field

import numpy as np

from .features import kernel_of, parameters, settings
from .numeric import half_squares
from .task import arrays_in

RTOL = {"single": 3e-4, "double": 1e-5}  # of the largest number: relations are looser than right and wrong


@dataclass(frozen=True)
class Seen:
    """One output: name, the right array, what came; floats, or as they came where that is no number.

    arrays: {name: array} of the arguments, dout among them.  numbers: {what it is called: number} of settings
    and sizes.  others: {name: right array} of the other outputs.  plane: the axes of rows and columns.
    axes: what the indices of each axis are called.
    """

    name: str
    right: np.ndarray
    value: np.ndarray
    arrays: dict[str, np.ndarray] = field(default_factory=dict)
    numbers: dict[str, float] = field(default_factory=dict)
    others: dict[str, np.ndarray] = field(default_factory=dict)
    plane: tuple[int, int] = (-2, -1)
    axes: tuple[str, ...] = ()

    @property
    def rtol(self):
        """Return how closely related values agree, relative to the largest."""
        single = np.float32 in (self.right.dtype, self.value.dtype)
        return RTOL["single" if single else "double"]

    def close(self, one, other):
        """Return True when two arrays of one shape agree."""
        one, other = np.asarray(one, dtype=float), np.asarray(other, dtype=float)
        if one.shape != other.shape or not np.isfinite(other).all():
            return False
        return bool(np.abs(one - other).max(initial=0) <= self.rtol * (1e-6 + np.abs(other).max(initial=0)))

    @property
    def wrong(self):
        """Return where the value differs from the right one: booleans."""
        right = self.right.astype(float)
        return np.abs(self.value.astype(float) - right) > self.rtol * np.abs(right).max(initial=1e-3)


def look(task, result, name):
    """Return what is Seen of one output of a Result."""
    rights = dict(zip(task.outputs, result.expected, strict=True))
    values = dict(zip(task.outputs, result.values, strict=False))
    right, case = rights.pop(name), result.case
    return Seen(
        name=name,
        right=right,
        value=values[name],
        arrays=arguments(task, case),
        numbers=numbers(task, case, right),
        others=rights,
        plane=task.plane(name, right.ndim),
        axes=axis_names(task, name, right.ndim),
    )


def arguments(task, case):
    """Return {name: array} of a case's arguments, those in a dictionary under their own names."""
    named = dict(zip(task.arguments, case.inputs, strict=True))
    if case.dout is not None:
        named[task.called_with[0]] = case.dout
    for value in case.inputs:
        if isinstance(value, dict):
            named |= value
    return {name: value for name, value in named.items() if isinstance(value, np.ndarray)}


def numbers(task, case, right):
    """Return {what it is called: number} of the settings and sizes by which a value may be off."""
    arrays = arrays_in(case.inputs)
    found = {name: float(value) for name, value in settings(task, case).items() if not isinstance(value, str)}
    found |= {"stride": parameters(case)["stride"]} if "stride" in parameters(case) else {}
    if case.reg:
        found["reg"] = case.reg
    if arrays and arrays[0].ndim > 1:
        found["the number of samples"] = len(arrays[0])
    if right.ndim == 2:
        found["the number of columns"] = right.shape[1]
    if arrays and kernel_of(task, arrays, parameters(case)):
        found["the size of a window"] = float(np.prod(kernel_of(task, arrays, parameters(case))))
    if case.dout is not None and case.dout.ndim == 4:
        sizes = [case.dout.shape[axis] for axis in task.plane("out", 4)]
        found["the number of windows"] = float(np.prod(sizes))
    if case.reg or "reg" in found:
        reg = found["reg"]
        found["the penalty"] = float(reg * half_squares(case.inputs))
    return found


def axis_names(task, name, ndim):
    """Return what the indices of each axis of an output are called."""
    first = task.arguments[0]
    of_samples = name.removeprefix("d") not in task.arguments[1:] and not name.startswith(("W", "b"))
    if ndim == 4 and of_samples:
        return ("sample", "row", "column", "channel") if task.channels_last else IMAGES
    if ndim == 2:
        batch = of_samples and first in ("x", "X") and not task.channels_last  # there a window has two axes
        return ("sample" if batch else "row"), "column"
    if ndim == 1:
        return ("number",)
    return tuple(f"index of axis {axis}" for axis in range(ndim))


IMAGES = ("sample", "channel", "row", "column")
