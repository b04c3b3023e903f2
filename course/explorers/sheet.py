"""The still picture of boards of cells: side by side, with formulas and sentences above."""

from textwrap import wrap

import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.patches import Rectangle

from course.explorers.picture import Picture

BLUE, GREEN, ORANGE, VERMILLION, GREY = "#56b4e9", "#009e73", "#e69f00", "#d55e00", "#bdbdbd"
CELL_INCHES = 0.3
WIDEST_INCHES = 11
NARROWEST_INCHES = 7.5
READABLE_INCHES = 0.2  # digits in smaller cells are left out
LINE_INCHES = 0.2
CHARACTERS_AN_INCH = 12
GAP, MARGIN = 1.5, 0.5  # cells


class Sheet:
    """Boards of cells side by side below text; `figure` is the Picture. Places are counted in cells."""

    def __init__(self, widths, height, formulas, words, alt):
        """Make room for boards of these widths, with lines of formulas and then a paragraph above."""
        self.lefts = np.cumsum([MARGIN, *(width + GAP for width in widths[:-1])])
        across = self.lefts[-1] + widths[-1] + MARGIN
        self.cell = min(CELL_INCHES, WIDEST_INCHES / across)
        inches = max(across * self.cell, NARROWEST_INCHES)
        fit = int(inches * CHARACTERS_AN_INCH)
        formulas = [part for line in formulas for part in wrap(line, fit, subsequent_indent="    ")]
        lines = formulas + wrap(words, fit)
        self.top = (len(lines) + 1.5) * LINE_INCHES / self.cell
        down = self.top + height + MARGIN
        self.figure = Picture(figsize=(inches, down * self.cell), dpi=100, alt=alt)
        self.ax = self.figure.add_axes((0, 0, 1, 1), xlim=(0, inches / self.cell), ylim=(down, 0))
        self.ax.set_axis_off()
        for i, line in enumerate(lines):
            self.ax.text(MARGIN, (i + 0.75) * LINE_INCHES / self.cell, line, va="center", fontsize=9,
                         family="monospace" if i < len(formulas) else "sans-serif")

    def title(self, board, text):
        """Write a title above a board."""
        self.ax.text(self.lefts[board], self.top, f"{text}\n", va="center", fontsize=9)

    def tint(self, board, shade, colour, corner=(0, 0)):
        """Colour cells (n, m) from a corner (row, column) on, more strongly where shade comes near to 1."""
        if not shade.size:
            return
        tint = LinearSegmentedColormap.from_list("tint", ["white", colour])
        n_rows, n_columns = shade.shape
        x, y = self._at(board, corner)
        self.ax.pcolormesh(x + np.arange(n_columns + 1), y + np.arange(n_rows + 1), shade, cmap=tint, vmin=0,
                           vmax=1, edgecolors="white", linewidth=0.7)

    def hatch(self, board, corner, n_rows, n_columns, colour, hatch):
        """Hatch a rectangle of cells; nothing when it is empty."""
        if n_rows and n_columns:
            self.ax.add_patch(Rectangle(self._at(board, corner), n_columns, n_rows, facecolor="none",
                                        edgecolor=colour, hatch=hatch, linewidth=0.7))

    def frame(self, board, corner, n_rows, n_columns):
        """Draw a window around cells."""
        for colour, width in (("black", 3.5), (ORANGE, 2)):
            self.ax.add_patch(Rectangle(self._at(board, corner), n_columns, n_rows, fill=False,
                                        edgecolor=colour, linewidth=width))

    def cross(self, board, cells):
        """Mark cells (row, column) that are wrong."""
        for cell in cells:
            self.hatch(board, cell, 1, 1, VERMILLION, "xxxx")

    def write(self, board, numbers, corner=(0, 0)):
        """Write numbers (n, m) into the cells, where the cells are large enough to read them."""
        if self.cell < READABLE_INCHES:
            return
        texts = {at: f"{number:g}".replace("-", "−") for at, number in np.ndenumerate(numbers)}
        longest = max(map(len, texts.values()), default=1)
        for (row, column), text in texts.items():
            self.label(board, (corner[0] + row, corner[1] + column), text, min(30, 90 / longest))

    def label(self, board, corner, text, points=30):
        """Write a text into a cell; points: its size in a cell of one inch."""
        x, y = self._at(board, corner)
        self.ax.text(x + 0.5, y + 0.53, text, ha="center", va="center", fontsize=points * self.cell)

    def _at(self, board, corner):
        return self.lefts[board] + corner[1], self.top + corner[0]
