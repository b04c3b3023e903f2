"""The model: layers in a row."""

import numpy as np

from ...data.progress import Bar
from . import structure, weights
from .layer import Layer, ShapeError, whole
from .losses import LOSSES
from .metrics import METRICS, classes
from .optimizers import OPTIMIZERS, Optimizer
from .summary import table
from .training import History, Step, batches


class Sequential:
    """Layers in a row: what comes out of one goes into the next.

    layers: to begin with.  rng: a numpy Generator or a seed, for the weights at the start and the order of
    the samples in training; None takes a fresh one.
    """

    def __init__(self, layers=(), *, rng=None):
        self.layers, self.rng = [], np.random.default_rng(rng)
        self.loss, self.optimizer, self.metrics = None, None, ()
        for layer in layers:
            self.add(layer)

    def add(self, layer):
        """Put a layer behind the others, and make its parameters.

        Raises TypeError for what is no layer, ValueError when the first one does not say what goes in or the
        layer is part of a model already, ShapeError when it cannot take what comes out of the layer before.
        """
        if not isinstance(layer, Layer):
            raise TypeError(f"add takes a layer such as Dense(10), got {type(layer).__name__}")
        if layer.output_shape is not None:
            raise ValueError(f"{layer.name} is part of a model already: make a new layer")
        kind = type(layer).__name__.lower()
        name = f"{kind}_{1 + sum(type(other) is type(layer) for other in self.layers)}"
        before = self.layers[-1] if self.layers else None
        shape = before.output_shape if before else layer.input_shape
        if shape is None:
            raise ValueError(f"{name} is the first layer: say what goes in, as in Dense(10, input_dim=2)")
        if layer.input_shape not in (None, shape):
            raise ShapeError(
                f"{name} expects samples of shape {layer.input_shape}, got {shape} from {before.name}: "
                "only the first layer needs input_dim"
            )
        try:
            layer.build(shape, self.rng)
        except ShapeError as error:
            raise ShapeError(f"{name}: {error}") from None
        layer.name = name
        self.layers.append(layer)

    def compile(self, loss, optimizer="sgd", metrics=()):
        """Choose a loss, an optimiser and what is measured besides, by name; an optimiser may be an object.

        Raises ValueError naming those that there are when a name is unknown.
        """
        self.loss = named("loss", LOSSES, loss)
        self.optimizer = (
            optimizer if isinstance(optimizer, Optimizer) else named("optimizer", OPTIMIZERS, optimizer)()
        )
        self.metrics = {name: named("metric", METRICS, name) for name in metrics or ()}

    def count_params(self):
        """Return how many numbers all parameters hold."""
        return sum(layer.size for layer in self.layers)

    def summary(self, print_fn=print):
        """Print the layers, the shapes behind them and their parameters."""
        print_fn(table(self.layers))

    def forward(self, x, training=False):
        """Return what comes out of the last layer for a batch."""
        for layer in self.layers:
            x = layer.forward(x, training)
        return x

    def backward(self, dout):
        """Put the gradients of all parameters into the layers' grads; return that of the batch."""
        for layer in reversed(self.layers):
            dout = layer.backward(dout)
        return dout

    def fit(
        self,
        x,
        y,
        epochs=1,
        batch_size=32,
        verbose=1,
        shuffle=True,
        *,
        callback=None,
        rng=None,
    ):
        """Train, and return a History; called again, it goes on from where it stood.

        An epoch is one round through all samples, in a new order when shuffle is true, in batches of
        batch_size; the last batch may be smaller.

        x: (N, ...).  y: targets or labels, (N, ...).  verbose: 0 shows no progress bar.
        callback: a function or a list of them, called with a Step after each update; the training ends when
            one returns True.
        rng: a Generator or a seed for the order of the samples; None takes the model's own.
        Raises RuntimeError before compile, ShapeError when x or y does not fit.
        """
        x, y = self.checked(x, y)
        batch_size, epochs = whole("batch_size", batch_size), whole("epochs", epochs)
        order = (self.rng if rng is None else np.random.default_rng(rng)) if shuffle else None
        told = callback if isinstance(callback, (list, tuple)) else [callback] if callback else []
        history = History(epochs * len(batches(len(x), batch_size)))
        with Bar(total=epochs, desc="Training", unit=" epochs", disable=not verbose, mininterval=0.2) as bar:
            for _ in range(epochs):
                if self.epoch(x, y, batches(len(x), batch_size, order), history, told):
                    break
                bar.update()
                if verbose:
                    bar.set_postfix_str(f"loss {history.history['loss'][-1]:.4f}", refresh=False)
        return history

    def epoch(self, x, y, parts, history, told):
        """Go once through the data; return True when a callback wants the training to end here.

        parts: the indices of each batch.  history: takes note of the epoch.  told: the callbacks.
        """
        totals = dict.fromkeys(("loss", *self.metrics), 0.0)
        for number, part in enumerate(parts, 1):
            loss, measured = self.update(x[part], y[part])
            for name, value in {"loss": loss, **measured}.items():
                totals[name] += value * len(part)
            history.iteration += 1
            if number == len(parts):
                history.note({name: total / len(x) for name, total in totals.items()})
            step = self.step(history, loss, number == len(parts))
            if True in [callback(step) is True for callback in told]:  # each is called, whoever ends it
                return True
        return False

    def step(self, history, loss, at_end):
        """Return the Step after an update."""
        epoch = len(history.epoch) + (not at_end)
        accuracy = history.history["accuracy"][-1] if at_end and "accuracy" in self.metrics else None
        rate = self.optimizer.learning_rate
        return Step(history.iteration, history.iterations, epoch, loss, rate, accuracy, None, self)

    def update(self, x, y):
        """Make one step of the optimiser for one batch; return its loss and metrics, before the step."""
        p = self.forward(x, training=True)
        loss, dp = self.loss(y, p)
        self.backward(dp)
        self.optimizer.apply(self.layers)
        return float(loss), {name: metric(y, p) for name, metric in self.metrics.items()}

    def predict(self, x, batch_size=32, verbose=0):
        """Return what comes out for samples x: (N, ...), batch by batch; verbose: 1 shows a progress bar."""
        x = self.samples(x)
        parts = batches(len(x), batch_size)
        shown = Bar(parts, desc="Predicting", unit=" batches", disable=not verbose, mininterval=0.2)
        return np.concatenate([self.forward(x[part]) for part in shown])

    def predict_classes(self, x, batch_size=32, verbose=0):
        """Return the class of each sample: 0 or 1, (N, 1), of a single output; else the largest, (N,)."""
        return classes(self.predict(x, batch_size, verbose))

    def evaluate(self, x, y, batch_size=32, verbose=0):
        """Return the loss or, where metrics were chosen, a list of the loss and the metrics.

        Raises RuntimeError before compile, ShapeError when x or y does not fit.
        """
        x, y = self.checked(x, y)
        p = self.predict(x, batch_size, verbose)
        loss = float(self.loss(y, p)[0])
        return [loss, *(metric(y, p) for metric in self.metrics.values())] if self.metrics else loss

    def samples(self, x):
        """Return samples as an array of floats.

        Raises RuntimeError when there is no layer, ShapeError when the first one cannot take them.
        """
        if not self.layers:
            raise RuntimeError("the model has no layers: add some, as in model.add(Dense(10, input_dim=2))")
        x, first = np.asarray(x), self.layers[0]
        if x.dtype.kind not in "fiub":
            raise TypeError(f"x must hold numbers, got {x.dtype}")
        if x.shape[1:] != first.input_shape or len(x) == 0:
            wanted = ", ".join(map(str, ("N", *first.input_shape)))
            raise ShapeError(f"{first.name}: expected samples x of shape ({wanted}), got {x.shape}")
        return x if x.dtype.kind == "f" else x.astype(float)

    def checked(self, x, y):
        """Return samples and targets of one length as arrays of numbers, when the model is compiled."""
        if self.loss is None:
            raise RuntimeError("compile the model first: model.compile(loss='binary_crossentropy')")
        x, y = self.samples(x), np.asarray(y)
        if y.dtype.kind not in "fiub":
            raise TypeError(f"y must hold numbers, got {y.dtype}")
        if y.ndim == 0 or len(y) != len(x):
            raise ShapeError(f"y must have a target for each of {len(x)} samples, got shape {y.shape}")
        return x, y.astype(float)

    def to_json(self):
        """Return the structure as JSON text: the layers and their settings, no weights."""
        return structure.write(self.layers)

    def save_weights(self, path):
        """Write all parameters to an HDF5 file; a file of this name is replaced."""
        weights.save(path, self.layers)

    def load_weights(self, path):
        """Take all parameters from a file that save_weights has written, and nothing else.

        Raises FileNotFoundError when there is none, WeightsError when it is damaged or for another model.
        """
        weights.load(path, self.layers)


def model_from_json(text, *, rng=None):
    """Return a new model with the structure in a JSON text, and weights as they are before training.

    Raises ModelError when the text describes no model; nothing in it is executed.
    """
    layers, shape = structure.read(text)
    if layers:
        layers[0].input_shape = shape
    return Sequential(layers, rng=rng)


def named(what, known, name):
    """Return what is known by a name.

    Raises ValueError naming those that are known.
    """
    if not isinstance(name, str) or name not in known:
        raise ValueError(f"{what} must be one of {', '.join(known)}; got {name!r:.80}")
    return known[name]
