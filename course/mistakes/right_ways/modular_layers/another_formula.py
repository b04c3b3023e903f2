"""The same function by another formula."""

import numpy as np


def relu_forward(x):
    """Take half of the number and its size."""
    return (x + np.abs(x)) / 2, x


def relu_backward(dout, cache):
    """Multiply with the step function, which is 0 at 0."""
    return dout * np.heaviside(cache, 0)


def softmax_loss(x, y):
    """Subtract the logarithm of the sum of exponentials, which NumPy adds up without overflow."""
    picked = (np.arange(len(y)), y)
    log_p = x - np.logaddexp.reduce(x, axis=1, keepdims=True)
    dx = np.exp(log_p)
    dx[picked] -= 1
    return -np.mean(log_p[picked]), dx / len(y)


def svm_loss(x, y):
    """Leave the right class in and take its 1 off the loss again."""
    N = len(x)
    margins = np.maximum(x - np.take_along_axis(x, y[:, None], axis=1) + 1.0, 0)
    dx = np.where(margins > 0, 1.0, 0.0)
    dx[range(N), y] = 1 - dx.sum(axis=1)
    return (margins.sum() - N) / N, dx / N


def max_pool_backward_naive(dout, cache):
    """Let the last of several equally large numbers win."""
    x, pool_param = cache
    PH, PW, s = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    dx = np.zeros_like(x, dtype=dout.dtype)
    for n, c, i, j in np.ndindex(dout.shape):
        window = x[n, c, i * s : i * s + PH, j * s : j * s + PW]
        p, q = np.argwhere(window == window.max())[-1]
        dx[n, c, i * s + p, j * s + q] += dout[n, c, i, j]
    return dx
