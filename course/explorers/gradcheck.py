"""The gradient check as a widget in the notebook."""

from course.explorers.bundle import bundle
from course.explorers.explorer import AskingExplorer, choice
from course.explorers.gradcheck_arithmetic import CUTS, FUNCTIONS, PLACES, STEPS, Settings, summary, verdict
from course.explorers.gradcheck_figure import gradcheck_figure


class GradientCheckExplorer(AskingExplorer):
    """Measure a slope with steps from 1e-1 to 1e-12: large ones miss the bend, small ones drown in rounding.

    The settings are traits; the browser draws without the kernel, with Math.fround for float32.
    """

    _esm = bundle("gradcheck.mjs")

    function = choice("cube", FUNCTIONS)
    x = choice(0.7, PLACES)
    precision = choice("float64", CUTS)
    h = choice(1e-8, STEPS)

    @property
    def check_settings(self):
        """The settings as Settings."""
        return Settings(**self.settings)

    @property
    def alt(self):
        """The picture in words."""
        s = self.check_settings
        return f"The slope of {FUNCTIONS[s.function].formula} at {s.x:g}. {summary(s)} {verdict(s)}"

    def figure(self):
        """Draw the present state as a matplotlib Figure, for paper and for readers without widgets."""
        return gradcheck_figure(self.check_settings, self.alt)
