"""What every layer asks of its inputs: errors that name what was expected and what came."""

import numpy as np


def expect_array(name, x, shape):
    """Raise unless `x` is an array of numbers with this shape.

    shape: a tuple of ints (that size and no other), letters (any size of at least 1)
    and at most one `...` at the end (any further axes), e.g. ("N", "C", "H", "W").
    Raises TypeError when `x` is not a NumPy array of numbers, ValueError when its shape does not fit.
    """
    if not isinstance(x, np.ndarray):
        raise TypeError(f"{name} must be a NumPy array, got {type(x).__name__}")
    if x.dtype.kind not in "fciu":
        raise TypeError(f"{name} must hold numbers, got dtype {x.dtype}")
    open_end = shape[-1] is ...
    sizes = shape[:-1] if open_end else shape
    fits = x.ndim >= len(sizes) if open_end else x.ndim == len(sizes)
    for size, got in zip(sizes, x.shape, strict=False):
        fits = fits and (got == size if isinstance(size, int) else got >= 1)
    if not fits:
        wanted = ", ".join("..." if size is ... else str(size) for size in shape)
        wanted = f"{wanted}," if len(shape) == 1 else wanted
        empty = "; an empty batch has no answer" if 0 in x.shape else ""
        raise ValueError(f"{name} must have shape ({wanted}), got {x.shape}{empty}")


def expect_labels(y, N, C):
    """Raise unless `y` holds N integer labels from 0 to C - 1.

    Raises TypeError when `y` is not an integer array, ValueError when a shape or a label does not fit.
    """
    if not isinstance(y, np.ndarray) or y.dtype.kind not in "iu":
        raise TypeError(f"y must be an integer array, got {getattr(y, 'dtype', type(y).__name__)}")
    if y.shape != (N,):
        raise ValueError(f"y must have shape ({N},), got {y.shape}")
    if y.min() < 0 or y.max() >= C:
        raise ValueError(f"labels must lie in 0..{C - 1}, got {y.min()}..{y.max()}")


def output_size(size, kernel, stride, pad=0):
    """Return how many windows fit along one axis: floor((size + 2 pad - kernel) / stride) + 1.

    size, kernel, stride, pad: ints, in pixels. Rows or columns that are left over at the end are not used.
    Raises ValueError when a number is out of range or the kernel is larger than the padded input.
    """
    if kernel < 1 or stride < 1 or pad < 0:
        raise ValueError(f"need kernel >= 1, stride >= 1, pad >= 0, got {kernel}, {stride}, {pad}")
    if kernel > size + 2 * pad:
        padded = f"{size} + 2 * {pad} = {size + 2 * pad}"
        raise ValueError(f"a kernel of {kernel} is larger than the padded input of {padded}")
    return (size + 2 * pad - kernel) // stride + 1
