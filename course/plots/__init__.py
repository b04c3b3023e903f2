"""Pictures for the lessons: each function draws on a new figure and returns its Axes; `show` displays it."""

from .bars import timings
from .chains import chain
from .decisions import decisions
from .functions import functions
from .lines import curves, paths, training
from .neurons import neurons
from .page import html_of, show
from .photos import images, pictures
from .pooling import selection
from .spread import spread
from .steps import channels, grids
from .tables import errors, heat_map, matrix
from .windows import im2col, window

__all__ = [
    "chain",
    "channels",
    "curves",
    "decisions",
    "errors",
    "functions",
    "grids",
    "heat_map",
    "html_of",
    "im2col",
    "images",
    "matrix",
    "neurons",
    "paths",
    "pictures",
    "selection",
    "show",
    "spread",
    "timings",
    "training",
    "window",
]
