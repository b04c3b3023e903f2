"""One reply against the right values: which faults it has, and of which class."""

from dataclasses import dataclass

import numpy as np

from .answer import Handle, Reply
from .task import Case

RTOL = {"f8": 1e-6, "f4": 1e-4}  # of the largest right value: far above rounding, far below any mistake
SLOW_SECONDS = 5.0
UNTOLD = "{} has wrong values."  # nothing more is known of them yet


@dataclass(frozen=True)
class Fault:
    """One thing that is not right.

    fault: "wrong" (costs its group), "care" (costs the care group), "note" or "convention" (cost nothing).
    kind: a short key, e.g. "raised", "shape", "nan", "values", "overwritten".
    output: the name of the value it is about, "" when it is about the whole call.
    """

    fault: str
    kind: str
    output: str
    message: str


@dataclass(frozen=True)
class Result:
    """A case, the right values, what came, and what is wrong with it.

    values: the compared outputs as arrays, None where nothing comparable came.
    """

    case: Case
    expected: tuple[np.ndarray, ...]
    reply: Reply
    values: tuple[np.ndarray, ...] | None
    faults: tuple[Fault, ...]

    @property
    def right(self):
        """Return True when no value is wrong."""
        return not any(fault.fault == "wrong" for fault in self.faults)

    @property
    def costs(self):
        """Return True when a fault costs points."""
        return any(fault.fault in ("wrong", "care") for fault in self.faults)


def compare(task, case, expected, reply, args):
    """Return the Result of a reply to a call with these arguments."""
    values, faults = unpack(task, reply)
    if values is not None:
        faults = [*faults, *RULES[case.rule](task, case, expected, values)]
        faults += [*overwritten(task, args, reply), *dtype_notes(task, expected, values)]
        if reply.printed:
            faults.append(Fault("note", "printed", "", "It prints while it computes."))
        if reply.seconds > SLOW_SECONDS:
            faults.append(Fault("note", "slow", "", f"It took {reply.seconds:.0f} s for a tiny input."))
    return Result(case, expected, reply, values, tuple(faults))


def unpack(task, reply):
    """Return (values as arrays or None, faults) of a reply's structure."""
    error = reply.error
    if error is not None:
        kind = "raised" if error.written else "not written"
        where = f", in line {error.line}: `{error.source}`" if error.line and error.source else ""
        return None, [Fault("wrong", kind, "", f"{error.kind}: {error.message.strip()}{where}")]
    names, value = task.returns, reply.value
    parts = value if isinstance(value, (tuple, list)) else (value,)
    if isinstance(value, dict):
        names = task.outputs
        if set(value) != set(names):
            message = f"It returns a dictionary of {sorted(value)}, expected {sorted(names)}."
            return None, [Fault("wrong", "structure", "", message)]
        parts = [value[name] for name in names]
    elif task.named:
        message = f"It returns {describe(value)}, expected a dictionary with the keys {', '.join(names)}."
        return None, [Fault("wrong", "structure", "", message)]
    if len(parts) != len(names):
        came = f"{len(parts)} value{'s' * (len(parts) != 1)}" if isinstance(value, tuple) else describe(value)
        wanted = f"{len(names)} value{'s' * (len(names) != 1)}: {', '.join(names)}"
        return None, [Fault("wrong", "structure", "", f"It returns {came}, expected {wanted}.")]
    values = []
    for name, part in zip(task.outputs, parts, strict=False):
        value = as_numbers(part)
        if value is None:
            wanted = "an array or whole numbers" if isinstance(part, (tuple, list)) else "numbers"
            message = f"{name} is {describe(part)}, expected {wanted}."
            return None, [Fault("wrong", "structure", name, message)]
        values.append(value)
    return tuple(values), []


def as_numbers(part):
    """Return an array of real numbers, or None.

    A tuple of whole numbers, as a shape is, counts as one; True and False count as 1 and 0.
    """
    if isinstance(part, (tuple, list)) and all(isinstance(n, (int, np.integer)) for n in part):
        part = np.asarray(part)
    if isinstance(part, (bool, int, float, np.ndarray, np.generic)):
        value = np.asarray(part)
        if value.dtype.kind in "fiub":
            return value.astype(int) if value.dtype.kind == "b" else value
    return None


