"""The naive layers' contracts, computed with whole-array operations."""

import numpy as np

from .im2col import conv_backward_im2col, conv_forward_im2col
from .inputs import expect_array, output_size

conv_forward_fast = conv_forward_im2col
conv_backward_fast = conv_backward_im2col


def pool_windows(x, pool_param):
    """Return every pooling window of x as one row: (N, C, H_out, W_out, pool_height * pool_width)."""
    expect_array("x", x, ("N", "C", "H", "W"))
    PH, PW, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    H_out, W_out = output_size(x.shape[2], PH, stride), output_size(x.shape[3], PW, stride)
    windows = np.lib.stride_tricks.sliding_window_view(x, (PH, PW), axis=(2, 3))[:, :, ::stride, ::stride]
    return windows.reshape(*x.shape[:2], H_out, W_out, PH * PW)


def max_pool_forward_fast(x, pool_param):
    """Keep the largest number of each window. Arguments and results as in max_pool_forward_naive."""
    return pool_windows(x, pool_param).max(axis=-1), (x, pool_param)


def max_pool_backward_fast(dout, cache):
    """Send each gradient to its window's maximum. Arguments and results as in max_pool_backward_naive."""
    x, pool_param = cache
    winner = pool_windows(x, pool_param).argmax(axis=-1)  # (N, C, H_out, W_out)
    expect_array("dout", dout, winner.shape)
    H_out, W_out = winner.shape[2:]
    stride, PW = pool_param["stride"], pool_param["pool_width"]
    dx = np.zeros(x.shape, dtype=dout.dtype)
    for place in range(pool_param["pool_height"] * PW):
        p, q = divmod(place, PW)
        dx[:, :, p : p + stride * H_out : stride, q : q + stride * W_out : stride] += dout * (winner == place)
    return dx
