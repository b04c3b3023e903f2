"""The still picture of the convolution explorer."""

from itertools import product

import numpy as np
from matplotlib.collections import PatchCollection
from matplotlib.patches import Rectangle

from course.explorers.conv_arithmetic import (
    axes,
    cell_sentence,
    convolve,
    extent,
    formula,
    image,
    outputs,
    sentence,
    weights,
    window,
)
from course.explorers.sheet import BLUE, GREEN, GREY, ORANGE, VERMILLION, Sheet

INPUT, KERNEL, OUTPUT = range(3)


def conv_figure(geometry, seed, position, alt, line="", wrong=()):
    """Draw padded input, window, kernel and output, with the formula above, as a Picture.

    line: what the learner's function gave, in words.  wrong: output cells (row, column) where it differs.
    """
    rows, columns = axes(geometry)
    covered = extent(geometry)
    x, w = image(geometry, seed), weights(geometry, seed)
    out = convolve(x, w, geometry)
    words = f"{sentence(geometry)} {cell_sentence(geometry, seed, position)} {line}"
    widths = max(columns.padded, covered), geometry.kernel, max(columns.out, 3)
    sheet = Sheet(widths, max(rows.padded, covered), formula(geometry), words, alt)

    side = f"{rows.padded} × {columns.padded}"
    sheet.title(INPUT, f"padded input {side}" if geometry.pad else f"input {side}")
    draw_input(sheet, INPUT, x, geometry)
    sheet.title(KERNEL, f"kernel {geometry.kernel} × {geometry.kernel}")
    sheet.tint(KERNEL, np.abs(w) / 4, ORANGE)
    sheet.title(OUTPUT, f"output {rows.out} × {columns.out}" if out.size else "no output")
    sheet.tint(OUTPUT, np.full(out.shape, 0.3), GREEN)
    sheet.cross(OUTPUT, wrong)
    _draw_window(sheet, geometry, position)
    for board, numbers in ((INPUT, np.pad(x, geometry.pad)), (KERNEL, w), (OUTPUT, out)):
        sheet.write(board, numbers)
    return sheet.figure


def draw_input(sheet, board, x, geometry):
    """Draw the padded input, what the kernel never reaches of it, and where the kernel sticks out."""
    rows, columns = axes(geometry)
    covered, pad = extent(geometry), geometry.pad
    sheet.hatch(board, (0, 0), rows.padded, columns.padded, GREY, "////")
    sheet.tint(board, 0.12 * x, BLUE, (pad, pad))
    for corner, n_rows, n_columns in (
        ((rows.padded - rows.left_over, 0), rows.left_over, columns.padded),
        ((0, columns.padded - columns.left_over), rows.padded, columns.left_over),
        ((rows.padded, 0), rows.sticks_out, covered),
        ((0, columns.padded), min(covered, rows.padded), columns.sticks_out),
    ):
        sheet.hatch(board, corner, n_rows, n_columns, VERMILLION, "xxxx")


def _draw_window(sheet, geometry, position):
    row, column = window(geometry, position) if outputs(geometry) else (0, 0)
    corner = geometry.stride * row, geometry.stride * column
    y, x = sheet.top + corner[0], sheet.lefts[INPUT] + corner[1]
    steps = geometry.dilation * np.arange(geometry.kernel)
    taps = [Rectangle((x + j, y + i), 1, 1) for i, j in product(steps, repeat=2)]
    sheet.ax.add_collection(PatchCollection(taps, facecolor=ORANGE, alpha=0.45))
    sheet.frame(INPUT, corner, extent(geometry), extent(geometry))
    here = min(outputs(geometry), 1)
    sheet.frame(OUTPUT, (row, column), here, here)
