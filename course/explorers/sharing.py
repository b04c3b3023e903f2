"""Weight sharing as a widget in the notebook."""

import numpy as np
from traitlets import Int

from course.explorers import conv_arithmetic as conv
from course.explorers.bundle import bundle
from course.explorers.explorer import Explorer, choice, setting
from course.explorers.sharing_arithmetic import (
    LAYERS,
    LETTERS,
    LIMITS,
    Sharing,
    counts,
    geometry,
    matrix,
    result,
    tap,
    users,
    words,
)
from course.explorers.sheet import BLUE, GREEN, GREY, ORANGE, VERMILLION, Sheet

COLOURS = [BLUE, ORANGE, GREEN, "#cc79a7", "#f0e442", VERMILLION, "#0072b2", GREY]


class WeightSharingExplorer(Explorer):
    """Change one weight, and see every output that uses it; in the matrix equal weights have one colour."""

    _esm = bundle("sharing.mjs")

    layer = choice("convolution", LAYERS)
    change = setting(1, -3, 3)
    height = setting(4, *LIMITS["height"])
    width = setting(4, *LIMITS["width"])
    kernel = setting(2, *LIMITS["kernel"])
    stride = setting(1, *LIMITS["stride"])
    chosen = Int(0, min=0, max=15, help="weight of the kernel, counted row by row").tag(sync=True)
    position = Int(0, min=0, help="output, where no weight is shared").tag(sync=True)
    seed = Int(0, min=0, max=999, help="which small numbers fill input and kernel").tag(sync=True)

    @property
    def sharing(self):
        """The settings as a Sharing."""
        return Sharing(*(getattr(self, name) for name in Sharing._fields))

    @property
    def alt(self):
        """The picture in words."""
        s = self.sharing
        counted = ", ".join(f"{layer} {weights}" for layer, (weights, _) in counts(s).items())
        return (f"Weight sharing: a {s.layer} layer from {s.height} × {s.width}, "
                f"kernel {s.kernel} × {s.kernel}, stride {s.stride}. "
                f"{words(s, self.chosen, self.position, self.change)} Weights: {counted}.")

    def figure(self):
        """Draw the present state as a matplotlib Figure, for paper and for readers without widgets."""
        s, g = self.sharing, geometry(self.sharing)
        table, shape = matrix(s), [axis.out for axis in conv.axes(g)]
        before, after = result(s, self.seed, self.chosen, self.position, self.change)
        cell, w = tap(s, self.chosen), conv.weights(g, self.seed)
        w[divmod(cell, s.kernel)] += self.change
        sheet = Sheet([max(s.kernel, 2), s.width, max(shape[1], 2), table.shape[1]],
                      max(s.height, len(table), s.kernel), [words(s, cell, self.position, self.change)],
                      self.alt.rsplit(". ", 1)[1], self.alt)
        for k in range(s.kernel ** 2):
            sheet.tint(0, np.full((1, 1), 0.6), COLOURS[k % 8], divmod(k, s.kernel))
            if s.layer == "convolution":
                sheet.tint(3, np.where(table == k, 0.6, np.nan), COLOURS[k % 8])
        if s.layer != "convolution":
            shown = table >= 0 if s.layer == "locally connected" else table >= -1
            sheet.tint(3, np.where(shown, 0.6, np.nan), GREY)
        x = conv.image(g, self.seed)
        sheet.tint(1, 0.12 * x, BLUE)
        sheet.tint(2, np.full(shape, 0.3), GREEN)
        for output in np.flatnonzero(before != after):
            sheet.frame(2, divmod(int(output), shape[1]), 1, 1)
        used = users(s, self.position)
        for output, column in np.argwhere(table == cell):
            if output in used:
                sheet.frame(3, (output, column), 1, 1)
        if s.layer == "convolution":
            for (output, column), k in np.ndenumerate(table):
                if k >= 0:
                    sheet.label(3, (output, column), LETTERS[k])
        boards = {"kernel": w, "input": x, "output": after.reshape(shape)}
        for board, (name, numbers) in enumerate(boards.items()):
            sheet.title(board, name)
            sheet.write(board, numbers)
        sheet.title(3, f"as a matrix, {len(table)} × {table.shape[1]}")
        return sheet.figure
