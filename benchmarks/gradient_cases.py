"""Right and wrong gradients by the thousand, judged by numerical ones: who is accused, who gets away."""

from collections import Counter

import numpy as np

from course.checks import find, tasks
from course.checks.answer import Local
from course.checks.lessons import LESSONS
from course.checks.numeric import numerical_gradients
from course.checks.oracle import reference, solve
from course.gradient_check import judge, points, slopes
from course.reference import fast_layers, layers, losses, normalisation, regions, sandwiches, upsampling

SCALES = (0.1, 10)  # of the arguments' standard deviations


def images(rng):
    """Return a few small images."""
    N, C = rng.integers(1, 4, 2)
    return N, C, *rng.integers(3, 6, 2)


def window(rng, smallest=2):
    """Return the size and stride of a pooling window."""
    PH, PW, stride = rng.integers([smallest, smallest, 1], [4, 4, 4])
    return {"pool_height": int(PH), "pool_width": int(PW), "stride": int(stride)}


def filters(rng, shape):
    """Return the shapes of filters and biases for images of this shape."""
    F, HH, WW = rng.integers(1, 4, 3)
    return (F, shape[1], HH, WW), (F,)


def affine(rng):
    """Return shapes of the affine layer's arguments."""
    N, D, M = rng.integers(1, 6, 3)
    return [(N, D), (D, M), (M,)], ()


def same_shape(rng):
    """Return the shape of images alone."""
    return [images(rng)], ()


def convolution(rng):
    """Return shapes of the convolution's arguments, stride and pad."""
    shape = images(rng)
    stride, pad = (int(number) for number in rng.integers([1, 0], [4, 3]))
    return [shape, *filters(rng, shape)], ({"stride": stride, "pad": pad},)


def transposed(rng):
    """Return shapes of the transposed convolution's arguments, stride and pad."""
    N, C, H, W = images(rng)
    (F, _, HH, WW), b = filters(rng, (N, C))
    return [(N, C, H, W), (C, F, HH, WW), b], ({"stride": int(rng.integers(1, 4)), "pad": 0},)


def pooling(rng):
    """Return the shape of images, and a window."""
    return [images(rng)], (window(rng),)


def norm(rng):
    """Return shapes of a batch normalisation's arguments."""
    N, D = rng.integers([4, 1], [9, 5])
    return [(N, D), (D,), (D,)], ({"mode": "train"},)


def spatial(rng):
    """Return shapes of a spatial batch normalisation's arguments."""
    shape = images(rng)
    return [shape, shape[1:2], shape[1:2]], ({"mode": "train"},)


def neighbours(rng):
    """Return the shape of images, and the constants of local response normalisation."""
    N, _, H, W = images(rng)
    return [(N, 5, H, W)], ({"n": 3, "k": 2.0, "alpha": 0.1, "beta": 0.75},)


def conv_relu_pool(rng):
    """Return shapes and settings of the sandwich."""
    shape = images(rng)
    pool = {"pool_height": 2, "pool_width": 2, "stride": 2}
    return [shape, *filters(rng, shape)], ({"stride": 1, "pad": 1}, pool)


# name: (forward, backward, function: generator -> shapes of the arguments with a gradient, other arguments)
LAYERS = {
    "affine": (layers.affine_forward, layers.affine_backward, affine),
    "relu": (layers.relu_forward, layers.relu_backward, same_shape),
    "conv": (fast_layers.conv_forward_fast, fast_layers.conv_backward_fast, convolution),
    "max_pool": (fast_layers.max_pool_forward_fast, fast_layers.max_pool_backward_fast, pooling),
    "avg_pool": (fast_layers.avg_pool_forward_fast, fast_layers.avg_pool_backward_fast, pooling),
    "median_pool": (regions.median_pool_forward, regions.median_pool_backward, pooling),
    "conv_transpose": (upsampling.conv_transpose_forward, upsampling.conv_transpose_backward, transposed),
    "batchnorm": (normalisation.batchnorm_forward, normalisation.batchnorm_backward, norm),
    "spatial_batchnorm": (
        normalisation.spatial_batchnorm_forward,
        normalisation.spatial_batchnorm_backward,
        spatial,
    ),
    "lrn": (normalisation.lrn_forward, normalisation.lrn_backward, neighbours),
    "affine_relu": (sandwiches.affine_relu_forward, sandwiches.affine_relu_backward, affine),
    "conv_relu_pool": (
        sandwiches.conv_relu_pool_forward,
        sandwiches.conv_relu_pool_backward,
        conv_relu_pool,
    ),
}
LOSSES = {"softmax": losses.softmax_loss, "svm": losses.svm_loss}


