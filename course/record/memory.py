"""Working memory of the layers."""

import math

import numpy as np

GAP = 1040  # numbers; rows that are a power of two apart would fall on the same few lines of the cache


class Scratch:
    """Memory that layers use one after another, so that little of it has to leave the processor's cache.

    dtype: of all arrays of the layers that share it.
    """

    def __init__(self, dtype=np.float32):
        self.dtype, self.flat = np.dtype(dtype), {}

    def __call__(self, name, *shape):
        """Return the array of this name with this shape; what it holds is whatever its last user left."""
        size = math.prod(shape)
        if name not in self.flat or self.flat[name].size < size:
            self.flat[name] = np.empty(size, self.dtype)
        return self.flat[name][:size].reshape(shape)

    def matrices(self, name, count, rows, columns):
        """Return the array of this name as `spaced` shows it."""
        return spaced(self(name, count, rows * columns + GAP), rows, columns)


def spaced(room, rows, columns):
    """Return matrices that lie a little apart in memory, as a stack and with each as one row.

    room: (count, rows * columns + GAP).  Returns views of shapes (count, rows, columns) and
    (count, rows * columns).
    """
    flat = room[:, : rows * columns]
    return flat.reshape(len(room), rows, columns), flat
