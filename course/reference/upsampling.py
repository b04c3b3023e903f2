"""Layers that make an image larger."""

import numpy as np

from .inputs import expect_array


def upsample_nearest_forward(x, scale):
    """Make every pixel a square of scale x scale equal pixels.

    out[n, c, i, j] = x[n, c, floor(i / scale), floor(j / scale)].

    x: (N, C, H, W).  scale: int >= 1.
    Returns out: (N, C, scale * H, scale * W), and cache = (x, scale).
    Raises ValueError when scale is smaller than 1.
    """
    expect_array("x", x, ("N", "C", "H", "W"))
    if scale < 1:
        raise ValueError(f"scale must be at least 1, got {scale}")
    ### BEGIN SOLUTION
    out = x.repeat(scale, axis=2).repeat(scale, axis=3)
    ### END SOLUTION
    cache = (x, scale)
    return out, cache


def upsample_nearest_backward(dout, cache):
    """Add up the gradients of all the pixels that one pixel has become.

    dx[n, c, i, j] = sum_{p,q} dout[n, c, i*scale + p, j*scale + q], p and q from 0 to scale - 1.

    dout: (N, C, scale * H, scale * W).  cache: (x, scale) from upsample_nearest_forward.
    Returns dx: (N, C, H, W).
    """
    x, scale = cache
    N, C, H, W = x.shape
    expect_array("dout", dout, (N, C, scale * H, scale * W))
    ### BEGIN SOLUTION
    squares = dout.reshape(N, C, H, scale, W, scale)
    dx = squares.sum(axis=(3, 5))
    ### END SOLUTION
    return dx


def conv_transpose_forward(x, w, b, conv_param):
    """Let every pixel stamp the filters, scaled by its value, into a larger image.

    full[n, f, i*stride + p, j*stride + q] += x[n, c, i, j] w[c, f, p, q] for every c, i, j, p, q;
    out is full without `pad` rows and columns on each of its four sides, plus b[f]. Called a transposed
    convolution: with the same w, it does to images what the backward pass of a convolution does to gradients.

    x: (N, C, H, W).  w: (C, F, HH, WW).  b: (F,).  conv_param: {'stride': int, 'pad': int}, in pixels.
    Returns out: (N, F, H_out, W_out) with H_out = (H - 1) stride + HH - 2 pad and W_out alike,
    and cache = (x, w, b, conv_param).
    Raises ValueError when a shape does not fit or pad leaves nothing of the image.
    """
    expect_array("x", x, ("N", "C", "H", "W"))
    N, C, H, W = x.shape
    expect_array("w", w, (C, "F", "HH", "WW"))
    _, F, HH, WW = w.shape
    expect_array("b", b, (F,))
    stride, pad = conv_param["stride"], conv_param["pad"]
    H_out, W_out = (H - 1) * stride + HH - 2 * pad, (W - 1) * stride + WW - 2 * pad
    if min(H_out, W_out) < 1:
        raise ValueError(f"pad {pad} leaves an image of {H_out} x {W_out}: make it smaller")
    full = np.zeros((N, F, H_out + 2 * pad, W_out + 2 * pad), dtype=np.result_type(x, w, b))
    ### BEGIN SOLUTION
    for i, j in np.ndindex(H, W):
        box = np.s_[:, :, i * stride : i * stride + HH, j * stride : j * stride + WW]
        full[box] += np.tensordot(x[:, :, i, j], w, axes=1)  # (N, F, HH, WW)
    out = full[:, :, pad : pad + H_out, pad : pad + W_out] + b[:, None, None]
    ### END SOLUTION
    cache = (x, w, b, conv_param)
    return out, cache


def conv_transpose_backward(dout, cache):
    """Return the gradients of the transposed convolution.

    With dfull = dout surrounded by `pad` rows and columns of zeros, and window(n, i, j) the piece of it, of
    HH x WW pixels in F channels, that begins at row i*stride and column j*stride:
    dx[n, c, i, j] = sum_{f,p,q} window(n, i, j)[f, p, q] w[c, f, p, q];
    dw[c] = sum_{n,i,j} x[n, c, i, j] window(n, i, j);  db[f] = sum_{n,i,j} dout[n, f, i, j].

    dout: (N, F, H_out, W_out).  cache: (x, w, b, conv_param) from conv_transpose_forward.
    Returns dx: (N, C, H, W), dw: (C, F, HH, WW), db: (F,).
    """
    x, w, b, conv_param = cache
    N, C, H, W = x.shape
    _, F, HH, WW = w.shape
    stride, pad = conv_param["stride"], conv_param["pad"]
    expect_array("dout", dout, (N, F, (H - 1) * stride + HH - 2 * pad, (W - 1) * stride + WW - 2 * pad))
    dx = np.zeros(x.shape, dtype=np.result_type(dout, w))
    dw = np.zeros(w.shape, dtype=np.result_type(dout, x))
    ### BEGIN SOLUTION
    dfull = np.pad(dout, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    for i, j in np.ndindex(H, W):
        window = dfull[:, :, i * stride : i * stride + HH, j * stride : j * stride + WW]  # (N, F, HH, WW)
        dx[:, :, i, j] = np.tensordot(window, w, axes=([1, 2, 3], [1, 2, 3]))  # (N, C)
        dw += np.tensordot(x[:, :, i, j].T, window, axes=1)  # (C, F, HH, WW)
    db = np.sum(dout, axis=(0, 2, 3))  # (F,)
    ### END SOLUTION
    return dx, dw, db
