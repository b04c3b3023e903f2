"""A trained ConvNet as a file to hand in: `pack` writes weights.npz, `unpack` reads it."""

from .pack import Packed, pack
from .weights import FILE, Refused, unpack

__all__ = ["FILE", "Packed", "Refused", "pack", "unpack"]
