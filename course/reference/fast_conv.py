"""Convolution by one matrix product for each image, a block of images at a time.

The patches of a whole batch take HH * WW times the memory of the batch, and writing them there and reading
them back can take longer than multiplying them: here a few images at a time are laid out, multiplied and
forgotten while they are in the cache. Windows are columns, so that filters (F, C * HH * WW) times an image's
patches (C * HH * WW, H_out * W_out) lie in memory as the output does, and nothing is transposed.
Patches are made by shifts along W and then along H: HH + WW copies, the second ones of long runs of memory,
instead of HH * WW copies of short ones.

    x, one channel     strips: x, column by column     patches: strips, row by row; line after line in memory
    a b c              a b | b c                       place (0, 0) of each window    a b d e
    d e f              d e | e f                       place (0, 1)                   b c e f
    g h i              g h | h i                       place (1, 0)                   d e g h
                                                       place (1, 1)                   e f h i
"""

import numpy as np

from .inputs import expect_array, output_size
from .windows import blocks, shifted


def conv_forward_fast(x, w, b, conv_param):
    """Compute the convolution. Arguments, results and errors as in conv_forward_naive.

    out[n] = F unfold(x)[n] + b, where F has one row for each filter.

    x: (N, C, H, W).  w: (F, C, HH, WW).  b: (F,).  conv_param: {'stride': int, 'pad': int}.
    Returns out: (N, F, H_out, W_out) and cache = (x, w, b, conv_param).
    """
    H_out, W_out = expect_convolution(x, w, b, conv_param)
    N, F, C, HH, WW = len(x), *w.shape
    filters = w.reshape(F, C * HH * WW)
    maps = np.empty((N, F, H_out * W_out), dtype=np.result_type(x, w, b))
    for block in blocks(N, filters[0].size * H_out * W_out * maps.itemsize):
        patches = unfold(x[block].astype(maps.dtype, copy=False), HH, WW, conv_param)
        np.matmul(filters, patches, out=maps[block])
        maps[block] += b[:, None]
    return maps.reshape(N, F, H_out, W_out), (x, w, b, conv_param)


def conv_backward_fast(dout, cache, need_dx=True):
    """Return the gradients of the convolution. Arguments, results and errors as in conv_backward_naive.

    With dY = dout[n] as (F, H_out * W_out):  dF = sum_n dY unfold(x)[n]^T;  dx[n] = fold(F^T dY).

    dout: (N, F, H_out, W_out).  cache: (x, w, b, conv_param) from conv_forward_fast.
    need_dx: False for the first layer of a net in training, whose input is not learnt; dx is None then.
    Returns dx: (N, C, H, W) or None, dw: (F, C, HH, WW), db: (F,).
    """
    x, w, _, conv_param = cache
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    H_out, W_out = output_shape(H, W, HH, WW, conv_param)
    expect_array("dout", dout, (N, F, H_out, W_out))
    filters = w.reshape(F, C * HH * WW)
    dfilters = np.zeros(filters.shape[::-1], dtype=np.result_type(dout, x))  # (C * HH * WW, F)
    dx = np.empty(x.shape, dtype=np.result_type(dout, w)) if need_dx else None
    for block in blocks(N, filters[0].size * H_out * W_out * dfilters.itemsize):
        dY = dout[block].reshape(-1, F, H_out * W_out)
        patches = unfold(x[block].astype(dfilters.dtype, copy=False), HH, WW, conv_param)
        dfilters += np.matmul(patches, dY.transpose(0, 2, 1)).sum(axis=0)
        if need_dx:
            dx[block] = fold(np.matmul(filters.T, dY), x[block].shape, HH, WW, conv_param)
    return dx, dfilters.T.reshape(w.shape), dout.sum((0, 2, 3))


def unfold(x, HH, WW, conv_param):
    """Lay every window of the padded images out as one column of a matrix for each image.

    x: (N, C, H, W).  HH, WW: window height and width.  conv_param: {'stride': int, 'pad': int}.
    Returns patches: (N, C * HH * WW, H_out * W_out).
    """
    N, C, H, W = x.shape
    stride, pad = conv_param["stride"], conv_param["pad"]
    H_out, W_out = output_shape(H, W, HH, WW, conv_param)
    padded = np.zeros((N, C, H + 2 * pad, W + 2 * pad), dtype=x.dtype)
    padded[:, :, pad : pad + H, pad : pad + W] = x
    strips = np.empty((N, C, WW, H + 2 * pad, W_out), dtype=x.dtype)
    for q, view in enumerate(shifted(padded, 3, WW, stride, W_out)):
        strips[:, :, q] = view
    patches = np.empty((N, C, HH, WW, H_out, W_out), dtype=x.dtype)
    for p, view in enumerate(shifted(strips, 3, HH, stride, H_out)):
        patches[:, :, p] = view
    return patches.reshape(N, C * HH * WW, H_out * W_out)


def fold(patches, x_shape, HH, WW, conv_param):
    """Add every column back to the window that it came from: the transpose of unfold, step by step.

    patches: (N, C * HH * WW, H_out * W_out).  x_shape: (N, C, H, W) of the images.
    Returns x: (N, C, H, W); a pixel that lies in several windows gets the sum of its entries.
    """
    N, C, H, W = x_shape
    stride, pad = conv_param["stride"], conv_param["pad"]
    H_out, W_out = output_shape(H, W, HH, WW, conv_param)
    patches = patches.reshape(N, C, HH, WW, H_out, W_out)
    strips = np.zeros((N, C, WW, H + 2 * pad, W_out), dtype=patches.dtype)
    for p, view in enumerate(shifted(strips, 3, HH, stride, H_out)):
        view += patches[:, :, p]
    padded = np.zeros((N, C, H + 2 * pad, W + 2 * pad), dtype=patches.dtype)
    for q, view in enumerate(shifted(padded, 3, WW, stride, W_out)):
        view += strips[:, :, q]
    return padded[:, :, pad : pad + H, pad : pad + W]


def expect_convolution(x, w, b, conv_param):
    """Return H_out and W_out. Raises TypeError or ValueError when the arrays do not fit together."""
    expect_array("x", x, ("N", "C", "H", "W"))
    expect_array("w", w, ("F", x.shape[1], "HH", "WW"))
    expect_array("b", b, (len(w),))
    return output_shape(*x.shape[2:], *w.shape[2:], conv_param)


def output_shape(H, W, HH, WW, conv_param):
    """Return H_out and W_out. Raises ValueError when a filter is larger than the padded image."""
    stride, pad = conv_param["stride"], conv_param["pad"]
    return output_size(H, HH, stride, pad), output_size(W, WW, stride, pad)
