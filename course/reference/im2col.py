"""Convolution as one matrix product: every window of the input becomes a row."""

import numpy as np

from .inputs import expect_array, output_size


def im2col(x, HH, WW, conv_param):
    """Lay every window of the padded images out as one row of a matrix, phi(x).

    x: (N, C, H, W).  HH, WW: window height and width.  conv_param: {'stride': int, 'pad': int}.
    Returns rows: (N * H_out * W_out, C * HH * WW); row (n, i, j) is window (i, j) of image n.
    """
    expect_array("x", x, ("N", "C", "H", "W"))
    N, C, H, W = x.shape
    stride, pad = conv_param["stride"], conv_param["pad"]
    H_out, W_out = output_size(H, HH, stride, pad), output_size(W, WW, stride, pad)
    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    windows = np.lib.stride_tricks.sliding_window_view(x_pad, (HH, WW), axis=(2, 3))
    windows = windows[:, :, ::stride, ::stride]  # (N, C, H_out, W_out, HH, WW)
    return windows.transpose(0, 2, 3, 1, 4, 5).reshape(N * H_out * W_out, C * HH * WW)


def col2im(rows, x_shape, HH, WW, conv_param):
    """Add every row back to the window that it came from, phi*(rows): the transpose of im2col.

    rows: (N * H_out * W_out, C * HH * WW).  x_shape: (N, C, H, W) of the images.
    Returns x: (N, C, H, W); a pixel that lies in several windows gets the sum of its entries.
    """
    N, C, H, W = x_shape
    stride, pad = conv_param["stride"], conv_param["pad"]
    H_out, W_out = output_size(H, HH, stride, pad), output_size(W, WW, stride, pad)
    expect_array("rows", rows, (N * H_out * W_out, C * HH * WW))
    windows = rows.reshape(N, H_out, W_out, C, HH, WW)
    windows = windows.transpose(0, 3, 4, 5, 1, 2)  # (N, C, HH, WW, H_out, W_out)
    x_pad = np.zeros((N, C, H + 2 * pad, W + 2 * pad), dtype=rows.dtype)
    for p in range(HH):
        for q in range(WW):
            down, right = slice(p, p + stride * H_out, stride), slice(q, q + stride * W_out, stride)
            x_pad[:, :, down, right] += windows[:, :, p, q]
    return x_pad[:, :, pad : pad + H, pad : pad + W]


def conv_forward_im2col(x, w, b, conv_param):
    """Compute the convolution with one matrix product.

    out = phi(x) F + b, where phi(x) = im2col(x) has one row for each window and F has one column
    for each filter; then the rows are laid out as images again.

    x: (N, C, H, W).  w: (F, C, HH, WW).  b: (F,).  conv_param: {'stride': int, 'pad': int}.
    Returns out: (N, F, H_out, W_out) and cache = (x, w, b, conv_param), as conv_forward_naive does.
    """
    expect_array("x", x, ("N", "C", "H", "W"))
    N, C, H, W = x.shape
    expect_array("w", w, ("F", C, "HH", "WW"))
    F, _, HH, WW = w.shape
    expect_array("b", b, (F,))
    H_out = output_size(H, HH, conv_param["stride"], conv_param["pad"])
    W_out = output_size(W, WW, conv_param["stride"], conv_param["pad"])
    ### BEGIN SOLUTION
    rows = im2col(x, HH, WW, conv_param)  # (N * H_out * W_out, C * HH * WW)
    columns = w.reshape(F, C * HH * WW).T  # (C * HH * WW, F)
    out = (rows @ columns + b).reshape(N, H_out, W_out, F).transpose(0, 3, 1, 2)
    ### END SOLUTION
    cache = (x, w, b, conv_param)
    return out, cache


def conv_backward_im2col(dout, cache):
    """Return the gradients of the convolution with two matrix products.

    With dY = dout laid out as one row for each window and F as in conv_forward_im2col:
    dF = phi(x)^T dY;  dx = phi*(dY F^T) = col2im(dY F^T);  db = the sum of the rows of dY.

    dout: (N, F, H_out, W_out).  cache: (x, w, b, conv_param) from conv_forward_im2col.
    Returns dx: (N, C, H, W), dw: (F, C, HH, WW), db: (F,).
    """
    x, w, b, conv_param = cache
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    H_out = output_size(H, HH, conv_param["stride"], conv_param["pad"])
    W_out = output_size(W, WW, conv_param["stride"], conv_param["pad"])
    expect_array("dout", dout, (N, F, H_out, W_out))
    ### BEGIN SOLUTION
    dY = dout.transpose(0, 2, 3, 1).reshape(N * H_out * W_out, F)
    rows = im2col(x, HH, WW, conv_param)  # (N * H_out * W_out, C * HH * WW)
    dw = (rows.T @ dY).T.reshape(w.shape)
    dx = col2im(dY @ w.reshape(F, C * HH * WW), x.shape, HH, WW, conv_param)
    db = dY.sum(axis=0)  # (F,)
    ### END SOLUTION
    return dx, dw, db
