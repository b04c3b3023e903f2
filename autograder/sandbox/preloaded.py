"""What is loaded before the first submission comes: importing this module takes seconds, forking none.

A submission finds each module as if it had imported it first: nothing here changes what a notebook sees.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import pkgutil
import warnings

import matplotlib.pyplot as plt
import numpy as np

import course

from . import cells

PICTURES = "matplotlib.backends.backend_agg matplotlib_inline.backend_inline PIL.PngImagePlugin".split()
LEFT_OUT = ("course.train",)  # a command


def import_all() -> None:
    """Import all of the student package, and what draws pictures, as far as it is installed here."""
    found = pkgutil.walk_packages(course.__path__, "course.", onerror=lambda name: None)
    for name in [*PICTURES, "ipywidgets", *(each.name for each in found)]:
        if name not in LEFT_OUT:
            with contextlib.suppress(Exception):  # a package of a later lesson may need more than there is
                importlib.import_module(name)


def draw() -> None:
    """Draw a picture and throw it away: fonts and what encodes it are loaded then."""
    figure = plt.Figure()
    axes = figure.subplots()
    axes.plot([0, 1], label="$x$")
    axes.set_title("title")
    axes.legend()
    figure.savefig(io.BytesIO(), format="png", bbox_inches="tight")


with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import_all()
    draw()
np.random.default_rng(0)  # NumPy imports some of its parts when they are first named
np.fft.fft(np.linalg.svd(np.eye(3))[1])
outputs = cells.Outputs(0)
shell = cells.make_shell(outputs)
shell.enable_matplotlib("inline")  # as in a kernel, pictures are shown without being asked for
plt.close("all")
shell.run_cell("None", silent=True)  # the first one takes longer
