"""A mask of true and false, used as numbers or to choose."""

import numpy as np


def step(z):
    """Turn true and false into numbers."""
    return (z > 0) * 1


def perceptron_update(w, b, x, target, learning_rate=1.0):
    """Do nothing when the guess is right, else move to one side or the other."""
    fires = np.dot(w, x) + b > 0
    if fires == bool(target):
        return w.copy(), b
    if target == 1:
        return w + learning_rate * x, b + learning_rate
    return w - learning_rate * x, b - learning_rate


def sigmoid(z):
    """Treat positive and negative numbers apart."""
    z = z.astype(float)
    a = np.empty_like(z)
    high = z > 0
    a[high] = 1 / (1 + np.exp(-z[high]))
    power = np.exp(z[~high])
    a[~high] = power / (1 + power)
    return a


def tanh_slope(a):
    """Use the third binomial formula."""
    return (1 - a) * (1 + a)


def output_delta(a, y):
    """Treat ones and zeros apart."""
    return np.where(y == 1, a - 1, a) / a.shape[0]


def hidden_delta(delta, W, hidden):
    """Put the sum of all outputs on an axis of its own."""
    spread = delta[:, None, :] * W[None, :, :]
    return spread.sum(axis=2) * (1 - np.square(hidden))


def weight_step(previous, delta, learning_rate):
    """Put the samples on an axis of their own."""
    dW = (previous[:, :, None] * delta[:, None, :]).sum(axis=0)
    return -(learning_rate * dW), -(learning_rate * np.sum(delta, 0))
