"""Gradients that read a cache of their own, and the scores that write it."""

import numpy as np


def two_layer_convnet_scores(X, model):
    """Keep the windows, the places of the maxima and the pooled rows in a dictionary."""
    W1, b1, W2, b2 = model["W1"], model["b1"], model["W2"], model["b2"]
    (N, _, H, W), f = X.shape, W1.shape[-1]
    x_pad = np.pad(X, ((0, 0), (0, 0), (f // 2, f // 2), (f // 2, f // 2)))
    windows = np.lib.stride_tricks.sliding_window_view(x_pad, (f, f), axis=(2, 3))
    features = np.tensordot(windows, W1, axes=((1, 4, 5), (1, 2, 3))) + b1  # (N, H, W, F)
    h, w = H // 2, W // 2
    quarters = np.stack([features[:, i : 2 * h : 2, j : 2 * w : 2] for i in (0, 1) for j in (0, 1)])
    winner, pooled = quarters.argmax(axis=0), np.maximum(quarters.max(axis=0), 0)
    rows = pooled.transpose(0, 3, 1, 2).reshape(N, -1)
    return rows @ W2 + b2, {"windows": windows, "winner": winner, "pooled": pooled, "rows": rows}


def two_layer_convnet_grads(dscores, cache, model, reg=0.0):
    """Put each gradient where the maximum was, and multiply with the windows."""
    W1, W2 = model["W1"], model["W2"]
    pooled, windows = cache["pooled"], cache["windows"]
    N, h, w, F = pooled.shape
    dpooled = (dscores @ W2.T).reshape(N, F, h, w).transpose(0, 2, 3, 1) * (pooled > 0)
    dfeatures = np.zeros((N, *windows.shape[2:4], F), dtype=dpooled.dtype)
    for place in range(4):
        i, j = divmod(place, 2)
        dfeatures[:, i : 2 * h : 2, j : 2 * w : 2] = dpooled * (cache["winner"] == place)
    dW1 = np.tensordot(dfeatures, windows, axes=((0, 1, 2), (0, 2, 3)))
    return {
        "W1": dW1 + reg * W1,
        "b1": dpooled.sum(axis=(0, 1, 2)),
        "W2": cache["rows"].T @ dscores + reg * W2,
        "b2": dscores.sum(axis=0),
    }
