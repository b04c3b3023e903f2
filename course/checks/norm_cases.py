"""Cases of the layers that change the numbers and not the picture: normalisations and dropout."""

from dataclasses import replace

from .draw import a_size, as_float32, unequal, whole
from .modular_layers import add_dout
from .task import Case


def norm_inputs(rng, shape, draw=None, **settings):
    """Return the arguments of a batch normalisation; the numbers lie neither around 0 nor near 1."""
    C = shape[1]
    x = (draw or rng.standard_normal)(shape)
    x = 3 * x + rng.integers(-5, 6, (1, C, *[1] * (len(shape) - 2)))
    bn_param = {"mode": "train", **settings}
    return x, rng.standard_normal(C) + 2, rng.standard_normal(C), bn_param


def averages(rng, C):
    """Return running averages as a training leaves them."""
    return {"running_mean": rng.standard_normal(C) * 3, "running_var": rng.random(C) * 4 + 0.5}


def norm_cases(rng, small, larger, shapes):
    """Return forward cases of a batch normalisation.

    shapes: {what is special: shape}.
    """

    def integers(shape):
        return rng.integers(-4, 5, shape)

    C = larger[1]
    constant = norm_inputs(rng, larger)
    constant[0][:, 0] = 7.0
    momentum = a_size(rng, 3, 7) / 10
    return [
        Case("training, few numbers", "core", norm_inputs(rng, small), rule="first"),
        Case("training, eps 0.1", "core", norm_inputs(rng, larger, eps=0.1), rule="first"),
        *(
            Case(f"training, {name}", "geometry", norm_inputs(rng, shape), rule="first")
            for name, shape in shapes.items()
        ),
        Case("running averages, the first call", "geometry", norm_inputs(rng, larger)),
        Case(
            f"running averages, momentum {momentum}",
            "geometry",
            norm_inputs(rng, larger, momentum=momentum, **averages(rng, C)),
        ),
        Case("test", "geometry", norm_inputs(rng, larger, mode="test", **averages(rng, C))),
        Case(
            "test, eps 0.5",
            "geometry",
            norm_inputs(rng, small, mode="test", eps=0.5, **averages(rng, small[1])),
        ),
        Case("a feature that is the same everywhere", "care", constant, rule="first"),
        Case("whole numbers as integers", "care", norm_inputs(rng, larger, integers), rule="first"),
        Case("float32", "care", as_float32(norm_inputs(rng, larger, **averages(rng, C)))),
    ]


def batchnorm_cases(rng):
    """Return forward cases of batch normalisation."""
    N, D = unequal(rng, 4, 7)
    shapes = {"two samples": (2, a_size(rng, 3, 5)), "one feature": (a_size(rng, 4, 6), 1)}
    return norm_cases(rng, (3, 2), (N, D), shapes)


def spatial_cases(rng):
    """Return forward cases of spatial batch normalisation."""
    H, W = unequal(rng, 2, 5)
    shapes = {
        f"{H}x{W} images": (2, 3, H, W),
        "one image": (1, a_size(rng, 2, 4), 3, 3),
        "one channel": (2, 1, 3, 4),
    }
    return norm_cases(rng, (2, 2, 2, 2), (3, a_size(rng, 2, 4), *unequal(rng, 2, 4)), shapes)


def training(forward_cases):
    """Return a drawing of the cases in mode 'train' whose outputs alone are asked for."""

    def draw(rng):
        kept = [case for case in forward_cases(rng) if case.inputs[-1]["mode"] == "train"]
        return [replace(case, rule="values") for case in kept if not case.name.startswith("running")]

    return draw


def like_x(x, *_):
    """Return the output shape of a layer that keeps the shape."""
    return x.shape


def lrn_cases(rng):
    """Return forward cases of local response normalisation."""

    def inputs(shape, n, k=2.0, alpha=0.5, beta=0.75, draw=None):
        x = 2 * (draw or rng.standard_normal)(shape)
        return x, {"n": n, "k": k, "alpha": alpha, "beta": beta}

    H, W = unequal(rng, 2, 4)
    C = a_size(rng, 5, 7)
    small = whole(rng, (1, 4, 1, 1)), {"n": 3, "k": 1.0, "alpha": 1.0, "beta": 1.0}
    return [
        Case("4 channels of one pixel, n 3", "core", small),
        Case(f"two 2x2 images of {C} channels, n 3", "core", inputs((2, C, 2, 2), 3)),
        Case(f"{H}x{W} images", "geometry", inputs((2, C, H, W), 3, k=1.5)),
        Case("n 5, as in AlexNet", "geometry", inputs((1, 7, 2, 2), 5, alpha=1e-4)),
        Case("n 1: no neighbours", "geometry", inputs((2, 3, 2, 2), 1, alpha=0.3)),
        Case("more neighbours than channels", "geometry", inputs((2, 3, 2, 2), 7, beta=0.5)),
        Case(
            "whole numbers as integers",
            "care",
            inputs((2, 4, 2, 2), 3, 1, alpha=0.3, draw=lambda s: rng.integers(1, 5, s)),
        ),
        Case("float32", "care", as_float32(inputs((2, 4, 2, 2), 3))),
    ]


def dropout_inputs(rng, shape, mode, p):
    """Return the arguments of dropout; x holds no 0, so that one in the output is a number left out."""
    return whole(rng, shape), {"mode": mode, "p": p, "seed": int(rng.integers(1_000_000))}


def dropout_cases(rng):
    """Return forward cases of dropout, large enough to measure what share is kept.

    With 4,000 draws the share is off by more than 0.05, and rounds to another decimal, once in 10^9 cases.
    """
    few, many = a_size(rng, 2, 4) / 10, a_size(rng, 6, 8) / 10
    matrix, images = (50, 80), (10, 4, 10, 10)
    integers, param = dropout_inputs(rng, matrix, "train", many)
    cases = [
        Case(f"training, p {few}", "core", dropout_inputs(rng, matrix, "train", few)),
        Case(f"training, p {many}", "core", dropout_inputs(rng, matrix, "train", many)),
        Case(f"test, p {few}", "core", dropout_inputs(rng, (3, 4), "test", few)),
        Case("training, images", "geometry", dropout_inputs(rng, images, "train", many)),
        Case("training, p 1: all are kept", "geometry", dropout_inputs(rng, (3, 4), "train", 1.0)),
        Case("test, images", "geometry", dropout_inputs(rng, (2, 2, 3, 4), "test", many)),
        Case("whole numbers as integers", "care", (integers.astype(int), param)),
        Case("float32", "care", as_float32(dropout_inputs(rng, matrix, "train", few))),
    ]
    return [replace(case, rule="chance") for case in cases]


def dropout_backward_cases(rng):
    """Return backward cases of dropout."""
    few, many = a_size(rng, 2, 4) / 10, a_size(rng, 6, 8) / 10
    cases = [
        Case(f"training, p {few}", "core", dropout_inputs(rng, (3, 5), "train", few)),
        Case(f"training, p {many}", "core", dropout_inputs(rng, (5, 6), "train", many)),
        Case(f"test, p {few}", "core", dropout_inputs(rng, (3, 4), "test", few)),
        Case("training, images", "geometry", dropout_inputs(rng, (2, 2, 3, 4), "train", many)),
        Case("training, p 1: all are kept", "geometry", dropout_inputs(rng, (3, 4), "train", 1.0)),
        Case("float32", "care", as_float32(dropout_inputs(rng, (3, 4), "train", few))),
    ]
    return [add_dout(rng, case, like_x) for case in cases]
