"""Losses at the top of a net: scores and labels in, one number and its gradient out."""

import numpy as np

from .inputs import expect_array, expect_labels


def softmax_loss(x, y):
    """Return the mean cross-entropy of the softmax of the scores, and its gradient.

    p[n, c] = exp(x[n, c]) / sum_k exp(x[n, k]);  loss = -1/N sum_n log p[n, y[n]];
    dx[n, c] = (p[n, c] - [c == y[n]]) / N.  Scores as large as 1000 must not overflow.

    x: (N, C) scores.  y: (N,) integer labels, 0 <= y[n] < C.
    Returns loss: one number, and dx: (N, C).
    """
    expect_array("x", x, ("N", "C"))
    N, C = x.shape
    expect_labels(y, N, C)
    ### BEGIN SOLUTION
    shifted = x - x.max(axis=1, keepdims=True)  # exp never sees a positive number
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))  # (N, C)
    loss = -log_p[np.arange(N), y].mean()
    dx = np.exp(log_p)
    dx[np.arange(N), y] -= 1
    dx /= N
    ### END SOLUTION
    return loss, dx


def svm_loss(x, y):
    """Return the mean multiclass hinge loss, and its gradient.

    margin[n, c] = max(0, x[n, c] - x[n, y[n]] + 1) for c != y[n];  loss = 1/N sum_n sum_c margin[n, c].
    dx[n, c] = 1/N where margin[n, c] > 0;  dx[n, y[n]] = -1/N * (number of positive margins of sample n).

    x: (N, C) scores.  y: (N,) integer labels, 0 <= y[n] < C.
    Returns loss: one number, and dx: (N, C).
    """
    expect_array("x", x, ("N", "C"))
    N, C = x.shape
    expect_labels(y, N, C)
    ### BEGIN SOLUTION
    right = x[np.arange(N), y]  # (N,)
    margin = np.maximum(0, x - right[:, None] + 1)
    margin[np.arange(N), y] = 0
    loss = margin.sum() / N
    dx = (margin > 0).astype(np.result_type(x, 1.0))
    dx[np.arange(N), y] -= dx.sum(axis=1)
    dx /= N
    ### END SOLUTION
    return loss, dx
