"""A stack of layers, each a pair of functions, and its training with Adam."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from . import updates
from .trainer import Step


@dataclass
class Layer:
    """A layer of a stack: its two functions, what it learns, and its settings.

    forward, backward: functions as in this course: forward returns (out, cache), backward (dx, gradients).
    parameters: arrays, in the order in which forward takes them after x; a training changes them in place.
    settings: the last argument of forward (conv_param, bn_param, scale, ...), or None when it takes none.
    """

    forward: Callable
    backward: Callable
    parameters: list = field(default_factory=list)
    settings: object = None
    grads: list = field(default_factory=list)
    cache: object = None

    def run(self, x):
        """Return the output, and keep the cache."""
        settings = [] if self.settings is None else [self.settings]
        out, self.cache = self.forward(x, *self.parameters, *settings)
        return out

    def back(self, dout):
        """Return the gradient of the input, and keep those of the parameters."""
        found = self.backward(dout, self.cache)
        dx, *self.grads = found if isinstance(found, tuple) else (found,)
        return dx

    def leaves(self):
        """Return the layers that this one is made of: itself."""
        return [self]


@dataclass
class Branches:
    """Layers that all take the same input, and whose outputs are put together.

    layers: one Layer for each branch.  forward, backward: concat_forward and concat_backward.
    """

    layers: list
    forward: Callable
    backward: Callable
    cache: object = None

    def run(self, x):
        """Return the outputs of all branches as one array."""
        out, self.cache = self.forward([layer.run(x) for layer in self.layers], 1)
        return out

    def back(self, dout):
        """Return the gradient of the input: the sum over the branches."""
        parts = self.backward(dout, self.cache)
        return sum(layer.back(part) for layer, part in zip(self.layers, parts, strict=True))

    def leaves(self):
        """Return the layers of all branches."""
        return self.layers


class Stack:
    """Layers, one after the other."""

    def __init__(self, *layers):
        self.layers = layers

    @property
    def leaves(self):
        """Return all layers, those in branches too."""
        return [leaf for layer in self.layers for leaf in layer.leaves()]

    @property
    def size(self):
        """Return the number of parameters."""
        return sum(array.size for leaf in self.leaves for array in leaf.parameters)

    def scores(self, X, mode="test", batch_size=100):
        """Return the output for each row of X, a batch at a time."""
        self.turn(mode)
        return np.concatenate([self.run(X[i : i + batch_size]) for i in range(0, len(X), batch_size)])

    def run(self, x):
        """Return the output of the last layer."""
        for layer in self.layers:
            x = layer.run(x)
        return x

    def turn(self, mode, rng=None):
        """Set the mode of each layer that has one; rng draws new seeds for those that have a p."""
        for leaf in self.leaves:
            if isinstance(leaf.settings, dict) and "mode" in leaf.settings:
                leaf.settings["mode"] = mode
                if rng is not None and "p" in leaf.settings:
                    leaf.settings["seed"] = int(rng.integers(2**31))

    def train(self, X, y, loss, *, num_epochs, learning_rate=1e-3, batch_size=50, callback=None, rng=None):
        """Take one step of Adam for each batch; return the loss of each step.

        X: (N, ...).  y: (N, ...).  loss: function (scores, y) -> (loss, gradient of the scores).
        Rows that fill no whole batch wait for the next epoch, in which all are shuffled again.
        callback: called with a Step of the trainer after each step, without accuracies.
        """
        rng = np.random.default_rng() if rng is None else rng
        history, states = [], {}
        steps = len(X) // batch_size
        for epoch in range(num_epochs):
            for batch in rng.permutation(len(X))[: steps * batch_size].reshape(steps, batch_size):
                self.turn("train", rng)
                value, dout = loss(self.run(X[batch]), y[batch])
                for layer in reversed(self.layers):
                    dout = layer.back(dout)
                self.step(states, learning_rate)
                history.append(float(value))
                if callback is not None:
                    now, last = len(history), num_epochs * steps
                    callback(Step(now, last, epoch + 1, history[-1], learning_rate, None, None, {}, None))
        return history

    def step(self, states, learning_rate):
        """Change every parameter by one step of Adam; states: {place: state}, empty at the start."""
        for i, leaf in enumerate(self.leaves):
            for j, (array, gradient) in enumerate(zip(leaf.parameters, leaf.grads, strict=True)):
                dx, states[i, j] = updates.adam(gradient, states.get((i, j)), learning_rate)
                array += dx
