"""Any stack of the course's layers as the list of layers of `perceptron-xor`, and as a classifier to train.

    net = stack(architecture, rng=0)      # a Sequential: compile and fit, or
    classifier = Classifier(net, seed=0)
    ClassifierTrainer().train(X, y, X_val, y_val, classifier.begin(), classifier)

What a training changes stands in one dictionary of arrays: weights, the running averages of batch
normalisation, and the number of steps, from which dropout draws. So a checkpoint of it holds everything.
"""

import numpy as np

from .reference.architecture import ArchitectureError, plan
from .reference.dropout import dropout_backward, dropout_forward
from .reference.fast_layers import (
    avg_pool_backward_fast,
    avg_pool_forward_fast,
    conv_backward_fast,
    conv_forward_fast,
    max_pool_backward_fast,
    max_pool_forward_fast,
)
from .reference.fast_step import flatten_backward, flatten_forward
from .reference.layers import affine_backward, affine_forward, relu_backward, relu_forward
from .reference.losses import softmax_loss
from .reference.network import EPSILON, pool_param, start
from .reference.normalisation import (
    batchnorm_backward,
    batchnorm_forward,
    spatial_batchnorm_backward,
    spatial_batchnorm_forward,
)
from .reference.sequential import Layer, Sequential, ShapeError

STEPS = "steps"
PAIRS = {
    "conv": (conv_forward_fast, conv_backward_fast),
    "relu": (relu_forward, relu_backward),
    "max_pool": (max_pool_forward_fast, max_pool_backward_fast),
    "avg_pool": (avg_pool_forward_fast, avg_pool_backward_fast),
    "dropout": (dropout_forward, dropout_backward),
    "flatten": (flatten_forward, flatten_backward),
    "affine": (affine_forward, affine_backward),
}
NORMS = {
    1: (batchnorm_forward, batchnorm_backward),
    3: (spatial_batchnorm_forward, spatial_batchnorm_backward),
}


class CourseLayer(Layer):
    """One of the course's layers, described as architecture.plan wants it: {"layer": "relu"}.

    The running averages of a batch normalisation are parameters whose gradient is 0.
    """

    def __init__(self, described, input_shape=None):
        super().__init__(input_shape)
        self.described = described

    def settings(self):
        """Return the description."""
        return {"described": self.described}

    def shapes(self, input_shape):
        """Return the shapes of the parameters; raises ShapeError where the layer does not fit."""
        return self.planned(input_shape).parameters

    def shape_after(self, input_shape):
        """Return the shape of a sample behind the layer."""
        return self.planned(input_shape).output_shape

    def planned(self, input_shape):
        """Return the layer of a plan that has this one alone."""
        try:
            return plan([self.described], input_shape)[0]
        except ArchitectureError as error:
            raise ShapeError(str(error)) from None

    def start(self, shapes, rng):
        """Draw the weights as Network does, in float32."""
        return {name: start(f"0.{name}", shape, False, rng) for name, shape in shapes.items()}

    def build(self, input_shape, rng):
        """Make the parameters; dropout goes on drawing from rng."""
        super().build(input_shape, rng)
        planned = self.planned(input_shape)
        self.kind, self.fixed, self.rng = planned.kind, planned.settings, rng
        self.pair = NORMS[len(input_shape)] if self.kind == "batchnorm" else PAIRS[self.kind]

    def forward(self, x, training=False):
        """Return the output for a batch; a batch normalisation in training moves its averages."""
        setting = self.setting("train" if training else "test")
        learnt = [value for name, value in self.parameters.items() if name not in ("mean", "var")]
        out, cache = self.pair[0](x, *learnt, *([] if setting is None else [setting]))
        if training:
            self.cache = cache
            if self.kind == "batchnorm":
                self.parameters["mean"][...] = setting["running_mean"]
                self.parameters["var"][...] = setting["running_var"]
        return out

    def setting(self, mode):
        """Return the last argument of the forward pass, None where it takes none."""
        match self.kind:
            case "conv":
                return {"stride": self.fixed["stride"], "pad": self.fixed["pad"]}
            case "max_pool" | "avg_pool":
                return pool_param(self.fixed)
            case "dropout":
                seed = int(self.rng.integers(2**31)) if mode == "train" else None
                return {"mode": mode, "p": self.fixed["p"], "seed": seed}
            case "batchnorm":
                averages = {f"running_{name}": self.parameters[name] for name in ("mean", "var")}
                return {"mode": mode, "eps": EPSILON, **averages}
        return None

    def backward(self, dout):
        """Return the gradient of the input, and keep those of the parameters."""
        found = self.pair[1](dout, self.cache)
        dx, *grads = found if isinstance(found, tuple) else (found,)
        self.grads = {name: np.zeros_like(value) for name, value in self.parameters.items()}
        self.grads |= dict(zip(self.parameters, grads, strict=False))
        return dx


def stack(architecture, input_shape=(3, 32, 32), *, rng=None):
    """Return a Sequential of the layers of an architecture; rng: a numpy Generator or a seed.

    Raises ShapeError naming the layer where something is unknown or does not fit.
    """
    places = enumerate(architecture)
    return Sequential([CourseLayer(each, None if at else tuple(input_shape)) for at, each in places], rng=rng)


class Classifier:
    """A Sequential as the loss function of ClassifierTrainer: softmax loss + 0.5 reg (sum of w^2).

    A model is {"<i>.<parameter>": array}, as Network scores it, and "steps"; a step writes the running
    averages and the count into the model.  seed: of dropout, which draws anew from (seed, steps).
    net: its generator is set anew in each step, so it must be no other's, such as the trainer's.
    """

    def __init__(self, net, seed=0):
        self.net, self.seed = net, seed

    def begin(self):
        """Return the model as it is before any training."""
        arrays = {
            f"{i}.{name}": value
            for i, layer in enumerate(self.net.layers)
            for name, value in layer.parameters.items()
        }
        return {**arrays, STEPS: np.zeros((), np.int64)}

    def __call__(self, X, model, y=None, reg=0.0):
        """Return the scores (N, classes) or, with labels y: (N,), the loss and its gradients."""
        for i, layer in enumerate(self.net.layers):
            layer.parameters = {name: model[f"{i}.{name}"] for name in layer.parameters}
        if y is None:
            return self.net.forward(X)
        drawn = np.random.default_rng((self.seed, int(model[STEPS])))
        self.net.rng.bit_generator.state = drawn.bit_generator.state
        model[STEPS][...] += 1
        loss, dscores = softmax_loss(self.net.forward(X, training=True), y)
        self.net.backward(dscores)
        grads = {
            f"{i}.{name}": gradient
            for i, layer in enumerate(self.net.layers)
            for name, gradient in layer.grads.items()
        }
        for name in grads:
            if name.endswith(".w"):
                loss += 0.5 * reg * np.sum(model[name] ** 2)
                grads[name] = grads[name] + model[name].dtype.type(reg) * model[name]
        return loss, grads
