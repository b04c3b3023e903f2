"""One number at a time."""

import numpy as np


def step(z):
    """Ask number after number."""
    y = np.zeros(z.shape, dtype=int)
    for place in np.ndindex(*z.shape):
        if z[place] > 0:
            y[place] = 1
    return y


def perceptron_update(w, b, x, target, learning_rate=1.0):
    """Add up feature after feature, then move weight after weight."""
    total = b
    for d in range(len(w)):
        total = total + w[d] * x[d]
    error = target - (1 if total > 0 else 0)
    new = np.zeros(len(w))
    for d in range(len(w)):
        new[d] = w[d] + learning_rate * error * x[d]
    return new, b + learning_rate * error


def sigmoid(z):
    """Take another formula for negative numbers."""
    import math

    a = np.zeros(z.shape)
    for place in np.ndindex(*z.shape):
        if z[place] < 0:
            power = math.exp(z[place])
            a[place] = power / (power + 1)
        else:
            a[place] = 1 / (1 + math.exp(-z[place]))
    return a


def tanh_slope(a):
    """Square number after number."""
    slope = np.ones(a.shape)
    for place in np.ndindex(*a.shape):
        slope[place] -= a[place] * a[place]
    return slope


def output_delta(a, y):
    """Treat sample after sample."""
    N, K = a.shape
    delta = np.zeros((N, K))
    for n in range(N):
        for k in range(K):
            delta[n, k] = (a[n, k] - y[n, k]) / N
    return delta


def hidden_delta(delta, W, hidden):
    """Collect the error of each hidden unit from every output."""
    delta_hidden = np.zeros(hidden.shape)
    for n in range(hidden.shape[0]):
        for h in range(hidden.shape[1]):
            total = 0.0
            for k in range(W.shape[1]):
                total += delta[n, k] * W[h, k]
            delta_hidden[n, h] = total * (1 - hidden[n, h] * hidden[n, h])
    return delta_hidden


def weight_step(previous, delta, learning_rate):
    """Subtract what each sample asks for."""
    dW, db = np.zeros((previous.shape[1], delta.shape[1])), np.zeros(delta.shape[1])
    for n in range(len(delta)):
        for h in range(delta.shape[1]):
            db[h] -= learning_rate * delta[n, h]
            for d in range(previous.shape[1]):
                dW[d, h] -= learning_rate * previous[n, d] * delta[n, h]
    return dW, db
