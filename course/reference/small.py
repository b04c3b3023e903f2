"""A small ConvNet to try layers in: its parts, and the whole with places to put something else."""

import numpy as np

from . import fast_layers, layers
from .stack import Layer, Stack

POOL = {"pool_height": 2, "pool_width": 2, "stride": 2}


def weights(rng, *shape, fan_in):
    """Draw float32 weights of the spread sqrt(2 / fan_in), which keeps the size of numbers under ReLU."""
    return (np.sqrt(2 / fan_in) * rng.standard_normal(shape)).astype(np.float32)


def conv(rng, C, F, size=3, pad=1):
    """Return a convolution with stride 1, F filters of size x size on C channels."""
    parameters = [weights(rng, F, C, size, size, fan_in=C * size * size), np.zeros(F, np.float32)]
    conv_param = {"stride": 1, "pad": pad}
    return Layer(fast_layers.conv_forward_fast, fast_layers.conv_backward_fast, parameters, conv_param)


def relu():
    """Return a ReLU."""
    return Layer(layers.relu_forward, layers.relu_backward)


def max_pool():
    """Return max pooling that halves the height and width."""
    return Layer(fast_layers.max_pool_forward_fast, fast_layers.max_pool_backward_fast, settings=dict(POOL))


def affine(rng, D, classes=10):
    """Return an affine layer for the scores, with small weights; it lays each image out as a row."""
    parameters = [weights(rng, D, classes, fan_in=D) / 10, np.zeros(classes, np.float32)]
    return Layer(layers.affine_forward, layers.affine_backward, parameters)


def small_convnet(rng, first=None, second=None, pool=None, after_first=(), after_second=(), end=()):
    """Return conv - ReLU - pool - conv - ReLU - pool - affine for images of 3 x 32 x 32.

    first, second: instead of the convolutions to 8 and to 16 channels.  pool: instead of the first pooling.
    after_first, after_second: layers between a convolution and its ReLU.  end: layers before the affine one.
    """
    return Stack(
        first or conv(rng, 3, 8),
        *after_first,
        relu(),
        pool or max_pool(),
        second or conv(rng, 8, 16),
        *after_second,
        relu(),
        max_pool(),
        *end,
        affine(rng, 16 * 8 * 8),
    )
