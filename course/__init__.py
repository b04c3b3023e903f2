"""Neural networks and ConvNets from scratch: what the course's notebooks import."""

__version__ = "1.0.0"
