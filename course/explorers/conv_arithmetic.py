"""Arithmetic of one convolution: its size, what does not fit, the nearest settings that do, its numbers.

conv_arithmetic.mjs says the same in JavaScript, word for word: a test compares the two in every geometry.
"""

from itertools import combinations, product
from typing import NamedTuple

import numpy as np

LIMITS = {"height": (1, 16), "width": (1, 16), "kernel": (1, 11), "stride": (1, 6), "pad": (0, 5),
          "dilation": (1, 3)}
MOST_OFFERS = 4
PIXELS = np.array([1, 2, 3, 4, 5])  # no zero: a zero in the picture is always padding
WEIGHTS = np.array([-2, -1, 1, 2])


class Geometry(NamedTuple):
    """Settings of a square kernel that slides over a rectangular input."""

    height: int
    width: int
    kernel: int
    stride: int
    pad: int
    dilation: int


class Axis(NamedTuple):
    """What the settings come to along rows or along columns, counted in cells."""

    padded: int      # input with the pad at both ends
    span: int        # room that the kernel has to move in; negative when it does not fit
    out: int         # places where it can stand
    left_over: int   # cells after its last place that it never reaches
    sticks_out: int  # cells by which it is longer than the padded input

    @property
    def fits(self):
        """Whether the kernel fits and the stride leaves nothing over."""
        return self.sticks_out == self.left_over == 0


def extent(geometry):
    """Return how many rows (and columns) the dilated kernel covers: D(F - 1) + 1."""
    return geometry.dilation * (geometry.kernel - 1) + 1


def axes(geometry):
    """Return the Axis of the rows and the Axis of the columns."""
    return _axis(geometry.height, geometry), _axis(geometry.width, geometry)


