"""Whole models with the contract of the trainer: scores without labels, loss and gradients with them."""

import numpy as np

from .convnet import (
    two_layer_convnet_grads,
    two_layer_convnet_loss,
    two_layer_convnet_scores,
    two_layer_convnet_shapes,
)
from .nets import two_layer_net_grads, two_layer_net_loss, two_layer_net_scores
from .rows_affine import affine_backward_rows, affine_forward_rows
from .rows_fused import conv_relu_pool_backward_rows, conv_relu_pool_forward_rows


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


def init_two_layer_convnet(
    weight_scale=1e-3,
    bias_scale=0,
    input_shape=(3, 32, 32),
    num_classes=10,
    num_filters=32,
    filter_size=5,
    *,
    rng=None,
):
    """Return small random parameters for the two-layer ConvNet.

    weight_scale, bias_scale: the standard deviations of the weights and of the biases.
    input_shape, num_classes, num_filters, filter_size: as in two_layer_convnet_shapes.
    rng: a numpy Generator; None takes a fresh one.
    Returns model: W1, b1, W2, b2 with the shapes of two_layer_convnet_shapes, float64.
    Raises ValueError when filter_size is even.
    """
    rng = np.random.default_rng() if rng is None else rng
    shapes = two_layer_convnet_shapes(input_shape, num_classes, num_filters, filter_size)
    scales = {"W1": weight_scale, "b1": bias_scale, "W2": weight_scale, "b2": bias_scale}
    return {name: scales[name] * rng.standard_normal(shape) for name, shape in shapes.items()}


def two_layer_convnet(X, model, y=None, reg=0.0):
    """Compute the scores of the two-layer ConvNet or, when labels are given, its loss and gradients.

    X: (N, C, H, W).  model: W1 (F, C, f, f), b1 (F,), W2 (F * floor(H/2) * floor(W/2), K), b2 (K,).
    y: (N,) integer labels, or None.
    Returns scores: (N, K) when y is None, otherwise loss: one number, and grads: a dictionary like model.
    Raises ValueError when the filters are not square, or of even size.
    """
    scores, cache = two_layer_convnet_scores(X, model)
    if y is None:
        return scores
    loss, dscores = two_layer_convnet_loss(scores, y, model, reg)
    return loss, two_layer_convnet_grads(dscores, cache, model, reg)


def two_layer_convnet_fast(X, model, y=None, reg=0.0):
    """Compute what two_layer_convnet does, in training on the layers that keep the memory order of rows.

    Arguments, results and errors as in two_layer_convnet; results up to rounding.
    """
    if y is None:
        return two_layer_convnet_scores(X, model)[0]
    W1, b1, W2, b2 = (model[name] for name in ("W1", "b1", "W2", "b2"))
    if W1.shape[2] != W1.shape[3] or W1.shape[2] % 2 == 0:
        raise ValueError(f"filters must be square and of odd size; got {W1.shape[2]} x {W1.shape[3]}")
    pooled, conv = conv_relu_pool_forward_rows(X, W1, b1, {"stride": 1, "pad": W1.shape[2] // 2})
    scores, affine = affine_forward_rows(pooled, W2, b2)
    loss, dscores = two_layer_convnet_loss(scores, y, model, reg)
    dpooled, dW2, db2 = affine_backward_rows(dscores, affine)
    _, dW1, db1 = conv_relu_pool_backward_rows(dpooled, conv, need_dx=False)
    return loss, {"W1": dW1 + reg * W1, "b1": db1, "W2": dW2 + reg * W2, "b2": db2}
