"""How wrong values are related to the right ones: sentences, each of which holds for what is Seen."""

from itertools import permutations

import numpy as np

MOST = 100_000  # numbers of an output that are looked at
OTHERWISE = {
    "without its signs": np.abs,
    "0 where it should be negative": lambda right: np.maximum(right, 0),
    "0 where it should be positive": lambda right: np.minimum(right, 0),
    "cut to whole numbers": np.trunc,
    "rounded to whole numbers": np.round,
    "only the sign of the right values": np.sign,
    "the square of the right values": np.square,
    "the square root of the right values": np.sqrt,
    "1 divided by the right values": np.reciprocal,
    "1 minus the right values": lambda right: 1 - right,
    "the exponential of the right values": np.exp,
    "the logarithm of the right values": np.log,
    "true and false where numbers are asked for": lambda right: right != 0,
}


def relations(seen, alone=False):
    """Yield the sentences that hold for wrong values of the right shape, the most telling first.

    alone: there is no other case; then a single number is related to another one in too many ways.
    """
    if not 0 < seen.right.size <= MOST:
        return
    one_number = alone and seen.right.size == 1
    with np.errstate(all="ignore"):
        if not seen.value.any():
            yield f"{seen.name} is all zeros."
        elif seen.close(seen.value, -seen.right.astype(float)):
            yield f"{seen.name} is right but has the opposite sign."
        else:
            yield from factors(seen, one_number)
        yield from rearranged(seen)
        yield from mistaken_for(seen)
        if not one_number:
            yield from otherwise(seen)
            yield from offsets(seen)
            yield from products(seen)
            yield from same_everywhere(seen)
            yield from line_by_line(seen)
        if np.abs(seen.value - seen.right).max() <= 0.01 * np.abs(seen.right).max():
            yield (
                f"{seen.name} is right to within 1 %: a small constant, a rounding or a precision is not as "
                "it should be."
            )
        if not one_number and seen.name.startswith("d"):
            yield from shared_out(seen)


def factors(seen, one_number):
    """Yield by which number the right values are multiplied."""
    right, value = seen.right.astype(float), seen.value.astype(float)
    where = np.abs(right) > 1e-9 * np.abs(right).max()
    if not where.any():
        return
    factor = float(np.median(value[where] / right[where]))
    if np.isclose(factor, 1, rtol=seen.rtol) or not seen.close(value, factor * right):
        return
    if not one_number:
        yield f"{seen.name} is right but {factor:.4g} times as large."
    for words, number in seen.numbers.items():
        if number in (0, 1):
            continue
        for tried, verb in ((number, "multiplied"), (1 / number, "divided")):
            if np.isclose(factor, tried, rtol=seen.rtol):
                yield f"{seen.name} is right but {verb} by {words} once too often."


def rearranged(seen):
    """Yield how the right numbers ended up in other places."""
    right, value, name = seen.right, seen.value, seen.name
    if right.size < 2:
        return
    if right.ndim > 1:
        right, value = (np.moveaxis(array, seen.plane, (-2, -1)) for array in (right, value))
        ways = {
            "rotated by 180 degrees": right[..., ::-1, ::-1],
            "upside down": right[..., ::-1, :],
            "mirrored left to right": right[..., ::-1],
            "transposed (rows and columns exchanged)": right.swapaxes(-1, -2),
            "in another order (its numbers are laid out along other axes)": right.T.reshape(right.shape),
        }
        for words, changed in ways.items():
            if seen.close(value, changed):
                yield f"{name} is right but {words}."
        yield from shifted(seen, right, value)
    for axis in range(seen.right.ndim):
        if seen.right.shape[axis] > 1 and seen.close(seen.value, np.flip(seen.right, axis)):
            yield f"{name} is right but in reverse order along axis {axis}."
    if seen.close(np.sort(value.ravel()), np.sort(right.ravel())):
        yield f"{name} holds the right numbers, but in other places."


STEPS = {"one row": (-2, 1), "one column": (-1, 1), "two rows": (-2, 2), "two columns": (-1, 2)}