def _axis(size, geometry):
    padded = size + 2 * geometry.pad
    span = padded - extent(geometry)
    if span < 0:
        return Axis(padded, span, out=0, left_over=0, sticks_out=-span)
    return Axis(padded, span, span // geometry.stride + 1, span % geometry.stride, sticks_out=0)


def fits(geometry):
    """Tell whether the kernel fits and the stride leaves nothing over, in both directions."""
    return all(axis.fits for axis in axes(geometry))


def neighbours(geometry):
    """Return the nearest geometries that fit, nearest first, each with as few settings changed as can be.

    A square input stays square. The list is empty when the geometry fits already, and only then.
    """
    if fits(geometry):
        return []
    one_side_fits = any(axis.fits for axis in axes(geometry))
    sides = [("height",), ("width",)] if one_side_fits else [("height", "width")]
    kernel_side = ("stride", "pad", "kernel", "dilation")
    found = _nearest_of_each(geometry, [*((name,) for name in kernel_side), *sides])
    found = found or _nearest_of_each(geometry, combinations(kernel_side, 2))
    return sorted(found, key=lambda other: _distance(geometry, other))[:MOST_OFFERS]


def _nearest_of_each(geometry, groups):
    return [other for names in groups if (other := _nearest(geometry, names)) is not None]


def _nearest(geometry, names):
    ranges = (range(LIMITS[name][0], LIMITS[name][1] + 1) for name in names)
    stays_square = "height" in names and geometry.height == geometry.width
    choices = zip(*ranges, strict=True) if stays_square else product(*ranges)
    now = [getattr(geometry, name) for name in names]
    for values in sorted(choices, key=lambda values: _distance(now, values)):
        other = geometry._replace(**dict(zip(names, values, strict=True)))
        if fits(other):
            return other
    return None


def _distance(geometry, other):
    return sum(abs(a - b) for a, b in zip(geometry, other, strict=True))


def change(geometry, other):
    """Say in words how `other` differs: "stride 2" or "height 8, width 8"."""
    return ", ".join(f"{name} {value}" for name, value in other._asdict().items()
                     if value != getattr(geometry, name))


def formula(geometry):
    """Return lines: the formula of the output's size, then its numbers, twice where the sides differ."""
    rows, columns = axes(geometry)
    symbols = "(N + 2P − F)/S + 1" if geometry.dilation == 1 else "(N + 2P − D(F − 1) − 1)/S + 1"
    if geometry.height == geometry.width:
        return [f"places = {symbols}", _with_numbers("rows = columns", geometry.height, rows, geometry)]
    return [f"places = {symbols}", _with_numbers("rows", geometry.height, rows, geometry),
            _with_numbers("columns", geometry.width, columns, geometry)]


def _with_numbers(name, size, axis, geometry):
    _, _, kernel, stride, pad, dilation = geometry
    reach = kernel if dilation == 1 else f"{dilation}·({kernel} − 1) − 1"
    whole = f"{name} = ({size} + 2·{pad} − {reach})/{stride} + 1 = {signed(axis.span)}/{stride} + 1"
    if axis.sticks_out:
        return f"{whole}: {signed(axis.span)} is negative, no output"
    if axis.left_over:
        return f"{whole} = {_decimal(axis.span / stride + 1)}, rounded down to {axis.out}"
    return f"{whole} = {axis.out}"


def sentence(geometry):
    """Say whether the kernel fits, else what is left over or by how much it sticks out."""
    rows, columns = axes(geometry)
    covered = extent(geometry)
    if rows.sticks_out or columns.sticks_out:
        by = _both(_count(rows.sticks_out, "row"), _count(columns.sticks_out, "column"))
        return (f"The kernel covers {covered} × {covered} cells, the padded input has {rows.padded} × "
                f"{columns.padded}: it sticks out by {by}, so there is no output.")
    if rows.left_over or columns.left_over:
        left = _both(_last(rows.left_over, "row"), _last(columns.left_over, "column"))
        spans = _both(str(rows.span) if rows.left_over else "",
                      str(columns.span) if columns.left_over and columns.span != rows.span else "")
        lost = max(rows.left_over, columns.left_over) > geometry.pad
        return (f"Stride {geometry.stride} does not divide {spans}: the kernel never reaches {left} of the "
                f"padded input{'' if lost else ' (only padding)'}, and the output is rounded down to "
                f"{rows.out} × {columns.out}.")
    return (f"It fits: the kernel covers {covered} × {covered} cells and can stand in {rows.out} × "
            f"{columns.out} places.")


def cell_sentence(geometry, seed, position):
    """Say which output cell is looked at and what it holds."""
    if outputs(geometry) == 0:
        return "No output cell."
    row, column = window(geometry, position)
    top, left, covered = geometry.stride * row, geometry.stride * column, extent(geometry)
    padded = np.pad(image(geometry, seed), geometry.pad)
    patch = padded[top:top + covered:geometry.dilation, left:left + covered:geometry.dilation]
    return f"out[{row}, {column}] = {signed((weights(geometry, seed) * patch).sum())}."


def description(geometry, seed, position):
    """Describe the whole picture in words, for those who do not see it."""
    height, width, kernel, stride, pad, dilation = geometry
    return (f"Convolution: input {height} × {width}, pad {pad}, kernel {kernel} × {kernel}, stride {stride}, "
            f"dilation {dilation}. {sentence(geometry)} "
            f"{cell_sentence(geometry, seed, position)}")


def counts(geometry):
    """Count weights and multiply-adds of the convolution and of a dense layer between the same sizes."""
    n_out = outputs(geometry)
    n_weights, n_dense = geometry.kernel**2, geometry.height * geometry.width * n_out
    return {"conv_weights": n_weights, "conv_multiply_adds": n_weights * n_out,
            "dense_weights": n_dense, "dense_multiply_adds": n_dense}


def outputs(geometry):
    """Count the output cells."""
    rows, columns = axes(geometry)
    return rows.out * columns.out


def window(geometry, position):
    """Return (row, column) of the output cell at `position`, counted row by row; past the end is the last.

    Raises ValueError when there is no output cell.
    """
    count = outputs(geometry)
    if count == 0:
        raise ValueError(f"there is no output cell: {sentence(geometry)}")
    return divmod(min(position, count - 1), axes(geometry)[1].out)


def image(geometry, seed):
    """Return the input (height, width), int64: small numbers that depend on seed and place alone."""
    return PIXELS[scatter(seed, geometry.height, geometry.width, salt=0) % PIXELS.size]


def weights(geometry, seed):
    """Return the kernel (kernel, kernel), int64."""
    return WEIGHTS[scatter(seed, geometry.kernel, geometry.kernel, salt=1) % WEIGHTS.size]


def convolve(x, w, geometry):
    """Return out (rows, columns), int64: out[r, c] = sum_ij w[i, j] * padded x[S r + D i, S c + D j].

    x: (height, width), int64. w: (kernel, kernel), int64.
    """
    rows, columns = axes(geometry)
    out = np.zeros((rows.out, columns.out), dtype=np.int64)
    if out.size == 0:
        return out
    _, _, kernel, stride, pad, dilation = geometry
    padded = np.pad(x, pad)
    for i, j in product(range(kernel), repeat=2):
        top, left = dilation * i, dilation * j
        out += w[i, j] * padded[top:top + stride * rows.out:stride, left:left + stride * columns.out:stride]
    return out


def arguments(geometry, seed):
    """Return what a layer takes: x (1, 1, height, width), w (1, 1, HH, WW), b (1,), float64, and conv_param.

    A dilated kernel is one with zeros between its weights.
    """
    covered, dilation = extent(geometry), geometry.dilation
    w = np.zeros((1, 1, covered, covered))
    w[0, 0, ::dilation, ::dilation] = weights(geometry, seed)
    conv_param = {"stride": geometry.stride, "pad": geometry.pad}
    return image(geometry, seed)[None, None].astype(float), w, np.zeros(1), conv_param


def scatter(seed, n_rows, n_columns, salt):
    """Return (n_rows, n_columns) numbers below 2**32, uint64, from integer steps that JavaScript repeats."""
    rows, columns = np.indices((n_rows, n_columns)).astype(np.uint64)
    mask, sixteen = np.uint64(0xFFFFFFFF), np.uint64(16)
    start = np.uint64((seed * 0x9E3779B1 + salt * 0x27D4EB2F) & 0xFFFFFFFF)
    h = (rows * np.uint64(0x85EBCA6B) + columns * np.uint64(0xC2B2AE35) + start) & mask
    for factor in (0x7FEB352D, 0x846CA68B):
        h = ((h ^ (h >> sixteen)) * np.uint64(factor)) & mask
    return h ^ (h >> sixteen)


def signed(number):
    """Write an integer with a minus sign, not a hyphen."""
    return f"−{-number}" if number < 0 else str(number)


def _decimal(number):
    return f"{number:.2f}".rstrip("0")


def _count(number, noun):
    return f"{number} {noun}{'s' if number > 1 else ''}" if number else ""


def _last(number, noun):
    return f"the last {noun if number == 1 else _count(number, noun)}" if number else ""


def _both(first, second):
    return " and ".join(part for part in (first, second) if part)
