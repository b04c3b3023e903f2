"""The checks of the lesson conv-step-by-step: for each TODO the table of its cases."""

from dataclasses import replace

import numpy as np

from .draw import a_size, as_float32, distinct, unequal, whole
from .task import Case, Task

LESSON = "conv-step-by-step"
MODES = ("max", "average")


def pad_cases(rng):
    """Return the cases of padding: images, and how many rows and columns of zeros."""
    H, W = unequal(rng, 3, 6)
    C, pad = a_size(rng, 2, 3), a_size(rng, 2, 3)
    return [
        Case("a 2x3 image of one channel, pad 1", "core", (whole(rng, (1, 2, 3, 1)), 1)),
        Case(f"two 4x4 images of 3 channels, pad {pad}", "core", (rng.standard_normal((2, 4, 4, 3)), pad)),
        Case(f"a {H}x{W} image of {C} channels", "geometry", (rng.standard_normal((1, H, W, C)), 2)),
        Case("pad 0", "geometry", (rng.standard_normal((2, W, H, C)), 0)),
        Case("one pixel", "geometry", (whole(rng, (a_size(rng), 1, 1, 1)), pad)),
        Case("whole numbers as integers", "care", (whole(rng, (1, 3, 2, 2)).astype(int), 1)),
        Case("float32", "care", as_float32((rng.standard_normal((1, 3, 2, 2)), 1))),
    ]


def step_cases(rng):
    """Return the cases of a single step: a window, a filter of the same shape, a bias."""

    def inputs(f, C, draw=None):
        window = (draw or rng.standard_normal)((f, f, C))
        return window, rng.standard_normal((f, f, C)), rng.standard_normal((1, 1, 1))

    small = whole(rng, (2, 2, 1)), whole(rng, (2, 2, 1)), whole(rng, (1, 1, 1))
    C = a_size(rng, 2, 4)
    return [
        Case("a 2x2 window of one channel", "core", small),
        Case("a 3x3 window of 3 channels", "core", inputs(3, 3)),
        Case(f"a 2x2 window of {C} channels", "geometry", inputs(2, C)),
        Case("a 1x1 window", "geometry", inputs(1, a_size(rng, 3, 5))),
        Case("a 5x5 window of one channel", "geometry", inputs(5, 1)),
        Case("pixels as small integers", "care", inputs(3, 2, lambda s: rng.integers(150, 256, s, np.uint8))),
        Case("float32", "care", as_float32(inputs(3, 2))),
    ]


def conv_cases(rng):
    """Return forward cases of the convolution."""

    def inputs(m, image, C, F, f, stride, pad, draw=None):
        A_prev = (draw or rng.standard_normal)((m, *image, C))
        W, b = rng.standard_normal((f, f, C, F)), rng.standard_normal((1, 1, 1, F))
        return A_prev, W, b, {"stride": stride, "pad": pad}

    small = whole(rng, (1, 3, 3, 1)), whole(rng, (2, 2, 1, 1)), whole(rng, (1, 1, 1, 1))
    H, W = unequal(rng, 4, 6)
    left = 3 * a_size(rng, 1, 2) + 2  # with a 3x3 filter, pad 0 and stride 3 there are 2 rows left over
    return [
        Case("a 3x3 image, a 2x2 filter, stride 1, pad 0", "core", (*small, {"stride": 1, "pad": 0})),
        Case(
            "two 5x5 images of 3 channels, two 3x3 filters, pad 1",
            "core",
            inputs(2, (5, 5), 3, 2, 3, 1, 1),
        ),
        Case(f"a {H}x{W} image", "geometry", inputs(2, (H, W), 2, 3, 3, 1, 1)),
        Case("one filter", "geometry", inputs(2, (4, 5), 3, 1, 2, 1, 0)),
        Case("1x1 filters", "geometry", inputs(1, (2, 3), 3, 2, 1, 1, 0)),
        Case("stride 2", "geometry", inputs(2, (6, 6), 2, 2, 2, 2, 0)),
        Case("stride 2 and overlap", "geometry", inputs(1, (7, 7), 2, 2, 3, 2, 1)),
        Case("pad 2", "geometry", inputs(1, (4, 4), 1, 2, 3, 1, 2)),
        Case("stride 3 that leaves two rows over", "geometry", inputs(1, (left, left), 2, 2, 3, 3, 0)),
        Case(
            "whole numbers as integers",
            "care",
            inputs(1, (4, 4), 2, 2, 3, 1, 1, lambda s: rng.integers(-4, 5, s)),
        ),
        Case("float32", "care", as_float32(inputs(1, (4, 4), 2, 2, 3, 1, 1))),
    ]