def describe(part):
    """Return what something is, in a few words."""
    if isinstance(part, (np.ndarray, np.generic)):
        return f"an array of {part.dtype}"
    if isinstance(part, Handle):
        return part.kind if part.kind.startswith("array of") else f"a {part.kind}"
    if isinstance(part, (tuple, list)):
        kinds = sorted({type(item).__name__.removeprefix("nd") + "s" for item in part})
        return f"a {type(part).__name__} of {' and '.join(kinds)}"
    return "nothing (None)" if part is None else f"a {type(part).__name__}"


def same_values(task, case, expected, values):
    """Return the faults of values that must equal the right ones."""
    rtol = RTOL["f4"] if case.is_float32 else RTOL["f8"]
    faults = []
    for name, right, value in zip(task.outputs, expected, values, strict=True):
        if value.shape != right.shape:
            message = f"{name} has shape {value.shape}, expected {right.shape}."
            faults.append(Fault("wrong", "shape", name, message))
        elif not largest(value - right) <= rtol * max(1e-3, largest(right)):  # nor is nan
            if np.isfinite(value).all():
                faults.append(Fault("wrong", "values", name, UNTOLD.format(name)))
            else:
                kind = "nan" if np.isnan(value).any() else "infinity"
                faults.append(Fault("wrong", "nan", name, f"{name} contains {kind}."))
    return faults


def largest(numbers):
    """Return the largest absolute value, 0 where there is none."""
    return np.maximum.reduce(np.abs(numbers), axis=None, initial=0)


def first_values(task, case, expected, values):
    """Return the faults of the first output; what a call keeps beside it is another case's affair."""
    return [fault for fault in same_values(task, case, expected, values) if fault.output == task.outputs[0]]


def by_chance(task, case, expected, values):
    """Return the faults of a layer that draws at random: of what does not depend on luck."""
    x = case.inputs[0]
    (factors, rate, *_), (right_factors, right_rate, *_) = values, expected
    if factors.ndim != 1 or any(value.size != 1 for value in values[1:]):
        return [Fault("wrong", "shape", "out", f"out has shape {factors.shape}, expected {x.shape}.")]
    faults = []
    if not same_factors(factors, right_factors):
        wanted = " or ".join(f"{number:.4g}" for number in right_factors)
        told = " or ".join(f"{number:.4g}" for number in factors) if len(factors) < 3 else "many others"
        message = f"The numbers of out are those of x times {told}, expected {wanted}."
        faults.append(Fault("wrong", "values", "out", message))
    if rate not in (right_rate, 0):
        message = f"About {rate:.0%} of the numbers are kept, expected {right_rate:.0%}."
        faults.append(Fault("wrong", "values", "rate", message))
    luck = list(zip(task.outputs, values, expected, strict=True))[2:]
    unlike = [name for name, value, right in luck if value != right]
    for name in unlike:
        told = LUCK["both" if name in ("rows", "columns") and {"rows", "columns"} <= set(unlike) else name]
        faults.append(Fault("care" if name == "repeats" else "wrong", "values", name, told))
    return faults


def same_factors(one, other):
    """Return True when two sets of factors agree, in the precision of float32."""
    return one.shape == other.shape and np.allclose(one, other, rtol=RTOL["f4"])


LUCK = {
    "rows": "All samples keep and lose the same numbers; each number has a draw of its own.",
    "columns": "Samples are kept or left out as a whole; each number has a draw of its own.",
    "both": "All numbers are kept, or none is; each number has a draw of its own.",
    "repeats": "The same seed gives another mask in a second call.",
    "varies": "Another seed gives the same mask.",
}


