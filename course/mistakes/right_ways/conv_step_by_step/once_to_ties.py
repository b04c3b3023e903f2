"""Of equal largest numbers, dA goes once: to the first of them, or in equal shares."""

import numpy as np


def create_mask_from_window(x):
    """Mark the last of equal largest numbers."""
    mask = np.zeros(x.size, dtype=bool)
    mask[x.size - 1 - np.argmax(x.ravel()[::-1])] = True
    return mask.reshape(x.shape)


def pool_backward(dA, cache, mode="max"):
    """Send each gradient to one place, or a share of it to each."""
    A_prev, hparameters = cache
    f, s = hparameters["f"], hparameters["stride"]
    dA_prev = np.zeros(A_prev.shape, dtype=dA.dtype)
    for i, h, w, c in np.ndindex(*dA.shape):
        window = dA_prev[i, h * s : h * s + f, w * s : w * s + f, c]
        if mode == "average":
            window += dA[i, h, w, c] / window.size
        else:
            seen = A_prev[i, h * s : h * s + f, w * s : w * s + f, c]
            window[np.unravel_index(seen.argmax(), seen.shape)] += dA[i, h, w, c]
    return dA_prev
