"""Convolution, ReLU and 2x2 max pooling as one layer, in the memory order of rows.

    two rows of all maps  ->  one row of pooled maps  ->  + b, then ReLU
    in the cache              a quarter of the numbers    on a quarter of the numbers

Adding b and ReLU never change which of two numbers is larger: the largest can be taken first, and both then
have a quarter of the work. The maps between the layers are made, pooled and forgotten two rows at a time; on
the way back their gradient is too, unless an earlier layer asks for it. The results are those of the three
layers one after another, up to rounding, and which of several equal numbers of a window gets its gradient.
"""

import numpy as np

from .fast_conv import expect_convolution
from .inputs import expect_array, output_size
from .rows_conv import (
    as_images,
    as_rows,
    filters_back,
    filters_of,
    input_gradient,
    multiply,
    strips_of,
    windows_of,
)
from .rows_pool import pool_pair, unpool_pair


def conv_relu_pool_forward_rows(x, w, b, conv_param):
    """Run convolution, ReLU and max pooling with 2x2 windows side by side. Errors as in these three layers.

    x: (N, C, H, W), in any order in memory.  w: (F, C, HH, WW).  b: (F,).
    Returns out: (N, F, H_out // 2, W_out // 2), in the memory order of rows, and a cache.
    """
    height, width = (output_size(size, 2, 2) for size in expect_convolution(x, w, b, conv_param))
    N, F, HH, WW = len(x), len(w), *w.shape[2:]
    dtype = np.result_type(x, w, b)
    strips = strips_of(x.astype(dtype, copy=False), WW, conv_param, 2 * width)  # an odd column is not pooled
    filters, patches = filters_of(w), windows_of(strips, HH, conv_param["stride"])
    pair = np.empty((2, F, 2 * width, N), dtype)
    pooled = np.empty((height, F, width, N), dtype)
    winners = []
    for row in pooled:
        for half in pair:
            multiply(filters, next(patches), half.reshape(F, -1))
        winners.append(pool_pair(pair, row))
        row += b[:, None, None]
        np.maximum(row, 0, out=row)
    return as_images(pooled), (strips, pooled, winners, x.shape, w, conv_param)


def conv_relu_pool_backward_rows(dout, cache, need_dx=True):
    """Return the gradients of the three layers as one.

    dout: (N, F, H_out // 2, W_out // 2).  cache: from conv_relu_pool_forward_rows.
    need_dx: False for the first layer of a net; dx is None then.
    Returns dx: (N, C, H, W), in memory (H, C, W, N), or None; dw: (F, C, HH, WW), db: (F,).
    """
    strips, pooled, winners, x_shape, w, conv_param = cache
    height, F, width, N = pooled.shape
    expect_array("dout", dout, (N, F, height, width))
    patches = windows_of(strips, w.shape[2], conv_param["stride"])
    dmaps = np.empty((2 * height if need_dx else 2, F, 2 * width, N), np.result_type(dout, w))
    dfilters = db = 0
    for i, drow in enumerate(as_rows(dout)):
        dpair = dmaps[2 * i : 2 * i + 2] if need_dx else dmaps
        drow = drow * (pooled[i] > 0)
        db = db + drow.sum(axis=(1, 2))
        unpool_pair(drow, winners[i], dpair)
        for half in dpair:
            dfilters = dfilters + next(patches) @ half.reshape(F, -1).T
    dx = input_gradient(dmaps, x_shape, w, conv_param) if need_dx else None
    return dx, filters_back(dfilters, w.shape), db
