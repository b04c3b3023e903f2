"""The network: three blocks of conv - pool - norm + GELU - conv - norm + GELU on whitened patches.

    (3, 33, 33) -> whitening (24, 32, 32) -> block (64, 16, 16) -> block (256, 8, 8) -> block (256, 4, 4)
    -> maximum over the places (256,) -> head (10,), divided by 256

The convolutions begin as the identity, as far as their channels go (Dirac initialisation), and at random in
the channels that are left: a deep net that hands on its input learns at once.

Source: the net of K. Jordan's airbench (arXiv 2404.00498).
"""

import numpy as np

from .memory import Scratch
from .norm import NormGelu
from .whitening import CHANNELS, Whitening
from .winograd import WinogradConv

CLASSES = 10
SIDES = (32, 16, 16, 8, 8, 4)  # of the images that go into the convolutions; each second one pools


def shapes(widths):
    """Return {name: shape} of what is learnt: "w<i>" (9, F, C), "b<i>" (F,), "head" (10, channels)."""
    F = [width for width in widths for _ in range(2)]
    C = [CHANNELS, *F[:-1]]
    weights = {f"w{i}": (9, F[i], C[i]) for i in range(len(F))}
    return weights | {f"b{i}": (F[i],) for i in range(len(F))} | {"head": (CLASSES, F[-1])}


def init(parameters, rng):
    """Give the parameters, {name: array}, their first values."""
    for name, value in parameters.items():
        if name.startswith("w"):
            value[...] = dirac(value.shape, rng)
        elif name == "head":
            value[...] = rng.standard_normal(value.shape)
        else:
            value[...] = 0


def dirac(shape, rng):
    """Return filters (9, F, C): filter f copies channel f, those beyond C are uniform in +-1/sqrt(9 C)."""
    _, F, C = shape
    w = rng.uniform(-1, 1, shape) / np.sqrt(9 * C)
    same = np.arange(min(F, C))
    w[:, same] = 0
    w[4, same, same] = 1
    return w


class Net:
    """The network of these widths for N images at once; whitening: the first layer's filters (12, 12)."""

    def __init__(self, widths, N, whitening, *, scratch=None):
        scratch = scratch or Scratch()
        self.N = N
        self.whitening = Whitening(whitening, N, scratch=scratch)
        self.convs, self.norms = [], []
        shown = [shape for name, shape in shapes(widths).items() if name.startswith("w")]
        for i, ((_, F, C), side) in enumerate(zip(shown, SIDES, strict=True)):
            conv = WinogradConv(C, F, side, side, N, pool=i % 2 == 0, need_dx=i > 0, scratch=scratch)
            last = i == len(SIDES) - 1
            self.convs.append(conv)
            self.norms.append(NormGelu(*conv.out.shape, pad=0 if last else 1, scratch=scratch))
        self.head = np.zeros((CLASSES, F), scratch.dtype)
        self.dhead = np.zeros_like(self.head)

    def load(self, parameters):
        """Take over the parameters, {name: array}, and begin their gradients anew."""
        for i, (conv, norm) in enumerate(zip(self.convs, self.norms, strict=True)):
            conv.load(parameters[f"w{i}"])
            norm.b[...] = parameters[f"b{i}"]
            norm.db[...] = 0
        self.head[...] = parameters["head"]
        self.dhead[...] = 0

    def gradients(self, into):
        """Write the gradients, summed over the backward passes since `load`, into {name: array}."""
        for i, (conv, norm) in enumerate(zip(self.convs, self.norms, strict=True)):
            into[f"w{i}"][...] = conv.gradient()
            into[f"b{i}"][...] = norm.db
        into["head"][...] = self.dhead

    @property
    def running(self):
        """Return the running averages of all norms side by side, (2, channels)."""
        return np.concatenate([norm.running for norm in self.norms], axis=1)

    def forward(self, x, running=None):
        """Return scores (10, N) of x (3, 33, 33, N); running: as `running` returns it, None in training."""
        y, channel = self.whitening.forward(x), 0
        for conv, norm in zip(self.convs, self.norms, strict=True):
            some = None if running is None else running[:, channel : channel + conv.F]
            y = norm.forward(conv.forward(y, running is None), some)
            channel += conv.F
        places = y.reshape(len(y), -1, self.N)
        self.winners = places.argmax(axis=1)[:, None]
        self.features = np.take_along_axis(places, self.winners, axis=1)[:, 0]
        return self.head @ self.features / len(y)

    def backward(self, dscores):
        """Add the gradients of all parameters, given that of the scores, (10, N)."""
        last = self.norms[-1].y
        dscores = dscores / len(last)
        self.dhead += dscores @ self.features.T
        dout = np.zeros((len(last), last.shape[1] * last.shape[2], self.N), last.dtype)
        np.put_along_axis(dout, self.winners, (self.head.T @ dscores)[:, None], axis=1)
        dout = dout.reshape(last.shape)
        for conv, norm in zip(reversed(self.convs), reversed(self.norms), strict=True):
            dout = conv.backward(norm.backward(dout))
