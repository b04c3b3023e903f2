"""The net of the lesson perceptron-xor."""

import numpy as np

from course.reference.sequential import SGD, Activation, Dense, Sequential

X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
Y = np.array([[0], [1], [1], [0]])


def net(rng=0):
    """Return 2-10(tanh)-1(sigmoid), not compiled."""
    return Sequential([Dense(10, input_dim=2), Activation("tanh"), Dense(1), Activation("sigmoid")], rng=rng)


def compiled(rng=0, metrics=("accuracy",)):
    """Return the net with its loss and its optimiser."""
    model = net(rng)
    model.compile(loss="binary_crossentropy", optimizer=SGD(0.1), metrics=metrics)
    return model
