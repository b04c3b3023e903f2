"""The layer that bends its numbers, one by one, or all of a sample together."""

import numpy as np

from .layer import Layer, ShapeError


class Activation(Layer):
    """Apply a function: 'sigmoid', 'tanh', 'relu', or 'softmax' over the last axis.

    Raises ValueError for another name.
    """

    def __init__(self, function):
        super().__init__()
        if function not in tuple(FUNCTIONS):
            raise ValueError(f"an activation is one of {', '.join(FUNCTIONS)}; got {function!r:.80}")
        self.function = function

    def settings(self):
        """Return the name of the function."""
        return {"function": self.function}

    def shapes(self, input_shape):
        """Return no parameters.

        Raises ShapeError when softmax has a single number to share 1 among.
        """
        if self.function == "softmax" and input_shape[-1] == 1:
            raise ShapeError(
                "softmax of one number is always 1, expected at least 2 units before it, got 1: "
                "take sigmoid for a single output"
            )
        return {}

    def forward(self, x, training=False):
        """Return the function of x, of the same shape."""
        out = FUNCTIONS[self.function][0](x)
        if training:
            self.out = out
        return out

    def backward(self, dout):
        """Return dout times the derivative, which each function can tell from what came out."""
        return FUNCTIONS[self.function][1](dout, self.out)


def sigmoid(x):
    """Return 1 / (1 + e^-x); no exponent is positive, so nothing overflows."""
    return np.exp(np.minimum(x, 0)) / (1 + np.exp(-np.abs(x)))


def sigmoid_back(dout, out):
    """Return dout times out (1 - out)."""
    return dout * out * (1 - out)


def tanh_back(dout, out):
    """Return dout times 1 - out^2."""
    return dout - dout * np.square(out)


def relu(x):
    """Return x where it is positive, else 0."""
    return np.maximum(x, 0)


def relu_back(dout, out):
    """Return dout where something came out, else 0."""
    return np.where(out > 0, dout, 0)


def softmax(x):
    """Return e^x / sum e^x over the last axis, with the largest x moved to 0."""
    powers = np.exp(x - np.max(x, axis=-1, keepdims=True))
    return powers / np.sum(powers, axis=-1, keepdims=True)


def softmax_back(dout, out):
    """Return out (dout - sum of dout times out): all numbers of a sample share one sum."""
    return out * (dout - np.sum(dout * out, axis=-1, keepdims=True))


# name: (what it computes from x, the gradient for x from dout and what came out)
FUNCTIONS = {
    "sigmoid": (sigmoid, sigmoid_back),
    "tanh": (np.tanh, tanh_back),
    "relu": (relu, relu_back),
    "softmax": (softmax, softmax_back),
}
