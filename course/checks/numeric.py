"""The numerical gradient beside an answer's: central differences of the student's own forward pass."""

from dataclasses import dataclass

import numpy as np

STEP = 1e-5
KINK = 1e-3  # second difference against first: smooth functions stay below 1e-4 at this step
MOST_ELEMENTS = 400


@dataclass(frozen=True)
class Numeric:
    """Numerical gradients of sum(out * dout) for the smallest case, by name; kinks are marked."""

    gradients: dict[str, np.ndarray]
    kinks: dict[str, np.ndarray]


def numerical_gradients(task, forward, case):
    """Return the Numeric of a backward task's case, or None when the forward pass cannot be asked."""
    arrays = [
        (name, place)
        for place, name in enumerate(task.arguments)
        if isinstance(case.inputs[place], np.ndarray) and f"d{name}" in task.outputs
    ]
    if sum(case.inputs[place].size for _, place in arrays) > MOST_ELEMENTS:
        return None
    steps = [
        (place, k, sign * STEP)
        for _, place in arrays
        for k in range(case.inputs[place].size)
        for sign in (1, -1)
    ]
    replies = forward.map([case.inputs, *(moved(case.inputs, *step) for step in steps)], keep=(1,))
    sums = [summed(reply, case.dout) for reply in replies]
    if any(value is None for value in sums):
        return None
    middle, ends, gradients, kinks = sums[0], np.array(sums[1:]).reshape(-1, 2), {}, {}
    first = (ends[:, 0] - ends[:, 1]) / (2 * STEP)
    second = np.abs(ends.sum(axis=1) - 2 * middle) / STEP
    bent = second > KINK * np.maximum(1.0, np.abs(first))
    start = 0
    for name, place in arrays:
        shape, stop = case.inputs[place].shape, start + case.inputs[place].size
        gradients[f"d{name}"] = first[start:stop].reshape(shape)
        kinks[f"d{name}"] = bent[start:stop].reshape(shape)
        start = stop
    return Numeric(gradients, kinks)


def moved(inputs, place, k, step):
    """Return the inputs with element k of one array moved by a step."""
    array = inputs[place].astype(np.float64)
    array.flat[k] += step
    return (*inputs[:place], array, *inputs[place + 1 :])


def summed(reply, dout):
    """Return sum(out * dout) of a forward's reply, or None when it is no output of that shape."""
    out = reply.value[0] if reply.error is None and isinstance(reply.value, tuple) else None
    if not isinstance(out, np.ndarray) or out.shape != dout.shape or out.dtype.kind not in "fi":
        return None
    return float(np.sum(out.astype(np.float64) * dout))
