"""The same numbers by another formula."""

import numpy as np


def two_layer_net_scores(X, model):
    """Carry each bias as the weight of an input that is always 1."""
    ones = np.ones((len(X), 1), dtype=model["W1"].dtype)
    hidden = np.clip(np.hstack([X, ones]) @ np.vstack([model["W1"], model["b1"]]), 0, None)
    return np.hstack([hidden, ones]) @ np.vstack([model["W2"], model["b2"]]), hidden


def two_layer_net_loss(scores, y, model, reg=0.0):
    """Take the logarithm of the sum of exponentials from NumPy."""
    rows = np.arange(len(y))
    total = np.logaddexp.reduce(scores * 1.0, axis=1)
    weights = np.concatenate([model["W1"].ravel(), model["W2"].ravel()])
    dscores = np.exp(scores - total[:, None]) / len(y)
    dscores[rows, y] -= 1 / len(y)
    return np.mean(total - scores[rows, y]) + reg / 2 * (weights @ weights), dscores


def two_layer_net_grads(dscores, hidden, X, model, reg=0.0):
    """Work out again which hidden units were active, and get the biases' gradients from a row of ones."""
    active = X @ model["W1"] + model["b1"] > 0
    dhidden = np.where(active, dscores @ model["W2"].T, 0)
    ones = np.ones(len(X), dtype=dscores.dtype)
    grads = {
        "W2": (dscores.T @ hidden).T,
        "b2": ones @ dscores,
        "W1": (dhidden.T @ X).T,
        "b1": ones @ dhidden,
    }
    return {name: g + (reg * model[name] if name[0] == "W" else 0) for name, g in grads.items()}


def sgd(g, state, learning_rate):
    """Subtract from nothing."""
    return np.zeros_like(g) - np.multiply(learning_rate, g), None


def momentum(g, state, learning_rate, mu=0.9):
    """Keep the velocity with the opposite sign."""
    uphill = learning_rate * g if state is None else mu * state + learning_rate * g
    return -uphill, uphill


def rmsprop(g, state, learning_rate):
    """Move the average a hundredth of the way to the new square."""
    c = np.zeros_like(g) if state is None else state
    c = c + 0.01 * (g * g - c)
    return -(learning_rate / np.sqrt(c + 1e-8)) * g, c


def nesterov(g, state, learning_rate, mu=0.9):
    """Write the step as the velocity after one more step along the same gradient."""
    v = 0 * g if state is None else state
    v = mu * v - learning_rate * g
    return mu * v - learning_rate * g, v


def adam(g, state, learning_rate, beta1=0.9, beta2=0.999):
    """Keep the corrected averages, with weights that change from step to step."""
    m, c, t = (0 * g, 0 * g, 0) if state is None else state
    t = t + 1
    new_m, new_c = (1 - beta1) / (1 - beta1**t), (1 - beta2) / (1 - beta2**t)
    m = m + new_m * (g - m)
    c = c + new_c * (g**2 - c)
    return -learning_rate * m / (np.sqrt(c) + 1e-8), (m, c, t)
