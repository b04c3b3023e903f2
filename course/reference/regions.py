"""Layers that treat the regions of an image by themselves, or put images together."""

import numpy as np

from .inputs import expect_array, output_size


def median_pool_forward(x, pool_param):
    """Keep the number in the middle of each window, channel by channel.

    out[n, c, i, j] = median of the x[n, c, i*stride + p, j*stride + q],
    where p runs from 0 to pool_height - 1 and q from 0 to pool_width - 1. When there are evenly many, the
    median is the mean of the two in the middle.

    x: (N, C, H, W).  pool_param: {'pool_height': int, 'pool_width': int, 'stride': int}, in pixels.
    Returns out: (N, C, H_out, W_out), sizes as in max_pool_forward_naive, and cache = (x, pool_param).
    Raises ValueError when a window is larger than the image.
    """
    expect_array("x", x, ("N", "C", "H", "W"))
    N, C, H, W = x.shape
    PH, PW, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    H_out, W_out = output_size(H, PH, stride), output_size(W, PW, stride)
    out = np.zeros((N, C, H_out, W_out), dtype=np.result_type(x, 1.0))
    ### BEGIN SOLUTION
    for i, j in np.ndindex(H_out, W_out):
        window = x[:, :, i * stride : i * stride + PH, j * stride : j * stride + PW]
        out[:, :, i, j] = np.median(window, axis=(2, 3))
    ### END SOLUTION
    cache = (x, pool_param)
    return out, cache


