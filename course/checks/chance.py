"""A layer that draws at random, described by what does not depend on luck.

However a mask is drawn, the numbers of out are those of x times 0 or 1/p, about the share p of them is kept,
each by itself, and a seed decides which. Two right answers agree in this, and not in a single mask.
"""

from dataclasses import replace

import numpy as np

DIGITS = 6  # of a factor: float32 keeps about 7
MOST_FACTORS = 4  # that are told apart


def described(task, answer, args, reply):
    """Return the reply to a forward call with a description of its draw in the place of its output.

    The layer is called twice more: with the same seed, and with the next one.
    out: the different numbers in out / x, as they grow.  rate: the share that is kept, to one decimal.
    rows, columns: 1 when those of the mask differ, 0 when each is a copy of the first.
    repeats, varies: 1 when the same seed gives the same output, another seed another one.
    An output that is no array like x is left as it is.
    """
    x, param = args
    out = first(reply)
    if out is None or out.shape != x.shape:
        return reply if out is None else replace(reply, value=dict.fromkeys(task.outputs, out))
    again = first(answer.call(args, keep=(1,)))
    other = first(answer.call((x, {**param, "seed": param["seed"] + 1}), keep=(1,)))
    mask, found = out != 0, factors(x, out)
    rows, columns = (mask != mask[:1]).any(), (mask != mask[:, :1]).any()
    measured = (rows and columns) or len(found) == 1  # else there are too few draws to measure a share
    features = {
        "out": found,
        "rate": round(float(mask.mean()), 1) if measured else 0.0,
        "rows": int(rows),
        "columns": int(columns),
        "repeats": int(np.array_equal(out, again)),
        "varies": int(not np.array_equal(out, other)),
    }
    return replace(reply, value={name: features[name] for name in task.outputs})


def first(reply):
    """Return the output in a reply of (out, cache), or None when it is no array of numbers."""
    value = reply.value if reply.error is None else None
    out = value[0] if isinstance(value, (tuple, list)) and len(value) == 2 else None
    return out if isinstance(out, np.ndarray) and out.dtype.kind in "fiu" else None


def factors(x, out):
    """Return the different numbers in out / x, as they grow; x holds no 0."""
    return np.unique((out / x).round(DIGITS) + 0.0)[:MOST_FACTORS]


def right_gradient(case, out, expected):
    """Return the right gradient for the draw that the output of a forward pass shows.

    expected: what is returned for an output that no right forward pass could have made.
    """
    x, param = case.inputs
    if not isinstance(out, np.ndarray) or out.shape != x.shape or out.dtype.kind not in "fiu":
        return expected
    allowed = [0.0, 1 / param["p"]] if param["mode"] == "train" else [1.0]
    factor = out / x
    if not np.isclose(factor[..., None], allowed, rtol=1e-5).any(axis=-1).all():
        return expected
    return ((case.dout * factor).astype(case.dout.dtype),)
