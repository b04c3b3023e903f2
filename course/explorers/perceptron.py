"""The perceptron and XOR as a widget in the notebook."""

import numpy as np
from traitlets import Float, Int, List

from course.explorers.bundle import bundle
from course.explorers.explorer import Explorer, choice
from course.explorers.perceptron_arithmetic import (
    CORNERS,
    HIDDEN,
    RATES,
    TARGETS,
    UPDATES,
    Settings,
    fires,
    impossible,
    lines,
    nets,
    outputs,
    places,
    right,
    sentence,
)
from course.explorers.picture import Picture

PLANE = np.linspace(-0.5, 1.5, 80)


class PerceptronExplorer(Explorer):
    """Move four points and a line, let a neuron learn them, and see what a hidden layer can do.

    The settings are traits; the browser draws without the kernel. A task but "own" brings its targets.
    """

    _esm = bundle("perceptron.mjs")

    network = choice("one neuron", HIDDEN)
    task = choice("AND", [*TARGETS, "own"])
    learning_rate = choice(1, RATES)
    points = List(List(Float(), minlen=2, maxlen=2), default_value=CORNERS, minlen=4, maxlen=4,
                  help="x1 and x2 of each point").tag(sync=True)
    targets = List(Int(min=0, max=1), minlen=4, maxlen=4, help="0 or 1 for each point").tag(sync=True)
    line = List(Float(), default_value=[0, 0, 0], minlen=3, maxlen=3,
                help="w1, w2 and b with which one neuron starts").tag(sync=True)
    step = Int(0, min=0, help="how far the training is shown; past the end is the end").tag(sync=True)
    seed = Int(0, min=0, max=999, help="with which weights a net starts").tag(sync=True)

    def __init__(self, task="AND", **settings):
        super().__init__(task=task, **{"targets": TARGETS.get(task, TARGETS["AND"])} | settings)

    @property
    def perceptron_settings(self):
        """The settings as Settings."""
        return Settings(self.network, self.points, self.targets, self.learning_rate, self.line, self.seed)

    def _values(self):
        """Return where the training stands, and what it says of points (N, 2): above 0 for 1."""
        s, n_hidden = self.perceptron_settings, HIDDEN[self.network]
        place = min(self.step, places(s) - 1)
        if n_hidden:
            net = nets(s)[place]
            return place, net, lambda points: outputs(net, points)[0][:, 0] - 0.5
        line = lines(s)[place]
        return place, line, lambda points: fires(line, np.asarray(points).T)

    @property
    def alt(self):
        """The picture in words."""
        s = self.perceptron_settings
        place, line, value = self._values()
        if HIDDEN[self.network]:
            count = right(s, value(s.points))
            return f"{self.task}, a net {self.network}, after {place * UPDATES} updates: {count} of 4 right."
        return f"{self.task}, one neuron. {sentence(s, place, lines(s))} {impossible(s, line)}".strip()

    def figure(self):
        """Draw the present state as a matplotlib Figure, for paper and for readers without widgets."""
        s = self.perceptron_settings
        _, net, value = self._values()
        bends = bool(HIDDEN[self.network])
        figure = Picture(figsize=(8, 4) if bends else (4.5, 4), dpi=100, alt=self.alt, layout="constrained")
        plane, *bent = np.atleast_1d(figure.subplots(1, 1 + bends))
        x, y = np.meshgrid(PLANE, PLANE)
        grid = np.stack([x.ravel(), y.ravel()], axis=1)
        fired = value(grid).reshape(x.shape) > 0
        plane.contourf(x, y, fired, [-0.5, 0.5, 1.5], colors=["#a9d8f3", "#f3d28b"])
        plane.set(title=f"{self.task}, {self.network}", xlabel="x1", ylabel="x2", aspect="equal")
        self._mark(plane, s.points)
        for axes in bent:
            for ends in (grid.reshape(80, 80, 2), grid.reshape(80, 80, 2).transpose(1, 0, 2)):
                for row in ends[::8]:
                    axes.plot(*outputs(net, row)[1][:, :2].T, color="#bbbbbb", linewidth=0.8)
            axes.set(title="as the hidden units see it", xlabel="unit 1", ylabel="unit 2", aspect="equal")
            self._mark(axes, outputs(net, s.points)[1][:, :2])
        return figure

    def _mark(self, axes, points):
        for number, (point, target) in enumerate(zip(points, self.targets, strict=True), start=1):
            axes.plot(*point, "o" if target else "s", color="white", markeredgecolor="black", markersize=13)
            axes.text(*point, str(number), ha="center", va="center", fontsize=8)