def shifted(seen, right, value):
    """Yield by how much the right numbers are shifted; what comes in at the edge does not count."""
    for words, (axis, steps) in STEPS.items():
        size = right.shape[axis]
        front, back = np.arange(steps, size), np.arange(size - steps)
        if right.take(back, axis).size < 3:
            continue
        for here, there in ((front, back), (back, front)):
            kept = right.take(there, axis)
            if kept.any() and seen.close(value.take(here, axis), kept):
                yield f"{seen.name} is right but shifted by {words}."


def mistaken_for(seen):
    """Yield what the value is instead: an argument, or another output."""
    for name, array in seen.arrays.items():
        if array.shape == seen.value.shape and seen.close(seen.value, array) and array.size > 1:
            yield f"{seen.name} is {name} as it came in."
    for name, array in seen.others.items():
        if array.shape == seen.value.shape and seen.close(seen.value, array) and array.any():
            yield f"{seen.name} holds what {name} should be."


def otherwise(seen):
    """Yield what has been done to each right number."""
    right = seen.right.astype(float)
    for words, change in OTHERWISE.items():
        changed = change(right)
        if not seen.close(changed, right) and seen.close(seen.value, changed):
            yield f"{seen.name} is {words}."


def offsets(seen):
    """Yield what is missing from the right values, or added to them."""
    right, name = seen.right.astype(float), seen.name
    offset = seen.value - right
    largest = np.abs(offset).max()
    if not np.isfinite(largest) or not largest:
        return
    for argument, array in seen.arrays.items():
        for laid in aligned(array.astype(float), right.shape):
            size = (laid**2).sum()
            factor = (offset * laid).sum() / size if size else 0.0
            if np.abs(offset - factor * laid).max() <= 10 * seen.rtol * largest:
                yield from added(name, factor, argument, seen)
    if np.ptp(offset) <= 10 * seen.rtol * largest:
        yield from added(name, offset.flat[0], None, seen)
        if right.size > 1:
            yield f"{name} differs from the right values by {offset.flat[0]:.4g} everywhere."


def added(name, factor, argument, seen):
    """Yield the sentences on a multiple of an argument, or on a number, that is missing or too much."""
    known = {"": 1.0} if argument else {}
    for words, number in {**known, **seen.numbers}.items():
        if not number:
            continue
        what = " times ".join(filter(None, (words, argument)))
        for times, told in TOLD.items():
            if np.isclose(factor, times * number, rtol=100 * seen.rtol):
                yield f"{name} is right but for {what}, {told}."
    if argument:
        yield f"{name} differs from the right values by {factor:.4g} times {argument}."


def products(seen):
    """Yield which argument is multiplied in, or not, number by number."""
    right, value = seen.right.astype(float), seen.value.astype(float)
    for argument, array in seen.arrays.items():
        for laid in aligned(array.astype(float), right.shape):
            if seen.close(value, right * laid) and not seen.close(value, right):
                yield f"{seen.name} is right but multiplied by {argument} once too often."
            if seen.close(value * laid, right) and laid.all():
                yield f"{seen.name} is right but for the factor {argument}, which is missing."


def same_everywhere(seen):
    """Yield along which axis all numbers are the same, though the right ones are not."""
    for axis, called in enumerate(seen.axes):
        size = seen.right.shape[axis]
        if size < 2 or called == "number":
            continue
        repeated = [array.take([0] * size, axis) for array in (seen.value, seen.right)]
        if seen.close(seen.value, repeated[0]) and not seen.close(seen.right, repeated[1]):
            yield f"{seen.name} is the same for every {called}."


def line_by_line(seen):
    """Yield along which axis each entry has a factor, or a number added, of its own."""
    right, value = seen.right.astype(float), seen.value.astype(float)
    for axis, called in enumerate(seen.axes):
        rights, values = (
            np.moveaxis(array, axis, 0).reshape(right.shape[axis], -1) for array in (right, value)
        )
        if min(rights.shape) < 2:
            continue
        factors = (rights * values).sum(axis=1, keepdims=True) / (rights**2).sum(axis=1, keepdims=True)
        if seen.close(values, factors * rights) and factors.all():
            yield f"Each {called} of {seen.name} is right but for a factor of its own."
        if seen.close(values, rights + (values - rights).mean(axis=1, keepdims=True)):
            yield f"Each {called} of {seen.name} is right but for a number of its own that is added to it."


