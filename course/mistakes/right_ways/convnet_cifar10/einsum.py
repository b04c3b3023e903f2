"""The equations themselves, in Einstein's notation, on views of all windows."""

import numpy as np


def two_layer_convnet_scores(X, model):
    """Sum over channels and the pixels of a window; give each 2x2 window two axes of its own."""
    W1, b1, W2, b2 = model["W1"], model["b1"], model["W2"], model["b2"]
    (N, _, H, W), (F, _, f, _) = X.shape, W1.shape
    pad = f // 2
    x_pad = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    windows = np.lib.stride_tricks.sliding_window_view(x_pad, (f, f), axis=(2, 3))
    features = np.einsum("ncijpq,fcpq->nfij", windows, W1) + b1[:, None, None]
    rectified = np.where(features > 0, features, 0)
    h, w = H // 2, W // 2
    pooled = rectified[:, :, : 2 * h, : 2 * w].reshape(N, F, h, 2, w, 2).max(axis=(3, 5))
    scores = np.einsum("nfij,fijk->nk", pooled, W2.reshape(F, h, w, -1)) + b2
    conv_param = {"stride": 1, "pad": pad}
    pool_param = {"pool_height": 2, "pool_width": 2, "stride": 2}
    return scores, ((X, W1, b1, conv_param), features, (rectified, pool_param), (pooled, W2, b2))


def two_layer_convnet_loss(scores, y, model, reg=0.0):
    """Write the sums of squares as products, and the mean as a product with 1/N."""
    N = len(scores)
    scores = scores - scores.max(axis=1)[:, None]
    p = np.exp(scores)
    total = np.einsum("nk->n", p)
    loss = np.sum(np.log(total) - np.take_along_axis(scores, y[:, None], axis=1)[:, 0]) / N
    loss = loss + 0.5 * reg * np.einsum("fcpq,fcpq->", model["W1"], model["W1"])
    loss = loss + 0.5 * reg * np.einsum("dk,dk->", model["W2"], model["W2"])
    dscores = p / total[:, None] / N
    np.subtract.at(dscores, (np.arange(N), y), 1 / N)
    return loss, dscores


def two_layer_convnet_grads(dscores, cache, model, reg=0.0):
    """Find the maximum of each window by comparing, and sum over images and places."""
    (X, W1, b1, conv_param), features, _, (pooled, W2, b2) = cache
    N, F, h, w = pooled.shape
    dpooled = np.einsum("nk,dk->nd", dscores, W2).reshape(N, F, h, 1, w, 1)
    windows = features[:, :, : 2 * h, : 2 * w].reshape(N, F, h, 2, w, 2)
    won = (windows == windows.max(axis=(3, 5), keepdims=True)) & (windows > 0)
    dfeatures = np.zeros_like(features)
    dfeatures[:, :, : 2 * h, : 2 * w] = (dpooled * won).reshape(N, F, 2 * h, 2 * w)
    pad = conv_param["pad"]
    x_pad = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    views = np.lib.stride_tricks.sliding_window_view(x_pad, W1.shape[2:], axis=(2, 3))
    return {
        "W1": np.einsum("nfij,ncijpq->fcpq", dfeatures, views) + reg * W1,
        "b1": np.einsum("nfij->f", dfeatures),
        "W2": np.einsum("nd,nk->dk", pooled.reshape(N, -1), dscores) + reg * W2,
        "b2": np.einsum("nk->k", dscores),
    }


def confusion_matrix(y, guesses, num_classes=10):
    """Multiply a table of the right classes with a table of the guesses."""
    classes = np.arange(num_classes)
    right, guessed = y[:, None] == classes, guesses[:, None] == classes
    return np.einsum("nr,ng->rg", right.astype(int), guessed.astype(int))