def pool_cases(rng):
    """Return forward cases of pooling in both modes, without ties."""

    def inputs(m, image, C, f, stride, mode):
        return distinct(rng, (m, *image, C)), {"f": f, "stride": stride}, mode

    H, W = (2 * half + 1 for half in unequal(rng, 1, 3))  # their halves differ too
    A_prev, *rest = inputs(1, (4, 4), 2, 2, 2, "max")
    pixels = rng.permutation(32).reshape(1, 4, 4, 2).astype(np.uint8) + 200, {"f": 2, "stride": 2}
    return [
        *(Case(f"a 4x4 image, mode {mode!r}", "core", inputs(1, (4, 4), 1, 2, 2, mode)) for mode in MODES),
        *(
            Case(f"two 6x6 images of 3 channels, mode {mode!r}", "core", inputs(2, (6, 6), 3, 2, 2, mode))
            for mode in MODES
        ),
        Case(f"a {H}x{W} image, mode 'max'", "geometry", inputs(2, (H, W), 2, 2, 2, "max")),
        Case(f"a {W}x{H} image, mode 'average'", "geometry", inputs(2, (W, H), 2, 2, 2, "average")),
        Case("overlapping 3x3 windows, stride 2", "geometry", inputs(2, (7, 7), 2, 3, 2, "max")),
        Case("overlapping 2x2 windows, stride 1", "geometry", inputs(1, (3, 3), 2, 2, 1, "average")),
        Case("2x2 windows, stride 3", "geometry", inputs(1, (5, 5), 1, 2, 3, "max")),
        Case("only negative numbers", "geometry", (A_prev - 100, *rest)),
        *(Case(f"pixels as small integers, mode {mode!r}", "care", (*pixels, mode)) for mode in MODES),
        Case("float32", "care", as_float32(inputs(1, (4, 4), 2, 2, 2, "average"))),
    ]


def mask_cases(rng):
    """Return the cases of a mask: windows without ties, and some with ties under a rule of their own."""
    tied = rng.permutation([1.0, 3.0, 3.0, 2.0]).reshape(2, 2) * a_size(rng, 1, 3)
    corner = distinct(rng, (3, 3))
    corner[-1, -1] = 50
    return [
        Case("a 2x2 window", "core", (distinct(rng, (2, 2)),)),
        Case("a 3x3 window", "core", (distinct(rng, (3, 3)) * a_size(rng, 1, 3),)),
        Case("only negative numbers", "geometry", (distinct(rng, (3, 3)) - 100,)),
        Case("a 1x1 window", "geometry", (distinct(rng, (1, 1)),)),
        Case("the maximum in the last corner", "geometry", (corner,)),
        Case("a 4x4 window", "geometry", (distinct(rng, (4, 4)),)),
        Case("ties", "care", (tied,), rule="every maximum"),
        Case("all numbers equal", "care", (np.full((3, 3), 2.5),), rule="every maximum"),
        Case("whole numbers as integers", "care", (rng.permutation(9).reshape(3, 3) - 4,)),
    ]


