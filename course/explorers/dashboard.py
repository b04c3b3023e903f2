"""The training dashboard as a widget in the notebook."""

import asyncio
from time import monotonic

import numpy as np
from traitlets import Bool, Bytes, Dict, Enum, Float, Int, List, Unicode

from course.explorers.bundle import bundle
from course.explorers.explorer import Explorer
from course.explorers.picture import Picture
from course.explorers.sheet import BLUE, GREEN, ORANGE, VERMILLION

MOST_POINTS = 300  # of each curve that are sent
MOST_FILTERS = 24
NAMES = ("loss", "training", "validation", "dead")
COLOURS = (BLUE, ORANGE, GREEN, VERMILLION)


class Dashboard(Explorer):
    """Watch a training while it runs, pause it, change its learning rate and go on.

        dashboard = Dashboard(trainer.steps(X, y, X_val, y_val, model, two_layer_net))
        dashboard.run()

    steps: a generator of training steps, each with iteration, iterations, epoch, loss, learning_rate,
    train_accuracy, val_accuracy (None where not measured), model and result(); it takes a learning rate by
    send(). None: nothing to train, an empty dashboard.
    units(model) -> hidden units (N, H, ...) of some samples: a unit is dead when it is 0 for all of them.
    filters(model) -> weights as pictures, (K, C, height, width) with C = 1 or 3.
    seconds: how often a running training is shown.
    """

    _esm = bundle("dashboard.mjs")

    curves = Dict(help="name: [[iteration, value], ...], thinned").tag(sync=True)
    state = Enum(["ready", "running", "paused", "stopped", "finished", "failed"], "ready").tag(sync=True)
    learning_rate = Float(0.0, min=0.0, help="of the next step").tag(sync=True)
    paused = Bool(False).tag(sync=True)
    stopped = Bool(False).tag(sync=True)
    iteration, iterations, epoch = (Int(0).tag(sync=True) for _ in range(3))
    error = Unicode(help="what went wrong").tag(sync=True)
    filters = Bytes(help="pictures of weights, RGB, one below the other").tag(sync=True)
    filter_shape = List(help="how many, height, width").tag(sync=True)

    def __init__(self, steps=None, units=None, filters=None, seconds=0.25, **traits):
        super().__init__(**traits)
        self._steps, self._units, self._pictured, self._seconds = steps, units, filters, seconds
        self._points, self._taken, self._weights, self._failure = {}, None, {}, None
        self._known_rate = self.learning_rate
        self.task = None

    def run(self):
        """Start the training and return the dashboard; where no event loop runs, train to the end.

        A training that has been paused goes on. While it runs, other cells can be run too.
        Raises NotImplementedError when the first step needs a function that is not written yet.
        """
        self.paused = False
        if self.task is not None or self._steps is None or self._taken is not None:
            return self
        try:
            self._note(next(self._steps))
        except NotImplementedError:
            raise
        except Exception as failure:
            self._fail(failure)
            return self
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            asyncio.run(self._train())
        else:
            self.task = loop.create_task(self._train())
        return self

    def __await__(self):
        """Wait until the training is over, and return what train returns."""
        if self.task is not None:
            yield from self.task.__await__()
        return self.result()

    def result(self):
        """Return what train would return if the training ended now: the best model and the histories.

        Raises the exception that the training ended with, and RuntimeError before the first step.
        """
        if self._failure is not None:
            raise self._failure
        if self._taken is None:
            raise RuntimeError("there is no result before the first step: call run()")
        return self._taken.result()

    async def _train(self):
        due = 0.0
        try:
            async for step in self._paced():
                self._note(step)
                if monotonic() >= due:
                    self._show(step)
                    due = monotonic() + self._seconds
            self.state = "stopped" if self.stopped else "finished"
        except Exception as failure:  # of the learner's own functions: shown, and raised by result()
            self._fail(failure)
        if self._taken is not None:
            self._show(self._taken)

    def _fail(self, failure):
        self._failure, self.state = failure, "failed"
        self.error = f"{type(failure).__name__}: {failure}"

    async def _paced(self):
        """Yield the steps one by one; in between the page may pause, stop or change the learning rate."""
        while not self.stopped:
            self.state = "paused" if self.paused else "running"
            if self.paused:
                await asyncio.sleep(0.02)
                continue
            wanted = None
            if self.learning_rate != self._known_rate:
                wanted = self._known_rate = self.learning_rate
            try:
                step = self._steps.send(wanted)
            except StopIteration:
                return
            yield step
            await asyncio.sleep(0)

    def _note(self, step):
        self._add("loss", step.iteration, step.loss)
        if step.val_accuracy is not None:
            self._add("training", step.iteration, step.train_accuracy)
            self._add("validation", step.iteration, step.val_accuracy)
        self._before, self._weights = self._weights, dict(step.model)
        self._taken = step

    def _show(self, step):
        for name, after in self._weights.items():
            before = self._before.get(name)
            if before is not None and np.ndim(before) > 1 and (size := np.linalg.norm(before)) > 0:
                self._add(f"update/{name}", step.iteration, float(np.linalg.norm(after - before) / size))
        if self._units is not None:
            units = np.asarray(self._units(step.model))
            dead = ~(units > 0).any(axis=(0, *range(2, units.ndim)))
            self._add("dead", step.iteration, float(dead.mean()))
        with self.hold_sync():
            if self.learning_rate == self._known_rate:  # not changed on the page meanwhile
                self.learning_rate = self._known_rate = float(step.learning_rate)
            self.iteration, self.iterations, self.epoch = step.iteration, step.iterations, step.epoch
            self.curves = {name: thinned(points) for name, points in self._points.items()}
            if self._pictured is not None:
                self.filters, self.filter_shape = pictures(self._pictured(step.model))

    def _add(self, name, iteration, value):
        self._points.setdefault(name, []).append([iteration, value if np.isfinite(value) else None])

    @property
    def alt(self):
        """The picture in words."""
        last = {name: points[-1][1] for name, points in self.curves.items() if points}
        if not last:
            return "A training dashboard on which nothing has been trained yet."
        said = ", ".join(f"{name} {'no number' if value is None else f'{value:.3g}'}"
                         for name, value in last.items())
        return (f"Training, {self.state}, at iteration {self.iteration} of {self.iterations}, "
                f"learning rate {self.learning_rate:g}: {said}.")

    def figure(self):
        """Draw the training so far as a matplotlib Figure, for paper and for readers without widgets."""
        figure = Picture(figsize=(10, 3.2), dpi=100, layout="constrained", alt=self.alt)
        axes = figure.subplots(1, 3)
        groups = {"loss": ["loss"], "accuracy, dead units": NAMES[1:],
                  "size of update / size of weights": [name for name in self.curves if "/" in name]}
        for ax, (title, names) in zip(axes, groups.items(), strict=True):
            for name, colour in zip(names, COLOURS[bool(ax is axes[1]):], strict=False):
                points = np.array(self.curves.get(name) or np.zeros((0, 2)), dtype=float)
                ax.plot(points[:, 0], points[:, 1], label=name, color=colour, marker=".", markersize=3)
            ax.set(title=title, xlabel="iteration", xlim=(0, max(1, self.iterations)))
            if names:
                ax.legend(fontsize=8)
        axes[1].set_ylim(0, 1)
        if groups["size of update / size of weights"]:
            axes[2].set_yscale("log")
        return figure


def thinned(points):
    """Return at most MOST_POINTS of the points and the last one: every second, every third ... of them."""
    by = -(-len(points) // MOST_POINTS)
    return points[::by] + ([points[-1]] if (len(points) - 1) % max(by, 1) else []) if points else []


def pictures(weights):
    """Return the first filters as RGB bytes, each from its least to its most, and [how many, height, width].

    weights: (K, C, height, width) with C = 1 or 3.  Raises ValueError for another C.
    """
    weights = np.asarray(weights, dtype=float)[:MOST_FILTERS]
    K, C, height, width = weights.shape
    if C not in (1, 3):
        raise ValueError(f"filters can be shown with 1 or 3 channels, got {C}")
    low, high = (edge(weights, axis=(1, 2, 3), keepdims=True) for edge in (np.min, np.max))
    shades = np.uint8(255 * (weights - low) / np.maximum(high - low, 1e-12))
    return np.broadcast_to(shades.transpose(0, 2, 3, 1), (K, height, width, 3)).tobytes(), [K, height, width]
