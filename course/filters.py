"""Filters made by hand, and what a picture looks like through filters."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

GREY = np.full(3, 1 / 3)  # of red, green and blue

BY_HAND = {
    "same": np.array([[0, 0, 0], [0, 1, 0], [0, 0, 0]], dtype=float),
    "blur": np.full((3, 3), 1 / 9),
    "sharpen": np.array([[0, -1, 0], [-1, 5, -1], [0, -1, 0]], dtype=float),
    "vertical edges": np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]], dtype=float),
    "horizontal edges": np.array([[-1, -2, -1], [0, 0, 0], [1, 2, 1]], dtype=float),
    "all edges": np.array([[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]], dtype=float),
}


def on_grey(plane):
    """Return a filter for colour pictures that looks at their brightness: (F_H, F_W) to (3, F_H, F_W)."""
    return GREY[:, None, None] * plane


def through(picture, filters, pad=0):
    """Return what filters make of a picture, stride 1.

    out[f, i, j] = sum_{c,p,q} picture[c, i + p, j + q] filters[f, c, p, q], with `pad` rows and columns of
    zeros on each side.

    picture: (C, H, W).  filters: (F, C, F_H, F_W).  pad: int, in pixels.
    Returns out: (F, H + 2 pad - F_H + 1, W + 2 pad - F_W + 1), float64.
    """
    C, H, W = picture.shape
    padded = np.zeros((C, H + 2 * pad, W + 2 * pad))
    padded[:, pad : pad + H, pad : pad + W] = picture
    F, _, height, width = filters.shape
    windows = sliding_window_view(padded, (height, width), axis=(1, 2))
    return np.einsum("cijpq,fcpq->fij", windows, filters, optimize=True)


def relu(maps):
    """Return max(0, maps), any shape."""
    return np.maximum(0, maps)


def pooled(maps, size=2, how=np.max):
    """Return the maximum, or what `how` gives, of each window of size x size pixels, without overlap.

    maps: (F, H, W); rows and columns that do not fill a window are left out.  how: np.max, np.mean ...
    Returns (F, H // size, W // size).
    """
    F, H, W = maps.shape
    rows, columns = H // size, W // size
    whole = maps[:, : rows * size, : columns * size]
    return how(whole.reshape(F, rows, size, columns, size), axis=(2, 4))
