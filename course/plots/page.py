"""How a figure gets onto the page."""

import base64
import html
import io

import numpy as np
from IPython.display import display

DOTS = 144  # an inch; 96 of them make an inch of the page, so 1.5 dots stand for one and lines are sharp


def show(axes, alt):
    """Display a figure with a description for those who do not see it.

    axes: what a function of this package returns.  alt: the description, one or two sentences.
    It goes out as HTML because JupyterLab gives image outputs no alt text.
    """
    display({"text/html": html_of(axes, alt), "text/plain": alt}, raw=True)


def html_of(axes, alt, steady=False):
    """Return a figure as an HTML image with a description.

    steady: keep the size that the figure has, for a picture that takes the place of another one.
    """
    figure = np.ravel(axes)[0].figure
    cut = {} if steady else {"bbox_inches": "tight", "pad_inches": 0.08}
    stream = io.BytesIO()
    figure.savefig(stream, format="png", dpi=DOTS, **cut)
    png = stream.getvalue()
    pixels = int.from_bytes(png[16:20]), int.from_bytes(png[20:24])  # where a PNG keeps its width and height
    width, height = (round(96 * count / DOTS) for count in pixels)
    size = f'width="{width}" height="{height}" decoding="sync"' if steady else f'width="{width}"'
    data, style = base64.b64encode(png).decode(), "display:block;max-width:100%;height:auto;margin:0.4em 0"
    return f'<img alt="{html.escape(alt)}" {size} style="{style}" src="data:image/png;base64,{data}">'
