"""The two-layer net: affine - ReLU - affine - softmax, with its parameters in a dictionary."""

import numpy as np

from .inputs import expect_array, expect_labels


def init_two_layer_model(input_size, hidden_size, output_size, *, rng=None):
    """Return small random weights and zero biases for a two-layer net.

    input_size D, hidden_size H, output_size C: ints.  rng: a numpy Generator; None takes a fresh one.
    Returns model: W1 (D, H) and W2 (H, C), 1e-5 * standard normal; b1 (H,) and b2 (C,), zeros; all float64.
    """
    rng = np.random.default_rng() if rng is None else rng
    return {
        "W1": 1e-5 * rng.standard_normal((input_size, hidden_size)),
        "b1": np.zeros(hidden_size),
        "W2": 1e-5 * rng.standard_normal((hidden_size, output_size)),
        "b2": np.zeros(output_size),
    }


def two_layer_net_scores(X, model):
    """Compute the class scores of a two-layer net: affine, ReLU, affine.

    hidden = max(0, X W1 + b1);  scores = hidden W2 + b2.

    X: (N, D).  model: W1 (D, H), b1 (H,), W2 (H, C), b2 (C,).
    Returns scores: (N, C), and hidden: (N, H), which the backward pass needs.
    """
    W1, b1, W2, b2 = model["W1"], model["b1"], model["W2"], model["b2"]
    expect_array("X", X, ("N", W1.shape[0]))
    ### BEGIN SOLUTION
    hidden = np.maximum(0, X @ W1 + b1)  # (N, H)
    scores = hidden @ W2 + b2  # (N, C)
    ### END SOLUTION
    return scores, hidden


def two_layer_net_loss(scores, y, model, reg=0.0):
    """Compute the loss of a two-layer net and its gradient with respect to the scores.

    loss = mean cross-entropy of the softmax of the scores + 0.5 * reg * (sum W1^2 + sum W2^2).
    The biases are not regularised.  dscores[n, c] = (p[n, c] - [c == y[n]]) / N with p the softmax.

    scores: (N, C).  y: (N,) integer labels.  model: as in two_layer_net_scores.  reg: a number >= 0.
    Returns loss: one number, and dscores: (N, C).
    """
    W1, W2 = model["W1"], model["W2"]
    expect_array("scores", scores, ("N", "C"))
    N, C = scores.shape
    expect_labels(y, N, C)
    ### BEGIN SOLUTION
    shifted = scores - scores.max(axis=1, keepdims=True)  # exp never sees a positive number
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))  # (N, C)
    loss = -log_p[np.arange(N), y].mean() + 0.5 * reg * (np.sum(W1**2) + np.sum(W2**2))
    dscores = np.exp(log_p)
    dscores[np.arange(N), y] -= 1
    dscores /= N
    ### END SOLUTION
    return loss, dscores


def two_layer_net_grads(dscores, hidden, X, model, reg=0.0):
    """Compute the gradients of a two-layer net's loss with respect to its parameters.

    dW2 = hidden^T dscores + reg W2;  db2 = sum over samples of dscores;
    dhidden = dscores W2^T where hidden > 0, and 0 elsewhere;
    dW1 = X^T dhidden + reg W1;  db1 = sum over samples of dhidden.

    dscores: (N, C).  hidden: (N, H).  X: (N, D).  model, reg: as in two_layer_net_loss.
    Returns grads: a dictionary with the keys and shapes of model.
    """
    W1, W2 = model["W1"], model["W2"]
    expect_array("dscores", dscores, (X.shape[0], W2.shape[1]))
    ### BEGIN SOLUTION
    dhidden = (dscores @ W2.T) * (hidden > 0)  # (N, H)
    grads = {
        "W1": X.T @ dhidden + reg * W1,
        "b1": dhidden.sum(axis=0),
        "W2": hidden.T @ dscores + reg * W2,
        "b2": dscores.sum(axis=0),
    }
    ### END SOLUTION
    return grads
