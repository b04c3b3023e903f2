"""A small Keras-style API in NumPy: a model is a list of layers, with a loss and an optimiser."""

from .activation import Activation
from .dense import Dense
from .layer import Layer, ShapeError
from .model import Sequential, model_from_json
from .optimizers import SGD, Optimizer
from .structure import ModelError
from .training import History, Step
from .weights import WeightsError

__all__ = [
    "SGD",
    "Activation",
    "Dense",
    "History",
    "Layer",
    "ModelError",
    "Optimizer",
    "Sequential",
    "ShapeError",
    "Step",
    "WeightsError",
    "model_from_json",
]
