"""Convolution in the memory order of rows: row of the image, channel, column, then the batch (H, C, W, N).

    memory of strips, kernel 2 x 2, one channel        row 0   a b | b c     of every image side by side:
    x  a b c                                           row 1   d e | e f     "a" is N numbers in a row
       d e f                                           row 2   g h | h i
       g h i      patches of output row 0 = rows 0 and 1, of output row 1 = rows 1 and 2, where they lie

Only the columns of a window are copied: strips take WW times the memory of x, where im2col takes HH * WW.
The rows of a window lie one after another in memory, so the patches of an output row are a view, and one
matrix product makes that row of all maps of all images before its patches leave the cache.
Because the images of the batch lie innermost, each copy and each addition runs over long stretches of memory.

To its users an array keeps the shape (N, C, H, W): it is shown through a transposed view, and a layer that
gets such a view reads it as it lies.
"""

import numpy as np

from .fast_conv import expect_convolution, output_shape
from .inputs import expect_array
from .windows import blocks, shifted

FEW = 8  # images brought into another order at a time: a cache holds no more lines that lie alike in memory
SMALL, NARROW = 10**6, 100  # multiplications of a small product; columns of one that is too narrow to pay
STRETCH = 6400  # columns of patches that are worked on at a time: a cache holds them in all rows of a window


def as_rows(x):
    """Return (N, C, H, W) as (H, C, W, N), a view."""
    return x.transpose(2, 1, 3, 0)


def as_images(rows):
    """Return (H, C, W, N) as (N, C, H, W), a view: the inverse of as_rows."""
    return rows.transpose(3, 1, 0, 2)


def conv_forward_rows(x, w, b, conv_param):
    """Compute the convolution. Arguments and errors as in conv_forward_naive.

    x: (N, C, H, W), in any order in memory.  w: (F, C, HH, WW).  b: (F,).
    Returns out: (N, F, H_out, W_out), in memory (H_out, F, W_out, N), and a cache for conv_backward_rows.
    """
    F, _, HH, WW = w.shape
    H_out, W_out = expect_convolution(x, w, b, conv_param)
    dtype = np.result_type(x, w, b)
    strips = strips_of(x.astype(dtype, copy=False), WW, conv_param, W_out)
    filters = filters_of(w)
    rows = np.empty((H_out, F, W_out, len(x)), dtype)
    for some, columns in stretches(W_out, len(x)):
        for row, patches in zip(rows, windows_of(strips, HH, conv_param["stride"]), strict=False):
            multiply(filters, patches[:, columns], row.reshape(F, -1)[:, columns])
            row[:, some] += b[:, None, None]
    return as_images(rows), (strips, x.shape, w, conv_param)


def conv_backward_rows(dout, cache, need_dx=True):
    """Return the gradients of the convolution.

    dout: (N, F, H_out, W_out), fastest as conv_forward_rows lays out its output.
    cache: from conv_forward_rows.  need_dx: False for the first layer of a net; dx is None then.
    Returns dx: (N, C, H, W), in memory (H, C, W, N), or None; dw: (F, C, HH, WW), db: (F,).
    """
    strips, x_shape, w, conv_param = cache
    F, _, HH, _ = w.shape
    expect_array("dout", dout, (x_shape[0], F, *output_shape(*x_shape[2:], *w.shape[2:], conv_param)))
    drows = np.ascontiguousarray(as_rows(dout))
    dfilters = 0
    for _, columns in stretches(*drows.shape[2:]):
        for drow, patches in zip(drows, windows_of(strips, HH, conv_param["stride"]), strict=False):
            # this way round the product is faster
            dfilters = dfilters + patches[:, columns] @ drow.reshape(F, -1)[:, columns].T
    dx = input_gradient(drows, x_shape, w, conv_param) if need_dx else None
    return dx, filters_back(dfilters, w.shape), drows.sum(axis=(2, 3)).sum(axis=0)