def share_cases(rng):
    """Return the cases of sharing a number out: the number, and the shape of the window."""
    n_H, n_W = unequal(rng, 2, 5)
    return [
        Case("a 2x2 window", "core", (float(whole(rng, ())), (2, 2))),
        Case("a 3x3 window", "core", (float(rng.standard_normal()), (3, 3))),
        Case(f"a {n_H}x{n_W} window", "geometry", (float(rng.standard_normal()), (n_H, n_W))),
        Case("a 1x1 window", "geometry", (float(rng.standard_normal()), (1, 1))),
        Case("one row", "geometry", (float(rng.standard_normal()), (1, a_size(rng, 3, 5)))),
        Case("a whole number as an integer", "care", (2 * a_size(rng, 1, 4) + 1, (2, 2))),
        Case("zero", "care", (0.0, (2, 3))),
    ]


def with_upstream(forward_cases, out_shape):
    """Return a drawing of backward cases: the forward's cases, each with a random gradient of its output."""

    def draw(rng):
        return [add_upstream(rng, case, out_shape) for case in forward_cases(rng)]

    return draw


def add_upstream(rng, case, out_shape):
    """Return the case with a gradient of its output: whole numbers in the smallest cases."""
    shape = out_shape(*case.inputs)
    dout = whole(rng, shape) if case.inputs[0].size <= 16 else rng.standard_normal(shape)
    if dout.sum() == 0:  # then db would be 0, and nothing could be said of its relative error
        dout.flat[0] *= -1
    return replace(case, dout=dout.astype(np.float32) if case.inputs[0].dtype == np.float32 else dout)


def pool_backward_cases(rng):
    """Return backward cases of pooling: those without ties, and one with ties under a rule of its own."""
    tied = np.kron(rng.integers(1, 5, (1, 2, 2)), [[1.0, 1.0], [0.5, 1.0]])  # 3 of 4 are the largest
    inputs = np.stack([tied, tied[:, ::-1]], axis=-1), {"f": 2, "stride": 2}, "max"
    ties = Case("ties", "care", inputs, rule="full or once")
    return [*with_upstream(pool_cases, pooled)(rng), add_upstream(rng, ties, pooled)]


def convolved(A_prev, W, b, hparameters):
    """Return the output shape of the convolution."""
    stride, pad = hparameters["stride"], hparameters["pad"]
    return len(A_prev), *((n + 2 * pad - len(W)) // stride + 1 for n in A_prev.shape[1:3]), W.shape[3]


def pooled(A_prev, hparameters, mode):
    """Return the output shape of pooling."""
    f, stride = hparameters["f"], hparameters["stride"]
    return len(A_prev), *((n - f) // stride + 1 for n in A_prev.shape[1:3]), A_prev.shape[3]


def task(stem, arguments, outputs, draw, **more):
    """Return a task of this lesson."""
    return Task(stem, LESSON, arguments, outputs, draw, channels_last=True, **more)


CONV, POOL = ("A_prev", "W", "b", "hparameters"), ("A_prev", "hparameters", "mode")

TASKS = [
    task("zero_pad", ("X", "pad"), ("X_pad",), pad_cases),
    task("conv_single_step", ("a_slice_prev", "W", "b"), ("Z",), step_cases),
    task("conv_forward", CONV, ("Z",), conv_cases, cached=True),
    task("pool_forward", POOL, ("A",), pool_cases, cached=True),
    task(
        "conv_backward",
        CONV,
        ("dA_prev", "dW", "db"),
        with_upstream(conv_cases, convolved),
        forward="conv_forward",
        call=("dZ", "cache"),
    ),
    task("create_mask_from_window", ("x",), ("mask",), mask_cases),
    task("distribute_value", ("dz", "shape"), ("a",), share_cases),
    task(
        "pool_backward",
        POOL,
        ("dA_prev",),
        pool_backward_cases,
        forward="pool_forward",
        call=("dA", "cache", "mode"),
    ),
]
