"""Lines over an axis."""

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from .style import BLUE, DASHES, LINES, SKY, VERMILLION

MANY = 3  # lines; with more, their names stand beside the drawing
SMOOTH_FROM = 40  # losses; fewer need no smoothed line


def curves(lines, xlabel, ylabel, top=None):
    """Draw lines over one horizontal axis.

    lines: {label: (x, y)}, arrays of one length each.  top: the largest number to show, None: the largest.
    Returns the Axes.
    """
    ax = Figure(figsize=(6, 3.2), layout="constrained").subplots()
    for i, (label, (x, y)) in enumerate(lines.items()):
        ax.plot(x, y, label=label, color=LINES[i % 6], linestyle=DASHES[i % 4], linewidth=2)
    ax.set_xlabel(xlabel)
    ax.set_ylabel(ylabel)
    if top is not None:  # what lies above must not make room below
        lowest = min(np.nanmin(y) for _, y in lines.values())
        ax.set_ylim(lowest - 0.05 * (top - lowest), top)
    plain(ax)
    if len(lines) > MANY:
        ax.figure.legend(loc="outside right upper", frameon=False)
    elif len(lines) > 1:
        ax.legend(frameon=False)
    return ax


def training(loss_history, train_acc_history, val_acc_history, measured=None, iterations=None):
    """Draw how a training went: the loss of each iteration with a smoothed line, and both accuracies.

    loss_history: one number an iteration.  train_acc_history, val_acc_history: from 0 to 1, one length.
    measured: the iterations after which they were measured; None: the first, and the end of each epoch.
    iterations: how many the axis has room for; None: those that there are.
    Returns an array of two Axes.
    """
    count = len(loss_history)
    steps = np.arange(1, count + 1)
    measured = ends(count, len(val_acc_history)) if measured is None else measured
    axes = Figure(figsize=(9, 3.2), layout="constrained").subplots(1, 2)
    left, right = axes
    smooth = count >= SMOOTH_FROM
    left.plot(
        steps, loss_history, color=SKY if smooth else BLUE, linewidth=0.8 if smooth else 2, label="each batch"
    )
    if smooth:
        left.plot(steps, smoothed(loss_history), color=BLUE, linewidth=2, label="mean of its neighbours")
        left.legend(frameon=False)
    left.set_ylabel("loss")
    right.plot(measured, 100 * np.array(train_acc_history), "o-", color=BLUE, markersize=4, label="training")
    right.plot(
        measured, 100 * np.array(val_acc_history), "s--", color=VERMILLION, markersize=4, label="validation"
    )
    right.set_ylabel("accuracy in %")
    right.set_ylim(bottom=0)
    right.legend(frameon=False, loc="lower right")
    for ax in axes:
        ax.set_xlabel("iteration")
        ax.set_xlim(0, 1.02 * (iterations or count))
        ax.xaxis.set_major_locator(MaxNLocator(6, integer=True))
        plain(ax)
    return axes


def ends(count, measured):
    """Return the iterations after which the trainer measures: the first one and the end of each epoch."""
    epochs = measured if measured == count else measured - 1  # epochs of one iteration begin with their end
    at_ends = np.linspace(count / max(1, epochs), count, epochs)
    return at_ends if measured == count else np.concatenate([[1], at_ends])


def smoothed(values, part=20):
    """Return the mean of each number's neighbours, a window of one twentieth of all, cut at both ends."""
    window = np.ones(max(3, len(values) // part))
    return np.convolve(values, window, "same") / np.convolve(np.ones(len(values)), window, "same")


def paths(height, lines, x_range, y_range):
    """Draw paths over a landscape: its lines of equal height, and the points that each path goes through.

    height: a function of x and y that takes arrays.  lines: {label: array (steps + 1, 2)}.
    x_range, y_range: (smallest, largest).  Returns an array of Axes, one for each path.
    """
    x, y = np.meshgrid(np.linspace(*x_range, 120), np.linspace(*y_range, 120))
    axes = Figure(figsize=(4.5 * len(lines), 2.8), layout="constrained").subplots(
        1, len(lines), squeeze=False, sharey=True
    )[0]
    for i, (ax, (label, points)) in enumerate(zip(axes, lines.items(), strict=True)):
        ax.contour(x, y, height(x, y), levels=12, colors="#BBBBBB", linewidths=0.8)
        ax.plot(*points.T, "o-", color=LINES[i % 6], markersize=3, linewidth=1.3)
        ax.plot(*points[0], "s", color="black", markersize=6)
        ax.plot(0, 0, "*", color="black", markersize=11)
        ax.set(xlim=x_range, ylim=y_range, xlabel="x", title=label)
        ax.title.set_fontsize(10)
    axes[0].set_ylabel("y")
    return axes


def plain(ax):
    """Give an Axes a light grid and no box around it."""
    ax.grid(color="#DDDDDD")
    ax.spines[["top", "right"]].set_visible(False)
