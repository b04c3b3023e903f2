"""Convolution arithmetic as a widget in the notebook."""

from traitlets import Int

from course.explorers.bundle import bundle
from course.explorers.conv_arithmetic import LIMITS, Geometry, description
from course.explorers.conv_figure import conv_figure
from course.explorers.explorer import Explorer, setting


class ConvExplorer(Explorer):
    """Slide one kernel over one channel, and see where the size of the output comes from.

    The settings are traits, so other widgets may set or observe them; the browser draws without the kernel.
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

    @property
    def geometry(self):
        """The settings as a Geometry."""
        return Geometry(**self.settings)

    @property
    def alt(self):
        """The picture in words."""
        return description(self.geometry, self.seed, self.position)

    def figure(self):
        """Draw the present state as a matplotlib Figure, for paper and for readers without widgets."""
        return conv_figure(self.geometry, self.seed, self.position)
