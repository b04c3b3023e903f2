"""A 3x3 convolution with a quarter of the multiplications: Winograd's F(4x4, 3x3).

    Y = A^T [ (G g G^T) * (B^T d B) ] A       d: 6 x 6 places of the input, g: 3 x 3 filter, Y: 4 x 4 outputs

The product in the middle is elementwise: 36 multiplications make 16 outputs, where the sum over the window
needs 144. Summed over the channels, each of the 36 places is a matrix product, U[k] @ V[k].

The transforms are linear, so a tile written as a row of 36 numbers is transformed by one matrix: row by row,
(B^T d B) = kron(B^T, B^T) d. With the tile's place on the first axis and all else behind it, the transform of
a block of tiles is one GEMM with a long second side, and so it is for weights, outputs and all gradients,
whose matrices are the transposed ones.

Source: A. Lavin, S. Gray, Fast Algorithms for Convolutional Neural Networks, 2015 (arXiv 1509.09308): the
equation and the matrices for the points 0, 1, -1, 2, -2 and infinity.
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from .memory import GAP, Scratch, spaced
from .pooling import TilePool

B_T = np.array([
    [4, 0, -5, 0, 1, 0],
    [0, -4, -4, 1, 1, 0],
    [0, 4, -4, -1, 1, 0],
    [0, -2, -1, 2, 1, 0],
    [0, 2, -1, -2, 1, 0],
    [0, 4, 0, -5, 0, 1],
])
G = np.array([[6, 0, 0], [-4, -4, -4], [-4, 4, -4], [1, 2, 4], [1, -2, 4], [0, 0, 24]]) / 24
A_T = np.array([
    [1, 1, 1, 1, 1, 0],
    [0, 1, -1, 2, -2, 0],
    [0, 1, 1, 4, 4, 0],
    [0, 1, -1, 8, -8, 1],
])
STRIP_COLUMNS = 1500  # tiles times images that are worked on at once: U[k] @ V[k] then stays in the L2 cache
BLOCK_COLUMNS = 1024  # columns of a transform: its input and output stay there too


def on_rows(matrix, dtype=np.float32):
    """Return the matrix that transforms a tile, written as one row: T d T^T = kron(T, T) d."""
    return np.ascontiguousarray(np.kron(matrix, matrix), dtype=dtype)


def tiles(x):
    """Return the 6 x 6 tiles of x (C, H + 2, W + 2, N), 4 apart, as a view (6, 6, C, H/4, W/4, N)."""
    windows = sliding_window_view(x, (6, 6), axis=(1, 2), writeable=True)
    return windows[:, ::4, ::4].transpose(4, 5, 0, 1, 2, 3)


class WinogradConv:
    """A convolution with 3 x 3 filters, stride 1 and pad 1, if asked with 2 x 2 maximum pooling behind it.

    The weights (9, F, C) are transformed once a step by `load`, and the gradient of the transformed weights
    is added up over the backward passes of a step, until `gradient` transforms it back.

    C, F: channels of input and output.  H, W: of the images, multiples of 4.  N: images.
    need_dx: whether backward returns the gradient of the input.
    Raises ValueError when H or W is no multiple of 4.
    """

    def __init__(self, C, F, H, W, N, *, pool=False, need_dx=True, scratch=None):
        if H % 4 or W % 4:
            raise ValueError(f"expected a height and width that 4 divides, got {H} x {W}")
        self.C, self.F, self.N = C, F, N
        self.scratch = scratch or Scratch()
        dtype = self.scratch.dtype
        self.BB, self.GG, self.AA = (on_rows(matrix, dtype) for matrix in (B_T, G, A_T))
        self.BB_T, self.GG_T, self.AA_T = (on_rows(matrix.T, dtype) for matrix in (B_T, G, A_T))
        self.TH, self.TW = H // 4, W // 4
        self.rows = max(k for k in range(1, self.TH + 1) if self.TH % k == 0 and
                        (k == 1 or k * self.TW * N <= STRIP_COLUMNS))
        self.n = self.rows * self.TW * N
        self.strips = [slice(k, k + self.rows) for k in range(0, self.TH, self.rows)]
        self.V = [spaced(np.empty((36, C * self.n + GAP), dtype), C, self.n) for _ in self.strips]
        self.U, self.dU = np.empty((36, F, C), dtype), np.zeros((36, F, C), dtype)
        self.side = 2 if pool else 4
        self.out = np.empty((F, self.side * self.TH, self.side * self.TW, N), dtype)
        self.inputs, self.outputs = self.blocks(C), self.blocks(F)
        self.pools = {}
        if pool:
            self.pools = {
                (strip, block): TilePool((f.stop - f.start, self.rows, self.TW, N), self.scratch)
                for strip in range(len(self.strips)) for block, f in enumerate(self.outputs)
            }
        self.dx = np.zeros((C, H + 2, W + 2, N), dtype) if need_dx else None

    def blocks(self, channels):
        """Return slices of the channels, each small enough for one transform inside the cache."""
        step = max(1, BLOCK_COLUMNS // self.n)
        return [slice(k, min(k + step, channels)) for k in range(0, channels, step)]

    def load(self, w):
        """Transform the weights w (9, F, C) for the passes to come, and begin their gradient anew."""
        np.matmul(self.GG, w.reshape(9, -1), out=self.U.reshape(36, -1))
        self.dU[...] = 0

    def gradient(self):
        """Return the gradient of the weights, (9, F, C), summed over the backward passes since `load`."""
        return np.matmul(self.GG_T, self.dU.reshape(36, -1)).reshape(9, self.F, self.C)

    def forward(self, x, training=True):
        """Return conv(x), pooled if asked.

        x: (C, H + 2, W + 2, N), with a border of zeros.  Returns (F, H, W, N) or (F, H/2, W/2, N), which the
        next forward pass overwrites.
        """
        d = tiles(x)
        M, flat_M = self.scratch.matrices("M", 36, self.F, self.n)
        for k, strip in enumerate(self.strips):
            V, flat_V = self.V[k if training else 0]
            for c in self.inputs:
                some = d[:, :, c, strip]
                block = self.scratch("tiles", *some.shape)
                np.copyto(block, some)
                np.matmul(self.BB, block.reshape(36, -1), out=self.columns(flat_V, c))
            np.matmul(self.U, V, out=M)
            for number, f in enumerate(self.outputs):
                out = self.as_tiles(self.out)[:, :, f, strip]
                y = self.scratch("outputs", 4, 4, *out.shape[2:])
                np.matmul(self.AA, self.columns(flat_M, f), out=y.reshape(16, -1))
                if self.pools:
                    self.pools[k, number].forward(y, out, training)
                else:
                    np.copyto(out, y)
        return self.out

    def backward(self, dout):
        """Add the gradient of the weights, and return that of the input.

        dout: like what forward has returned.  Returns dx: (C, H, W, N), a view, or None.
        Uses up what forward has kept: V is overwritten by its own gradient.
        """
        dout = self.as_tiles(dout)
        dM, flat_dM = self.scratch.matrices("M", 36, self.F, self.n)
        dU = self.scratch("dU", 36, self.F, self.C)
        for k, strip in reversed(list(enumerate(self.strips))):
            for number, f in enumerate(self.outputs):
                some = dout[:, :, f, strip]
                dy = self.scratch("outputs", 4, 4, *some.shape[2:])
                if self.pools:
                    self.pools[k, number].backward(some, dy)
                else:
                    np.copyto(dy, some)
                np.matmul(self.AA_T, dy.reshape(16, -1), out=self.columns(flat_dM, f))
            V, flat_V = self.V[k]
            for place in range(36):
                np.matmul(dM[place], V[place].T, out=dU[place])
                if self.dx is not None:
                    np.matmul(self.U[place].T, dM[place], out=V[place])
            self.dU += dU
            if self.dx is not None:
                self.add_tiles(flat_V, strip)
        return None if self.dx is None else self.dx[:, 1:-1, 1:-1]

    def add_tiles(self, flat_dV, strip):
        """Transform gradients back into tiles and add those that overlap.

        The upper left 4 x 4 of the tiles cover each place once, so they are written; the last two rows and
        columns of a tile lie on its neighbours, so they are added. The lower neighbours have been written
        before, because strips are taken from the bottom up.
        """
        if strip is self.strips[-1]:
            self.dx[:, -2:] = 0
            self.dx[:, :, -2:] = 0
        dx = tiles(self.dx)
        for c in self.inputs:
            there = dx[:, :, c, strip]
            d = self.scratch("tiles", *there.shape)
            np.matmul(self.BB_T, self.columns(flat_dV, c), out=d.reshape(36, -1))
            np.copyto(there[:4, :4], d[:4, :4])
            for i, j in ((slice(4), slice(4, 6)), (slice(4, 6), slice(4)), (slice(4, 6), slice(4, 6))):
                there[i, j] += d[i, j]

    def columns(self, flat, channels):
        """Return the columns of some channels in an array (36, channels * n)."""
        return flat[:, channels.start * self.n : channels.stop * self.n]

    def as_tiles(self, y):
        """Show y (F, H', W', N) as (side, side, F, TH, TW, N): each tile's places on the first two axes."""
        shape = (self.F, self.TH, self.side, self.TW, self.side, self.N)
        return y.reshape(shape).transpose(2, 4, 0, 1, 3, 5)
