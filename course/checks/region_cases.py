"""Cases of the layers that change the picture: regions, putting together, making larger."""

from dataclasses import replace

import numpy as np

from .draw import a_size, as_float32, distinct, unequal, whole
from .modular_layers import pool_cases
from .task import Case


def median_cases(rng):
    """Return forward cases of median pooling: the other poolings', and a window with one middle."""
    param = {"pool_height": 3, "pool_width": 3, "stride": 3}
    first, *rest = pool_cases(rng)
    odd = Case("a 3x3 image, one 3x3 window", "core", (distinct(rng, (1, 1, 3, 3)), param))
    return [odd, first, *rest]


def local_cases(rng):
    """Return forward cases of the convolution with filters of its own for every position."""

    def inputs(N, C, image, F, window, stride, pad, draw=None):
        x = (draw or rng.standard_normal)((N, C, *image))
        H_out, W_out = ((size + 2 * pad - k) // stride + 1 for size, k in zip(image, window, strict=True))
        w, b = rng.standard_normal((F, H_out, W_out, C, *window)), rng.standard_normal((F, H_out, W_out))
        return x, w, b, {"stride": stride, "pad": pad}

    H, W = unequal(rng, 3, 5)
    HH, WW = unequal(rng, 2, 3)
    small = (
        whole(rng, (1, 1, 3, 3)),
        whole(rng, (1, 2, 2, 1, 2, 2)),
        whole(rng, (1, 2, 2)),
        {"stride": 1, "pad": 0},
    )
    return [
        Case("a 3x3 image, 2x2 filters, stride 1, pad 0", "core", small),
        Case(
            "two 4x4 images of 2 channels, two 3x3 filters, pad 1",
            "core",
            inputs(2, 2, (4, 4), 2, (3, 3), 1, 1),
        ),
        Case(f"a {H}x{W} image", "geometry", inputs(2, 2, (H, W), 2, (2, 2), 1, 0)),
        Case(f"{HH}x{WW} filters", "geometry", inputs(2, 1, (4, 4), 2, (HH, WW), 1, 0)),
        Case("stride 2 and overlap", "geometry", inputs(1, 2, (5, 5), 2, (3, 3), 2, 1)),
        Case("stride 3 that leaves a row over", "geometry", inputs(1, 1, (6, 6), 2, (2, 2), 3, 0)),
        Case("one filter", "geometry", inputs(2, 2, (3, 3), 1, (2, 2), 1, 0)),
        Case(
            "whole numbers as integers",
            "care",
            inputs(1, 2, (3, 3), 2, (2, 2), 1, 0, lambda s: rng.integers(-4, 5, s)),
        ),
        Case("float32", "care", as_float32(inputs(1, 2, (3, 3), 2, (2, 2), 1, 0))),
    ]


def positions(x, w, b, conv_param):
    """Return the output shape of the convolution with filters of its own for every position."""
    return x.shape[0], *b.shape


def concat_cases(rng):
    """Return forward cases of putting arrays side by side."""

    def inputs(shape, axis, *sizes, draw=None):
        def array(size):
            return (draw or rng.standard_normal)((*shape[:axis], size, *shape[axis:]))

        return tuple(array(size) for size in sizes), axis

    H, W = unequal(rng, 2, 4)
    one, two = unequal(rng, 1, 3)
    small = inputs((1, 2, 2), 1, 1, 1, draw=lambda shape: whole(rng, shape))
    return [
        Case("two images of one channel", "core", small),
        Case(f"{one} and {two} channels", "core", inputs((2, 3, 3), 1, one, two)),
        Case(f"three arrays, {H}x{W} images", "geometry", inputs((2, H, W), 1, 2, 3, 1)),
        Case("along the batch", "geometry", inputs((2, 2, 3), 0, 3, 1)),
        Case("along the height", "geometry", inputs((2, 3, 2), 2, 2, 3, 2)),
        Case("matrices", "geometry", inputs((a_size(rng),), 1, one + 1, two)),
        Case("a single array", "geometry", inputs((2, 2, 2), 1, a_size(rng))),
        Case(
            "whole numbers as integers",
            "care",
            inputs((1, 2, 2), 1, 1, 2, draw=lambda s: rng.integers(-4, 5, s)),
        ),
        Case("float32", "care", as_float32(inputs((1, 2, 2), 1, 1, 2))),
    ]


def concat_backward_cases(rng):
    """Return backward cases of putting arrays side by side."""

    def with_gradient(case):
        together = np.concatenate(*case.inputs)
        dtype = np.float32 if together.dtype == np.float32 else float
        draw = whole if together.size <= 16 else lambda rng, shape: rng.standard_normal(shape)
        return replace(case, dout=draw(rng, together.shape).astype(dtype))

    return [with_gradient(case) for case in concat_cases(rng)]


def upsample_cases(rng):
    """Return forward cases of nearest-neighbour upsampling."""
    H, W = unequal(rng, 2, 4)
    return [
        Case("a 2x2 image, scale 2", "core", (whole(rng, (1, 1, 2, 2)), 2)),
        Case("two 3x3 images of 3 channels, scale 2", "core", (rng.standard_normal((2, 3, 3, 3)), 2)),
        Case(f"a {H}x{W} image", "geometry", (rng.standard_normal((2, 2, H, W)), 2)),
        Case("scale 3", "geometry", (rng.standard_normal((2, 1, 2, 3)), 3)),
        Case("scale 1", "geometry", (rng.standard_normal((2, 2, 2, 3)), 1)),
        Case("one pixel, scale 4", "geometry", (rng.standard_normal((1, 2, 1, 1)), 4)),
        Case("whole numbers as integers", "care", (rng.integers(-4, 5, (1, 2, 2, 2)), 2)),
        Case("float32", "care", (rng.standard_normal((1, 2, 2, 2)).astype(np.float32), 2)),
    ]


def enlarged(x, scale):
    """Return the output shape of upsampling."""
    return *x.shape[:2], *(scale * size for size in x.shape[2:])


def transpose_cases(rng):
    """Return forward cases of the transposed convolution."""

    def inputs(N, C, image, F, window, stride, pad, draw=None):
        x = (draw or rng.standard_normal)((N, C, *image))
        w, b = rng.standard_normal((C, F, *window)), rng.standard_normal(F)
        return x, w, b, {"stride": stride, "pad": pad}

    H, W = unequal(rng, 2, 4)
    HH, WW = unequal(rng, 2, 3)
    small = whole(rng, (1, 1, 2, 2)), whole(rng, (1, 1, 2, 2)), whole(rng, (1,)), {"stride": 1, "pad": 0}
    return [
        Case("a 2x2 image, a 2x2 filter, stride 1, pad 0", "core", small),
        Case(
            "two 3x3 images of 3 channels, 3x3 filters, stride 2, pad 1",
            "core",
            inputs(2, 3, (3, 3), 2, (3, 3), 2, 1),
        ),
        Case(f"a {H}x{W} image", "geometry", inputs(2, 2, (H, W), 2, (3, 3), 1, 1)),
        Case(f"{HH}x{WW} filters", "geometry", inputs(2, 2, (3, 3), 3, (HH, WW), 2, 0)),
        Case("stride 3 with gaps", "geometry", inputs(1, 2, (3, 3), 2, (2, 2), 3, 0)),
        Case("pad 2", "geometry", inputs(1, 2, (4, 4), 1, (3, 3), 1, 2)),
        Case("one pixel", "geometry", inputs(2, 3, (1, 1), 2, (3, 3), 1, 0)),
        Case(
            "whole numbers as integers",
            "care",
            inputs(1, 2, (2, 2), 2, (3, 3), 2, 1, lambda s: rng.integers(-4, 5, s)),
        ),
        Case("float32", "care", as_float32(inputs(1, 2, (2, 2), 2, (3, 3), 2, 1))),
    ]


def stamped(x, w, b, conv_param):
    """Return the output shape of the transposed convolution."""
    sides = [
        (size - 1) * conv_param["stride"] + k - 2 * conv_param["pad"]
        for size, k in zip(x.shape[2:], w.shape[2:], strict=True)
    ]
    return x.shape[0], w.shape[1], *sides
