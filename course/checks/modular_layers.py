"""The checks of the lesson modular-layers: for each TODO the table of its cases."""

from dataclasses import replace

import numpy as np

from .draw import a_size, as_float32, distinct, unequal, whole
from .task import Case, Task

LESSON = "modular-layers"


def affine_cases(rng):
    """Return forward cases of the affine layer."""

    def inputs(N, shape, M, draw=None):
        x = (draw or rng.standard_normal)((N, *shape))
        return x, rng.standard_normal((int(np.prod(shape)), M)), rng.standard_normal(M)

    N, D, M = a_size(rng, 2, 3), a_size(rng, 3, 4), a_size(rng, 2, 3)
    small = whole(rng, (N, D)), whole(rng, (D, M)), whole(rng, (M,))
    deep = a_size(rng), *unequal(rng, 2, 4)
    return [
        Case(f"{N} samples of {D} numbers, {M} outputs", "core", small),
        Case("5 samples of 6 numbers, 4 outputs", "core", inputs(5, (6,), 4)),
        Case(f"images: samples of shape {deep}", "geometry", inputs(a_size(rng, 3, 4), deep, a_size(rng))),
        Case("one sample", "geometry", inputs(1, (a_size(rng, 3, 5),), a_size(rng))),
        Case("one output", "geometry", inputs(a_size(rng, 3, 4), (a_size(rng),), 1)),
        Case("whole numbers as integers", "care", inputs(4, (3,), 2, lambda s: rng.integers(-4, 5, s))),
        Case("float32", "care", as_float32(inputs(3, (4,), 2))),
    ]


def relu_cases(rng):
    """Return forward cases of the ReLU."""
    N, D = a_size(rng, 2, 3), a_size(rng, 3, 4)
    zeros = np.array([[0.0, -0.0, 1.0], [-2.0, 0.0, 3.0]]) * a_size(rng, 1, 3)
    return [
        Case(f"{N} samples of {D} numbers", "core", (whole(rng, (N, D)),)),
        Case("5 samples of 6 numbers", "core", (rng.standard_normal((5, 6)),)),
        Case("images", "geometry", (rng.standard_normal((2, a_size(rng), *unequal(rng, 2, 4))),)),
        Case("one long row", "geometry", (rng.standard_normal(a_size(rng, 5, 8)),)),
        Case("exact zeros", "care", (zeros,)),
        Case("whole numbers as integers", "care", (whole(rng, (3, 4)).astype(int),)),
        Case("float32", "care", as_float32((rng.standard_normal((3, 4)),))),
    ]


def score_cases(rng):
    """Return cases of a loss: scores and labels."""

    def inputs(N, C, scale=1.0):
        return rng.standard_normal((N, C)) * scale, rng.integers(0, C, N)

    N, C = a_size(rng, 2, 3), 3
    far = np.array([[1000.0, 0.0, -1000.0], [-1000.0, -1010.0, -990.0]]) + rng.standard_normal((2, 3))
    scores = rng.integers(-4, 5, (4, 3))
    return [
        Case(f"{N} samples, {C} classes", "core", inputs(N, C)),
        Case("6 samples, 10 classes", "core", inputs(6, 10, 2.0)),
        Case("one sample", "geometry", inputs(1, a_size(rng, 4, 6))),
        Case("two classes", "geometry", inputs(a_size(rng, 5, 7), 2)),
        Case("scores near 1000", "care", (far, np.array([1, 0]))),
        Case("whole numbers as integers", "care", (scores, rng.integers(0, 3, 4))),
        Case("float32", "care", (inputs(3, 4)[0].astype(np.float32), rng.integers(0, 4, 3))),
    ]


def hinge_cases(rng):
    """Return the cases of a loss, with margins that keep away from the kink of the hinge at 0."""
    return [replace(case, inputs=(off_the_kink(*case.inputs), case.inputs[1])) for case in score_cases(rng)]


