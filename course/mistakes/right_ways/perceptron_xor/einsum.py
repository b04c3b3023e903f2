"""The equations themselves, in Einstein's notation, and the shortest ways to write the others."""

import numpy as np


def step(z):
    """Compare with an array of zeros."""
    return np.greater(z, np.zeros(z.shape)).astype(float)


def perceptron_update(w, b, x, target, learning_rate=1.0):
    """Sum over d."""
    error = target - int(np.einsum("d,d->", w, x) + b > 0)
    return w + np.einsum(",,d->d", learning_rate, error, x), b + learning_rate * error


def sigmoid(z):
    """Write the formula down; where e^-z is infinite, 1 / infinity is 0, which is right."""
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-z))


def tanh_slope(a):
    """Multiply instead of squaring."""
    return 1 - a * a


def output_delta(a, y):
    """Divide by the number of rows, after the difference and before it."""
    return a / len(a) - y / len(a)


def hidden_delta(delta, W, hidden):
    """Sum over k, and multiply with the slope."""
    return np.einsum("nk,hk,nh->nh", delta, W, 1 - hidden * hidden)


def weight_step(previous, delta, learning_rate):
    """Sum over n, twice."""
    dW = np.einsum("nd,nh->dh", previous, delta)
    return -learning_rate * dW, -learning_rate * np.einsum("nh->h", delta)
