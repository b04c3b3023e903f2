"""A small ConvNet: convolution - ReLU - 2x2 max pooling - affine - softmax, and what it costs."""

import numpy as np

from .fast_layers import conv_backward_fast, conv_forward_fast, max_pool_backward_fast, max_pool_forward_fast
from .inputs import expect_array, expect_labels
from .layers import affine_backward, affine_forward, relu_backward, relu_forward
from .losses import softmax_loss


def two_layer_convnet_shapes(input_shape=(3, 32, 32), num_classes=10, num_filters=32, filter_size=5):
    """Return the shape of every parameter of the two-layer ConvNet.

    The convolution keeps the height and width of an image. The 2x2 max pooling halves them; when one is odd,
    its last row or column is not used. The affine layer sees all that is left as one row of numbers.

    input_shape: (C, H, W).  num_classes: K.  num_filters: F.  filter_size: f, odd; sizes in pixels.
    Returns shapes: {"W1": (F, C, f, f), "b1": (F,), "W2": (F * floor(H/2) * floor(W/2), K), "b2": (K,)},
    tuples of ints.
    Raises ValueError when filter_size is even: a filter without a middle cannot keep the size of the image.
    """
    if filter_size % 2 == 0:
        raise ValueError(f"Filter size must be odd; got {filter_size}")
    ### BEGIN SOLUTION
    C, H, W = input_shape
    shapes = {
        "W1": (num_filters, C, filter_size, filter_size),
        "b1": (num_filters,),
        "W2": (num_filters * (H // 2) * (W // 2), num_classes),
        "b2": (num_classes,),
    }
    ### END SOLUTION
    return shapes


def two_layer_convnet_scores(X, model):
    """Compute the class scores of the two-layer ConvNet: convolution, ReLU, 2x2 max pooling, affine.

    features = conv(X, W1, b1), stride 1, with the padding that keeps height and width: pad = (f - 1) / 2;
    pooled = the largest number of each 2x2 window of max(0, features), windows side by side;
    scores = pooled W2 + b2, each image of pooled laid out as one row.

    X: (N, C, H, W).  model: W1 (F, C, f, f), b1 (F,), W2 (F * floor(H/2) * floor(W/2), K), b2 (K,).
    Returns scores: (N, K), and cache: (conv_cache, relu_cache, pool_cache, affine_cache), the caches of the
    four layers in the order in which they ran.
    Raises ValueError when the filters are not square, or of even size.
    """
    W1, b1, W2, b2 = model["W1"], model["b1"], model["W2"], model["b2"]
    expect_array("X", X, ("N", W1.shape[1], "H", "W"))
    HH, WW = W1.shape[2:]
    if HH != WW or HH % 2 == 0:
        raise ValueError(f"filters must be square and of odd size; got {HH} x {WW}")
    ### BEGIN SOLUTION
    conv_param = {"stride": 1, "pad": (HH - 1) // 2}
    pool_param = {"stride": 2, "pool_height": 2, "pool_width": 2}
    features, conv_cache = conv_forward_fast(X, W1, b1, conv_param)  # (N, F, H, W)
    rectified, relu_cache = relu_forward(features)
    pooled, pool_cache = max_pool_forward_fast(rectified, pool_param)  # (N, F, H // 2, W // 2)
    scores, affine_cache = affine_forward(pooled, W2, b2)  # (N, K)
    cache = (conv_cache, relu_cache, pool_cache, affine_cache)
    ### END SOLUTION
    return scores, cache


def two_layer_convnet_loss(scores, y, model, reg=0.0):
    """Compute the loss of the two-layer ConvNet and its gradient with respect to the scores.

    loss = mean cross-entropy of the softmax of the scores + 0.5 * reg * (sum W1^2 + sum W2^2).
    The biases are not regularised.  dscores is the gradient of the cross-entropy.

    scores: (N, K).  y: (N,) integer labels.  model: as in two_layer_convnet_scores.  reg: a number >= 0.
    Returns loss: one number, and dscores: (N, K).
    """
    W1, W2 = model["W1"], model["W2"]
    ### BEGIN SOLUTION
    data_loss, dscores = softmax_loss(scores, y)
    loss = data_loss + 0.5 * reg * (np.sum(W1**2) + np.sum(W2**2))
    ### END SOLUTION
    return loss, dscores


def two_layer_convnet_grads(dscores, cache, model, reg=0.0):
    """Compute the gradients of the two-layer ConvNet's loss with respect to its parameters.

    The gradient of the scores goes back through affine, pooling, ReLU and convolution, each with its cache.
    Each weight W adds reg * W, the gradient of its share of the penalty; a bias adds nothing.

    dscores: (N, K).  cache: from two_layer_convnet_scores.  model, reg: as in two_layer_convnet_loss.
    Returns grads: a dictionary with the keys and shapes of model.
    """
    W1, W2 = model["W1"], model["W2"]
    expect_array("dscores", dscores, ("N", W2.shape[1]))
    ### BEGIN SOLUTION
    conv, relu, pool, affine = cache
    dpooled, dW2, db2 = affine_backward(dscores, affine)
    drectified = max_pool_backward_fast(dpooled, pool)  # (N, F, H, W)
    dfeatures = relu_backward(drectified, relu)
    _, dW1, db1 = conv_backward_fast(dfeatures, conv)
    grads = {"W1": dW1 + reg * W1, "b1": db1, "W2": dW2 + reg * W2, "b2": db2}
    ### END SOLUTION
    return grads


def conv_size(input_shape, num_filters, filter_size, stride=1, pad=0):
    """Count what a convolution makes of one image, what it learns, and how much it multiplies.

    H_out = floor((H + 2 pad - f) / stride) + 1, and W_out alike.  A filter has C f^2 weights and one bias.
    Each number of the output takes one multiply-add for each weight of its filter; adding the bias is free.

    input_shape: (C, H, W).  num_filters: F.  filter_size: f, height and width.  stride, pad: ints, in pixels.
    Returns output_shape: (F, H_out, W_out), parameters: int, and multiply_adds: int, for one image.
    Raises ValueError when a filter is larger than the padded image.
    """
    C, H, W = input_shape
    if filter_size > min(H, W) + 2 * pad:
        padded = f"{H + 2 * pad} x {W + 2 * pad}"
        raise ValueError(f"a filter of size {filter_size} is larger than the padded image of {padded}")
    ### BEGIN SOLUTION
    H_out = (H + 2 * pad - filter_size) // stride + 1
    W_out = (W + 2 * pad - filter_size) // stride + 1
    weights = C * filter_size**2  # of one filter
    output_shape = (num_filters, H_out, W_out)
    parameters = num_filters * (weights + 1)
    multiply_adds = num_filters * H_out * W_out * weights
    ### END SOLUTION
    return output_shape, parameters, multiply_adds


def confusion_matrix(y, guesses, num_classes=10):
    """Count how often each class was taken for each class.

    counts[r, g] = the number of images n with y[n] == r and guesses[n] == g.

    y, guesses: (N,) integer labels, 0 <= label < num_classes: the right classes and the guessed ones.
    Returns counts: (num_classes, num_classes) ints; right guesses stand on the diagonal.
    """
    expect_labels(y, len(y), num_classes)
    expect_array("guesses", guesses, y.shape)
    expect_labels(guesses, len(y), num_classes)
    ### BEGIN SOLUTION
    counts = np.zeros((num_classes, num_classes), dtype=int)
    np.add.at(counts, (y, guesses), 1)  # counts[y, guesses] += 1 would count a repeated pair once
    ### END SOLUTION
    return counts
