"""The way back through a convolution as a widget in the notebook."""

import numpy as np
from traitlets import Int

from course.explorers.bundle import bundle
from course.explorers.conv_arithmetic import LIMITS, Geometry, arguments, axes, extent, image, outputs, window
from course.explorers.conv_backward_arithmetic import (
    cell_words,
    feeders,
    input_cell,
    input_gradient,
    recipe,
    spread,
    turned,
    undilated,
    upstream,
    weight_gradient,
)
from course.explorers.explorer import choice, setting
from course.explorers.own import ComparingExplorer, name_of, outcome
from course.explorers.sheet import BLUE, GREEN, GREY, ORANGE, Sheet

PURPLE = "#cc79a7"


class ConvBackwardExplorer(ComparingExplorer):
    """Go back through a convolution: who feeds each gradient of the input, and how dw and db add up.

    backward: a function of yours, (dout, cache) -> (dx, dw, db) with the cache (x, w, b, conv_param), such as
    conv_backward_naive. Cells in which it differs are marked; what it raises is shown as a sentence.
    """

    _esm = bundle("conv_backward.mjs")

    view = choice("dx", ["dx", "dw"])
    height = setting(5, *LIMITS["height"])
    width = setting(5, *LIMITS["width"])
    kernel = setting(3, *LIMITS["kernel"])
    stride = setting(2, *LIMITS["stride"])
    pad = setting(1, *LIMITS["pad"])
    dilation = setting(1, *LIMITS["dilation"])
    position = Int(0, min=0, help="cell of dx or window, counted row by row; past the end is the last")
    position.tag(sync=True)
    seed = Int(0, min=0, max=999, help="which small numbers fill dout, input and kernel").tag(sync=True)

    def __init__(self, backward=None, **settings):
        super().__init__(**settings)
        self.compare_with([backward], [*LIMITS, "seed"], lambda: self._outcome(backward))

    def _outcome(self, backward):
        g, seed = self.geometry, self.seed
        if not outputs(g):
            line = f"{name_of(backward)} is not asked: there is no dout."
            return {"line": line, "amiss": False, "wrong": []}
        # A layer knows no dilation: it gets the kernel with zeros between its weights, and dw is as large.
        dw, db = weight_gradient(undilated(g), seed)
        expected = {"dx": input_gradient(g, seed), "dw": dw, "db": np.array([db])}
        dout = upstream(g, seed)[None, None].astype(float)
        return outcome(backward, (dout, arguments(g, seed)), tuple(expected), expected)

    @property
    def geometry(self):
        """The settings as a Geometry."""
        return Geometry(*(getattr(self, name) for name in LIMITS))

    @property
    def alt(self):
        """The picture in words."""
        g = self.geometry
        parts = (f"Back through a convolution: input {g.height} × {g.width}, pad {g.pad}, "
                 f"kernel {g.kernel} × {g.kernel}, stride {g.stride}, dilation {g.dilation}.",
                 recipe(g, self.view),
                 cell_words(g, self.seed, self.view, self.position), self.own.get("line"))
        return " ".join(part for part in parts if part)

    def figure(self):
        """Draw the present state as a matplotlib Figure, for paper and for readers without widgets."""
        g = self.geometry
        words = f"{cell_words(g, self.seed, self.view, self.position)} {self.own.get('line', '')}"
        return (self._input_view if self.view == "dx" else self._weight_view)(g, words)

    def _input_view(self, g, words):
        dout, wide, w, dx = (f(g, self.seed) for f in (upstream, spread, turned, input_gradient))
        sheet = Sheet([max(dout.shape[1], 3), wide.shape[1], g.kernel + 1, g.width],
                      wide.shape[0], [recipe(g, "dx")], words, self.alt)
        row, column = input_cell(g, self.position)
        sheet.hatch(1, (0, 0), *wide.shape, GREY, "////")
        sheet.tint(0, np.full(dout.shape, 0.4), PURPLE)
        sheet.tint(1, np.where(wide != 0, 0.4, np.nan), PURPLE)
        sheet.tint(2, np.abs(w) / 4, ORANGE)
        sheet.tint(3, np.full(dx.shape, 0.4), BLUE)
        sheet.cross(3, self.differing("dx"))
        if dout.size:
            sheet.frame(1, (row + g.pad, column + g.pad), extent(g), extent(g))
            for o, p, _, _ in feeders(g, row, column):
                sheet.frame(0, (o, p), 1, 1)
        sheet.frame(3, (row, column), 1, 1)
        return _written(sheet, {"dout": dout, "dout, spread out": wide, "kernel, turned": w, "dx": dx})

    def _weight_view(self, g, words):
        rows, columns = axes(g)
        dout, x = upstream(g, self.seed), np.pad(image(g, self.seed), g.pad)
        done = 0
        if dout.size:
            row, column = window(g, self.position)
            done = row * columns.out + column + 1
        dw, _ = weight_gradient(g, self.seed, done)
        sheet = Sheet([max(dout.shape[1], 3), columns.padded, max(g.kernel, 4)],
                      max(rows.padded, g.kernel), [recipe(g, "dw")], words, self.alt)
        sheet.hatch(1, (0, 0), *x.shape, GREY, "////")
        sheet.tint(0, np.full(dout.shape, 0.4), PURPLE)
        sheet.tint(1, 0.12 * image(g, self.seed), BLUE, (g.pad, g.pad))
        sheet.tint(2, np.full(dw.shape, 0.3), GREEN)
        if dout.size:
            sheet.frame(0, (row, column), 1, 1)
            sheet.frame(1, (g.stride * row, g.stride * column), extent(g), extent(g))
        if done == outputs(g):
            sheet.cross(2, [(r // g.dilation, c // g.dilation) for r, c in self.differing("dw")
                            if r % g.dilation == c % g.dilation == 0])
        return _written(sheet, {"dout": dout, "padded input": x, "dw so far": dw})


def _written(sheet, boards):
    for board, (name, numbers) in enumerate(boards.items()):
        sheet.title(board, name)
        sheet.write(board, numbers)
    return sheet.figure
