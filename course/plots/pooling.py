"""Pooling as a matrix of zeros and ones."""

import numpy as np
from matplotlib.figure import Figure

from .boxes import arrow, cells, frame
from .style import BLUE, STRONG, VERMILLION


def selection(x, S, dout):
    """Draw pooling as a matrix: out = S x is read along the rows, dx = S^T dout down the columns.

    x: (H, W), with windows that do not overlap.  S: (windows, H * W).  dout: (windows,).
    Returns an array of three Axes.
    """
    count, size = S.shape
    faces = np.full(S.shape, "white", dtype="U7")
    for k in range(count):
        faces[k, S[k] != 0] = STRONG[k % 4]
    over = np.array([next((face for face in column if face != "white"), "white") for column in faces.T])
    figure = Figure(figsize=(9.6, 3.6), layout="constrained")
    grid = figure.add_gridspec(2, 2, width_ratios=[1, 4.6])
    axes = np.array([figure.add_subplot(place) for place in (grid[0, 0], grid[1, 0], grid[:, 1])])
    dx, rows = S.T @ dout, np.array(STRONG)[np.arange(count) % 4, None]
    for ax, values, title in ((axes[0], x, "x"), (axes[1], dx, "dx")):
        cells(ax, values.reshape(x.shape), over.reshape(x.shape), fontsize=9)
        frame(ax, x.shape[1], x.shape[0], title)
    ax, middle, below = axes[2], count / 2, count + 0.8
    cells(ax, x.reshape(1, -1), over[None, :], corner=(0, -1.8), fontsize=9)
    cells(ax, S, faces, fontsize=9, faint=True)
    cells(ax, dx[None, :], over[None, :], corner=(0, below), fontsize=9)
    cells(ax, dout[:, None], rows, corner=(-1.8, 0), fontsize=9)
    cells(ax, S @ x.reshape(-1, 1), rows, corner=(size + 0.8, 0), fontsize=9)
    for start, end in (((size + 0.1, middle), (size + 0.7, middle)), ((size / 2, -0.7), (size / 2, -0.1))):
        arrow(ax, start, end, BLUE)
    for start, end in (((-0.7, middle), (-0.1, middle)), ((size / 2, count + 0.1), (size / 2, below - 0.1))):
        arrow(ax, start, end, VERMILLION)
    for left, top, word in ((-1.3, -0.4, "dout"), (size + 1.3, -0.4, "out")):
        ax.text(left, top, word, ha="center", va="center", fontsize=10)
    for top, word in ((-1.3, "x"), (below + 0.5, "dx")):
        ax.text(-0.3, top, word, ha="right", va="center", fontsize=10)
    frame(ax, size + 2, below + 1, "S: one row for each output, one column for each pixel", top=-1.9, left=-2)
    return axes
