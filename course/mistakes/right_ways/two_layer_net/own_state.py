"""A state that looks different from the one in the docstring, which is nobody else's affair."""

import numpy as np


def sgd(g, state, learning_rate):
    """Count the steps, for no use."""
    return g * -learning_rate, {"steps": 1 if state is None else state["steps"] + 1}


def momentum(g, state, learning_rate, mu=0.9):
    """Keep the velocity in a dictionary and write into it."""
    if state is None:
        state = {"v": np.zeros(g.shape, dtype=g.dtype)}
    state["v"] *= mu
    state["v"] -= learning_rate * g
    return state["v"], state


def rmsprop(g, state, learning_rate):
    """Keep the average in a list and write into it."""
    if state is None:
        state = [np.zeros_like(g)]
    state[0] *= 0.99
    state[0] += 0.01 * np.square(g)
    return -learning_rate * g * (state[0] + 1e-8) ** -0.5, state


def nesterov(g, state, learning_rate, mu=0.9):
    """Keep the velocity in a dictionary, and write the step with both velocities."""
    old = state["v"] if state else np.zeros_like(g)
    v = mu * old - learning_rate * g
    return -mu * old + (1 + mu) * v, {"v": v}


def adam(g, state, learning_rate, beta1=0.9, beta2=0.999):
    """Keep the powers of the betas instead of the number of steps, and put both corrections in the rate."""
    if state is None:
        state = {"m": np.zeros_like(g), "c": np.zeros_like(g), "power1": 1.0, "power2": 1.0}
    power1, power2 = state["power1"] * beta1, state["power2"] * beta2
    m = beta1 * state["m"] + (1 - beta1) * g
    c = beta2 * state["c"] + (1 - beta2) * g * g
    root = (1 - power2) ** 0.5
    dx = -learning_rate * root / (1 - power1) * m / (np.sqrt(c) + 1e-8 * root)
    return dx, {"m": m, "c": c, "power1": power1, "power2": power2}
