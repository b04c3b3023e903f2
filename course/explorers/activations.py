"""Activations as a widget in the notebook."""

import numpy as np

from course.explorers.activations_arithmetic import KINDS, LIMITS, sentence, stack, stack_sentence
from course.explorers.bundle import bundle
from course.explorers.explorer import AskingExplorer, choice, setting
from course.explorers.picture import Picture
from course.explorers.sheet import BLUE, VERMILLION

LEAST_GRADIENT = 1e-12


class ActivationExplorer(AskingExplorer):
    """Drag a point along an activation: its value, its slope, and what many such layers leave of a gradient.

    kind: "step", "sigmoid", "tanh", "relu" or "leaky relu".  z: where the point stands.  layers: how many
    units stand in a row, each with `weight` times the output of the one before.
    """

    _esm = bundle("activations.mjs")

    kind = choice("sigmoid", KINDS)
    z = setting(1.0, *LIMITS["z"])
    layers = setting(10, *LIMITS["layers"])
    weight = setting(1.0, *LIMITS["weight"])

    @property
    def alt(self):
        """The picture in words."""
        return f"{sentence(self.kind, self.z)} {stack_sentence(**self.settings)}"

    def figure(self):
        """Draw the present state as a matplotlib Figure, for paper and for readers without widgets."""
        figure = Picture(figsize=(9, 3.4), dpi=100, layout="constrained", alt=self.alt)
        figure.suptitle(self.alt, fontsize=9, wrap=True)
        curve, bars = figure.subplots(1, 2)
        self._draw_curve(curve)
        gradients = np.array([layer.gradient for layer in stack(**self.settings)])
        places = np.arange(1, len(gradients) + 1)
        bars.bar(places, np.maximum(np.abs(gradients), LEAST_GRADIENT), color=BLUE, edgecolor="black")
        for place in places[gradients == 0]:
            bars.text(place, 2 * LEAST_GRADIENT, "0", ha="center", fontsize=9)
        bars.set(yscale="log", ylim=(LEAST_GRADIENT, max(10, 10 * np.abs(gradients).max())), xlabel="layer",
                 title="gradient at each layer")
        bars.xaxis.get_major_locator().set_params(integer=True)
        return figure

    def _draw_curve(self, ax):
        z = np.linspace(*LIMITS["z"], 481)
        value, slope = KINDS[self.kind].value, KINDS[self.kind].slope
        ax.plot(z, value(z), color=BLUE, linewidth=2.5, label="value")
        ax.plot(z, slope(z), color=VERMILLION, linestyle="--", label="slope")
        ax.plot(self.z, value(self.z), "o", color=BLUE, markeredgecolor="black", markersize=9)
        ax.plot(self.z, slope(self.z), "s", color=VERMILLION, markeredgecolor="black")
        ax.set(ylim=(-1.5, 2.5), xlabel="z", title=f"{self.kind}: {KINDS[self.kind].formula}")
        ax.grid(alpha=0.3)
        ax.legend(loc="upper left")
