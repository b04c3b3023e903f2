"""What drawings of numbers are made of: boxes with a number in them, arrows, frames."""

import numpy as np
from matplotlib.colors import to_hex, to_rgb
from matplotlib.patches import FancyArrowPatch, Rectangle

from .style import BLACK, GREY, ORANGE, SKY


def cells(ax, values, faces=None, corner=(0, 0), size=1, fontsize=11, faint=False):
    """Draw numbers in boxes. values, faces: (H, W).  corner: (left, top).  faint: white zeros in grey."""
    for (row, column), value in np.ndenumerate(values):
        left, top = corner[0] + column * size, corner[1] + row * size
        face = "white" if faces is None else faces[row, column]
        box(ax, left, top, size, size, face)
        ink = "#767676" if face == GREY or (faint and face == "white" and not value) else BLACK
        middle = left + size / 2, top + size / 2
        ax.text(*middle, number(value), ha="center", va="center", fontsize=fontsize, color=ink)


def box(ax, left, top, width, height, face):
    """Draw a rectangle."""
    ax.add_patch(Rectangle((left, top), width, height, facecolor=face, edgecolor="#777777", linewidth=0.8))


def frame(ax, width, height, title="", top=0, left=0):
    """Show this much of an Axes, rows downwards, squares as squares, without lines around it."""
    ax.set(xlim=(left - 0.05, width + 0.05), ylim=(height + 0.05, top - 0.05), aspect="equal")
    ax.axis("off")
    if title:
        ax.set_title(title, fontsize=10)


def arrow(ax, start, end, colour=BLACK):
    """Draw an arrow."""
    style = {"arrowstyle": "-|>", "mutation_scale": 12, "shrinkA": 0, "shrinkB": 0}
    ax.add_patch(FancyArrowPatch(start, end, color=colour, **style))


def shades(values, largest):
    """Return a pale colour for each number: orange above 0, blue below, white at 0 and for nan."""
    strength = np.clip(np.nan_to_num(np.abs(values) / (largest or 1)), 0, 1)
    strong = np.where(values[..., None] > 0, to_rgb(ORANGE), to_rgb(SKY))
    mixed = 1 - 0.75 * strength[..., None] * (1 - strong)
    return np.array([[to_hex(colour) for colour in row] for row in mixed])


def number(value):
    """Return a number as people write it: at most three digits that count, a real minus sign, no minus 0."""
    return f"{float(value) + 0.0:.3g}".replace("-", "\N{MINUS SIGN}")


def bracket(value):
    """Return a number, in brackets when it is negative."""
    return f"({number(value)})" if value < 0 else number(value)
