"""Arithmetic of the way back through one convolution, seen from the receiving side.

conv_backward_arithmetic.mjs says the same in JavaScript; a test compares the two.
"""

import numpy as np

from course.explorers.conv_arithmetic import (
    axes,
    extent,
    image,
    outputs,
    scatter,
    sentence,
    signed,
    weights,
    window,
)

UPSTREAM = np.array([-2, -1, 1, 2, 3])


def upstream(geometry, seed):
    """Return dout (rows, columns), int64: what comes from above, small numbers."""
    rows, columns = axes(geometry)
    return UPSTREAM[scatter(seed, rows.out, columns.out, salt=2) % UPSTREAM.size]


def spread(geometry, seed):
    """Return dout with S - 1 zeros between its cells and D(F - 1) around, int64.

    Rows and columns that the kernel never reached follow as zeros: it fits once for each padded input cell.
    """
    rows, columns = axes(geometry)
    border, stride = extent(geometry) - 1, geometry.stride
    wide = np.zeros((rows.padded + border, columns.padded + border), dtype=np.int64)
    inner = wide[border:, border:]
    inner[:stride * rows.out:stride, :stride * columns.out:stride] = upstream(geometry, seed)
    return wide


def turned(geometry, seed):
    """Return the kernel turned by 180 degrees (kernel, kernel), int64."""
    return np.rot90(weights(geometry, seed), 2)


def input_gradient(geometry, seed):
    """Return dx (height, width), int64: the turned kernel slid over the spread dout, without the padding."""
    g = geometry
    wide, w = spread(g, seed), turned(g, seed)
    dx = np.zeros((g.height, g.width), dtype=np.int64)
    for (i, j), weight in np.ndenumerate(w):
        top, left = g.pad + g.dilation * i, g.pad + g.dilation * j
        dx += weight * wide[top:top + g.height, left:left + g.width]
    return dx


def weight_gradient(geometry, seed, places=None):
    """Return dw (kernel, kernel) and db, int64, summed over the first `places` output cells, row by row.

    places: None for all.
    """
    g = geometry
    rows, columns = axes(g)
    dout = upstream(g, seed).ravel()
    dout[dout.size if places is None else places:] = 0
    dout = dout.reshape(rows.out, columns.out)
    padded, dw = np.pad(image(g, seed), g.pad), np.zeros((g.kernel, g.kernel), dtype=np.int64)
    if dout.size:
        for i, j in np.ndindex(dw.shape):
            seen = padded[g.dilation * i:, g.dilation * j:][::g.stride, ::g.stride]
            dw[i, j] = (dout * seen[:rows.out, :columns.out]).sum()
    return dw, dout.sum()


def undilated(geometry):
    """Return the Geometry whose kernel has zeros between its weights in place of a dilation."""
    return geometry._replace(kernel=extent(geometry), dilation=1)


def feeders(geometry, row, column):
    """Return [(o, p, i, j), ...]: dx[row, column] is the sum of dout[o, p] w[i, j] over these."""
    rows, columns = axes(geometry)
    return [(o, p, i, j) for o, i in _meetings(row + geometry.pad, rows, geometry)
            for p, j in _meetings(column + geometry.pad, columns, geometry)]


def _meetings(place, axis, geometry):
    taps = {geometry.dilation * i: i for i in range(geometry.kernel)}
    return [(o, taps[place - geometry.stride * o]) for o in range(axis.out)
            if place - geometry.stride * o in taps]


def input_cell(geometry, position):
    """Return (row, column) of the input cell at `position`, counted row by row; past the end is the last."""
    return divmod(min(position, geometry.height * geometry.width - 1), geometry.width)


def recipe(geometry, view):
    """Say how this gradient is computed."""
    if not outputs(geometry):
        return f"{sentence(geometry)} Nothing comes back: all gradients are 0."
    if view == "dw":
        return ("dw = the sum over all windows of (its dout) × (the input that the window saw); "
                "db = the sum of dout.")
    between, around = geometry.stride - 1, extent(geometry) - 1
    cut = f", then {geometry.pad} cut off on each side" if geometry.pad else ""
    return (f"dx = dout with {between or 'no'} zero{'s' if between != 1 else ''} between its cells and "
            f"{around or 'none'} around it, convolved with the kernel turned by 180°{cut}.")


def cell_words(geometry, seed, view, position):
    """Say what stands at this place."""
    if not outputs(geometry):
        return ""
    if view == "dw":
        row, column = window(geometry, position)
        done = row * axes(geometry)[1].out + column + 1
        _, db = weight_gradient(geometry, seed, done)
        number = signed(upstream(geometry, seed)[row, column])
        return (f"After {done} of {outputs(geometry)} windows: dout[{row}, {column}] = {number}, "
                f"db = {signed(db)}.")
    row, column = input_cell(geometry, position)
    number = signed(input_gradient(geometry, seed)[row, column])
    many = len(feeders(geometry, row, column))
    cells = "no dout cell" if not many else f"{many} dout cell{'s' if many > 1 else ''}"
    return f"dx[{row}, {column}] = {number}, fed by {cells}."
