"""Convolution arithmetic as a widget in the notebook."""

from pathlib import Path

from anywidget import AnyWidget
from traitlets import Int

from course.explorers.conv_arithmetic import LIMITS, Geometry, description
from course.explorers.conv_figure import conv_figure

HERE = Path(__file__).parent


def _setting(name, value):
    least, most = LIMITS[name]
    return Int(value, min=least, max=most).tag(sync=True)


class ConvExplorer(AnyWidget):
    """Slide one kernel over one channel, and see where the size of the output comes from.

    The settings are traits, so other widgets may set or observe them; the browser draws without the kernel.
    """

    _esm = HERE / "conv.mjs"
    _css = HERE / "explorer.css"

    height = _setting("height", 7)
    width = _setting("width", 7)
    kernel = _setting("kernel", 3)
    stride = _setting("stride", 2)
    pad = _setting("pad", 1)
    dilation = _setting("dilation", 1)
    position = Int(0, min=0, help="output cell, counted row by row; past the end is the last").tag(sync=True)
    seed = Int(0, min=0, max=999, help="which small numbers fill input and kernel").tag(sync=True)

    @property
    def geometry(self):
        """The settings as a Geometry."""
        return Geometry(*(getattr(self, name) for name in Geometry._fields))

    @property
    def alt(self):
        """The picture in words."""
        return description(self.geometry, self.seed, self.position)

    def figure(self):
        """Draw the present state as a matplotlib Figure, for paper and for readers without widgets."""
        return conv_figure(self.geometry, self.seed, self.position)

    def _repr_mimebundle_(self, **kwargs):
        # The picture stays in the saved notebook, for GitHub, nbconvert and a reopened page without a kernel.
        picture, alt = self.figure()._repr_mimebundle_()
        widget, metadata = super()._repr_mimebundle_(**kwargs)
        return picture | widget | {"text/plain": repr(self)}, alt | metadata

    def __repr__(self):
        settings = ", ".join(f"{name}={value}" for name, value in self.geometry._asdict().items())
        return f"ConvExplorer({settings}): {self.alt}"
