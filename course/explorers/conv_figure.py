"""The still picture of the convolution explorer."""

from itertools import product
from textwrap import wrap

import numpy as np
from matplotlib.collections import PatchCollection
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.patches import Rectangle

from course.explorers.conv_arithmetic import (
    axes,
    cell_sentence,
    convolve,
    description,
    extent,
    formula,
    image,
    outputs,
    sentence,
    weights,
    window,
)
from course.explorers.picture import Picture

BLUE, GREEN, ORANGE, VERMILLION, GREY = "#56b4e9", "#009e73", "#e69f00", "#d55e00", "#bdbdbd"
CELL_INCHES = 0.3
WIDEST_INCHES = 11
NARROWEST_INCHES = 7.5
READABLE_INCHES = 0.2  # digits in smaller cells are left out
LINE_INCHES = 0.2
CHARACTERS_AN_INCH = 12
GAP, MARGIN = 1.5, 0.5  # cells


def conv_figure(geometry, seed, position):
    """Draw padded input, window, kernel and output, with the formula above, as a Picture."""
    rows, columns = axes(geometry)
    covered = extent(geometry)
    height = max(rows.padded, covered)
    lefts = np.cumsum([MARGIN, max(columns.padded, covered) + GAP, geometry.kernel + GAP])
    across = lefts[-1] + max(columns.out, 3) + MARGIN
    cell = min(CELL_INCHES, WIDEST_INCHES / across)
    inches = max(across * cell, NARROWEST_INCHES)
    fit = int(inches * CHARACTERS_AN_INCH)
    formulas = [part for line in formula(geometry) for part in wrap(line, fit, subsequent_indent="    ")]
    lines = formulas + wrap(f"{sentence(geometry)} {cell_sentence(geometry, seed, position)}", fit)
    top = (len(lines) + 1.5) * LINE_INCHES / cell

    figure = Picture(figsize=(inches, (top + height + MARGIN) * cell), dpi=100,
                     alt=description(geometry, seed, position))
    ax = figure.add_axes((0, 0, 1, 1), xlim=(0, inches / cell), ylim=(top + height + MARGIN, 0))
    ax.set_axis_off()
    for i, line in enumerate(lines):
        ax.text(MARGIN, (i + 0.75) * LINE_INCHES / cell, line, va="center", fontsize=9,
                family="monospace" if i < len(formulas) else "sans-serif")

    x, w = image(geometry, seed), weights(geometry, seed)
    out = convolve(x, w, geometry)
    side = f"{rows.padded} × {columns.padded}"
    _title(ax, lefts[0], top, f"padded input {side}" if geometry.pad else f"input {side}")
    _draw_input(ax, lefts[0], top, x, geometry)
    _title(ax, lefts[1], top, f"kernel {geometry.kernel} × {geometry.kernel}")
    _board(ax, lefts[1], top, w, ORANGE, shade=np.abs(w) / 4)
    _title(ax, lefts[2], top, f"output {rows.out} × {columns.out}" if out.size else "no output")
    if out.size:
        _board(ax, lefts[2], top, out, GREEN, shade=np.full(out.shape, 0.3))
    _draw_window(ax, lefts[0], lefts[2], top, geometry, position)
    if cell < READABLE_INCHES:
        return figure
    for left, numbers in zip(lefts, (np.pad(x, geometry.pad), w, out), strict=True):
        _write(ax, left, top, numbers, fontsize=30 * cell)
    return figure


def _title(ax, left, top, text):
    ax.text(left, top, f"{text}\n", va="center", fontsize=9)


def _draw_input(ax, left, top, x, geometry):
    rows, columns = axes(geometry)
    covered, pad = extent(geometry), geometry.pad
    _strip(ax, left, top, rows.padded, columns.padded, GREY, "////")
    _board(ax, left + pad, top + pad, x, BLUE, shade=0.12 * x)
    bottom, right = top + rows.padded, left + columns.padded
    _strip(ax, left, bottom - rows.left_over, rows.left_over, columns.padded, VERMILLION, "xxxx")
    _strip(ax, right - columns.left_over, top, rows.padded, columns.left_over, VERMILLION, "xxxx")
    _strip(ax, left, bottom, rows.sticks_out, covered, VERMILLION, "xxxx")
    _strip(ax, right, top, min(covered, rows.padded), columns.sticks_out, VERMILLION, "xxxx")


def _draw_window(ax, left, out_left, top, geometry, position):
    row, column = window(geometry, position) if outputs(geometry) else (0, 0)
    y, x = top + geometry.stride * row, left + geometry.stride * column
    steps = geometry.dilation * np.arange(geometry.kernel)
    taps = [Rectangle((x + j, y + i), 1, 1) for i, j in product(steps, repeat=2)]
    ax.add_collection(PatchCollection(taps, facecolor=ORANGE, alpha=0.45))
    here = (out_left + column, top + row)
    for corner, size in [((x, y), extent(geometry)), (here, min(outputs(geometry), 1))]:
        ax.add_patch(Rectangle(corner, size, size, fill=False, edgecolor="black", linewidth=3.5))
        ax.add_patch(Rectangle(corner, size, size, fill=False, edgecolor=ORANGE, linewidth=2))


def _board(ax, left, top, values, colour, shade):
    tint = LinearSegmentedColormap.from_list("tint", ["white", colour])
    n_rows, n_columns = values.shape
    ax.pcolormesh(left + np.arange(n_columns + 1), top + np.arange(n_rows + 1), shade, cmap=tint, vmin=0,
                  vmax=1, edgecolors="white", linewidth=0.7)


def _strip(ax, left, top, n_rows, n_columns, colour, hatch):
    if n_rows and n_columns:
        ax.add_patch(Rectangle((left, top), n_columns, n_rows, facecolor="none", edgecolor=colour,
                               hatch=hatch, linewidth=0.7))


def _write(ax, left, top, numbers, fontsize):
    for (row, column), number in np.ndenumerate(numbers):
        ax.text(left + column + 0.5, top + row + 0.53, str(number).replace("-", "−"), ha="center",
                va="center", fontsize=fontsize)
