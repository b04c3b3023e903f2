"""Matrices of numbers: as they are, beside the right ones, as a map of shades."""

import numpy as np
from matplotlib.figure import Figure

from .boxes import cells, frame, shades
from .style import VERMILLION


def matrix(values, title):
    """Draw a matrix of numbers, the darker the larger in absolute value.

    values: (H, W).  Returns the Axes.
    """
    H, W = values.shape
    ax = Figure(figsize=(0.55 * W + 1.2, 0.55 * H + 0.6), layout="constrained").subplots()
    cells(ax, values, shades(values, np.abs(values).max()))
    frame(ax, W, H, title)
    return ax


def errors(mine, right):
    """Draw two matrices that should be equal, and their difference in red where it is more than rounding.

    mine: (H, W), derived.  right: (H, W), measured.  Returns an array of three Axes.
    """
    H, W = right.shape
    axes = Figure(figsize=(1.65 * W + 1.2, 0.55 * H + 0.7), layout="constrained").subplots(1, 3)
    largest = np.abs(right).max()
    difference = np.where(np.abs(mine - right) <= 1e-6 * largest, 0, mine - right)  # keeps nan
    red = np.where(difference != 0, VERMILLION, "white")
    panels = (mine, shades(mine, largest)), (right, shades(right, largest)), (difference, red)
    for ax, panel, title in zip(axes, panels, ("yours", "numerical", "difference"), strict=True):
        cells(ax, *panel, fontsize=8)
        frame(ax, W, H, title)
    return axes


def heat_map(values, rows, columns, row_label, column_label, written="{:.0f}"):
    """Draw a table of numbers as fields, the lighter the larger, with the number in each.

    values: (R, C); a field that is nan stays empty.  rows, columns: the names of rows and columns.
    row_label, column_label: what they are.  written: how a number is written, a format string.
    Returns the Axes.
    """
    values = np.asarray(values, dtype=float)
    R, C = values.shape
    rows, columns = [str(name) for name in rows], [str(name) for name in columns]
    wide = C * max(0.62, 0.085 * max(map(len, columns))) + 0.09 * max(map(len, rows)) + 0.6
    ax = Figure(figsize=(max(wide, 3.2), 0.42 * R + 0.8), layout="constrained").subplots()
    known = values[~np.isnan(values)]
    low, high = (known.min(), known.max()) if known.size else (0, 0)
    ax.imshow(values, cmap="cividis", vmin=low, vmax=high if high > low else low + 1, aspect="auto")
    for (i, j), value in np.ndenumerate(values):
        light = value > low + 0.55 * (high - low)
        text = "\N{EM DASH}" if np.isnan(value) else written.format(value)
        ink = "black" if light or np.isnan(value) else "white"
        ax.text(j, i, text, ha="center", va="center", fontsize=9, color=ink)
    ax.set_xticks(np.arange(C), columns)
    ax.set_yticks(np.arange(R), rows)
    ax.set(xlabel=column_label, ylabel=row_label)
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    return ax
