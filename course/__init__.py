"""Neural networks and ConvNets from scratch: what the course's notebooks import."""

from .checks import check
from .version import VERSION as __version__

__all__ = ["__version__", "check"]
