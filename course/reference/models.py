"""Whole models with the contract of the trainer: scores without labels, loss and gradients with them."""

from .nets import two_layer_net_grads, two_layer_net_loss, two_layer_net_scores


def two_layer_net(X, model, y=None, reg=0.0):
    """Compute the scores of a two-layer net or, when labels are given, its loss and gradients.

    X: (N, D).  model: W1 (D, H), b1 (H,), W2 (H, C), b2 (C,).  y: (N,) integer labels, or None.
    Returns scores: (N, C) when y is None, otherwise loss: one number, and grads: a dictionary like model.
    """
    scores, hidden = two_layer_net_scores(X, model)
    if y is None:
        return scores
    loss, dscores = two_layer_net_loss(scores, y, model, reg)
    return loss, two_layer_net_grads(dscores, hidden, X, model, reg)
