"""Several channels in, several filters: partial sums, their sum, and the same as one matrix product."""

from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

LIMITS = {"channels": (1, 3), "filters": (1, 4), "size": (3, 6), "kernel": (1, 3), "stride": (1, 2)}
LARGEST_X, LARGEST_W, LARGEST_B = (3, 6, 6), (4, 3, 3, 3), (4,)
MOST_PIXEL, MOST_WEIGHT, MOST_BIAS = 4, 2, 3


class Layer(NamedTuple):
    """A convolution of one small picture.

    x: (C, N, N), w: (F, C, K, K), b: (F,), all int.  stride: int.  bias: whether b is there; else it is 0.
    """

    x: np.ndarray
    w: np.ndarray
    b: np.ndarray
    stride: int
    bias: bool

    @property
    def windows(self):
        """im2col: (places, C K K), one row for each place of the window, channel by channel."""
        _, _, kernel, _ = self.w.shape
        found = sliding_window_view(self.x, (kernel, kernel), axis=(1, 2))[:, :: self.stride, :: self.stride]
        return found.transpose(1, 2, 0, 3, 4).reshape(self.out_side**2, -1)

    @property
    def out_side(self):
        """Side of the output."""
        return (self.x.shape[1] - self.w.shape[2]) // self.stride + 1

    @property
    def left_over(self):
        """Rows, and columns, that no window reads."""
        return (self.x.shape[1] - self.w.shape[2]) % self.stride

    @property
    def partial(self):
        """What each channel gives to each map: (F, C, out, out)."""
        F, C, _, _ = self.w.shape
        windows, filters = self.windows.reshape(self.out_side**2, C, -1), self.w.reshape(F, C, -1)
        return np.einsum("pct,fct->fcp", windows, filters).reshape(F, C, self.out_side, self.out_side)

    @property
    def out(self):
        """The maps: (F, out, out)."""
        return self.partial.sum(axis=1) + self.b[:, None, None]

    @property
    def parameters(self):
        """The number of weights and biases."""
        return self.w.size + self.bias * self.b.size


def layer(channels, filters, size, kernel, stride, bias, pixels, weights, biases):
    """Return the Layer that takes its numbers from those of the largest one, each given in a row."""
    x = np.reshape(pixels, LARGEST_X)[:channels, :size, :size]
    w = np.reshape(weights, LARGEST_W)[:filters, :channels, :kernel, :kernel]
    return Layer(x, w, np.array(biases[:filters]) * bias, stride, bias)


def drawn(rng):
    """Return random pixels, weights and biases for the largest layer, each in a row."""
    return {
        "pixels": rng.integers(0, MOST_PIXEL, np.prod(LARGEST_X), endpoint=True).tolist(),
        "weights": rng.integers(-MOST_WEIGHT, MOST_WEIGHT, np.prod(LARGEST_W), endpoint=True).tolist(),
        "biases": rng.integers(-MOST_BIAS, MOST_BIAS, LARGEST_B, endpoint=True).tolist(),
    }


def sentence(layer):
    """Return shapes and counts in words."""
    (F, C, K, _), out = layer.w.shape, layer.out_side
    one = f"{C}·{K}·{K}" + (" + 1" if layer.bias else "")
    said = (
        f"Each filter has a slice for every channel: {F}·({one}) = {layer.parameters} parameters. "
        f"Each filter gives one map of {out} × {out}, however many channels come in. "
        f"As a matrix product: {out * out} × {C * K * K} times {C * K * K} × {F} gives {out * out} × {F}."
    )
    unread = " The last row and column are never read: they do not fit the stride."
    return said + unread if layer.left_over else said


def place_at(layer, position):
    """Return (filter, row, column) of an output cell, counted map by map; past the end is the last."""
    shape = layer.out.shape
    return tuple(int(n) for n in np.unravel_index(min(position, np.prod(shape) - 1), shape))


def cell_sentence(layer, position):
    """Return one output cell: its partial sums, the bias, and their sum."""
    f, r, s = place_at(layer, position)
    sums = layer.partial[f, :, r, s].tolist()
    parts = [f"channel {c} gives {_signed(part)}" for c, part in enumerate(sums)]
    if layer.bias:
        parts.append(f"the bias {_signed(layer.b[f])}")
        sums.append(layer.b[f])
    first, *others = sums
    added = _signed(first) + "".join(f" − {-n}" if n < 0 else f" + {n}" for n in others)
    return f"out[{f}, {r}, {s}]: {', '.join(parts)}; {added} = {_signed(layer.out[f, r, s])}."


def _signed(number):
    return f"{number}".replace("-", "−")
