"""Pictures for the lessons: each function draws on a new figure and returns its Axes; `show` displays it."""

from .bars import timings
from .chains import chain
from .lines import curves, paths, training
from .page import html_of, show
from .photos import images, pictures
from .pooling import selection
from .steps import channels, grids
from .tables import errors, heat_map, matrix
from .windows import im2col, window

__all__ = [
    "chain",
    "channels",
    "curves",
    "errors",
    "grids",
    "heat_map",
    "html_of",
    "im2col",
    "images",
    "matrix",
    "paths",
    "pictures",
    "selection",
    "show",
    "timings",
    "training",
    "window",
]