def shared_out(seen):
    """Yield whether the numbers of a gradient, or of each plane of it, add up to what they should."""
    axes = seen.plane if seen.right.ndim == 4 else None
    right, value = (np.asarray(array.astype(float).sum(axis=axes)) for array in (seen.right, seen.value))
    size = np.asarray(np.abs(seen.right.astype(float)).sum(axis=axes))
    if seen.right.size > 1 and (np.abs(right) > 0.01 * size).any() and seen.close(value, right):
        each = " in each plane" if axes else ""
        yield f"The numbers of {seen.name}{each} have the right sum; they are shared out in another way."


TOLD = {
    -1: "which is missing",
    1: "which is added once too often",
    -2: "which is subtracted where it should be added",
    2: "which is added twice too often, or where it should be subtracted",
    -0.5: "half of which is missing",
    0.5: "half of which is added once too often",
}


def aligned(array, shape):
    """Yield an array laid along each axis of a shape along which it fits."""
    if array.shape == shape:
        yield array
    elif array.size == 1:
        yield np.full(shape, array.flat[0])
    elif array.size > 1 and array.size == max(array.shape):
        for axis in reversed(range(len(shape))):
            if shape[axis] == array.size:
                sizes = [1] * len(shape)
                sizes[axis] = array.size
                yield np.broadcast_to(array.reshape(sizes), shape)


def shape_relations(seen):
    """Yield the sentences that hold for values of a wrong shape, the most telling first."""
    right, value, name = seen.right, seen.value, seen.name
    if not 0 < value.size <= MOST or not 0 < right.size <= MOST:
        return
    with np.errstate(all="ignore"):
        yield from mistaken_for(seen)
        if value.shape == tuple(right.ravel()):
            yield f"{name} is an array; its shape itself is asked for, a tuple of whole numbers."
        if value.size == right.size:
            if seen.close(value.reshape(right.shape), right):
                yield f"{name} holds the right numbers in another shape."
            for order in permutations(range(value.ndim)) if value.ndim < 5 else ():
                turned = value.transpose(order)
                if turned.shape == right.shape and seen.close(turned, right):
                    words = "transposed" if value.ndim == 2 else "its axes stand in another order"
                    yield f"{name} is right but {words}."
        for axis in range(value.ndim):
            for words, total in (("added up", value.sum(axis)), ("averaged", value.mean(axis))):
                if seen.close(total, right):
                    yield f"{name} is not {words} over axis {axis}."
        for axis in range(right.ndim):
            for words, total in (("added up", right.sum(axis)), ("averaged", right.mean(axis))):
                if seen.close(np.squeeze(value), np.squeeze(total)):
                    yield f"{name} is {words} over axis {axis}, which should be kept."
        if value.size == 1 and seen.close(value.sum(), right.sum()):
            yield f"{name} is added up to a single number."
        yield from cropped(seen)


def cropped(seen):
    """Yield where the right numbers stand in a larger value, or the value's in the right ones."""
    right, value = seen.right, seen.value
    if value.ndim != right.ndim:
        return
    differences = [ours - theirs for ours, theirs in zip(value.shape, right.shape, strict=True)]
    larger = min(differences) >= 0
    if not larger and max(differences) > 0:
        return
    whole, part = (value, right) if larger else (right, value)
    places = {
        "at the end": [slice(0, n) for n in part.shape],
        "at the beginning": [slice(abs(d), abs(d) + n) for d, n in zip(differences, part.shape, strict=True)],
        "all around": [
            slice(abs(d) // 2, abs(d) // 2 + n) for d, n in zip(differences, part.shape, strict=True)
        ],
    }
    for words, place in places.items():
        if seen.close(whole[tuple(place)], part):
            told = "has numbers too many" if larger else "lacks numbers"
            yield f"{seen.name} is right but {told} {words}."
