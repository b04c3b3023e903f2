"""The still picture of the back-propagation graph."""

from textwrap import wrap

import numpy as np
from matplotlib.patches import Rectangle

from course.explorers.backprop_arithmetic import NETS, SHAPES, cells, lines, n_steps, sentence, step_of
from course.explorers.picture import Picture

BLUE, ORANGE, GREY = "#56b4e9", "#e69f00", "#bdbdbd"
CELL_INCHES = 0.36
LINE_INCHES = 0.2
GAP, TITLE = 0.6, 0.8  # cells


def backprop_figure(g, step, place, alt):
    """Draw each array with its values above its gradients, in the order of the graph, as a Picture."""
    names = list(SHAPES[g.net])
    lefts = np.cumsum([GAP, *(_columns(g, name) + GAP for name in names)])
    inches = lefts[-1] * CELL_INCHES
    words = [part for line in [sentence(g.net, step), *lines(g, step, place)]
             for part in wrap(line, int(inches * 12), subsequent_indent="    ")]
    top = (len(words) + 1) * LINE_INCHES / CELL_INCHES
    tallest = max(_rows(g, name) for name in names)
    down = top + 2 * (tallest + TITLE) + GAP
    figure = Picture(figsize=(inches, down * CELL_INCHES), dpi=100, alt=alt)
    ax = figure.add_axes((0, 0, 1, 1), xlim=(0, lefts[-1]), ylim=(down, 0))
    ax.set_axis_off()
    for i, line in enumerate(words):
        ax.text(GAP, (i + 0.75) * LINE_INCHES / CELL_INCHES, line, va="center", fontsize=9)
    _, back, _ = step_of(g.net, step)
    for name, left in zip(names, lefts, strict=False):
        shape = " × ".join(map(str, SHAPES[g.net][name]))
        for is_gradient, title in ((False, f"{name}  {shape}"), (True, f"∂L/∂{name}")):
            y = top + is_gradient * (tallest + TITLE) + TITLE
            ax.text(left, y - 0.35, title, va="center", fontsize=8)
            boxed = cells(g.net, step)[place] if back == is_gradient else None
            _board(ax, left, y, g, name, is_gradient, step, boxed)
    return figure


def _columns(g, name):
    return SHAPES[g.net][name][-1] if SHAPES[g.net][name] else 1


def _rows(g, name):
    return int(np.prod(SHAPES[g.net][name])) // _columns(g, name)


def _board(ax, left, top, g, name, is_gradient, step, boxed):
    numbers = (g.gradients if is_gradient else g.values)[name]
    is_there = step >= _since(g.net, name, is_gradient)
    colour = GREY if not is_there else ORANGE if is_gradient else BLUE
    for i, (at, value) in enumerate(np.ndenumerate(numbers)):
        row, column = divmod(i, _columns(g, name))
        corner = (left + column, top + row)
        ax.add_patch(Rectangle(corner, 1, 1, facecolor=colour, alpha=0.3, edgecolor="white"))
        if boxed == (name, at):
            ax.add_patch(Rectangle(corner, 1, 1, fill=False, edgecolor="black", linewidth=2))
        text = f"{value:.2f}".replace("-", "−") if is_there else "·"
        ax.text(corner[0] + 0.5, corner[1] + 0.53, text, ha="center", va="center", fontsize=7.5)


def _since(net, name, is_gradient):
    """Return the step from which an array is known."""
    if is_gradient:
        reader = next((i for i, (_, read, _) in enumerate(NETS[net]) if name in read), None)
        return len(NETS[net]) if reader is None else n_steps(net) - 1 - reader
    return next((i for i, (_, _, to) in enumerate(NETS[net], start=1) if name == to), 0)