def median_pool_backward(dout, cache):
    """Send each gradient back to the number in the middle of its window.

    dx[n, c, i*stride + p, j*stride + q] += dout[n, c, i, j] for the (p, q) that holds the median of window
    (i, j); when the median is the mean of two numbers, each of the two places gets half.

    dout: (N, C, H_out, W_out).  cache: (x, pool_param) from median_pool_forward.
    Returns dx: (N, C, H, W).
    """
    x, pool_param = cache
    N, C, H, W = x.shape
    PH, PW, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    H_out, W_out = output_size(H, PH, stride), output_size(W, PW, stride)
    expect_array("dout", dout, (N, C, H_out, W_out))
    dx = np.zeros(x.shape, dtype=np.result_type(dout, 1.0))
    ### BEGIN SOLUTION
    K = PH * PW  # numbers in a window
    for i, j in np.ndindex(H_out, W_out):
        box = np.s_[:, :, i * stride : i * stride + PH, j * stride : j * stride + PW]
        ranks = x[box].reshape(N, C, K).argsort(axis=2).argsort(axis=2)  # 0 for the smallest number
        middle = (ranks >= (K - 1) // 2) & (ranks <= K // 2)  # one place, or two
        share = dout[:, :, i, j] / (2 - K % 2)
        dx[box] += (middle * share[:, :, None]).reshape(N, C, PH, PW)
    ### END SOLUTION
    return dx


def local_conv_forward(x, w, b, conv_param):
    """Look at every position of the image with filters of its own.

    out[n, f, i, j] = b[f, i, j] + sum_{c,p,q} xpad[n, c, i*stride + p, j*stride + q] w[f, i, j, c, p, q],
    where xpad is x with `pad` rows and columns of zeros on each of its four sides: a convolution that does
    not share its weights.

    x: (N, C, H, W).  w: (F, H_out, W_out, C, HH, WW).  b: (F, H_out, W_out).
    conv_param: {'stride': int, 'pad': int}, in pixels.
    Returns out: (N, F, H_out, W_out), sizes as in conv_forward_naive, and cache = (x, w, b, conv_param).
    Raises ValueError when a shape does not fit or a filter is larger than the padded image.
    """
    expect_array("x", x, ("N", "C", "H", "W"))
    N, C, H, W = x.shape
    expect_array("w", w, ("F", "H_out", "W_out", C, "HH", "WW"))
    F, HH, WW = w.shape[0], *w.shape[4:]
    stride, pad = conv_param["stride"], conv_param["pad"]
    H_out, W_out = output_size(H, HH, stride, pad), output_size(W, WW, stride, pad)
    expect_array("w", w, (F, H_out, W_out, C, HH, WW))
    expect_array("b", b, (F, H_out, W_out))
    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    out = np.zeros((N, F, H_out, W_out), dtype=np.result_type(x, w, b))
    ### BEGIN SOLUTION
    for i, j in np.ndindex(H_out, W_out):
        window = x_pad[:, :, i * stride : i * stride + HH, j * stride : j * stride + WW]  # (N, C, HH, WW)
        out[:, :, i, j] = np.tensordot(window, w[:, i, j], axes=([1, 2, 3], [1, 2, 3])) + b[:, i, j]
    ### END SOLUTION
    cache = (x, w, b, conv_param)
    return out, cache


def local_conv_backward(dout, cache):
    """Return the gradients of the convolution with filters of its own for every position.

    dxpad at window (n, i, j) += sum_f dout[n, f, i, j] w[f, i, j];  dx is dxpad without its border;
    dw[f, i, j] = sum_n dout[n, f, i, j] window(n, i, j);  db[f, i, j] = sum_n dout[n, f, i, j].

    dout: (N, F, H_out, W_out).  cache: (x, w, b, conv_param) from local_conv_forward.
    Returns dx: (N, C, H, W), dw: (F, H_out, W_out, C, HH, WW), db: (F, H_out, W_out).
    """
    x, w, b, conv_param = cache
    N, C, H, W = x.shape
    F, H_out, W_out, _, HH, WW = w.shape
    stride, pad = conv_param["stride"], conv_param["pad"]
    expect_array("dout", dout, (N, F, H_out, W_out))
    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dx_pad = np.zeros(x_pad.shape, dtype=np.result_type(dout, w))
    dw = np.zeros(w.shape, dtype=np.result_type(dout, x))
    ### BEGIN SOLUTION
    for i, j in np.ndindex(H_out, W_out):
        box = np.s_[:, :, i * stride : i * stride + HH, j * stride : j * stride + WW]
        dx_pad[box] += np.tensordot(dout[:, :, i, j], w[:, i, j], axes=1)  # (N, C, HH, WW)
        dw[:, i, j] = np.tensordot(dout[:, :, i, j].T, x_pad[box], axes=1)  # (F, C, HH, WW)
    dx = dx_pad[:, :, pad : H + pad, pad : W + pad]
    db = np.sum(dout, axis=0)  # (F, H_out, W_out)
    ### END SOLUTION
    return dx, dw, db


def concat_forward(xs, axis=1):
    """Lay arrays side by side along one axis.

    out holds xs[0], then xs[1], and so on; for axis 1, the channels of all of them.

    xs: a tuple or list of arrays, equal in shape but for this axis.  axis: int.
    Returns out: the same shape, with the sum of their sizes along the axis, and cache = (xs, axis).
    Raises ValueError when the other sizes differ.
    """
    for number, x in enumerate(xs):
        expect_array(f"xs[{number}]", x, (...,))
    ### BEGIN SOLUTION
    out = np.concatenate(xs, axis=axis)
    ### END SOLUTION
    cache = (xs, axis)
    return out, cache


def concat_backward(dout, cache):
    """Split the gradient into the parts that belong to each of the arrays.

    dxs[0] is the first part of dout along the axis, as long as xs[0], then comes dxs[1], and so on.

    dout: the shape of out.  cache: (xs, axis) from concat_forward.
    Returns dxs: a list of arrays with the shapes of the xs.
    """
    xs, axis = cache
    ### BEGIN SOLUTION
    ends = np.cumsum([x.shape[axis] for x in xs])
    dxs = np.split(dout, ends[:-1], axis=axis)
    ### END SOLUTION
    return dxs
