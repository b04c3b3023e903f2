"""The layers to train with: the contracts of the naive ones, computed with whole-array operations."""

from .fast_conv import conv_backward_fast, conv_forward_fast
from .fast_pool import (
    avg_pool_backward_fast,
    avg_pool_forward_fast,
    max_pool_backward_fast,
    max_pool_forward_fast,
)

__all__ = [
    "avg_pool_backward_fast",
    "avg_pool_forward_fast",
    "conv_backward_fast",
    "conv_forward_fast",
    "max_pool_backward_fast",
    "max_pool_forward_fast",
]
