"""Where the wrong numbers of an output stand: sentences, each of which holds for what is Seen."""

import numpy as np


def places(seen):
    """Yield the sentences that hold for the places of the wrong numbers, the most telling first."""
    wrong = seen.wrong
    if not wrong.any():
        return
    yield from at_labels(seen, wrong)
    if wrong.all():
        return
    yield from by_axis(seen, wrong)
    yield from at_border(seen, wrong)
    yield from by_number(seen, wrong)
    yield from every_other(seen, wrong)
    yield from at_zeros(seen, wrong)


def at_labels(seen, wrong):
    """Yield whether the errors stand in the column of the right class, just outside it, or in one more."""
    y = seen.arrays.get("y")
    if y is None or wrong.ndim != 2 or y.shape != wrong.shape[:1] or y.dtype.kind not in "iu":
        return
    of_class = np.arange(wrong.shape[1]) == y[:, None]
    if not wrong[~of_class].any():
        yield f"{seen.name} is wrong in the column of the right class only."
    if not wrong[of_class].any():
        yield f"{seen.name} is right in the column of the right class and wrong in others."
    if wrong[of_class].all() and (wrong.sum(axis=1) == 2).all():
        told = "is another class taken for the right one?"
        yield f"{seen.name} is wrong in the column of the right class and in one other: {told}"


def by_axis(seen, wrong):
    """Yield whether the errors keep to the first or last index of an axis, or just leave it out."""
    for axis, called in enumerate(seen.axes):
        bad = wrong.any(axis=tuple(other for other in range(wrong.ndim) if other != axis))
        if len(bad) < 2 or bad.sum() == 0:
            continue
        if not bad[0] and bad[1:].all():
            yield f"{seen.name} is right for the first {called} and wrong for others."
        if not bad[-1] and bad[:-1].all():
            yield f"{seen.name} is right for the last {called} and wrong for others."
        if bad[0] and not bad[1:].any():
            yield f"{seen.name} is wrong for the first {called} only."
        if bad[-1] and not bad[:-1].any():
            yield f"{seen.name} is wrong for the last {called} only."
        if not bad[0] and bad.any():
            yield f"{seen.name} is right for the first {called}; what is wrong stands behind it."


def every_other(seen, wrong):
    """Yield whether the errors keep to every other index of an axis."""
    for axis, called in enumerate(seen.axes):
        bad = wrong.any(axis=tuple(other for other in range(wrong.ndim) if other != axis))
        if len(bad) > 3 and (not bad[::2].any() or not bad[1::2].any()):
            yield f"{seen.name} is wrong for every other {called}."


def at_border(seen, wrong):
    """Yield whether the errors keep to the border of images, or to their inside."""
    if wrong.ndim < 4:
        return
    planes = np.moveaxis(wrong, seen.plane, (-2, -1))
    if min(planes.shape[-2:]) < 3:
        return
    inside = planes[..., 1:-1, 1:-1]
    if not inside.any():
        yield f"{seen.name} is right inside and wrong at the border."
    if inside.sum() == planes.sum():
        yield f"{seen.name} is right at the border and wrong inside."


def by_number(seen, wrong):
    """Yield whether the numbers that go in decide which are wrong; a weight is no partner of one output."""
    for name, array in seen.arrays.items():
        if array.shape != wrong.shape or name.startswith(("W", "w", "b")):
            continue
        for words, here in (("exactly 0", array == 0), ("negative", array < 0), ("positive", array > 0)):
            if here.any() and not here.all() and not wrong[~here].any():
                yield f"{seen.name} is wrong only where {name} is {words}."


def at_zeros(seen, wrong):
    """Yield whether the errors are numbers where 0 is right, or zeros where numbers are."""
    zero = seen.right == 0
    if not wrong[~zero].any():
        yield f"{seen.name} should be 0 where it is wrong; elsewhere it is right."
    if not seen.value[wrong].any():
        yield f"{seen.name} is 0 where it should not be, and right elsewhere."
