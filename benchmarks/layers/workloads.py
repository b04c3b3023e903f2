"""What is measured: convolutions, poolings, and whole steps of training, in float32."""

from dataclasses import dataclass

import numpy as np

BATCH = 100
RNG_SEED = 0


@dataclass(frozen=True)
class Convolution:
    """A convolution, forward and backward with all gradients; x: (N, C, H, W), w: (F, C, HH, WW)."""

    x: tuple[int, int, int, int]
    w: tuple[int, int, int, int]
    stride: int = 1
    pad: int = 0

    @property
    def conv_param(self):
        """Return stride and padding as the layers want them."""
        return {"stride": self.stride, "pad": self.pad}

    @property
    def out(self):
        """Return the shape of the output."""
        H_out, W_out = ((size + 2 * self.pad - kernel) // self.stride + 1
                        for size, kernel in zip(self.x[2:], self.w[2:], strict=True))
        return self.x[0], self.w[0], H_out, W_out

    @property
    def operations(self):
        """Return how many additions and multiplications forward, dx and dw take."""
        return 3 * 2 * int(np.prod(self.out)) * int(np.prod(self.w[1:]))

    @property
    def suits_winograd(self):
        """Return True where course.record.winograd can compute it."""
        is_3_by_3 = (*self.w[2:], self.stride, self.pad) == (3, 3, 1, 1)
        return is_3_by_3 and self.x[2] % 4 == self.x[3] % 4 == 0

    def arrays(self):
        """Return x, w, b and dout."""
        return floats(self.x, self.w, self.w[:1], self.out)


@dataclass(frozen=True)
class Pool:
    """Max pooling, forward and backward; x: (N, C, H, W)."""

    x: tuple[int, int, int, int]
    size: int
    stride: int

    @property
    def pool_param(self):
        """Return the windows as the layers want them."""
        return {"pool_height": self.size, "pool_width": self.size, "stride": self.stride}

    def arrays(self):
        """Return x and dout."""
        H_out, W_out = ((size - self.size) // self.stride + 1 for size in self.x[2:])
        return floats(self.x, (*self.x[:2], H_out, W_out))


@dataclass(frozen=True)
class ConvNetStep:
    """A step of conv - ReLU - 2x2 max pool - affine - softmax with momentum; the images get no gradient."""

    x: tuple[int, int, int, int] = (BATCH, 3, 32, 32)
    filters: int = 32
    size: int = 5
    classes: int = 10

    @property
    def operations(self):
        """Return how many additions and multiplications the products of matrices take."""
        N, C, H, W = self.x
        convolution = 2 * N * self.filters * H * W * C * self.size**2
        affine = 2 * N * self.filters * (H // 2) * (W // 2) * self.classes
        return 2 * convolution + 3 * affine


@dataclass(frozen=True)
class TwoLayerStep:
    """A step of affine - ReLU - affine - softmax with momentum; the images get no gradient."""

    x: tuple[int, int] = (200, 3072)
    hidden: int = 500
    classes: int = 10

    @property
    def operations(self):
        """Return how many additions and multiplications the products of matrices take."""
        N, D = self.x
        return 2 * 2 * N * D * self.hidden + 3 * 2 * N * self.hidden * self.classes


CONVOLUTIONS = {
    "A": Convolution((BATCH, 3, 31, 31), (25, 3, 3, 3), stride=2, pad=1),
    "B5": Convolution((BATCH, 3, 32, 32), (32, 3, 5, 5), pad=2),
    "B7": Convolution((BATCH, 3, 32, 32), (32, 3, 7, 7), pad=3),
    "C": Convolution((BATCH, 32, 16, 16), (64, 32, 3, 3), pad=1),
}
POOLS = {"D2": Pool((BATCH, 32, 32, 32), 2, 2), "D3": Pool((BATCH, 32, 32, 32), 3, 2)}
STEPS = {"E": ConvNetStep(), "F": TwoLayerStep()}
TIMES = (1, 2, 4, 8)
GROWTH = {  # along each axis everything else stays as it is
    "batch": {50 * k: Convolution((50 * k, 3, 32, 32), (32, 3, 5, 5), pad=2) for k in TIMES},
    "channels": {8 * k: Convolution((BATCH, 8 * k, 16, 16), (32, 8 * k, 3, 3), pad=1) for k in TIMES},
    "kernel size": {k: Convolution((BATCH, 8, 16, 16), (32, 8, k, k), pad=k // 2) for k in TIMES},
}


def floats(*shapes):
    """Return an array of float32 for each shape, always the same ones."""
    rng = np.random.default_rng(RNG_SEED)
    return [rng.standard_normal(shape, dtype=np.float32) for shape in shapes]


def labels(N, classes):
    """Return N integer labels."""
    return np.random.default_rng(RNG_SEED).integers(0, classes, N)
