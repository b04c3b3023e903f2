"""What a classifier of two features says about each point of the plane."""

import numpy as np
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure

from .style import ORANGE, PALE_BLUE, PALE_ORANGE, SKY

STEPS = 401  # of the grid, in each direction: a slanted border looks like a line
SIDES = -0.5, 1.5


def decisions(classifiers, X, y):
    """Draw points of two classes, and the plane coloured by what classifiers say.

    classifiers: {title: function of points (M, 2) that returns (M,) numbers, yes from 0.5 on; or None}.
    X: (N, 2).  y: (N,) zeros and ones, or a row of them for each classifier.
    Returns an array of Axes, one for each classifier.
    """
    axes = Figure(figsize=(2.5 * len(classifiers), 2.7), layout="constrained").subplots(
        1, len(classifiers), squeeze=False, sharey=True
    )[0]
    side = np.linspace(*SIDES, STEPS)
    plane = np.stack(np.meshgrid(side, side), axis=-1)
    rows = np.broadcast_to(y, (len(classifiers), len(X)))
    for ax, (title, says), targets in zip(axes, classifiers.items(), rows, strict=True):
        if says is not None:
            yes = np.reshape(says(plane.reshape(-1, 2)), plane.shape[:2]) > 0.5
            colours = ListedColormap([PALE_BLUE, PALE_ORANGE])
            ax.imshow(yes, cmap=colours, vmin=0, vmax=1, origin="lower", extent=(*SIDES, *SIDES))
            if yes.any() and not yes.all():
                ax.contour(side, side, yes, levels=[0.5], colors="black", linewidths=1)
        for (left, up), target in zip(X, targets, strict=True):
            marker, colour = ("o", ORANGE) if target else ("s", SKY)
            ax.plot(left, up, marker, color=colour, markeredgecolor="black", markersize=14)
            ax.text(left, up, f"{target:g}", ha="center", va="center", fontsize=9)
        ax.set(xlim=SIDES, ylim=SIDES, xticks=(0, 1), yticks=(0, 1), xlabel="$x_1$", aspect="equal")
        ax.set_title(title, fontsize=10)
    axes[0].set_ylabel("$x_2$", rotation=0)
    return axes
