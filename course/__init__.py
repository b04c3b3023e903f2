"""Neural networks and ConvNets from scratch: what the course's notebooks import."""

import sys

from .checks import check
from .version import VERSION as __version__

if "IPython" in sys.modules:  # a notebook; plain Python does without its half second
    from . import magics

    magics.register()

__all__ = ["__version__", "check"]
