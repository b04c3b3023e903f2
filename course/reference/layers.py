"""Layers with a forward and a backward pass, in the order N, C, H, W, written for reading.

Each forward returns (out, cache); the backward takes dout = dL/dout and the cache, and returns
the gradients of the loss L. Caches are part of the contract.
"""

import numpy as np

from .inputs import expect_array, output_size


def affine_forward(x, w, b):
    """Multiply each sample with a weight matrix and add a bias.

    out[n, m] = sum_d x[n, d] w[d, m] + b[m], where x[n] is first laid out as one row of D numbers.

    x: (N, d_1, ..., d_k) with d_1 * ... * d_k = D.  w: (D, M).  b: (M,).
    Returns out: (N, M), and cache = (x, w, b).
    """
    expect_array("x", x, ("N", ...))
    D = x[0].size
    expect_array("w", w, (D, "M"))
    expect_array("b", b, (w.shape[1],))
    ### BEGIN SOLUTION
    rows = x.reshape(x.shape[0], D)  # (N, D)
    out = rows @ w + b  # (N, M)
    ### END SOLUTION
    cache = (x, w, b)
    return out, cache


def affine_backward(dout, cache):
    """Return the gradients of the affine layer.

    dx[n, d] = sum_m dout[n, m] w[d, m];  dw[d, m] = sum_n x[n, d] dout[n, m];  db[m] = sum_n dout[n, m].

    dout: (N, M).  cache: (x, w, b) from affine_forward.
    Returns dx: the shape of x, dw: (D, M), db: (M,).
    """
    x, w, b = cache
    expect_array("dout", dout, (x.shape[0], w.shape[1]))
    ### BEGIN SOLUTION
    rows = x.reshape(x.shape[0], -1)  # (N, D)
    dx = (dout @ w.T).reshape(x.shape)
    dw = rows.T @ dout  # (D, M)
    db = dout.sum(axis=0)  # (M,)
    ### END SOLUTION
    return dx, dw, db


def relu_forward(x):
    """Set every negative number to 0 and keep the others.

    out = max(0, x), element by element.

    x: any shape.  Returns out: the shape of x, and cache = x.
    """
    expect_array("x", x, (...,))
    ### BEGIN SOLUTION
    out = np.maximum(0, x)
    ### END SOLUTION
    cache = x
    return out, cache


def relu_backward(dout, cache):
    """Let the gradient through where the input was positive.

    dx = dout where x > 0, and 0 elsewhere; at x = 0 the slope is taken as 0.

    dout: the shape of x.  cache: x from relu_forward.  Returns dx: the shape of x.
    """
    x = cache
    expect_array("dout", dout, x.shape)
    ### BEGIN SOLUTION
    dx = dout * (x > 0)
    ### END SOLUTION
    return dx


def conv_forward_naive(x, w, b, conv_param):
    """Slide every filter over every image, with plain loops.

    out[n, f, i, j] = b[f] + sum_{c,p,q} xpad[n, c, i*stride + p, j*stride + q] w[f, c, p, q],
    where xpad is x with `pad` rows and columns of zeros on each of its four sides.

    x: (N, C, H, W).  w: (F, C, HH, WW).  b: (F,).  conv_param: {'stride': int, 'pad': int}, in pixels.
    Returns out: (N, F, H_out, W_out) with H_out = floor((H + 2 pad - HH) / stride) + 1 and W_out alike,
    and cache = (x, w, b, conv_param).
    Raises ValueError when a shape does not fit or a filter is larger than the padded image.
    """
    expect_array("x", x, ("N", "C", "H", "W"))
    N, C, H, W = x.shape
    expect_array("w", w, ("F", C, "HH", "WW"))
    F, _, HH, WW = w.shape
    expect_array("b", b, (F,))
    stride, pad = conv_param["stride"], conv_param["pad"]
    H_out, W_out = output_size(H, HH, stride, pad), output_size(W, WW, stride, pad)
    ### BEGIN SOLUTION
    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    out = np.zeros((N, F, H_out, W_out), dtype=np.result_type(x, w, b))
    for n in range(N):
        for f in range(F):
            for i in range(H_out):
                for j in range(W_out):
                    top, left = i * stride, j * stride
                    window = x_pad[n, :, top : top + HH, left : left + WW]  # (C, HH, WW)
                    out[n, f, i, j] = np.sum(window * w[f]) + b[f]
    ### END SOLUTION
    cache = (x, w, b, conv_param)
    return out, cache


def conv_backward_naive(dout, cache):
    """Return the gradients of the convolution, with plain loops.

    Each output is a sum of products, so each product hands dout on to both of its factors:
    dw[f] += dout[n, f, i, j] * window(n, i, j);  dxpad at window(n, i, j) += dout[n, f, i, j] * w[f];
    db[f] = sum_{n,i,j} dout[n, f, i, j];  dx is dxpad without its border.

    dout: (N, F, H_out, W_out).  cache: (x, w, b, conv_param) from conv_forward_naive.
    Returns dx: (N, C, H, W), dw: (F, C, HH, WW), db: (F,).
    """
    x, w, b, conv_param = cache
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    stride, pad = conv_param["stride"], conv_param["pad"]
    H_out, W_out = output_size(H, HH, stride, pad), output_size(W, WW, stride, pad)
    expect_array("dout", dout, (N, F, H_out, W_out))
    ### BEGIN SOLUTION
    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dx_pad = np.zeros(x_pad.shape, dtype=np.result_type(dout, w))
    dw = np.zeros(w.shape, dtype=np.result_type(dout, x))
    for n in range(N):
        for f in range(F):
            for i in range(H_out):
                for j in range(W_out):
                    top, left = i * stride, j * stride
                    window = x_pad[n, :, top : top + HH, left : left + WW]  # (C, HH, WW)
                    dw[f] += dout[n, f, i, j] * window
                    dx_pad[n, :, top : top + HH, left : left + WW] += dout[n, f, i, j] * w[f]
    dx = dx_pad[:, :, pad : pad + H, pad : pad + W]
    db = dout.sum(axis=(0, 2, 3))  # (F,)
    ### END SOLUTION
    return dx, dw, db


