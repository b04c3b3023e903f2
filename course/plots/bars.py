"""Bars."""

import numpy as np
from matplotlib.figure import Figure

from .style import LINES


def timings(seconds):
    """Draw how long things took, as bars on a logarithmic axis.

    seconds: {what: {how: seconds}}, the same hows for each what.  Returns the Axes.
    """
    hows = list(next(iter(seconds.values())))
    ax = Figure(figsize=(7, 0.45 * len(seconds) * len(hows) + 1.2), layout="constrained").subplots()
    height = 0.8 / len(hows)
    for k, how in enumerate(hows):
        places = np.arange(len(seconds)) + (k - (len(hows) - 1) / 2) * height
        lengths = [1000 * row[how] for row in seconds.values()]
        bars = ax.barh(places, lengths, 0.9 * height, label=how, color=LINES[k % 6])
        ax.bar_label(bars, [f"{length:.3g} ms" for length in lengths], padding=4, fontsize=10)
    ax.set_xscale("log")
    ax.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
    ax.set_yticks(np.arange(len(seconds)), list(seconds))
    ax.invert_yaxis()
    ax.margins(x=0.25)
    ax.set_xlabel("milliseconds, on a logarithmic axis")
    ax.spines[["top", "right"]].set_visible(False)
    ax.figure.legend(loc="outside upper right", ncols=len(hows), frameon=False)
    return ax
