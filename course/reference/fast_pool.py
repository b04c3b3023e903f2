"""Pooling along one axis and then along the other, on shifted views of a block of images.

The largest pixel of a window is the largest of what was largest in its rows, and a sum is a sum of sums of
rows: PH + PW steps do instead of PH * PW. Each step is one operation between whole shifted views, so no
window is ever copied, and a block of images stays in the cache from step to step. A gradient goes back by
the same road, to the row that won and then to the pixel that won in it; the first one of equals wins,
upper row before lower, left before right.

    x in memory     place 0 | place 1 of each window     the larger of the two     of the two rows: out
    1 5 2 0         1 2 | 5 0                            5 2                       5 7
    3 4 7 6         3 7 | 4 6                            4 7
"""

import numpy as np

from .inputs import expect_array, output_size
from .windows import parts, shifted


def max_pool_forward_fast(x, pool_param):
    """Keep the largest number of each window. Arguments, results and errors as in max_pool_forward_naive.

    x: (N, C, H, W).  pool_param: {'pool_height': int, 'pool_width': int, 'stride': int}.
    Returns out: (N, C, H_out, W_out) and cache = (x, pool_param).
    """
    expect_array("x", x, ("N", "C", "H", "W"))
    (across, down), out_shape = steps(x, pool_param)
    out = np.empty_like(x, shape=out_shape, subok=False)
    for block in parts(x):
        out[block] = largest(largest(x[block], *down), *across)  # down first: it reads whole rows
    return out, (x, pool_param)


def max_pool_backward_fast(dout, cache):
    """Send each gradient to its window's maximum. Arguments and errors as in max_pool_backward_naive.

    dout: (N, C, H_out, W_out).  cache: (x, pool_param) from max_pool_forward_fast.
    Returns dx: (N, C, H, W); the first of several equal maxima gets all.
    """
    x, pool_param = cache
    (across, down), out_shape = steps(x, pool_param)
    expect_array("dout", dout, out_shape)
    dx = np.zeros_like(x, dout.dtype, subok=False)
    for block in parts(x):
        rows = largest(x[block], *across)  # (n, C, H, W_out)
        drows = np.zeros_like(rows, dout.dtype)
        hand_back(dout[block], largest(rows, *down), rows, drows, *down)
        hand_back(drows, rows, x[block], dx[block], *across)
    return dx


def avg_pool_forward_fast(x, pool_param):
    """Take the mean of each window. Arguments, results and errors as in avg_pool_forward_naive.

    x: (N, C, H, W).  pool_param: {'pool_height': int, 'pool_width': int, 'stride': int}.
    Returns out: (N, C, H_out, W_out) and cache = (x, pool_param).
    """
    expect_array("x", x, ("N", "C", "H", "W"))
    (across, down), out_shape = steps(x, pool_param)
    out = np.empty_like(x, np.result_type(x, 1.0), shape=out_shape, subok=False)
    for block in parts(x):
        out[block] = total(total(x[block].astype(out.dtype, copy=False), *down), *across)
    out /= pool_param["pool_height"] * pool_param["pool_width"]
    return out, (x, pool_param)


def avg_pool_backward_fast(dout, cache):
    """Spread each gradient over its window. Arguments, results and errors as in avg_pool_backward_naive.

    dout: (N, C, H_out, W_out).  cache: (x, pool_param) from avg_pool_forward_fast.
    Returns dx: (N, C, H, W).
    """
    x, pool_param = cache
    (across, down), out_shape = steps(x, pool_param)
    expect_array("dout", dout, out_shape)
    dx = np.zeros_like(x, np.result_type(dout, 1.0), subok=False)
    for block in parts(x):
        share = dout[block] / (pool_param["pool_height"] * pool_param["pool_width"])
        drows = np.zeros_like(share, dx.dtype, shape=(*share.shape[:2], x.shape[2], share.shape[3]))
        spread(share, drows, *down)
        spread(drows, dx[block], *across)
    return dx


def steps(x, pool_param):
    """Return the arguments of `shifted` along the width and along the height, and the shape of the output.

    Raises ValueError when a window is larger than the image.
    """
    PH, PW, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    H_out, W_out = output_size(x.shape[2], PH, stride), output_size(x.shape[3], PW, stride)
    return ((3, PW, stride, W_out), (2, PH, stride, H_out)), (*x.shape[:2], H_out, W_out)


def largest(x, *step):
    """Return the largest of each window along one axis."""
    first, *others = shifted(x, *step)
    found = first.copy(order="K")  # in whatever order x lies in memory
    for view in others:
        np.maximum(found, view, out=found)
    return found


def total(x, *step):
    """Return the sum of each window along one axis."""
    first, *others = shifted(x, *step)
    found = first.copy(order="K")  # in whatever order x lies in memory
    for view in others:
        found += view
    return found


def hand_back(dout, best, x, dx, axis, kernel, stride, count):
    """Add dout to dx where x is the first to equal best in its window along one axis.

    dout, best: the shape of largest(x, axis, kernel, stride, count).  dx: zeros, the shape of x; changed.
    """
    views, dviews = (shifted(array, axis, kernel, stride, count) for array in (x, dx))
    for place, (view, dview) in enumerate(zip(views, dviews, strict=True)):
        kept = dout * (view < best) if place < kernel - 1 else 0  # what other places will get
        if place < stride:  # no window has been here yet: to write is faster than to add
            np.subtract(dout, kept, out=dview)
        else:
            dview += dout - kept
        dout = kept


def spread(dout, dx, *step):
    """Add dout to each place of its window along one axis: the transpose of total. dx is changed."""
    for view in shifted(dx, *step):
        view += dout
