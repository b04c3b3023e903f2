"""The fully connected layer."""

import numpy as np

from .layer import Layer, ShapeError, whole


class Dense(Layer):
    """Give each unit a weighted sum of all inputs and a bias: out = x W + b.

    units: how many come out.  input_dim: how many go in, for the first layer of a model alone.
    W: (input_dim, units), at the start uniform between -l and l with l = sqrt(6 / (input_dim + units));
    b: (units,), at the start 0.
    Source: Glorot and Bengio, Understanding the difficulty of training deep feedforward networks, 2010.
    """

    def __init__(self, units, input_dim=None):
        super().__init__(None if input_dim is None else (whole("input_dim", input_dim),))
        self.units = whole("units", units)

    def settings(self):
        """Return units; what goes in is the model's affair."""
        return {"units": self.units}

    def shapes(self, input_shape):
        """Return the shapes of W and b.

        Raises ShapeError unless a sample is a row of numbers.
        """
        if len(input_shape) != 1:
            raise ShapeError(
                f"Dense takes rows of numbers, expected samples of shape (D,), got {input_shape}"
            )
        return {"W": (*input_shape, self.units), "b": (self.units,)}

    def shape_after(self, input_shape):
        """Return (units,)."""
        return (self.units,)

    def start(self, shapes, rng):
        """Draw W evenly; b is 0."""
        limit = np.sqrt(6 / sum(shapes["W"]))
        return {"W": rng.uniform(-limit, limit, shapes["W"]), "b": np.zeros(shapes["b"])}

    def forward(self, x, training=False):
        """Return x W + b: (N, units)."""
        if training:
            self.x = x
        return x @ self.parameters["W"] + self.parameters["b"]

    def backward(self, dout):
        """Return the gradient for x: (N, input_dim), and keep those for W and b."""
        self.grads = {"W": self.x.T @ dout, "b": dout.sum(axis=0)}
        return dout @ self.parameters["W"].T
