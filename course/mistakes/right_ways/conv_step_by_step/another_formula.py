"""The same function by another formula."""

import numpy as np


def zero_pad(X, pad):
    """Join strips of zeros to the four sides."""
    m, n_H, n_W, n_C = X.shape
    level = np.zeros((m, pad, n_W, n_C), dtype=X.dtype)
    taller = np.concatenate([level, X, level], axis=1)
    upright = np.zeros((m, n_H + 2 * pad, pad, n_C), dtype=X.dtype)
    return np.concatenate([upright, taller, upright], axis=2)


def conv_single_step(a_slice_prev, W, b):
    """Lay both out as rows: the sum of products is a scalar product."""
    return np.dot(a_slice_prev.ravel(), W.ravel()) + b[0][0][0]


def conv_forward(A_prev, W, b, hparameters):
    """Let all filters look at a window at once."""
    stride, pad, f = hparameters["stride"], hparameters["pad"], W.shape[1]
    padded = np.pad(A_prev, [(0,), (pad,), (pad,), (0,)])
    rows = range(0, padded.shape[1] - f + 1, stride)
    columns = range(0, padded.shape[2] - f + 1, stride)
    Z = [
        [np.tensordot(padded[:, top : top + f, left : left + f], W, axes=3) for left in columns]
        for top in rows
    ]
    return np.array(Z).transpose(2, 0, 1, 3) + b, (A_prev, W, b, hparameters)


def conv_backward(dZ, cache):
    """Convolve dZ, spread out by the stride and padded, with the filters turned by 180 degrees."""
    A_prev, W, b, hparameters = cache
    m, H, width, _ = A_prev.shape
    s, pad, f = hparameters["stride"], hparameters["pad"], len(W)
    padded = np.pad(A_prev, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    wide = np.zeros((m, H + 2 * pad + f - 1, width + 2 * pad + f - 1, dZ.shape[3]), dtype=dZ.dtype)
    wide[:, f - 1 :: s, f - 1 :: s][:, : dZ.shape[1], : dZ.shape[2]] = dZ
    turned = W[::-1, ::-1].swapaxes(2, 3)  # (f, f, n_C, n_C_prev)
    d_padded = 0
    dW = np.zeros(W.shape, dtype=dZ.dtype)
    for p, q in np.ndindex(f, f):
        shifted = wide[:, p : p + H + 2 * pad, q : q + width + 2 * pad]
        d_padded = d_padded + shifted @ turned[p, q]
        seen = padded[:, p : p + s * dZ.shape[1] : s, q : q + s * dZ.shape[2] : s]
        dW[p, q] = np.tensordot(seen, dZ, axes=([0, 1, 2], [0, 1, 2]))
    dA_prev = d_padded[:, pad : pad + H, pad : pad + width]
    return dA_prev, dW, dZ.sum(axis=0).sum(axis=0).sum(axis=0).reshape(1, 1, 1, -1)


def pool_forward(A_prev, hparameters, mode="max"):
    """Go through the places in a window: keep the larger picture, or add it."""
    f, s = hparameters["f"], hparameters["stride"]
    bottom, end = A_prev.shape[1] - f + 1, A_prev.shape[2] - f + 1
    shifted = [A_prev[:, p : p + bottom : s, q : q + end : s] for p in range(f) for q in range(f)]
    A = np.maximum.reduce(shifted) if mode == "max" else np.mean(shifted, axis=0)
    return A, (A_prev, hparameters)


def create_mask_from_window(x):
    """Nothing in the window is larger than what is marked; 1 and 0 for True and False."""
    return (x >= np.amax(x)).astype(float)


def distribute_value(dz, shape):
    """Multiply a window of ones by the mean."""
    return np.ones(shape) * (dz / np.prod(shape))


def pool_backward(dA, cache, mode="max"):
    """Enlarge by products: the mask of a window times its gradient, all channels and images at once."""
    A_prev, hparameters = cache
    f, s = hparameters["f"], hparameters["stride"]
    dA_prev = np.zeros(A_prev.shape, dtype=dA.dtype)
    for h in range(dA.shape[1]):
        for w in range(dA.shape[2]):
            box = np.s_[:, h * s : h * s + f, w * s : w * s + f]
            window, upstream = A_prev[box], dA[:, h : h + 1, w : w + 1]  # (m, f, f, n_C), (m, 1, 1, n_C)
            if mode == "max":
                dA_prev[box] += upstream * (window == window.max(axis=(1, 2), keepdims=True))
            else:
                dA_prev[box] += upstream / window[0, :, :, 0].size
    return dA_prev
