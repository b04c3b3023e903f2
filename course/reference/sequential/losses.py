"""Losses: one number for how far predictions are from targets, and its gradient for the predictions.

Each takes targets y and predictions p and returns (loss, dp); dp has the shape of p.
"""

import numpy as np

from .layer import ShapeError

EPSILON = 1e-7  # probabilities are kept this far from 0 and 1, so that their logarithms are finite


def mean_squared_error(y, p):
    """Return the mean of (p - y)^2 over all numbers."""
    difference = p - as_targets(y, p)
    return np.mean(difference**2), 2 * difference / difference.size


def binary_crossentropy(y, p):
    """Return the mean of -(y log p + (1 - y) log(1 - p)) over all numbers; p: probabilities of a yes."""
    y, kept = as_targets(y, p), np.clip(p, EPSILON, 1 - EPSILON)
    loss = -np.mean(y * np.log(kept) + (1 - y) * np.log(1 - kept))
    dp = (kept - y) / (kept * (1 - kept)) / p.size
    return loss, np.where(kept == p, dp, 0)  # where p was cut, a small change of it changes nothing


def categorical_crossentropy(y, p):
    """Return the mean over samples of -sum y log p; y: (N, C), rows of shares; p: (N, C), probabilities.

    The rows of p are divided by their sums first.
    """
    y, total = as_targets(y, p), np.sum(p, axis=-1, keepdims=True)
    share = p / total
    kept = np.clip(share, EPSILON, 1 - EPSILON)
    N = p.size // p.shape[-1]
    dshare = np.where(kept == share, -y / kept / N, 0)
    dp = (dshare - np.sum(dshare * share, axis=-1, keepdims=True)) / total
    return -np.sum(y * np.log(kept)) / N, dp


def sparse_categorical_crossentropy(y, p):
    """Return the same for labels: y: (N,) or (N, 1), whole numbers from 0 to C - 1."""
    labels = as_labels(y, p)
    return categorical_crossentropy(np.eye(p.shape[-1])[labels], p)


LOSSES = {
    loss.__name__: loss
    for loss in (
        binary_crossentropy,
        categorical_crossentropy,
        sparse_categorical_crossentropy,
        mean_squared_error,
    )
}


def as_targets(y, p):
    """Return targets in the shape of the predictions; (N,) may stand for (N, 1).

    Raises ShapeError when they do not fit: broadcasting would compare each target with each prediction.
    """
    if y.shape == (len(p),) and p.shape == (len(p), 1):
        return y.reshape(p.shape)
    if y.shape != p.shape:
        raise ShapeError(f"y must have the shape of the predictions, expected {p.shape}, got {y.shape}")
    return y


def as_labels(y, p):
    """Return labels as a row of whole numbers.

    Raises ShapeError or ValueError when there is not one for each sample, or one is no class.
    """
    N, C = p.shape[0], p.shape[-1]
    if y.shape not in ((N,), (N, 1)):
        raise ShapeError(f"labels must have shape ({N},) or ({N}, 1), got {y.shape}")
    labels = y.reshape(N)
    if np.any(labels != np.floor(labels)) or labels.min() < 0 or labels.max() >= C:
        raise ValueError(
            f"labels must be whole numbers from 0 to {C - 1}, got {labels.min()}..{labels.max()}"
        )
    return labels.astype(int)
