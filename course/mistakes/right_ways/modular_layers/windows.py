"""All windows at once, as a strided view of the image."""

import numpy as np


def max_pool_forward_naive(x, pool_param):
    """Reduce the last two axes of the view."""
    PH, PW, s = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    windows = np.lib.stride_tricks.sliding_window_view(x, (PH, PW), axis=(2, 3))
    return windows[:, :, ::s, ::s].max(axis=(-2, -1)), (x, pool_param)


def avg_pool_forward_naive(x, pool_param):
    """Compute the strides by hand and average the view."""
    N, C, H, W = x.shape
    PH, PW, s = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    sizes = (N, C, (H - PH) // s + 1, (W - PW) // s + 1, PH, PW)
    by_sample, by_channel, by_row, by_column = x.strides
    steps = (by_sample, by_channel, s * by_row, s * by_column, by_row, by_column)
    windows = np.lib.stride_tricks.as_strided(x, sizes, steps, writeable=False)
    return windows.mean(axis=(4, 5)), (x, pool_param)


def avg_pool_backward_naive(dout, cache):
    """Add every window's share through a writeable view, one place in the window after the other."""
    x, pool_param = cache
    PH, PW, s = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    dx = np.zeros(x.shape, dtype=dout.dtype)
    view = np.lib.stride_tricks.sliding_window_view(dx, (PH, PW), axis=(2, 3), writeable=True)[:, :, ::s, ::s]
    for p, q in np.ndindex(PH, PW):
        view[..., p, q] += dout / (PH * PW)
    return dx


def conv_forward_naive(x, w, b, conv_param):
    """Contract the view of the windows with the filters."""
    s, P = conv_param["stride"], conv_param["pad"]
    padded = np.pad(x, ((0,), (0,), (P,), (P,)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, w.shape[2:], axis=(2, 3))[:, :, ::s, ::s]
    out = np.tensordot(windows, w, axes=([1, 4, 5], [1, 2, 3])) + b  # (N, H_out, W_out, F)
    return np.moveaxis(out, 3, 1), (x, w, b, conv_param)
