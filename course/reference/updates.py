"""Update rules: a gradient and what is remembered of earlier ones in, a step of the parameters out."""

import numpy as np


def sgd(g, state, learning_rate):
    """Step against the gradient.

    dx = -learning_rate * g.

    g: any shape; not modified.  state: None, nothing is remembered.
    Returns dx: the shape of g, and the new state.
    """
    ### BEGIN SOLUTION
    dx = -learning_rate * g
    ### END SOLUTION
    return dx, state


def momentum(g, state, learning_rate, mu=0.9):
    """Keep a velocity, so that gradients which agree add up.

    v = mu * v - learning_rate * g;  dx = v.

    g: any shape; not modified.  state: v of the step before, None at the start (v = 0).  mu: 0 <= mu < 1.
    Returns dx: the shape of g, and the new state v.
    """
    ### BEGIN SOLUTION
    v = np.zeros_like(g) if state is None else state
    v = mu * v - learning_rate * g
    dx, state = v, v
    ### END SOLUTION
    return dx, state


def nesterov(g, state, learning_rate, mu=0.9):
    """Keep a velocity, and step as if the gradient had been taken where it leads.

    w = mu * v - learning_rate * g;  dx = w + mu * (w - v), where v is the old velocity and w the new one.

    g: any shape; not modified.  state: v of the step before, None at the start (v = 0).  mu: 0 <= mu < 1.
    Returns dx: the shape of g, and the new state w.
    """
    ### BEGIN SOLUTION
    v = np.zeros_like(g) if state is None else state
    w = mu * v - learning_rate * g
    dx, state = w + mu * (w - v), w
    ### END SOLUTION
    return dx, state


def rmsprop(g, state, learning_rate):
    """Divide each number's step by the size that its gradients have had lately.

    c = 0.99 * c + 0.01 * g^2;  dx = -learning_rate * g / sqrt(c + 1e-8), the 1e-8 inside the root.

    g: any shape; not modified.  state: c of the step before, None at the start (c = 0).
    Returns dx: the shape of g, and the new state c.
    """
    ### BEGIN SOLUTION
    c = np.zeros_like(g) if state is None else state
    c = 0.99 * c + 0.01 * g**2
    dx, state = -learning_rate * g / np.sqrt(c + 1e-8), c
    ### END SOLUTION
    return dx, state


def adam(g, state, learning_rate, beta1=0.9, beta2=0.999):
    """Combine a velocity with a division by the size of the gradients, both corrected for their start at 0.

    t = t + 1;  m = beta1 * m + (1 - beta1) * g;  c = beta2 * c + (1 - beta2) * g^2;
    dx = -learning_rate * (m / (1 - beta1^t)) / (sqrt(c / (1 - beta2^t)) + 1e-8), the 1e-8 outside the root.

    g: any shape; not modified.  state: (m, c, t) of the step before, None at the start (all 0).
    Returns dx: the shape of g, and the new state (m, c, t).
    Source: Kingma and Ba, Adam: a method for stochastic optimization, 2015, algorithm 1.
    """
    ### BEGIN SOLUTION
    m, c, t = (np.zeros_like(g), np.zeros_like(g), 0) if state is None else state
    t = t + 1
    m = beta1 * m + (1 - beta1) * g
    c = beta2 * c + (1 - beta2) * g**2
    dx = -learning_rate * (m / (1 - beta1**t)) / (np.sqrt(c / (1 - beta2**t)) + 1e-8)
    state = (m, c, t)
    ### END SOLUTION
    return dx, state