def max_pool_forward_naive(x, pool_param):
    """Keep the largest number of each window, channel by channel.

    out[n, c, i, j] = max_{p,q} x[n, c, i*stride + p, j*stride + q],
    where p runs from 0 to pool_height - 1 and q from 0 to pool_width - 1.

    x: (N, C, H, W).  pool_param: {'pool_height': int, 'pool_width': int, 'stride': int}, in pixels.
    Returns out: (N, C, H_out, W_out) with H_out = floor((H - pool_height) / stride) + 1 and W_out alike,
    and cache = (x, pool_param).
    Raises ValueError when a window is larger than the image.
    """
    expect_array("x", x, ("N", "C", "H", "W"))
    N, C, H, W = x.shape
    PH, PW, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    H_out, W_out = output_size(H, PH, stride), output_size(W, PW, stride)
    ### BEGIN SOLUTION
    out = np.zeros((N, C, H_out, W_out), dtype=x.dtype)
    for i in range(H_out):
        for j in range(W_out):
            top, left = i * stride, j * stride
            out[:, :, i, j] = x[:, :, top : top + PH, left : left + PW].max(axis=(2, 3))
    ### END SOLUTION
    cache = (x, pool_param)
    return out, cache


def max_pool_backward_naive(dout, cache):
    """Send each gradient back to the place where the maximum was.

    dx[n, c, i*stride + p, j*stride + q] += dout[n, c, i, j] for the (p, q) that won window (i, j).
    When several numbers of a window are equally large, dout may be split among them in any way,
    as long as it is handed out exactly once.

    dout: (N, C, H_out, W_out).  cache: (x, pool_param) from max_pool_forward_naive.
    Returns dx: (N, C, H, W).
    """
    x, pool_param = cache
    N, C, H, W = x.shape
    PH, PW, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    H_out, W_out = output_size(H, PH, stride), output_size(W, PW, stride)
    expect_array("dout", dout, (N, C, H_out, W_out))
    ### BEGIN SOLUTION
    dx = np.zeros(x.shape, dtype=dout.dtype)
    for n in range(N):
        for c in range(C):
            for i in range(H_out):
                for j in range(W_out):
                    top, left = i * stride, j * stride
                    window = x[n, c, top : top + PH, left : left + PW]
                    p, q = np.unravel_index(window.argmax(), window.shape)
                    dx[n, c, top + p, left + q] += dout[n, c, i, j]
    ### END SOLUTION
    return dx


def avg_pool_forward_naive(x, pool_param):
    """Take the mean of each window, channel by channel.

    out[n, c, i, j] = 1 / (pool_height * pool_width) * sum_{p,q} x[n, c, i*stride + p, j*stride + q].

    x: (N, C, H, W).  pool_param: {'pool_height': int, 'pool_width': int, 'stride': int}, in pixels.
    Returns out: (N, C, H_out, W_out), sizes as in max_pool_forward_naive, and cache = (x, pool_param).
    Raises ValueError when a window is larger than the image.
    """
    expect_array("x", x, ("N", "C", "H", "W"))
    N, C, H, W = x.shape
    PH, PW, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    H_out, W_out = output_size(H, PH, stride), output_size(W, PW, stride)
    ### BEGIN SOLUTION
    out = np.zeros((N, C, H_out, W_out), dtype=np.result_type(x, 1.0))
    for i in range(H_out):
        for j in range(W_out):
            top, left = i * stride, j * stride
            out[:, :, i, j] = x[:, :, top : top + PH, left : left + PW].mean(axis=(2, 3))
    ### END SOLUTION
    cache = (x, pool_param)
    return out, cache


def avg_pool_backward_naive(dout, cache):
    """Spread each gradient evenly over its window.

    dx[n, c, i*stride + p, j*stride + q] += dout[n, c, i, j] / (pool_height * pool_width) for every (p, q).

    dout: (N, C, H_out, W_out).  cache: (x, pool_param) from avg_pool_forward_naive.
    Returns dx: (N, C, H, W).
    """
    x, pool_param = cache
    N, C, H, W = x.shape
    PH, PW, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    H_out, W_out = output_size(H, PH, stride), output_size(W, PW, stride)
    expect_array("dout", dout, (N, C, H_out, W_out))
    ### BEGIN SOLUTION
    dx = np.zeros(x.shape, dtype=np.result_type(dout, 1.0))
    for i in range(H_out):
        for j in range(W_out):
            top, left = i * stride, j * stride
            share = dout[:, :, i, j] / (PH * PW)  # (N, C)
            dx[:, :, top : top + PH, left : left + PW] += share[:, :, None, None]
    ### END SOLUTION
    return dx
