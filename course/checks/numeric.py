"""The numerical gradient beside an answer's: central differences of the student's own forward pass."""

import numpy as np

from ..gradient_check import points, slopes

MOST_ELEMENTS = 400


def numerical_gradients(task, forward, case):
    """Return {name: Slopes} of sum(out * dout) + 0.5 reg (sum of W^2) for a backward task's case.

    The outputs are asked of a forward pass. Empty when the case is too large, or the forward pass fails or
    gives another shape than dout.
    """
    found, dout = {}, np.append(case.dout, 1.0) if case.reg else case.dout
    for name, x, replaced in variables(task, case):
        if x.size > MOST_ELEMENTS:
            return {}
        calls = [replaced(point) for point in points(x)]
        outs = [output_of(reply, case.dout.shape) for reply in forward.map(calls, keep=(1,))]
        if any(out is None for out in outs):
            return {}
        if case.reg:
            penalties = [case.reg * half_squares(call) for call in calls]
            outs = [np.append(*pair) for pair in zip(outs, penalties, strict=True)]
        found[name] = slopes(outs, x, dout)
    return found


def variables(task, case):
    """Yield (name of the gradient, array, function that puts another array in its place in the inputs).

    The gradient of an argument x is called dx, that of a model's parameter W1 is called W1.
    """
    for place, (name, value) in enumerate(zip(task.arguments, case.inputs, strict=True)):
        if f"d{name}" in task.outputs:
            yield f"d{name}", value, exchange(case.inputs, place)
        elif isinstance(value, tuple):
            for number, part in enumerate(value):
                yield f"d{name}[{number}]", part, exchange(case.inputs, place, number)
        elif isinstance(value, dict):
            for key in filter(task.outputs.__contains__, value):
                yield key, value[key], exchange(case.inputs, place, key)


def exchange(inputs, place, key=None):
    """Return a function: array -> the inputs with it at this place, or under this key there."""

    def replaced(array):
        part = array if key is None else with_part(inputs[place], key, array)
        return *inputs[:place], part, *inputs[place + 1 :]

    return replaced


def with_part(whole, key, array):
    """Return a copy of a dictionary, or of a tuple, with this array under this key."""
    if isinstance(whole, dict):
        return {**whole, key: array}
    return *whole[:key], array, *whole[key + 1 :]


def half_squares(inputs):
    """Return half the sum of the squares of a model's weights; its biases are not penalised."""
    models = [value for value in inputs if isinstance(value, dict)]
    weights = [array for model in models for name, array in model.items() if name.startswith("W")]
    return 0.5 * sum(np.sum(array**2) for array in weights)


def output_of(reply, shape):
    """Return the output in a forward's reply, or None when it is no array of numbers of this shape."""
    value = reply.value if reply.error is None else None
    out = value[0] if isinstance(value, (tuple, list)) and value else None
    fits = getattr(out, "shape", None) == shape and out.dtype.kind in "fi"
    return out if fits else None
