"""The equations themselves, in Einstein's notation."""

import numpy as np


def two_layer_net_scores(X, model):
    """Sum over d, then over h."""
    hidden = np.einsum("nd,dh->nh", X, model["W1"]) + model["b1"]
    hidden = np.where(hidden > 0, hidden, 0)
    return np.einsum("nh,hc->nc", hidden, model["W2"]) + model["b2"], hidden


def two_layer_net_loss(scores, y, model, reg=0.0):
    """Write the sums of squares as products, and the mean as a product with 1/N."""
    N = len(scores)
    scores = scores - scores.max(axis=1)[:, None]
    p = np.exp(scores)
    total = np.einsum("nc->n", p)
    loss = np.sum(np.log(total) - np.take_along_axis(scores, y[:, None], axis=1)[:, 0]) / N
    for W in (model["W1"], model["W2"]):
        loss = loss + 0.5 * reg * np.einsum("ij,ij->", W, W)
    dscores = p / total[:, None] / N
    np.subtract.at(dscores, (np.arange(N), y), 1 / N)
    return loss, dscores


def two_layer_net_grads(dscores, hidden, X, model, reg=0.0):
    """Sum over c, and four times over n."""
    dhidden = np.einsum("nc,hc,nh->nh", dscores, model["W2"], np.sign(hidden))
    return {
        "W1": np.einsum("nd,nh->dh", X, dhidden) + reg * model["W1"],
        "b1": np.einsum("nh->h", dhidden),
        "W2": np.einsum("nh,nc->hc", hidden, dscores) + reg * model["W2"],
        "b2": np.einsum("nc->c", dscores),
    }
