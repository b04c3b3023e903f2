"""One number at a time."""

import numpy as np


def two_layer_net_scores(X, model):
    """Ask unit after unit, sample after sample."""
    W1, b1, W2, b2 = model["W1"], model["b1"], model["W2"], model["b2"]
    hidden, scores = np.zeros((len(X), len(b1))), np.zeros((len(X), len(b2)))
    for n in range(len(X)):
        for h in range(len(b1)):
            total = b1[h]
            for d in range(X.shape[1]):
                total = total + X[n, d] * W1[d, h]
            if total > 0:
                hidden[n, h] = total
        for c in range(len(b2)):
            scores[n, c] = b2[c] + sum(hidden[n, h] * W2[h, c] for h in range(len(b1)))
    return scores, hidden


def two_layer_net_loss(scores, y, model, reg=0.0):
    """Treat sample after sample and class after class, then weight after weight."""
    N, C = scores.shape
    loss, dscores = 0.0, np.zeros((N, C))
    for n in range(N):
        largest = max(scores[n])
        total = 0.0
        for c in range(C):
            total += np.exp(scores[n, c] - largest)
        loss += (np.log(total) + largest - scores[n, y[n]]) / N
        for c in range(C):
            dscores[n, c] = (np.exp(scores[n, c] - largest) / total - (1 if c == y[n] else 0)) / N
    for name in ("W1", "W2"):
        for weight in model[name].flatten():
            loss += reg * weight * weight / 2
    return loss, dscores


def two_layer_net_grads(dscores, hidden, X, model, reg=0.0):
    """Hand every product's gradient on to its two factors."""
    W1, W2 = model["W1"], model["W2"]
    grads = {name: np.zeros(value.shape) for name, value in model.items()}
    for n in range(len(X)):
        for h in range(W2.shape[0]):
            dhidden = 0.0
            for c in range(W2.shape[1]):
                grads["W2"][h, c] += hidden[n, h] * dscores[n, c]
                dhidden += dscores[n, c] * W2[h, c]
            if hidden[n, h] > 0:
                grads["b1"][h] += dhidden
                for d in range(W1.shape[0]):
                    grads["W1"][d, h] += X[n, d] * dhidden
        for c in range(W2.shape[1]):
            grads["b2"][c] += dscores[n, c]
    grads["W1"] += reg * W1
    grads["W2"] += reg * W2
    return grads


def sgd(g, state, learning_rate):
    """Move number after number."""
    dx = np.zeros(g.shape)
    for place in np.ndindex(*g.shape):
        dx[place] = -learning_rate * g[place]
    return dx, state


def momentum(g, state, learning_rate, mu=0.9):
    """Move number after number."""
    v = np.zeros(g.shape)
    for place in np.ndindex(*g.shape):
        old = 0.0 if state is None else state[place]
        v[place] = mu * old - learning_rate * g[place]
    return v, v


def rmsprop(g, state, learning_rate):
    """Move number after number."""
    c, dx = np.zeros(g.shape), np.zeros(g.shape)
    for place in np.ndindex(*g.shape):
        old = 0.0 if state is None else state[place]
        c[place] = 0.99 * old + 0.01 * g[place] ** 2
        dx[place] = -learning_rate * g[place] / (c[place] + 1e-8) ** 0.5
    return dx, c


def nesterov(g, state, learning_rate, mu=0.9):
    """Move number after number."""
    w, dx = np.zeros(g.shape), np.zeros(g.shape)
    for place in np.ndindex(*g.shape):
        old = 0.0 if state is None else state[place]
        w[place] = mu * old - learning_rate * g[place]
        dx[place] = w[place] + mu * (w[place] - old)
    return dx, w


def adam(g, state, learning_rate, beta1=0.9, beta2=0.999):
    """Move number after number."""
    m, c, t = (np.zeros(g.shape), np.zeros(g.shape), 0) if state is None else state
    m, c, dx, t = m.copy(), c.copy(), np.zeros(g.shape), t + 1
    for place in np.ndindex(*g.shape):
        m[place] = beta1 * m[place] + (1 - beta1) * g[place]
        c[place] = beta2 * c[place] + (1 - beta2) * g[place] ** 2
        ahead, size = m[place] / (1 - beta1**t), c[place] / (1 - beta2**t)
        dx[place] = -learning_rate * ahead / (size**0.5 + 1e-8)
    return dx, (m, c, t)
