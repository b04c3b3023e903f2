"""Channels and filters as a widget in the notebook."""

import numpy as np
from traitlets import Int, List

from course.explorers.bundle import bundle
from course.explorers.channels_arithmetic import LIMITS, cell_sentence, drawn, layer, place_at, sentence
from course.explorers.explorer import AskingExplorer, setting, switch
from course.explorers.sheet import BLUE, GREEN, ORANGE, VERMILLION, Sheet

NUMBERS = drawn(np.random.default_rng(0))
COLOURS = VERMILLION, GREEN, BLUE


def _numbers(name):
    size = len(NUMBERS[name])
    return List(Int(), NUMBERS[name], minlen=size, maxlen=size, help="of the largest layer").tag(sync=True)


class ChannelExplorer(AskingExplorer):
    """Follow a window through all channels: each gives a partial sum, and the sums and a bias give one cell.

    Beside it stands the same layer as a matrix product: a row of the im2col matrix is a window.
    """

    _esm = bundle("channels.mjs")

    channels = setting(3, *LIMITS["channels"])
    filters = setting(2, *LIMITS["filters"])
    size = setting(4, *LIMITS["size"])
    kernel = setting(2, *LIMITS["kernel"])
    stride = setting(1, *LIMITS["stride"])
    bias = switch(True)
    position = Int(0, min=0, help="output cell, counted map by map; past the end is the last").tag(sync=True)
    pixels, weights, biases = (_numbers(name) for name in NUMBERS)

    @property
    def layer(self):
        """The layer that is shown, with its numbers."""
        return layer(**self.settings, **{name: getattr(self, name) for name in NUMBERS})

    @property
    def alt(self):
        """The picture in words."""
        return f"{sentence(self.layer)} {cell_sentence(self.layer, self.position)}"

    def figure(self):
        """Draw the present state as a matplotlib Figure, for paper and for readers without widgets."""
        shown = self.layer
        f, r, s = place_at(shown, self.position)
        N, K, out = shown.x.shape[1], shown.w.shape[2], shown.out_side
        n_taps = shown.windows.shape[1]
        names = range(len(shown.x))
        below = len(names) * (N + 1.5)
        formula = "out[f, i, j] = b[f] + sum over c, p, q of x[c, S·i + p, S·j + q] · w[f, c, p, q]"
        sheet = Sheet((N, K, out, out, n_taps), max(below, out * out), [formula], self.alt, self.alt)
        for c in names:
            top = c * (N + 1.5)
            for board, numbers, corner, side in (
                (0, shown.x[c], (r * self.stride, s * self.stride), K),
                (1, shown.w[f, c], (0, 0), 0),
                (2, shown.partial[f, c], (r, s), 1),
            ):
                sheet.tint(board, np.abs(numbers) / 8, COLOURS[c], (top, 0))
                sheet.write(board, numbers, (top, 0))
                sheet.frame(board, (top + corner[0], corner[1]), side, side)
        titles = "channels", f"filter {f}", "partial sums", f"map {f}", "windows as rows"
        for board, title in enumerate(titles):
            sheet.title(board, title)
        sheet.tint(3, np.full((out, out), 0.3), ORANGE)
        sheet.write(3, shown.out[f])
        sheet.frame(3, (r, s), 1, 1)
        for c in names:
            sheet.tint(4, shown.windows[:, c * K * K : (c + 1) * K * K] / 8, COLOURS[c], (0, c * K * K))
        sheet.write(4, shown.windows)
        sheet.frame(4, (r * out + s, 0), 1, n_taps)
        return sheet.figure
