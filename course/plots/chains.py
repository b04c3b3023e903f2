"""Layers in a row."""

from matplotlib.figure import Figure

from .boxes import arrow, box, frame
from .style import BLUE, PALE_BLUE, VERMILLION


def chain(names, shapes):
    """Draw a net: values go forward above the layers, gradients come back below them, caches wait inside.

    names: one for each layer.  shapes: what goes into the first layer and what comes out of each, as text.
    Returns the Axes.
    """
    step, wide, low = 2.35, 1.25, 0.9
    ax = Figure(figsize=(9.6, 2.1), layout="constrained").subplots()
    for k, name in enumerate(names):
        left = step * k + step - wide
        box(ax, left, 0, wide, 1.2, PALE_BLUE)
        ax.text(left + wide / 2, 0.4, name, ha="center", va="center", fontsize=11, weight="bold")
        if k < len(names) - 1:  # the loss is the turning point: it returns its gradient at once
            box(ax, left + 0.27, low - 0.16, wide - 0.54, 0.32, "white")
            ax.text(left + wide / 2, low, "cache", ha="center", va="center", fontsize=8)
    for k, shape in enumerate(shapes):
        start, end = step * k + 0.06, step * (k + 1) - wide - 0.06
        arrow(ax, (start, 0.4), (end, 0.4), BLUE)
        arrow(ax, (end, low), (start, low), VERMILLION)
        ax.text((start + end) / 2, 0.22, shape, ha="center", fontsize=9)
    ax.text(0, -0.45, "forward: values, from the image to the loss", color=BLUE, fontsize=11)
    ax.text(0, 1.7, "backward: gradients of the loss, shaped like the values", color="#A84800", fontsize=11)
    frame(ax, step * (len(names) + 1) - wide, 1.8, top=-0.75)
    return ax
