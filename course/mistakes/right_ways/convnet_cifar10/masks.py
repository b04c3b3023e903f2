"""Masks, tables of zeros and ones, and ranges instead of formulas."""

import numpy as np


def two_layer_convnet_shapes(input_shape=(3, 32, 32), num_classes=10, num_filters=32, filter_size=5):
    """Count the even places that have a neighbour."""
    if filter_size % 2 == 0:
        raise ValueError(f"Filter size must be odd; got {filter_size}")
    C, *sides = input_shape
    windows = [len(range(0, side - 1, 2)) for side in sides]
    D = int(np.prod([num_filters, *windows]))
    shapes = {"W2": (D, num_classes), "b2": (num_classes,)}
    return shapes | {"W1": (num_filters, C) + 2 * (filter_size,), "b1": (num_filters,)}


def two_layer_convnet_loss(scores, y, model, reg=0.0):
    """Use a table with a 1 at each right class, and all weights in one row."""
    N, K = scores.shape
    right = np.eye(K)[y]
    scores = scores - np.max(scores, axis=1).reshape(N, 1)
    log_p = scores - np.log(np.sum(np.exp(scores), axis=1)).reshape(N, 1)
    weights = np.concatenate([model["W1"].ravel(), model["W2"].ravel()])
    return -np.sum(right * log_p) / N + 0.5 * reg * weights.dot(weights), (np.exp(log_p) - right) / N


def conv_size(input_shape, num_filters, filter_size, stride=1, pad=0):
    """Ask ranges for their lengths, and divide the work by the number of places."""
    C, H, W = input_shape
    tops = range(-pad, H + pad - filter_size + 1, stride)
    lefts = range(-pad, W + pad - filter_size + 1, stride)
    multiply_adds = num_filters * C * filter_size**2 * len(tops) * len(lefts)
    parameters = multiply_adds // (len(tops) * len(lefts)) + num_filters
    return (num_filters, len(tops), len(lefts)), parameters, multiply_adds


def confusion_matrix(y, guesses, num_classes=10):
    """Count a mask for each pair of classes."""
    return np.array(
        [[np.sum((y == r) & (guesses == g)) for g in range(num_classes)] for r in range(num_classes)]
    )
