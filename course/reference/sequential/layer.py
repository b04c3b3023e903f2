"""What every layer of a model can do, so that the model need not know which layers there are."""

import math
from numbers import Integral


class ShapeError(ValueError):
    """Shapes that do not fit; the message says what came and what was expected."""


class Layer:
    """One step of a model: numbers forward, gradients back.

    A layer of another kind says which shapes its parameters have (shapes), what shape comes out
    (shape_after), how its parameters start (start), and computes forward and backward.

    input_shape, output_shape: of one sample, without the N of the batch; None before build, but for an
    input_shape that the first layer of a model was given.
    parameters, grads: {name: array}, one shape for both.  name: the model gives it.
    """

    def __init__(self, input_shape=None):
        self.name, self.input_shape, self.output_shape = type(self).__name__.lower(), input_shape, None
        self.parameters, self.grads = {}, {}

    def shapes(self, input_shape):
        """Return {name: shape} of the parameters for samples of this shape.

        Raises ShapeError when the layer cannot take such samples.
        """
        return {}

    def shape_after(self, input_shape):
        """Return the shape of a sample behind the layer."""
        return input_shape

    def start(self, shapes, rng):
        """Return {name: array} of the parameters before any training."""
        return {}

    def settings(self):
        """Return {argument: plain value} with which the layer can be made again."""
        return {}

    def build(self, input_shape, rng):
        """Make the parameters for samples of this shape; rng: a numpy Generator.

        Raises ShapeError when the layer cannot take such samples.
        """
        shapes = self.shapes(input_shape)
        self.input_shape, self.output_shape = input_shape, self.shape_after(input_shape)
        self.parameters = self.start(shapes, rng)

    def forward(self, x, training=False):
        """Return what comes out for a batch x: (N, *input_shape); (N, *output_shape).

        training: keep what backward needs.
        """
        raise NotImplementedError

    def backward(self, dout):
        """Return the gradient of the loss with respect to x, and put those of the parameters into grads.

        dout: (N, *output_shape), for the batch that went forward last with training=True.
        """
        raise NotImplementedError

    @property
    def size(self):
        """Return how many numbers the parameters hold."""
        return sum(value.size for value in self.parameters.values())


def size_of(shapes):
    """Return how many numbers parameters of these shapes hold."""
    return sum(map(math.prod, shapes.values()))


def whole(name, value):
    """Return a setting that must be a whole number of at least 1.

    Raises TypeError or ValueError when it is not.
    """
    if isinstance(value, bool) or not isinstance(value, Integral):
        raise TypeError(f"{name} must be a whole number, got {type(value).__name__}")
    if value < 1:
        raise ValueError(f"{name} must be at least 1, got {value}")
    return int(value)
