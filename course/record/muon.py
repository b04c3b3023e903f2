"""Muon: momentum whose step for a matrix of weights is made orthogonal.

    m = momentum m + g;   step = orthogonal(g + momentum m);   w = sqrt(F) w / |w| - learning_rate step

A gradient is mostly a few large directions. With all its singular values brought near 1 the small ones move
too. Newton-Schulz does that by matrix products alone: X <- a X + b (X X^T) X + c (X X^T)^2 X changes only the
singular values, and drives those from 0 to 1 towards 1, quickly and not exactly.

Source: K. Jordan et al., Muon, 2024 (kellerjordan.github.io/posts/muon):
the coefficients, and the norm that weights are kept at.
"""

import numpy as np

COEFFICIENTS = (3.4445, -4.7750, 2.0315)


def orthogonal(g, steps=3):
    """Return a matrix with the singular vectors of g, (rows, columns), and singular values near 1."""
    a, b, c = COEFFICIENTS
    turned = g.shape[0] > g.shape[1]
    X = np.ascontiguousarray(g.T if turned else g)
    X = X / (np.linalg.norm(X) + 1e-7)
    for _ in range(steps):
        S = X @ X.T
        X = a * X + (b * S + c * (S @ S)) @ X
    return X.T if turned else X


def muon(w, g, m, learning_rate, momentum=0.6):
    """Change the weights w and their momentum m, both (9, F, C), given the gradient g; in place."""
    _, F, C = w.shape
    m *= momentum
    m += g
    ahead = g + momentum * m
    rows = ahead.transpose(1, 2, 0).reshape(F, C * 9)  # a filter is a row
    w *= np.sqrt(F, dtype=w.dtype) / np.linalg.norm(w)
    w -= learning_rate * orthogonal(rows).reshape(F, C, 9).transpose(2, 0, 1)


def nesterov(w, g, m, learning_rate, momentum=0.85):
    """Change the parameters w and their momentum m, given the gradient g; in place."""
    m *= momentum
    m += g
    w -= learning_rate * (g + momentum * m)
