"""Functions of one number, each with its slope."""

import numpy as np
from matplotlib.figure import Figure

from .lines import plain
from .style import BLUE, VERMILLION


def functions(pairs, x_range=(-4, 4)):
    """Draw functions side by side, each with its slope.

    pairs: {title: (function, slope)}; both take arrays.  x_range: (smallest, largest).
    Returns an array of Axes.
    """
    axes = Figure(figsize=(2.4 * len(pairs), 2.8), layout="constrained").subplots(
        1, len(pairs), squeeze=False, sharey=True
    )[0]
    z = np.linspace(*x_range, 401)
    for ax, (title, (function, slope)) in zip(axes, pairs.items(), strict=True):
        (value,) = ax.plot(z, function(z), color=BLUE, linewidth=2)
        (rise,) = ax.plot(z, slope(z), color=VERMILLION, linewidth=2, linestyle="--")
        ax.set(xlabel="z", ylim=(-1.2, 2.2), xticks=(x_range[0], 0, x_range[1]), yticks=(-1, 0, 1, 2))
        ax.set_title(title, fontsize=10)
        plain(ax)
    words = {"loc": "outside lower center", "ncols": 2, "frameon": False}
    axes[0].figure.legend([value, rise], ["value", "slope"], **words)
    return axes
