"""Many runs of one experiment: a dot for each."""

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullLocator

from .lines import plain
from .style import DASHES, LINES

ROW = 0.35  # how far the dots of a row are scattered up and down


def spread(groups, xlabel, mark=None, xscale="log"):
    """Draw the results of runs as dots, a row for each group; a bar at each median.

    groups: {label: numbers above 0}.  mark: (number, text), drawn as a line through all rows.
    xscale: "log" or "linear".
    Returns the Axes.
    """
    ax = Figure(figsize=(7.5, 0.75 * len(groups) + 1.1), layout="constrained").subplots()
    for row, (label, values) in enumerate(groups.items()):
        values = np.sort(values)
        heights = row + ROW * np.sin(2.4 * np.arange(len(values)))  # neighbours apart, no chance involved
        ax.plot(values, heights, "o", color=LINES[row % 6], markersize=4, alpha=0.6, label=label)
        ax.plot([np.median(values)] * 2, [row - 0.45, row + 0.45], color="black", linewidth=1.5)
    if mark is not None:
        ax.axvline(mark[0], color="#777777", linestyle=DASHES[1])
        ax.text(mark[0], -0.62, f" {mark[1]}", fontsize=9, va="bottom")
    ax.set(xscale=xscale, xlabel=xlabel, yticks=range(len(groups)), yticklabels=list(groups))
    ax.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.xaxis.set_major_formatter("{x:g}")
    ax.set_ylim(len(groups) - 0.4, -0.75)
    plain(ax)
    return ax