def off_the_kink(x, y):
    """Return scores none of which lies exactly 1 below the score of the right class."""
    if x.dtype.kind != "i":
        return x
    right = x[np.arange(len(y)), y]
    return x - (x - right[:, None] == -1)


def conv_cases(rng):
    """Return forward cases of the convolution."""

    def inputs(N, C, image, F, window, stride, pad, draw=None):
        x = (draw or rng.standard_normal)((N, C, *image))
        w, b = rng.standard_normal((F, C, *window)), rng.standard_normal(F)
        return x, w, b, {"stride": stride, "pad": pad}

    small = whole(rng, (1, 1, 3, 3)), whole(rng, (1, 1, 2, 2)), whole(rng, (1,)), {"stride": 1, "pad": 0}
    H, W = unequal(rng, 4, 6)
    HH, WW = unequal(rng, 2, 3)
    left = 3 * a_size(rng, 1, 2) + 2  # with a 3x3 window, pad 0 and stride 3 there are 2 rows left over
    return [
        Case("a 3x3 image, a 2x2 filter, stride 1, pad 0", "core", small),
        Case(
            "two 5x5 images of 3 channels, two 3x3 filters, pad 1",
            "core",
            inputs(2, 3, (5, 5), 2, (3, 3), 1, 1),
        ),
        Case(f"a {H}x{W} image", "geometry", inputs(2, 2, (H, W), 2, (3, 3), 1, 1)),
        Case(f"{HH}x{WW} filters", "geometry", inputs(2, 2, (5, 5), 3, (HH, WW), 1, 0)),
        Case("stride 2", "geometry", inputs(2, 2, (6, 6), 2, (2, 2), 2, 0)),
        Case("stride 2 and overlap", "geometry", inputs(1, 2, (7, 7), 2, (3, 3), 2, 1)),
        Case("pad 2", "geometry", inputs(1, 1, (4, 4), 2, (3, 3), 1, 2)),
        Case("stride 3 that leaves two rows over", "geometry", inputs(1, 2, (left, left), 2, (3, 3), 3, 0)),
        Case(
            "whole numbers as integers",
            "care",
            inputs(1, 2, (4, 4), 2, (3, 3), 1, 1, lambda s: rng.integers(-4, 5, s)),
        ),
        Case("float32", "care", as_float32(inputs(1, 2, (4, 4), 2, (3, 3), 1, 1))),
    ]


def pool_cases(rng):
    """Return forward cases of a pooling layer, without ties."""

    def inputs(N, C, image, window, stride):
        param = {"pool_height": window[0], "pool_width": window[1], "stride": stride}
        return distinct(rng, (N, C, *image)), param

    H, W = unequal(rng, 4, 7)
    PH, PW = unequal(rng, 2, 3)
    negative = inputs(1, 2, (4, 4), (2, 2), 2)
    negative = negative[0] - 100, negative[1]
    integers = (
        rng.permutation(32).reshape(2, 1, 4, 4) - 16,
        {"pool_height": 2, "pool_width": 2, "stride": 2},
    )
    return [
        Case("a 4x4 image, 2x2 windows, stride 2", "core", inputs(1, 1, (4, 4), (2, 2), 2)),
        Case("two 6x6 images of 3 channels, 2x2 windows, stride 2", "core", inputs(2, 3, (6, 6), (2, 2), 2)),
        Case(f"a {H}x{W} image", "geometry", inputs(2, 2, (H, W), (2, 2), 2)),
        Case(f"{PH}x{PW} windows", "geometry", inputs(2, 2, (6, 6), (PH, PW), 2)),
        Case("overlapping 3x3 windows, stride 2", "geometry", inputs(2, 2, (7, 7), (3, 3), 2)),
        Case("overlapping 2x2 windows, stride 1", "geometry", inputs(1, 2, (3, 3), (2, 2), 1)),
        Case("2x2 windows, stride 3", "geometry", inputs(1, 1, (5, 5), (2, 2), 3)),
        Case("only negative numbers", "geometry", negative),
        Case("whole numbers as integers", "care", integers),
        Case("float32", "care", as_float32(inputs(1, 2, (4, 4), (2, 2), 2))),
    ]


