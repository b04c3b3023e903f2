"""What is measured of predictions besides the loss."""

import numpy as np

THRESHOLD = 0.5  # a single output above it says yes


def classes(p):
    """Return the class of each prediction: yes or no, (N, 1), of a single output; else the largest, (N,)."""
    if p.shape[-1] == 1:
        return (p > THRESHOLD).astype(int)
    return np.argmax(p, axis=-1)


def accuracy(y, p):
    """Return which part of the predictions is right, from 0 to 1.

    y: targets in the shape of p, or labels.
    """
    guessed = classes(p)
    right = np.argmax(y, axis=-1) if y.shape == p.shape != guessed.shape else y.reshape(guessed.shape)
    return float(np.mean(guessed == right))


METRICS = {"accuracy": accuracy}
