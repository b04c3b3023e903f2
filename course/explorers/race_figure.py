"""The still picture of the optimiser race."""

import numpy as np
from matplotlib.ticker import NullLocator

from course.explorers.picture import Picture
from course.explorers.race_arithmetic import STEPS, SURFACES, loss

# Okabe and Ito's colours; each runner has a mark and a kind of line, too.
LOOKS = {
    "gradient descent": ("#0072b2", "o", "-"),
    "SGD with noise": ("#56b4e9", ".", ":"),
    "momentum": ("#e69f00", "s", "-"),
    "nesterov": ("#d55e00", "D", "--"),
    "rmsprop": ("#cc79a7", "^", "-"),
    "adam": ("#009e73", "*", "-."),
}
LOWEST_SHOWN = 1e-8


def race_figure(settings, runners, step, alt):
    """Draw the paths on a map of the surface, and the losses, as a Picture."""
    figure = Picture(figsize=(10, 4.6), dpi=100, alt=alt, layout="constrained")
    chart, curves = figure.subplots(1, 2)
    surface = SURFACES[settings.surface]
    x, y = np.meshgrid(np.linspace(*surface.x, 160), np.linspace(*surface.y, 160))
    levels = np.log10(loss(settings.surface, x, y) + 1e-3)
    chart.contourf(x, y, levels, 16, cmap="Greys", alpha=0.55)
    title = f"{settings.surface}, learning rate {settings.learning_rate:g}"
    chart.set(title=title, xlim=surface.x, ylim=surface.y)
    for name, (colour, mark, line) in LOOKS.items():
        places = np.array(runners[name][: step + 1])
        chart.plot(*places.T, color=colour, linestyle=line, linewidth=1.6)
        chart.plot(*places[-1], mark, color=colour, markeredgecolor="white", markersize=8)
        heights = [max(loss(settings.surface, *place), LOWEST_SHOWN / 10) for place in runners[name]]
        curves.semilogy(heights, line, color=colour, label=name, linewidth=1.6)
        if step < len(heights):
            curves.plot(step, heights[step], mark, color=colour, markeredgecolor="white", markersize=8)
    for place in surface.lowest:
        chart.plot(*place, "k+", markersize=10)
    chart.plot(*settings.start, "kx", markersize=8)
    first = max(loss(settings.surface, *settings.start), 1e-3)
    curves.set(xlim=(0, STEPS), ylim=(LOWEST_SHOWN, 100 * first), xlabel="step", title="loss after each step")
    curves.axvline(step, color="grey", linestyle="--", linewidth=1)
    curves.yaxis.set_minor_locator(NullLocator())
    curves.legend(fontsize=8)
    return figure