def strips_of(x, WW, conv_param, W_out):
    """Copy the columns of every window out of the padded images.

    x: (N, C, H, W).  WW: window width.  W_out: how many windows of a row are wanted.
    Returns strips: (H + 2 pad, C, WW, W_out, N); strips[h, c, q, j, n] = xpad[n, c, h, j * stride + q].
    """
    N, C, H, W = x.shape
    stride, pad = conv_param["stride"], conv_param["pad"]
    padded = np.zeros((H + 2 * pad, C, W + 2 * pad, N), x.dtype)
    inner = padded[pad : pad + H, :, pad : pad + W]
    few = N if x.strides[0] == x.itemsize else FEW
    for n in range(0, N, few):
        inner[..., n : n + few] = as_rows(x[n : n + few])
    strips = np.empty((H + 2 * pad, C, WW, W_out, N), x.dtype)
    for q, view in enumerate(shifted(padded, 2, WW, stride, W_out)):
        strips[:, :, q] = view
    return strips


def windows_of(strips, HH, stride):
    """Yield the patches of one output row after another: views (HH * C * WW, W_out * N) of the strips."""
    for top in range(0, len(strips) - HH + 1, stride):
        yield strips[top : top + HH].reshape(-1, strips[0, 0, 0].size)


def stretches(W_out, N):
    """Yield slices of the output's columns, and of the same columns with the N images of each, of W_out * N.

    An output row shares most of its patches with the next one. Where a row is longer than a cache, all rows
    are worked on in one stretch of columns before the next stretch.
    """
    for some in blocks(W_out, N, STRETCH):
        yield some, slice(some.start * N, some.stop * N)


def multiply(filters, patches, out):
    """Write filters @ patches to out, one stretch of columns after another where that makes small products.

    OpenBLAS takes the operands of a small product as they lie. Those of a large one it first copies into an
    order of its own, which takes nearly as long as the multiplications when there are few filters.
    """
    columns, most = patches.shape[1], SMALL // filters.size
    stretches = next(
        (n for n in range(1, columns // NARROW + 1) if columns % n == 0 and columns // n <= most), 1
    )
    cut = [matrix.reshape(len(matrix), stretches, -1).transpose(1, 0, 2) for matrix in (patches, out)]
    np.matmul(filters, cut[0], out=cut[1])


def filters_of(w):
    """Return w (F, C, HH, WW) as a matrix that fits the patches: (F, HH * C * WW)."""
    return w.transpose(0, 2, 1, 3).reshape(len(w), -1)


def filters_back(dfilters, w_shape):
    """Return a gradient (HH * C * WW, F) as (F, C, HH, WW): the way back of filters_of."""
    F, C, HH, WW = w_shape
    return dfilters.T.reshape(F, HH, C, WW).transpose(0, 2, 1, 3)


def input_gradient(drows, x_shape, w, conv_param):
    """Return dx (N, C, H, W), one row of the input at a time, in memory (H, C, W, N).

    The output rows that have seen an input row lie one after another too: one matrix product with the
    kernel's rows in reverse order adds up over them, and WW shifted additions do the rest.

    drows: (H_out, F, W_out, N), contiguous.  x_shape: (N, C, H, W).  w: (F, C, HH, WW).
    """
    N, C, H, W = x_shape
    H_out, F, W_out, _ = drows.shape
    HH, WW = w.shape[2:]
    stride, pad = conv_param["stride"], conv_param["pad"]
    dx, turned = np.zeros((H, C, W, N), np.result_type(drows, w)), {}
    for some, columns in stretches(W_out, N):
        product = np.empty((WW * C, columns.stop - columns.start), dx.dtype)
        parts = product.reshape(WW, C, -1, N)
        for h, dx_row in enumerate(dx, start=pad):
            seen_by = range(max(0, -((HH - 1 - h) // stride)), min(H_out, h // stride + 1))
            if not seen_by:
                continue
            places = tuple(h - i * stride for i in seen_by)  # the kernel's row that lay on h
            if places not in turned:
                turned[places] = w[:, :, places].transpose(3, 1, 2, 0).reshape(WW * C, -1)
            seen = drows[seen_by[0] : seen_by[-1] + 1].reshape(-1, W_out * N)
            multiply(turned[places], seen[:, columns], product)
            for q, part in enumerate(parts, start=some.start * stride - pad):
                add_columns(dx_row, part, q, stride)
    return as_images(dx)


def add_columns(row, part, first, stride):
    """Add part (C, n, N) to row (C, W, N), its columns to first, first + stride, ... of the row, if there."""
    outside = max(0, -(first // stride))
    there = row[:, first + outside * stride :: stride]
    inside = min(there.shape[1], part.shape[1] - outside)
    if inside > 0:
        there[:, :inside] += part[:, outside : outside + inside]