def with_dout(forward_cases, out_shape):
    """Return a drawing of backward cases: the forward's cases, each with a random dout."""

    def draw(rng):
        return [add_dout(rng, case, out_shape) for case in forward_cases(rng)]

    return draw


def add_dout(rng, case, out_shape):
    """Return the case with a dout of the shape of its output: whole numbers in the smallest case."""
    shape = out_shape(*case.inputs)
    dout = whole(rng, shape) if case.inputs[0].size <= 16 else rng.standard_normal(shape)
    if dout.sum() == 0:  # then db would be 0, and nothing could be said of its relative error
        dout.flat[0] *= -1
    is_float32 = any(isinstance(v, np.ndarray) and v.dtype == np.float32 for v in case.inputs)
    return replace(case, dout=dout.astype(np.float32) if is_float32 else dout)


def max_pool_backward_cases(rng):
    """Return backward cases of max pooling: those without ties, and one with ties under its own rule."""
    tied = np.kron(
        rng.integers(1, 5, (1, 2, 2, 2)), np.array([[1.0, 1.0], [0.5, 1.0]])
    )  # 3 of 4 are the largest
    ties = Case("ties", "care", (tied, {"pool_height": 2, "pool_width": 2, "stride": 2}), rule="spread")
    return [*with_dout(pool_cases, pooled)(rng), add_dout(rng, ties, pooled)]


def affine_out(x, w, b):
    """Return the output shape of the affine layer."""
    return x.shape[0], w.shape[1]


def relu_out(x):
    """Return the output shape of the ReLU."""
    return x.shape


def convolved(x, w, b, conv_param):
    """Return the output shape of the convolution."""
    windows = [
        (size + 2 * conv_param["pad"] - k) // conv_param["stride"] + 1
        for size, k in zip(x.shape[2:], w.shape[2:], strict=True)
    ]
    return x.shape[0], w.shape[0], *windows


def pooled(x, pool_param):
    """Return the output shape of a pooling layer."""
    window = pool_param["pool_height"], pool_param["pool_width"]
    return *x.shape[:2], *(
        (size - k) // pool_param["stride"] + 1 for size, k in zip(x.shape[2:], window, strict=True)
    )


def layer(name, suffix, arguments, gradients, forward_cases, backward_cases):
    """Return the tasks of a layer: its forward pass and its backward pass."""
    forward, backward = f"{name}_forward{suffix}", f"{name}_backward{suffix}"
    return [
        Task(forward, LESSON, arguments, ("out",), forward_cases, cached=True),
        Task(backward, LESSON, arguments, gradients, backward_cases, forward=forward),
    ]


AFFINE, CONV, POOL = ("x", "w", "b"), ("x", "w", "b", "conv_param"), ("x", "pool_param")
GRADIENTS = ("dx", "dw", "db")

TASKS = [
    *layer("affine", "", AFFINE, GRADIENTS, affine_cases, with_dout(affine_cases, affine_out)),
    *layer("relu", "", ("x",), ("dx",), relu_cases, with_dout(relu_cases, relu_out)),
    Task("softmax_loss", LESSON, ("x", "y"), ("loss", "dx"), score_cases),
    Task("svm_loss", LESSON, ("x", "y"), ("loss", "dx"), hinge_cases),
    *layer("conv", "_naive", CONV, GRADIENTS, conv_cases, with_dout(conv_cases, convolved)),
    *layer("max_pool", "_naive", POOL, ("dx",), pool_cases, max_pool_backward_cases),
    *layer("avg_pool", "_naive", POOL, ("dx",), pool_cases, with_dout(pool_cases, pooled)),
    *layer("conv", "_im2col", CONV, GRADIENTS, conv_cases, with_dout(conv_cases, convolved)),
]
