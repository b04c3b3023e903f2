"""The equations themselves, in Einstein's notation, on views of all windows."""

import numpy as np


def conv_single_step(a_slice_prev, W, b):
    """Contract all three axes."""
    return np.einsum("pqk,pqk->", a_slice_prev, W) + b.squeeze()


def conv_forward(A_prev, W, b, hparameters):
    """Sum over channels and the places in a window."""
    s, pad, f = hparameters["stride"], hparameters["pad"], W.shape[0]
    padded = np.pad(A_prev, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (f, f), axis=(1, 2))[:, ::s, ::s]
    return np.einsum("ihwkpq,pqkc->ihwc", windows, W) + b, (A_prev, W, b, hparameters)


def conv_backward(dZ, cache):
    """One contraction for dW; dA_prev is filled one place in the window after the other."""
    A_prev, W, b, hparameters = cache
    s, pad, f = hparameters["stride"], hparameters["pad"], W.shape[0]
    padded = np.pad(A_prev, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (f, f), axis=(1, 2))[:, ::s, ::s]
    d_padded = np.zeros(padded.shape, dtype=dZ.dtype)
    for p, q in np.ndindex(f, f):
        rows = slice(p, p + s * dZ.shape[1], s)
        columns = slice(q, q + s * dZ.shape[2], s)
        d_padded[:, rows, columns] += np.einsum("ihwc,kc->ihwk", dZ, W[p, q])
    dA_prev = d_padded[:, pad : d_padded.shape[1] - pad, pad : d_padded.shape[2] - pad]
    return dA_prev, np.einsum("ihwkpq,ihwc->pqkc", windows, dZ), np.einsum("ihwc->c", dZ).reshape(b.shape)


def pool_forward(A_prev, hparameters, mode="max"):
    """Reduce the last two axes of a view of all windows."""
    f, s = hparameters["f"], hparameters["stride"]
    windows = np.lib.stride_tricks.sliding_window_view(A_prev, (f, f), axis=(1, 2))[:, ::s, ::s]
    A = windows.max(axis=(-2, -1)) if mode == "max" else np.einsum("ihwcpq->ihwc", windows * 1.0) / f**2
    return A, (A_prev, hparameters)


def distribute_value(dz, shape):
    """Multiply a window of ones."""
    return np.einsum(",pq->pq", dz, np.ones(shape)) / np.prod(shape)


def create_mask_from_window(x):
    """Compare through an axis of length 1."""
    return np.equal(x, x.max(axis=(0, 1), keepdims=True))
