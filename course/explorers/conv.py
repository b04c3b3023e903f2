"""Convolution arithmetic as a widget in the notebook."""

from traitlets import Int

from course.explorers.bundle import bundle
from course.explorers.conv_arithmetic import (
    LIMITS,
    Geometry,
    arguments,
    convolve,
    description,
    image,
    outputs,
    weights,
)
from course.explorers.conv_figure import conv_figure
from course.explorers.explorer import AskingExplorer, setting
from course.explorers.own import ComparingExplorer, outcome


class ConvExplorer(ComparingExplorer, AskingExplorer):
    """Slide one kernel over one channel, and see where the size of the output comes from.

    The settings are traits, so other widgets may set or observe them; the browser draws without the kernel.
    forward: a function of yours, (x, w, b, conv_param) -> (out, cache), such as conv_forward_naive. Cells in
    which its output differs from the picture's are marked; what it raises is shown as a sentence.
    """

    _esm = bundle("conv.mjs")

    height = setting(7, *LIMITS["height"])
    width = setting(7, *LIMITS["width"])
    kernel = setting(3, *LIMITS["kernel"])
    stride = setting(2, *LIMITS["stride"])
    pad = setting(1, *LIMITS["pad"])
    dilation = setting(1, *LIMITS["dilation"])
    position = Int(0, min=0, help="output cell, counted row by row; past the end is the last").tag(sync=True)
    seed = Int(0, min=0, max=999, help="which small numbers fill input and kernel").tag(sync=True)

    def __init__(self, forward=None, **settings):
        super().__init__(**settings)
        self.compare_with([forward], [*self.settings, "seed"], lambda: self._outcome(forward))

    def _outcome(self, forward):
        g, seed = self.geometry, self.seed
        expected = {"out": convolve(image(g, seed), weights(g, seed), g)} if outputs(g) else {}
        return outcome(forward, arguments(g, seed), ("out", "cache"), expected)

    @property
    def geometry(self):
        """The settings as a Geometry."""
        return Geometry(**self.settings)

    @property
    def alt(self):
        """The picture in words."""
        said = description(self.geometry, self.seed, self.position)
        return f"{said} {self.own['line']}" if self.own else said

    def figure(self):
        """Draw the present state as a matplotlib Figure, for paper and for readers without widgets."""
        line, wrong = self.own.get("line", ""), self.differing("out")
        return conv_figure(self.geometry, self.seed, self.position, self.alt, line, wrong)
