"""One number at a time."""

import numpy as np


def two_layer_convnet_shapes(input_shape=(3, 32, 32), num_classes=10, num_filters=32, filter_size=5):
    """Count the windows that fit into the image, one after the other."""
    if filter_size % 2 == 0:
        raise ValueError(f"Filter size must be odd; got {filter_size}")
    windows = 0
    for _top in range(0, input_shape[1] - 1, 2):
        for _left in range(0, input_shape[2] - 1, 2):
            windows += 1
    W1 = [num_filters, input_shape[0]] + 2 * [filter_size]
    return {"W1": W1, "b1": [num_filters], "W2": [windows * num_filters, num_classes], "b2": [num_classes]}


def two_layer_convnet_scores(X, model):
    """Go through images, filters, windows and pixels."""
    W1, b1, W2, b2 = model["W1"], model["b1"], model["W2"], model["b2"]
    (N, C, H, W), (F, _, f, _) = X.shape, W1.shape
    features, half = np.zeros((N, F, H, W)), f // 2
    for n, k, i, j in np.ndindex(N, F, H, W):
        features[n, k, i, j] = b1[k]
        for c, p, q in np.ndindex(C, f, f):
            row, column = i + p - half, j + q - half
            if 0 <= row < H and 0 <= column < W:
                features[n, k, i, j] += X[n, c, row, column] * W1[k, c, p, q]
    rectified, pooled = np.zeros((N, F, H, W)), np.zeros((N, F, H // 2, W // 2))
    for n, k, i, j in np.ndindex(N, F, H, W):
        rectified[n, k, i, j] = max(0.0, features[n, k, i, j])
        if i < H // 2 * 2 and j < W // 2 * 2:
            pooled[n, k, i // 2, j // 2] = max(pooled[n, k, i // 2, j // 2], rectified[n, k, i, j])
    scores = np.zeros((N, len(b2)))
    for n, k in np.ndindex(N, len(b2)):
        scores[n, k] = sum(a * w for a, w in zip(pooled[n].ravel(), W2[:, k], strict=True)) + b2[k]
    conv_param = {"stride": 1, "pad": half}
    pool_param = {"pool_height": 2, "pool_width": 2, "stride": 2}
    return scores, ((X, W1, b1, conv_param), features, (rectified, pool_param), (pooled, W2, b2))


def two_layer_convnet_loss(scores, y, model, reg=0.0):
    """Treat image after image and class after class, then weight after weight."""
    N, K = scores.shape
    loss, dscores = 0.0, np.zeros((N, K))
    for n in range(N):
        largest = max(scores[n])
        total = sum(np.exp(scores[n, k] - largest) for k in range(K))
        loss += (np.log(total) + largest - scores[n, y[n]]) / N
        for k in range(K):
            dscores[n, k] = (np.exp(scores[n, k] - largest) / total - (k == y[n])) / N
    for name in ("W1", "W2"):
        for weight in model[name].flat:
            loss += reg * weight * weight / 2
    return loss, dscores


def two_layer_convnet_grads(dscores, cache, model, reg=0.0):
    """Hand every product's gradient on to its two factors."""
    (X, W1, b1, conv_param), features, _, (pooled, W2, b2) = cache
    N, F, H, W = features.shape
    C, half = X.shape[1], conv_param["pad"]
    grads = {name: reg * value if name[0] == "W" else np.zeros(value.shape) for name, value in model.items()}
    for n, k, i, j in np.ndindex(pooled.shape):
        place = np.ravel_multi_index((k, i, j), pooled.shape[1:])
        gradient = 0.0
        for c in range(len(b2)):
            grads["W2"][place, c] += pooled[n, k, i, j] * dscores[n, c]
            gradient += W2[place, c] * dscores[n, c]
        window = [(2 * i, 2 * j), (2 * i, 2 * j + 1), (2 * i + 1, 2 * j), (2 * i + 1, 2 * j + 1)]
        a, b = max(window, key=lambda pixel, n=n, k=k: features[n, k, *pixel])
        if features[n, k, a, b] > 0:
            grads["b1"][k] += gradient
            for c, p, q in np.ndindex(C, *W1.shape[2:]):
                row, column = a + p - half, b + q - half
                if 0 <= row < H and 0 <= column < W:
                    grads["W1"][k, c, p, q] += gradient * X[n, c, row, column]
    for n, c in np.ndindex(dscores.shape):
        grads["b2"][c] += dscores[n, c]
    return grads


def conv_size(input_shape, num_filters, filter_size, stride=1, pad=0):
    """Move the filter and count."""
    C, H, W = input_shape
    rows = columns = parameters = products = 0
    while rows * stride + filter_size <= H + 2 * pad:
        rows += 1
    while columns * stride + filter_size <= W + 2 * pad:
        columns += 1
    for _ in range(num_filters):
        for _ in range(C):
            for _ in range(filter_size):
                parameters += filter_size
                products += filter_size * rows * columns
        parameters += 1
    return [num_filters, rows, columns], parameters, products


def confusion_matrix(y, guesses, num_classes=10):
    """Add 1 for image after image."""
    counts = np.zeros((num_classes, num_classes), dtype=np.int64)
    for right, guess in zip(y, guesses, strict=True):
        counts[right][guess] += 1
    return counts
