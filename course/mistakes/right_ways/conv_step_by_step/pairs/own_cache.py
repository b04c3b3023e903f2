"""Forward and backward passes that share a cache of their own: what the backward needs and no more."""

import numpy as np


def conv_forward(A_prev, W, b, hparameters):
    """Keep every window as a row of a matrix."""
    s, pad = hparameters["stride"], hparameters["pad"]
    f, _, n_C_prev, n_C = W.shape
    padded = np.pad(A_prev, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    n_H, n_W = (padded.shape[1] - f) // s + 1, (padded.shape[2] - f) // s + 1
    rows = np.empty((len(A_prev), n_H, n_W, f * f * n_C_prev), dtype=padded.dtype)
    for h, w in np.ndindex(n_H, n_W):
        rows[:, h, w] = padded[:, h * s : h * s + f, w * s : w * s + f].reshape(len(A_prev), -1)
    Z = rows @ W.reshape(-1, n_C) + b.reshape(n_C)
    return Z, {"rows": rows, "W": W, "shape": padded.shape, "s": s, "pad": pad}


def conv_backward(dZ, cache):
    """Read the rows, and add their gradients back to the places that they came from."""
    rows, W, s, pad = (cache[name] for name in ("rows", "W", "s", "pad"))
    f, _, n_C_prev, n_C = W.shape
    dW = np.tensordot(rows, dZ, axes=([0, 1, 2], [0, 1, 2])).reshape(W.shape)
    d_rows = (dZ @ W.reshape(-1, n_C).T).reshape(*dZ.shape[:3], f, f, n_C_prev)
    d_padded = np.zeros(cache["shape"], dtype=d_rows.dtype)
    for h, w in np.ndindex(*dZ.shape[1:3]):
        d_padded[:, h * s : h * s + f, w * s : w * s + f] += d_rows[:, h, w]
    _, high, wide, _ = d_padded.shape
    return d_padded[:, pad : high - pad, pad : wide - pad], dW, dZ.sum(axis=(0, 1, 2))[None, None, None]


def pool_forward(A_prev, hparameters, mode="max"):
    """Keep for each window the weights of its pixels: the mask, or equal shares."""
    f, s = hparameters["f"], hparameters["stride"]
    m, H, width, n_C = A_prev.shape
    n_H, n_W = (H - f) // s + 1, (width - f) // s + 1
    weights = np.empty((m, n_H, n_W, f, f, n_C))
    A = np.empty((m, n_H, n_W, n_C))
    for h, w in np.ndindex(n_H, n_W):
        window = A_prev[:, h * s : h * s + f, w * s : w * s + f]
        if mode == "max":
            A[:, h, w] = window.max(axis=(1, 2))
            weights[:, h, w] = window == A[:, h, w][:, None, None]
        else:
            A[:, h, w] = window.mean(axis=(1, 2))
            weights[:, h, w] = 1 / f**2
    return A, (weights, A_prev.shape, s)


def pool_backward(dA, cache, mode="max"):
    """Multiply by the weights; the mode has done its work."""
    weights, shape, s = cache
    f = weights.shape[3]
    dA_prev = np.zeros(shape, dtype=dA.dtype)
    for h, w in np.ndindex(*dA.shape[1:3]):
        upstream = dA[:, h, w][:, None, None]
        dA_prev[:, h * s : h * s + f, w * s : w * s + f] += upstream * weights[:, h, w]
    return dA_prev
