"""The same numbers by another formula."""

import numpy as np


def two_layer_convnet_shapes(input_shape=(3, 32, 32), num_classes=10, num_filters=32, filter_size=5):
    """Look at the second row and column of each window: they are there when the window is."""
    if filter_size % 2 == 0:
        raise ValueError(f"Filter size must be odd; got {filter_size}")
    features = np.empty((num_filters, *input_shape[1:]))
    W1 = np.empty((num_filters, input_shape[0], filter_size, filter_size))
    W2 = np.empty((features[:, 1::2, 1::2].size, num_classes))
    return {"W1": W1.shape, "b1": features.shape[:1], "W2": W2.shape, "b2": W2.shape[1:]}


def two_layer_convnet_scores(X, model):
    """Add one moved image for each weight of a filter, and pool before the ReLU."""
    W1, b1, W2, b2 = model["W1"], model["b1"], model["W2"], model["b2"]
    (N, _, H, W), f = X.shape, W1.shape[-1]
    pad = f // 2
    x_pad = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    features = b1.reshape(1, -1, 1, 1)
    for p in range(f):
        for q in range(f):
            moved = np.tensordot(x_pad[:, :, p : p + H, q : q + W], W1[:, :, p, q], axes=(1, 1))
            features = features + np.moveaxis(moved, -1, 1)
    upper, lower = features[:, :, : H - H % 2 : 2], features[:, :, 1::2]
    rows = np.maximum(upper, lower)
    pooled = np.maximum(np.maximum(rows[..., : W - W % 2 : 2], rows[..., 1::2]), 0)
    conv_param = {"stride": 1, "pad": pad}
    pool_param = {"pool_height": 2, "pool_width": 2, "stride": 2}
    cache = (X, W1, b1, conv_param), features, (np.maximum(features, 0), pool_param), (pooled, W2, b2)
    return pooled.reshape(N, -1).dot(W2) + b2, cache


def two_layer_convnet_loss(scores, y, model, reg=0.0):
    """Take the logarithm of the sum of exponentials from NumPy, and the squares from the lengths."""
    rows = np.arange(len(y))
    total = np.logaddexp.reduce(scores * 1.0, axis=1)
    dscores = np.exp(scores - total[:, None]) / len(y)
    dscores[rows, y] -= 1 / len(y)
    lengths = np.linalg.norm(model["W1"]), np.linalg.norm(model["W2"])
    return np.mean(total - scores[rows, y]) + reg / 2 * (lengths[0] ** 2 + lengths[1] ** 2), dscores


def two_layer_convnet_grads(dscores, cache, model, reg=0.0):
    """Enlarge the pooled gradient, and multiply with moved images, one for each weight of a filter."""
    (X, W1, b1, conv_param), features, _, (pooled, W2, b2) = cache
    N, F, H, W = features.shape
    large = np.kron(dscores.dot(W2.T).reshape(pooled.shape), np.ones((2, 2), dtype=dscores.dtype))
    largest = np.kron(pooled, np.ones((2, 2), dtype=pooled.dtype))
    odd = ((0, 0), (0, 0), (0, H % 2), (0, W % 2))
    large, largest = np.pad(large, odd), np.pad(largest, odd)
    dfeatures = np.where((features == largest) & (features > 0), large, 0)
    pad = conv_param["pad"]
    x_pad = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dW1 = np.empty_like(W1)
    for p in range(W1.shape[2]):
        for q in range(W1.shape[3]):
            moved = x_pad[:, :, p : p + H, q : q + W]
            dW1[:, :, p, q] = np.tensordot(dfeatures, moved, axes=((0, 2, 3), (0, 2, 3)))
    grads = {"b2": dscores.sum(0), "W2": pooled.reshape(N, -1).T.dot(dscores)}
    grads |= {"b1": dfeatures.sum((0, 2, 3)), "W1": dW1}
    for name in ("W1", "W2"):
        grads[name] = grads[name] + reg * model[name]
    return grads


def conv_size(input_shape, num_filters, filter_size, stride=1, pad=0):
    """Make arrays of ones and ask for their sizes."""
    C, H, W = input_shape
    image = np.ones((H + 2 * pad, W + 2 * pad), dtype=np.int8)
    windows = np.lib.stride_tricks.sliding_window_view(image, (filter_size, filter_size))[::stride, ::stride]
    w, b = np.ones((num_filters, C, filter_size, filter_size)), np.ones(num_filters)
    return (num_filters, *windows.shape[:2]), w.size + b.size, windows.size * C * num_filters


def confusion_matrix(y, guesses, num_classes=10):
    """Give each pair a number and count the numbers."""
    pairs = y.astype(np.int64) * num_classes + guesses
    return np.bincount(pairs, minlength=num_classes**2).reshape(num_classes, num_classes)
