"""Layers that are often used together, made of the single layers and of nothing else."""

from .layers import (
    affine_backward,
    affine_forward,
    conv_backward_naive,
    conv_forward_naive,
    max_pool_backward_naive,
    max_pool_forward_naive,
    relu_backward,
    relu_forward,
)


def affine_relu_forward(x, w, b):
    """Run affine, then ReLU. Arguments as in affine_forward. Returns out: (N, M), and cache."""
    scores, affine_cache = affine_forward(x, w, b)
    out, relu_cache = relu_forward(scores)
    return out, (affine_cache, relu_cache)


def affine_relu_backward(dout, cache):
    """Run the backward passes of affine_relu_forward in reverse order. Returns dx, dw, db."""
    affine_cache, relu_cache = cache
    return affine_backward(relu_backward(dout, relu_cache), affine_cache)


def conv_relu_forward(x, w, b, conv_param):
    """Run convolution, then ReLU. Arguments as in conv_forward_naive. Returns out, and cache."""
    features, conv_cache = conv_forward_naive(x, w, b, conv_param)
    out, relu_cache = relu_forward(features)
    return out, (conv_cache, relu_cache)


def conv_relu_backward(dout, cache):
    """Run the backward passes of conv_relu_forward in reverse order. Returns dx, dw, db."""
    conv_cache, relu_cache = cache
    return conv_backward_naive(relu_backward(dout, relu_cache), conv_cache)


def conv_relu_pool_forward(x, w, b, conv_param, pool_param):
    """Run convolution, then ReLU, then max pooling. Returns out: (N, F, H_out, W_out), and cache."""
    features, conv_relu_cache = conv_relu_forward(x, w, b, conv_param)
    out, pool_cache = max_pool_forward_naive(features, pool_param)
    return out, (conv_relu_cache, pool_cache)


def conv_relu_pool_backward(dout, cache):
    """Run the backward passes of conv_relu_pool_forward in reverse order. Returns dx, dw, db."""
    conv_relu_cache, pool_cache = cache
    return conv_relu_backward(max_pool_backward_naive(dout, pool_cache), conv_relu_cache)
