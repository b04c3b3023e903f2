"""The numerical gradient beside an answer's: central differences of the student's own forward pass."""

from ..gradient_check import points, slopes

MOST_ELEMENTS = 400


def numerical_gradients(task, forward, case):
    """Return {name: Slopes} of sum(out * dout) for a backward task's case, asked of a forward pass.

    Empty when the case is too large, or the forward pass fails or gives another shape than dout.
    """
    found = {}
    for place, name in enumerate(task.arguments):
        x = case.inputs[place]
        if f"d{name}" not in task.outputs:
            continue
        if x.size > MOST_ELEMENTS:
            return {}
        calls = [(*case.inputs[:place], point, *case.inputs[place + 1 :]) for point in points(x)]
        outs = [output_of(reply, case.dout.shape) for reply in forward.map(calls, keep=(1,))]
        if any(out is None for out in outs):
            return {}
        found[f"d{name}"] = slopes(outs, x, case.dout)
    return found


def output_of(reply, shape):
    """Return the output in a forward's reply, or None when it is no array of numbers of this shape."""
    value = reply.value if reply.error is None else None
    out = value[0] if isinstance(value, (tuple, list)) and value else None
    fits = getattr(out, "shape", None) == shape and out.dtype.kind in "fi"
    return out if fits else None
