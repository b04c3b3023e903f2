"""2x2 maximum pooling inside the tiles of a convolution, before they leave the cache.

A tile has 4 x 4 places, which stand on the first two axes: pooling is a maximum of whole slices, first of two
rows, then of two columns. Two masks remember who won; backward a gradient is multiplied by the mask, and the
loser gets what is left, which is 0 or all of it. Ties go to the upper, then to the left place.
"""

import numpy as np


class TilePool:
    """Pooling of one block of tiles; shape: what follows the tile's axes, such as (F, rows, columns, N)."""

    def __init__(self, shape, scratch):
        self.shape, self.scratch = shape, scratch
        self.upper = np.empty((2, 4, *shape), bool)
        self.left = np.empty((2, 2, *shape), bool)

    def forward(self, y, out, training):
        """Write the maxima of y (4, 4, *shape) into out (2, 2, *shape); in training remember who won."""
        top, bottom = y[0::2], y[1::2]
        half = self.scratch("half", 2, 4, *self.shape)
        if training:
            np.greater_equal(top, bottom, out=self.upper)
        np.maximum(top, bottom, out=half)
        left, right = half[:, 0::2], half[:, 1::2]
        if training:
            np.greater_equal(left, right, out=self.left)
        np.maximum(left, right, out=out)

    def backward(self, dout, dy):
        """Write the gradient of y (4, 4, *shape) into dy, given that of the maxima, dout (2, 2, *shape)."""
        half = self.scratch("half", 2, 4, *self.shape)
        share(dout, self.left, half[:, 0::2], half[:, 1::2])
        share(half, self.upper, dy[0::2], dy[1::2])


def share(dout, first, dfirst, dsecond):
    """Give dout to the first where it won, else to the second: two passes, and no negated mask."""
    np.multiply(dout, first, out=dfirst)
    np.subtract(dout, dfirst, out=dsecond)