def spread_over_ties(task, case, expected, values):
    """Return the faults of a max pooling gradient where several numbers of a window are the largest.

    Any rule is right that hands dout out exactly once, and only to places that hold the maximum.
    """
    (dx,), (x, param), dout = values, case.inputs, case.dout
    if dx.shape != x.shape:
        return [Fault("wrong", "shape", "dx", f"dx has shape {dx.shape}, expected {x.shape}.")]
    PH, PW, stride = param["pool_height"], param["pool_width"], param["stride"]
    places = {
        (n, c, i, j): (n, c, slice(i * stride, i * stride + PH), slice(j * stride, j * stride + PW))
        for n, c, i, j in np.ndindex(dout.shape)
    }
    if not handed_out_once(dx, x, dout, places):
        message = "Where numbers of a window are equally large, dout is not handed out exactly once."
        return [Fault("wrong", "ties", "dx", message)]
    return []


def handed_out_once(dx, x, dout, places):
    """Return True when each number of dout goes exactly once to places of its window's maximum.

    places: {index in dout: index of its window in x}, windows that do not overlap.
    """
    for place, here in places.items():
        largest = x[here] == x[here].max()
        if not np.allclose(dx[here][~largest], 0) or not np.isclose(dx[here].sum(), dout[place]):
            return False
    return True


def full_or_once(task, case, expected, values):
    """Return the faults of a max pooling gradient in whose text every tied maximum gets the full gradient.

    To hand it out exactly once is another agreement, named and accepted.
    """
    (dA_prev,), (A_prev, hparameters, _) = values, case.inputs
    f, stride = hparameters["f"], hparameters["stride"]
    faults = same_values(task, case, expected, values)
    places = {
        (i, h, w, c): (i, slice(h * stride, h * stride + f), slice(w * stride, w * stride + f), c)
        for i, h, w, c in np.ndindex(case.dout.shape)
    }
    if not faults or dA_prev.shape != A_prev.shape:
        return faults
    return other_ties("dA_prev") if handed_out_once(dA_prev, A_prev, case.dout, places) else faults


def every_maximum(task, case, expected, values):
    """Return the faults of a mask in whose text every tied maximum is marked.

    To mark one of them, or to give them shares that add up to 1, is another agreement, named and accepted.
    """
    faults, (right,), (mask,) = same_values(task, case, expected, values), expected, values
    if not faults or mask.shape != right.shape:
        return faults
    once = np.allclose(mask[right == 0], 0) and np.isclose(mask.sum(), 1)
    return other_ties("mask") if once else faults


def other_ties(output):
    """Return the fault of another agreement about ties."""
    message = (
        "Of equal largest numbers, the text counts each in full; your answer counts them once. "
        "Both agreements exist, and both are right here."
    )
    return [Fault("convention", "ties", output, message)]


RULES = {
    "values": same_values,
    "first": first_values,
    "chance": by_chance,
    "spread": spread_over_ties,
    "full or once": full_or_once,
    "every maximum": every_maximum,
}


def overwritten(task, args, reply):
    """Return a fault for each argument, or array in the cache, that the call has changed."""
    names = []
    for position in reply.changed:
        before, after = args[position], reply.args[position]
        is_cache = task.forward is not None and position == 1
        if is_cache and not task.call and not isinstance(before, Handle):
            pairs = zip(task.arguments, as_parts(before), as_parts(after), strict=False)
            names += [name for name, old, new in pairs if not np.array_equal(old, new)]
        else:
            names.append(task.called_with[position])
    return [
        Fault("care", "overwritten", name, f"It overwrites {name}, which others still use.") for name in names
    ]


def as_parts(cache):
    """Return what is in a contract's cache, which is one thing or a tuple."""
    return cache if isinstance(cache, tuple) else (cache,)


def dtype_notes(task, expected, values):
    """Return notes on types: float32 that became float64, gradients that are integers."""
    faults = []
    for name, right, value in zip(task.outputs, expected, values, strict=True):
        if right.dtype == np.float32 and right.ndim and value.dtype == np.float64:
            faults.append(Fault("note", "float32", name, f"{name} is float64 where float32 came in."))
        elif right.dtype.kind == "f" and value.dtype.kind not in "f":
            faults.append(Fault("care", "integers", name, f"{name} holds integers, expected floats."))
    return faults