def layer(name, rng):
    """Return f, the arguments that have a gradient, their right gradients and dout, for one random draw."""
    forward, backward, shapes = LAYERS[name]
    sizes, rest = shapes(rng)
    low, high = np.log(SCALES)
    args = [rng.standard_normal(shape) * np.exp(rng.uniform(low, high)) for shape in sizes]
    out, cache = forward(*args, *rest)
    dout = rng.standard_normal(out.shape)
    grads = backward(dout, cache)
    return lambda *a: forward(*a, *rest)[0], args, grads if isinstance(grads, tuple) else (grads,), dout


def loss(name, rng):
    """Return f, its scores, their right gradient and no dout, for one random draw."""
    N, C = rng.integers([1, 2], [6, 11])
    y, x = rng.integers(0, C, N), rng.standard_normal((N, C)) * np.exp(rng.uniform(*np.log(SCALES)))
    return lambda a: LOSSES[name](a, y)[0], [x], (LOSSES[name](x, y)[1],), None


def faulty(grad, rng):
    """Yield (what is wrong, the gradient with this fault) where it makes a difference."""
    size = np.abs(grad)
    largest = np.unravel_index(size.argmax(), grad.shape)
    sizeable = np.argwhere(size > 1e-3 * size.max())
    one_larger, one_less = grad.copy(), grad.copy()
    one_larger[largest] *= 1.001
    one_less[tuple(rng.choice(sizeable))] = 0
    faults = {
        "all are off by 0.1 %": grad * 1.001,
        "the largest is off by 0.1 %": one_larger,
        "one is left out": one_less,
        "the sign": -grad,
        "half of it": grad / 2,
        "in reverse order": grad[(slice(None, None, -1),) * grad.ndim],
    }
    for fault, values in faults.items():
        if np.abs(values - grad).max() > 5e-4 * size.max():
            yield fault, values


def judged(measured, grad, rng):
    """Return a Counter of (right or what is wrong, verdict) for one measured gradient."""
    counts = Counter({("right", judge(measured, grad).verdict): 1})
    if grad.any():
        counts.update((fault, judge(measured, values).verdict) for fault, values in faulty(grad, rng))
    return counts


def draws(count, seed):
    """Return the Counter of `judged` for this many gradients of layers with random sizes and numbers."""
    rng, counts = np.random.default_rng(seed), Counter()
    while True:
        name = str(rng.choice([*LAYERS, *LOSSES]))
        f, args, grads, dout = (layer if name in LAYERS else loss)(name, rng)
        for place, grad in enumerate(grads):
            moved = (f(*args[:place], point, *args[place + 1 :]) for point in points(args[place]))
            counts += judged(slopes(moved, args[place], dout), grad, rng)
            count -= 1
            if not count:
                return counts


def in_checks(stem, seeds):
    """Return the Counters of `judged` for a backward check's hidden cases: ordinary ones, those at a kink."""
    task, ordinary, at_a_kink = find(stem), Counter(), Counter()
    forward = Local(reference(task.forward))
    for seed in seeds:
        rng = np.random.default_rng(seed)
        for case, expected in [solve(task, case) for case in task.cases(seed)]:
            measured, rights = (
                numerical_gradients(task, forward, case),
                dict(zip(task.outputs, expected, strict=True)),
            )
            made_for_a_kink = case.rule != "values" or case.name == "exact zeros"
            for name in measured:
                found = judged(measured[name], rights[name], rng)
                (at_a_kink if made_for_a_kink else ordinary).update(found)
    return ordinary, at_a_kink


def backward_stems():
    """Return the names of all backward passes that are checked."""
    return [task.stem for lesson in LESSONS for task in tasks(lesson).values() if task.forward]
