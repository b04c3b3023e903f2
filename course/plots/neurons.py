"""Neurons in layers, and the weights between them."""

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Circle

from .boxes import number
from .style import BLUE, GREY, PALE_BLUE, VERMILLION

RADIUS, APART = 0.34, 2.6  # of a neuron, and between two layers
BESIDE = 0.3  # how far along its line a weight is written


def neurons(layers, weights=(), titles=()):
    """Draw a net: a circle for each neuron, a line for each weight.

    layers: for each layer the texts in its circles.  titles: for each layer the text below it.
    weights: between each layer and the next an array (D, H), written on the lines; where there is none, the
        lines are drawn alone.
    Negative weights are drawn as dashed lines.  Returns the Axes.
    """
    high = max(map(len, layers))
    ax = Figure(figsize=(2.1 * len(layers), 0.75 * high + 0.6), layout="constrained").subplots()
    places = [
        [(APART * k, row + (high - len(texts)) / 2) for row in range(len(texts))]
        for k, texts in enumerate(layers)
    ]
    for k, (starts, ends) in enumerate(zip(places, places[1:], strict=False)):
        for d, h in np.ndindex(len(starts), len(ends)):
            weight = weights[k][d][h] if k < len(weights) else None
            line(ax, starts[d], ends[h], weight)
    for k, texts in enumerate(layers):
        for place, text in zip(places[k], texts, strict=True):
            face = GREY if k == 0 else PALE_BLUE
            ax.add_patch(Circle(place, RADIUS, facecolor=face, edgecolor="#777777", linewidth=0.8, zorder=2))
            ax.text(*place, text, ha="center", va="center", fontsize=9, zorder=3)
    for k, title in enumerate(titles):
        ax.text(APART * k, high - 0.5, title, ha="center", va="top", fontsize=9)
    low = high - 0.1 if titles else high - 0.6
    ax.set(xlim=(-0.9, APART * (len(layers) - 1) + 0.9), ylim=(low, -0.4), aspect="equal")
    ax.axis("off")
    return ax


def line(ax, start, end, weight):
    """Draw a weight from one neuron to another, with its number unless it is None."""
    below = weight is not None and weight < 0
    colour = "#999999" if weight is None else VERMILLION if below else BLUE
    drawn = "--" if below else "-"
    ax.plot(*zip(start, end, strict=True), color=colour, linewidth=1, linestyle=drawn, zorder=1)
    if weight is not None:
        x, y = (a + BESIDE * (b - a) for a, b in zip(start, end, strict=True))
        box = {"facecolor": "white", "edgecolor": "none", "pad": 0.8}
        ax.text(x, y, number(weight), ha="center", va="center", fontsize=9, color=colour, bbox=box)
