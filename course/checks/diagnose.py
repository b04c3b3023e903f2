"""What kind of wrong an answer is, when it is none of the known mistakes."""

import numpy as np

from .task import WEIGHTS, arrays_in

RTOL = 1e-5


def diagnose(task, results):
    """Return sentences on what is wrong with the failing Results of a task, the most telling first."""
    failing = [result for result in results if not result.right]
    if not failing:
        return []
    first = smallest(failing)
    faults = [fault for fault in first.faults if fault.fault == "wrong"]
    sentences = [fault.message for fault in faults]
    for name, right, value in wrong_values(task, first):
        axes = task.plane(name, right.ndim)
        right, value = (np.moveaxis(v, axes, (-2, -1)) if v.ndim > 1 else v for v in (right, value))
        shape_of_error = relation(name, right, value)
        if shape_of_error:
            sentences[sentences.index(f"{name} has wrong values.")] = shape_of_error
    where = only_where(task, results)
    return [*sentences, *([where] if where else [])]


def smallest(results):
    """Return the Result to look at first: of the first group, with the fewest numbers in its inputs."""
    groups = list(WEIGHTS)
    sizes = [sum(array.size for array in arrays_in(result.case.inputs)) for result in results]
    ranks = [(groups.index(result.case.group), size) for result, size in zip(results, sizes, strict=True)]
    return results[ranks.index(min(ranks))]


def wrong_values(task, result):
    """Return [(name, right, value)] of the outputs that have the right shape and wrong values."""
    names = [fault.output for fault in result.faults if fault.kind == "values"]
    by_name = zip(task.outputs, result.expected, result.values or (), strict=False)
    return [(name, right, value) for name, right, value in by_name if name in names]


def relation(name, right, value):
    """Return a sentence on how wrong values are related to the right ones, or None."""
    if not value.any():
        return f"{name} is all zeros."
    if close(value, -right):
        return f"{name} is right but has the opposite sign."
    factor = scale_factor(right, value)
    if factor is not None:
        return f"{name} is right but {factor:.4g} times as large."
    for words, changed in rearrangements(right):
        if changed.shape == value.shape and close(value, changed):
            return f"{name} is right but {words}."
    offset = value - right
    if right.size > 1 and close(offset, np.full_like(offset, offset.flat[0])):
        return f"{name} differs from the right values by {offset.flat[0]:.4g} everywhere."
    return place_of_error(name, np.abs(offset) > RTOL * np.abs(right).max())


def rearrangements(right):
    """Yield (words, array) of the usual ways in which right numbers end up in wrong places."""
    if right.ndim >= 2:
        yield "rotated by 180 degrees", right[..., ::-1, ::-1]
        yield "upside down", right[..., ::-1, :]
        yield "mirrored left to right", right[..., ::-1]
        yield "transposed (rows and columns exchanged)", right.swapaxes(-1, -2)
        yield "shifted by one row", np.roll(right, 1, axis=-2)
        yield "shifted by one column", np.roll(right, 1, axis=-1)
        yield "in another order (its numbers are laid out along other axes)", right.T.reshape(right.shape)


def place_of_error(name, wrong):
    """Return a sentence on where the errors lie, when they lie in one kind of place."""
    if wrong.ndim >= 2 and len(wrong) > 1 and wrong[1:].any() and not wrong[0].any():
        return f"{name} is right for the first sample and wrong for others."
    if wrong.ndim == 4 and min(wrong.shape[2:]) > 2 and wrong.any() and not wrong[:, :, 1:-1, 1:-1].any():
        return f"{name} is right inside and wrong at the border."
    return None


def scale_factor(right, value):
    """Return the number k with value = k * right, or None."""
    where = np.abs(right) > 1e-9
    if not where.any() or right.size < 2:
        return None
    ratio = float(np.median(value[where] / right[where]))
    return ratio if close(value, ratio * right) and not np.isclose(ratio, 1) else None


def close(one, other):
    """Return True when two arrays agree."""
    return np.allclose(one, other, rtol=RTOL, atol=RTOL * (1e-6 + np.abs(other).max()))


def only_where(task, results):
    """Return a sentence when the failing cases are just those that share a feature."""
    features = [features_of(task, result.case) for result in results]
    failing = [not result.right for result in results]
    for feature in sorted(set().union(*features)):
        if [feature in each for each in features] == failing and not all(failing):
            return f"It is wrong just where {feature}."
    return None


def features_of(task, case):
    """Return what is special about a case, in words."""
    found, arrays = {"reg is not 0"} if case.reg else set(), arrays_in(case.inputs)
    found |= {f"mode is {value!r}" for value in case.inputs if isinstance(value, str)}
    if not arrays:
        return found
    x, param = arrays[0], next((v for v in case.inputs if isinstance(v, dict)), {})
    stride, pad, kernel = param.get("stride"), param.get("pad"), kernel_of(task, arrays, param)
    batch = x.ndim == 4 or not task.channels_last  # a single window has no samples
    tests = {
        "there is one sample": batch and len(x) == 1,
        "there are several samples": batch and len(x) > 1,
        "the image is not square": x.ndim == 4 and len({x.shape[axis] for axis in task.plane("x", 4)}) > 1,
        "x holds integers": x.dtype.kind == "i",
        "scores are large": x.dtype.kind == "f" and np.abs(x).max() > 500,
        "x contains exact zeros": bool((x == 0).any()),
        "the stride is larger than 1": bool(stride) and stride > 1,
        "pad is not 0": bool(pad),
        "pad is 0": pad == 0,
    }
    if kernel and stride:
        tests["the window is not square"] = kernel[0] != kernel[1]
        tests["windows overlap"] = stride < max(kernel)
        tests["the stride is not the window size"] = {stride} != set(kernel)
    return found | {feature for feature, holds in tests.items() if holds}


def kernel_of(task, arrays, param):
    """Return the height and width of a layer's window, or None."""
    if "f" in param:
        return param["f"], param["f"]
    if "pool_height" in param:
        return param["pool_height"], param["pool_width"]
    if len(arrays) == 3 and arrays[1].ndim == 4:
        return tuple(arrays[1].shape[axis] for axis in task.plane("W", 4))
    return None
