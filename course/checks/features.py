"""What is special about a case, in words: the shapes, the numbers, the settings."""

import numpy as np

from .task import arrays_in


def only_where(task, results):
    """Return a sentence when the failing cases are just those that share a feature, or just the others."""
    failing = [not result.right for result in results]
    if all(failing):
        return None
    found = [features_of(task, result.case) for result in results]
    known = list(dict.fromkeys(feature for each in found for feature in each))
    for feature in known:
        if [feature in each for each in found] == failing:
            return f"It is wrong just where {feature}."
    decisive = [
        feature
        for feature in known
        if feature.endswith(DECISIVE) and [feature not in each for each in found] == failing
    ]
    if decisive:
        return f"It is right just where {' and '.join(decisive)}."
    for place, one in enumerate(known):
        for other in known[place + 1 :] if sum(failing) > 1 else ():
            if [one in each and other in each for each in found] == failing:
                return f"It is wrong just where {one} and {other}."
    return None


DECISIVE = ("one sample", "one channel", "one column", " is 0", " is 1")  # what keeps a fault from showing


def features_of(task, case):
    """Return what is special about a case, as phrases, the most telling first."""
    return [phrase for phrase, holds in tests_of(task, case).items() if holds]


def tests_of(task, case):
    """Return {phrase: whether it holds} of a case."""
    arrays, tests = arrays_in(case.inputs), {}
    if arrays:
        x, name = arrays[0], first_name(task, case)
        floats = x.dtype.kind == "f" and x.size > 0
        tests = {
            f"{name} has more than two axes": x.ndim > 2 and not task.channels_last,
            **image_tests(task, case, arrays),
            f"{name} holds integers": x.dtype.kind in "iu",
            f"{name} is float32": x.dtype == np.float32,
            f"numbers of {name} are larger than 500": floats and np.abs(x).max() > 500,
            f"{name} contains exact zeros": bool((x == 0).any()),
            f"{name} holds a single number": x.size == 1,
            f"{name} has one axis": x.ndim == 1,
        }
    tests["reg is not 0"] = bool(case.reg)
    for name, value in settings(task, case).items():
        if isinstance(value, str):
            tests[f"{name} is {value!r}"] = True
        else:
            tests |= {f"{name} is not 0": value != 0, f"{name} is 0": value == 0, f"{name} is 1": value == 1}
    return tests


def image_tests(task, case, arrays):
    """Return {phrase: whether it holds} of what has to do with batches, images and windows."""
    x, param = arrays[0], parameters(case)
    stride, kernel = param.get("stride"), kernel_of(task, arrays, param)
    batch = x.ndim > 1 and (x.ndim == 4 or not task.channels_last)  # a single window has no samples
    channels = x.shape[-1 if task.channels_last else 1] if x.ndim == 4 else 0
    tests = {
        "there is one sample": batch and len(x) == 1,
        "there are several samples": batch and len(x) > 1,
        "the image is not square": x.ndim == 4 and len({x.shape[axis] for axis in task.plane("x", 4)}) > 1,
        "there is one channel": channels == 1,
        "there are several channels": channels > 1,
        "there is one column": x.ndim == 2 and x.shape[1] == 1,
        "there are two columns": x.ndim == 2 and x.shape[1] == 2,
    }
    if stride:
        tests["the stride is larger than 1"] = stride > 1
    if kernel:
        tests["the window is not square"] = kernel[0] != kernel[1]
    if kernel and stride:
        tests["windows overlap"] = stride < max(kernel)
        tests["the stride is not the window size"] = {stride} != set(kernel)
        tests["the windows leave a row or column over"] = any(
            (size + 2 * param.get("pad", 0) - k) % stride
            for size, k in zip((x.shape[axis] for axis in task.plane("x", 4)), kernel, strict=True)
        )
    return tests


def parameters(case):
    """Return the settings of a layer that stand in a dictionary, e.g. stride and pad."""
    found = (value for value in case.inputs if isinstance(value, dict) and not arrays_in(value))
    return next(found, {})


def settings(task, case):
    """Return {name: number or text} of the arguments that are no arrays, those in a dictionary too."""
    named = dict(zip(task.arguments, case.inputs, strict=True))
    for value in case.inputs:
        if isinstance(value, dict):
            named |= value
    return {
        name: value
        for name, value in named.items()
        if isinstance(value, (int, float, str, np.number)) and name not in ("stride", "seed")
    }


def first_name(task, case):
    """Return the name of the first argument that holds an array."""
    pairs = zip(task.arguments, case.inputs, strict=True)
    return next(name for name, value in pairs if arrays_in((value,)))


def kernel_of(task, arrays, param):
    """Return the height and width of a layer's window, or None."""
    if "f" in param:
        return param["f"], param["f"]
    if "pool_height" in param:
        return param["pool_height"], param["pool_width"]
    if "pad" in param and len(arrays) == 3 and arrays[1].ndim == 4:
        return tuple(arrays[1].shape[axis] for axis in task.plane("W", 4))
    return None
