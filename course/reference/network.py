"""A network made from its architecture: scores, loss and gradients of any stack of the course's layers."""

import numpy as np

from .architecture import plan, table
from .fast_layers import avg_pool_forward_fast, conv_forward_fast, max_pool_forward_fast
from .fast_step import loss_and_grads
from .layers import affine_forward, relu_forward

EPSILON = 1e-5  # keeps a batch normalisation from dividing by 0
UNTRAINED = ("batchnorm", "dropout")


class Network:
    """A stack of layers as a loss function, the way ClassifierTrainer wants it.

    architecture: see architecture.plan.  input_shape: (C, H, W) of an image.
    layers: the Layers of the plan.
    A model is a dictionary {"<i>.<parameter>": array}, with i the layer's place from 0.
    Raises ArchitectureError when the layers do not fit together.
    """

    def __init__(self, architecture, input_shape=(3, 32, 32)):
        self.architecture, self.input_shape = architecture, tuple(input_shape)
        self.layers = plan(architecture, input_shape)

    def __repr__(self):
        return table(self.layers)

    @property
    def shapes(self):
        """Return {"<i>.<parameter>": shape} of all parameters."""
        return {
            f"{i}.{name}": shape
            for i, layer in enumerate(self.layers)
            for name, shape in layer.parameters.items()
        }

    def init(self, *, rng=None):
        """Return a model at its start, in float32.

        Weights are drawn with the spread sqrt(2 / fan-in), which keeps the size of the numbers from layer to
        layer under ReLU; the last ones with 1 / fan-in, so that all classes start with nearly equal scores.
        Source: He et al., Delving deep into rectifiers, 2015.
        """
        rng = np.random.default_rng() if rng is None else rng
        last = max((name for name in self.shapes if name.endswith(".w")), key=place, default=None)
        return {name: start(name, shape, name == last, rng) for name, shape in self.shapes.items()}

    def __call__(self, X, model, y=None, reg=0.0):
        """Compute the scores or, when labels are given, the loss and its gradients.

        loss = mean cross-entropy of the softmax of the scores + 0.5 reg (sum of the squared weights).

        X: (N, C, H, W).  model: as `init` makes it.  y: (N,) integer labels, or None.  reg: a number >= 0.
        Returns scores: (N, classes) when y is None, otherwise loss: one number, and grads: like model.
        Raises ValueError when a network with batchnorm or dropout is to be trained: here they only score.
        """
        if y is None:
            return self.scores(X, model)
        return self.loss(X, model, y, reg)

    def scores(self, X, model):
        """Return the scores, each batch normalisation with its measured numbers and dropout left out."""
        for i, layer in enumerate(self.layers):
            X = forward(layer, X, {name: model[f"{i}.{name}"] for name in layer.parameters})
        return X

    def loss(self, X, model, y, reg):
        """Return the loss and the gradients by parameter."""
        untrained = [layer.kind for layer in self.layers if layer.kind in UNTRAINED]
        if untrained:
            raise ValueError(f"{untrained[0]} is not trained here: train it with layers of your own")
        loss, grads = loss_and_grads(self.layers, X, model, y)
        for name in grads:
            if name.endswith(".w"):
                loss += 0.5 * reg * np.sum(model[name] ** 2)
                grads[name] += model[name].dtype.type(reg) * model[name]
        return loss, grads


def place(name):
    """Return the place of the layer that a parameter belongs to."""
    return int(name.partition(".")[0])


def start(name, shape, is_last, rng):
    """Return one parameter at its start."""
    kind = name.partition(".")[2]
    if kind != "w":
        return np.full(shape, kind in ("gamma", "var"), dtype=np.float32)
    fan_in = np.prod(shape[1:]) if len(shape) == 4 else shape[0]
    spread = 1 / fan_in if is_last else np.sqrt(2 / fan_in)
    return (spread * rng.standard_normal(shape)).astype(np.float32)


def forward(layer, x, p):
    """Return a layer's output; p: its parameters by name."""
    s = layer.settings
    match layer.kind:
        case "conv":
            return conv_forward_fast(x, p["w"], p["b"], {"stride": s["stride"], "pad": s["pad"]})[0]
        case "relu":
            return relu_forward(x)[0]
        case "max_pool":
            return max_pool_forward_fast(x, pool_param(s))[0]
        case "avg_pool":
            return avg_pool_forward_fast(x, pool_param(s))[0]
        case "batchnorm":
            return normalised(x, **p)
        case "flatten":
            return x.reshape(len(x), -1)
        case "affine":
            return affine_forward(x, p["w"], p["b"])[0]
    return x  # dropout keeps everything when a network is not being trained


def pool_param(settings):
    """Return square windows as the pooling layers want them."""
    return {"pool_height": settings["size"], "pool_width": settings["size"], "stride": settings["stride"]}


def normalised(x, gamma, beta, mean, var):
    """Return gamma (x - mean) / sqrt(var + epsilon) + beta, with a number of each for each channel."""
    scale = gamma / np.sqrt(var + EPSILON)
    shape = (-1, *[1] * (x.ndim - 2))
    return x * scale.reshape(shape) + (beta - mean * scale).reshape(shape)
