"""The still picture of an explorer: a matplotlib Figure that brings its own words."""

from io import BytesIO

from matplotlib.figure import Figure


class Picture(Figure):
    """A Figure with alternative text, which notebooks keep beside the image.

    It is made without pyplot: nothing stays open, and nothing is shown twice.
    """

    def __init__(self, *args, alt, **kwargs):
        super().__init__(*args, **kwargs)
        self.alt = alt

    def _repr_mimebundle_(self, include=None, exclude=None):
        png = BytesIO()
        self.savefig(png, format="png", metadata={"Description": self.alt})
        return {"image/png": png.getvalue(), "text/plain": self.alt}, {"image/png": {"alt": self.alt}}
