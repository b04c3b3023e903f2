"""A convolution and a pooling layer step by step, in the order m, n_H, n_W, n_C: channels last.

m: images, n_H and n_W: height and width in pixels, n_C: channels. What goes into a layer has `prev` in its
name. Each forward pass returns (output, cache); the backward pass takes the gradient of the loss with
respect to that output, dZ or dA, and the cache. Caches are part of the contract. No function calls another
one: each is an answer by itself, whatever becomes of the others.
"""

import numpy as np

from .inputs import expect_array, output_size


def zero_pad(X, pad):
    """Put `pad` rows and columns of zeros on each of the four sides of every image.

    X_pad[i, h + pad, w + pad, c] = X[i, h, w, c], and 0 in the border; channels get no border.

    X: (m, n_H, n_W, n_C).  pad: int, in pixels, 0 for no border.
    Returns X_pad: (m, n_H + 2 pad, n_W + 2 pad, n_C), of the dtype of X.
    Raises ValueError when X has not four axes or pad is negative.
    """
    expect_array("X", X, ("m", "n_H", "n_W", "n_C"))
    if pad < 0:
        raise ValueError(f"pad must be at least 0, got {pad}")
    ### BEGIN SOLUTION
    X_pad = np.pad(X, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    ### END SOLUTION
    return X_pad


def conv_single_step(a_slice_prev, W, b):
    """Lay one filter on one window: multiply, add up, add the bias.

    Z = sum_{p,q,k} a_slice_prev[p, q, k] W[p, q, k] + b.

    a_slice_prev, W: (f, f, n_C_prev).  b: (1, 1, 1), an array that holds one number.
    Returns Z: a single number, a float.
    Raises ValueError when a shape does not fit.
    """
    expect_array("a_slice_prev", a_slice_prev, ("f", "f", "n_C_prev"))
    expect_array("W", W, a_slice_prev.shape)
    expect_array("b", b, (1, 1, 1))
    ### BEGIN SOLUTION
    products = a_slice_prev * W  # (f, f, n_C_prev)
    Z = float(products.sum() + b.item())
    ### END SOLUTION
    return Z


def conv_forward(A_prev, W, b, hparameters):
    """Slide every filter over every image.

    Z[i, h, w, c] = conv_single_step(window, W[:, :, :, c], b[:, :, :, c]), where window is what filter c sees
    of image i with `pad` rows and columns of zeros around it, from row h * stride and column w * stride on.

    A_prev: (m, n_H_prev, n_W_prev, n_C_prev).  W: (f, f, n_C_prev, n_C), n_C filters.  b: (1, 1, 1, n_C).
    hparameters: {'stride': int, 'pad': int}, in pixels.
    Returns Z: (m, n_H, n_W, n_C) with n_H = floor((n_H_prev + 2 pad - f) / stride) + 1 and n_W alike,
    and cache = (A_prev, W, b, hparameters).
    Raises ValueError when a shape does not fit or a filter is larger than the padded image.
    """
    expect_array("A_prev", A_prev, ("m", "n_H_prev", "n_W_prev", "n_C_prev"))
    m, n_H_prev, n_W_prev, n_C_prev = A_prev.shape
    f = len(W)
    expect_array("W", W, (f, f, n_C_prev, "n_C"))
    n_C = W.shape[3]
    expect_array("b", b, (1, 1, 1, n_C))
    stride, pad = hparameters["stride"], hparameters["pad"]
    n_H, n_W = output_size(n_H_prev, f, stride, pad), output_size(n_W_prev, f, stride, pad)
    ### BEGIN SOLUTION
    A_prev_pad = np.pad(A_prev, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    Z = np.zeros((m, n_H, n_W, n_C), dtype=np.result_type(A_prev, W, b))
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                vert, horiz = h * stride, w * stride
                a_slice_prev = A_prev_pad[i, vert : vert + f, horiz : horiz + f]  # (f, f, n_C_prev)
                for c in range(n_C):
                    Z[i, h, w, c] = np.sum(a_slice_prev * W[..., c]) + b[0, 0, 0, c]
    ### END SOLUTION
    cache = (A_prev, W, b, hparameters)
    return Z, cache


def pool_forward(A_prev, hparameters, mode="max"):
    """Keep the largest number, or the mean, of each window, channel by channel.

    A[i, h, w, c] is the maximum (mode 'max') or the mean (mode 'average') of the f x f numbers
    A_prev[i, h * stride + p, w * stride + q, c], where p and q run from 0 to f - 1.

    A_prev: (m, n_H_prev, n_W_prev, n_C).  hparameters: {'f': int, 'stride': int}, in pixels.
    mode: 'max' or 'average'.
    Returns A: (m, n_H, n_W, n_C) with n_H = floor((n_H_prev - f) / stride) + 1 and n_W alike,
    and cache = (A_prev, hparameters); the mode is not kept.
    Raises ValueError when the mode is unknown or a window is larger than the image.
    """
    expect_array("A_prev", A_prev, ("m", "n_H_prev", "n_W_prev", "n_C"))
    m, n_H_prev, n_W_prev, n_C = A_prev.shape
    if mode not in ("max", "average"):
        raise ValueError(f"mode must be 'max' or 'average', got {mode!r}")
    f, stride = hparameters["f"], hparameters["stride"]
    n_H, n_W = output_size(n_H_prev, f, stride), output_size(n_W_prev, f, stride)
    ### BEGIN SOLUTION
    pool = np.max if mode == "max" else np.mean
    A = np.zeros((m, n_H, n_W, n_C), dtype=A_prev.dtype if mode == "max" else np.result_type(A_prev, 1.0))
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                vert, horiz = h * stride, w * stride
                window = A_prev[i, vert : vert + f, horiz : horiz + f]  # (f, f, n_C)
                A[i, h, w] = pool(window, axis=(0, 1))
    ### END SOLUTION
    cache = (A_prev, hparameters)
    return A, cache


def conv_backward(dZ, cache):
    """Return the gradients of the convolution.

    Each Z[i, h, w, c] is a sum of products, and each product hands dZ on to both of its factors:
    dA_prev_pad at the window of (i, h, w) gets dZ[i, h, w, c] * W[:, :, :, c] added;
    dW[:, :, :, c] gets dZ[i, h, w, c] * that window added;
    db[0, 0, 0, c] = sum_{i,h,w} dZ[i, h, w, c];  dA_prev is dA_prev_pad without its border.

    dZ: (m, n_H, n_W, n_C).  cache: (A_prev, W, b, hparameters) from conv_forward.
    Returns dA_prev: the shape of A_prev, dW: (f, f, n_C_prev, n_C), db: (1, 1, 1, n_C).
    """
    A_prev, W, b, hparameters = cache
    m, n_H_prev, n_W_prev, n_C_prev = A_prev.shape
    f, _, _, n_C = W.shape
    stride, pad = hparameters["stride"], hparameters["pad"]
    n_H, n_W = output_size(n_H_prev, f, stride, pad), output_size(n_W_prev, f, stride, pad)
    expect_array("dZ", dZ, (m, n_H, n_W, n_C))
    ### BEGIN SOLUTION
    A_prev_pad = np.pad(A_prev, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    dA_prev_pad = np.zeros(A_prev_pad.shape, dtype=np.result_type(dZ, W))
    dW = np.zeros(W.shape, dtype=np.result_type(dZ, A_prev))
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                vert, horiz = h * stride, w * stride
                here = np.s_[i, vert : vert + f, horiz : horiz + f]
                for c in range(n_C):
                    dA_prev_pad[here] += dZ[i, h, w, c] * W[..., c]
                    dW[..., c] += dZ[i, h, w, c] * A_prev_pad[here]
    dA_prev = dA_prev_pad[:, pad : pad + n_H_prev, pad : pad + n_W_prev]
    db = dZ.sum(axis=(0, 1, 2), keepdims=True)  # (1, 1, 1, n_C)
    ### END SOLUTION
    return dA_prev, dW, db


def create_mask_from_window(x):
    """Mark where the maximum of a window stands.

    mask[p, q] is True where x[p, q] is the largest number of x; with equal largest numbers, at each of them.

    x: (f, f).  Returns mask: the shape of x, True and False.
    Raises ValueError when x has not two axes.
    """
    expect_array("x", x, ("f", "f"))
    ### BEGIN SOLUTION
    mask = x == np.max(x)
    ### END SOLUTION
    return mask


def distribute_value(dz, shape):
    """Share a number out over a window, the same to each place.

    a[p, q] = dz / (n_H * n_W).

    dz: a number.  shape: (n_H, n_W).  Returns a: (n_H, n_W).
    """
    n_H, n_W = shape
    ### BEGIN SOLUTION
    a = np.full((n_H, n_W), dz / (n_H * n_W))
    ### END SOLUTION
    return a


def pool_backward(dA, cache, mode="max"):
    """Send the gradient of each output of a pooling layer back into its window.

    The window of dA_prev that belongs to A[i, h, w, c] gets added
    in mode 'max':      dA[i, h, w, c] * create_mask_from_window(that window of A_prev)
    in mode 'average':  distribute_value(dA[i, h, w, c], (f, f)).
    Of equal largest numbers each gets the full dA; to hand dA out once among them is accepted too.

    dA: (m, n_H, n_W, n_C).  cache: (A_prev, hparameters) from pool_forward.
    mode: 'max' or 'average', that of the forward pass.
    Returns dA_prev: the shape of A_prev.
    Raises ValueError when the mode is unknown.
    """
    A_prev, hparameters = cache
    m, n_H_prev, n_W_prev, n_C = A_prev.shape
    if mode not in ("max", "average"):
        raise ValueError(f"mode must be 'max' or 'average', got {mode!r}")
    f, stride = hparameters["f"], hparameters["stride"]
    n_H, n_W = output_size(n_H_prev, f, stride), output_size(n_W_prev, f, stride)
    expect_array("dA", dA, (m, n_H, n_W, n_C))
    ### BEGIN SOLUTION
    dA_prev = np.zeros(A_prev.shape, dtype=np.result_type(dA, 1.0))
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                vert, horiz = h * stride, w * stride
                for c in range(n_C):
                    here = np.s_[i, vert : vert + f, horiz : horiz + f, c]
                    if mode == "max":
                        window = A_prev[here]
                        dA_prev[here] += dA[i, h, w, c] * (window == np.max(window))
                    else:
                        dA_prev[here] += dA[i, h, w, c] / f**2
    ### END SOLUTION
    return dA_prev
