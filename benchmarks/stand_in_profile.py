"""Are the generated pictures as hard as CIFAR-10? Three small models, 5,000 training images of each.

    CIFAR10_DIR=... python -m benchmarks.stand_in_profile

Each model is trained in the same way on both, from several seeds, and scored on 10,000 test images;
benchmarks/stand_in.json keeps every score and the medians; scores that stand there for the same code are not
made again. Pixels are taken less the mean image and divided by 64.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from itertools import product

import numpy as np
import typer
from tqdm.auto import tqdm

from benchmarks.record import ROOT, commit, record
from course.data import load_cifar10, stand_in
from course.data.cifar10 import TEST_SEED, TRAINING_SEED
from course.reference.fast_layers import (
    conv_backward_fast,
    conv_forward_fast,
    max_pool_backward_fast,
    max_pool_forward_fast,
)
from course.reference.layers import affine_backward, affine_forward, relu_backward, relu_forward
from course.reference.losses import softmax_loss

FILE = ROOT / "benchmarks" / "stand_in.json"
SOURCES = ("CIFAR-10", "stand-in")
TRAINING, TEST = 5_000, 10_000
MOMENTUM = 0.9
SAME = {"stride": 1, "pad": 2}
POOL = {"pool_height": 2, "pool_width": 2, "stride": 2}
MEASURED = (
    "benchmarks/stand_in_profile.py",
    "course/data/shapes.py",
    "course/data/stand_in.py",
    "course/reference/fast_conv.py",
    "course/reference/fast_pool.py",
    "course/reference/layers.py",
    "course/reference/windows.py",
)


@dataclass(frozen=True)
class Model:
    """A model and how it is trained.

    forward: (X, parameters) -> scores (N, 10) and a function dscores -> gradients, a list as parameters is.
    weights: the shape and the spread at the start of each weight array; biases start at 0.
    """

    forward: Callable
    weights: list[tuple[tuple[int, ...], float]]
    learning_rate: float
    reg: float
    batch_size: int
    epochs: int

    def steps(self, count):
        """Return how many updates a training on so many images has."""
        return self.epochs * (count // self.batch_size)


def linear(X, parameters):
    """Score images by one affine layer."""
    scores, cache = affine_forward(X, *parameters)
    return scores, lambda dscores: list(affine_backward(dscores, cache)[1:])


def two_layer(X, parameters):
    """Score images by affine - ReLU - affine."""
    hidden, first = affine_forward(X, *parameters[:2])
    active, relu = relu_forward(hidden)
    scores, last = affine_forward(active, *parameters[2:])

    def backward(dscores):
        dactive, *dlast = affine_backward(dscores, last)
        return [*affine_backward(relu_backward(dactive, relu), first)[1:], *dlast]

    return scores, backward


def convnet(X, parameters):
    """Score images by conv - ReLU - 2x2 max pool - affine."""
    features, conv = conv_forward_fast(X, *parameters[:2], SAME)
    active, relu = relu_forward(features)
    pooled, pool = max_pool_forward_fast(active, POOL)
    scores, last = affine_forward(pooled, *parameters[2:])

    def backward(dscores):
        dpooled, *dlast = affine_backward(dscores, last)
        dfeatures = relu_backward(max_pool_backward_fast(dpooled, pool), relu)
        return [*conv_backward_fast(dfeatures, conv, need_dx=False)[1:], *dlast]

    return scores, backward


MODELS = {
    "linear": Model(linear, [((3072, 10), 1e-3)], 1e-3, 0.1, 100, 6),
    "two-layer H=500": Model(
        two_layer, [((3072, 500), (2 / 3072) ** 0.5), ((500, 10), 500**-0.5)], 1e-2, 0.01, 100, 10
    ),
    "conv32 5x5": Model(
        convnet, [((32, 3, 5, 5), (2 / 75) ** 0.5), ((8192, 10), 8192**-0.5)], 3e-3, 0.01, 50, 8
    ),
}


def start(model, rng):
    """Return a model's parameters before training: weight, bias, weight, bias, ..."""
    parameters = []
    for shape, spread in model.weights:
        outputs = shape[0] if len(shape) == 4 else shape[1]
        parameters.append(np.float32(spread) * rng.standard_normal(shape, dtype=np.float32))
        parameters.append(np.zeros(outputs, dtype=np.float32))
    return parameters


def train(model, X, y, rng, advance):
    """Return trained parameters: SGD with momentum, a learning rate that falls to 0, weights that decay.

    X, y: images and labels; their number is a multiple of the batch size.  advance: called after each update.
    """
    parameters = start(model, rng)
    velocities = [np.zeros_like(parameter) for parameter in parameters]
    epochs = (rng.permutation(len(X)).reshape(-1, model.batch_size) for _ in range(model.epochs))
    for step, batch in enumerate(batch for epoch in epochs for batch in epoch):
        rate = np.float32(model.learning_rate * (1 - step / model.steps(len(X))))
        scores, backward = model.forward(X[batch], parameters)
        gradients = backward(softmax_loss(scores, y[batch])[1])
        for parameter, velocity, gradient in zip(parameters, velocities, gradients, strict=True):
            decay = np.float32(model.reg if parameter.ndim > 1 else 0) * parameter
            velocity *= np.float32(MOMENTUM)
            velocity -= rate * (gradient + decay)
            parameter += velocity
        advance()
    return parameters


def accuracy(model, parameters, X, y):
    """Return the share of images whose highest score is at their label."""
    parts = range(0, len(X), 250)
    guesses = [model.forward(X[i : i + 250], parameters)[0].argmax(axis=1) for i in parts]
    return float(np.mean(np.concatenate(guesses) == y))


def photos():
    """Return training and test images and labels of CIFAR-10."""
    data = load_cifar10(num_training=TRAINING, num_validation=0, num_test=TEST, progress=False)
    if data.source != "CIFAR-10":
        raise typer.BadParameter("set CIFAR10_DIR to the folder of CIFAR-10 to measure against")
    return data.X_train / 64, data.y_train, data.X_test / 64, data.y_test


def pictures():
    """Return as many generated images and labels."""
    X_train, y_train = stand_in.generate(TRAINING, seed=TRAINING_SEED)
    X_test, y_test = stand_in.generate(TEST, seed=TEST_SEED)
    mean_image = X_train.mean(axis=0, dtype=np.float32)
    return (X_train - mean_image) / 64, y_train, (X_test - mean_image) / 64, y_test


def kept():
    """Return {model: {source: scores by seed}} of the file, where they are of the same code."""
    said = json.loads(FILE.read_text(encoding="utf-8")) if FILE.is_file() else {}
    if said.get("commit") == commit(MEASURED) and "runs" in said:
        return said["runs"]
    return {name: {source: [] for source in SOURCES} for name in MODELS}


def keep(runs):
    """Write the scores so far, and the medians of the models that have been trained on both."""
    scores = {}
    for name, made in runs.items():
        if all(made.values()):
            photographs, generated = (float(np.median(made[source])) for source in SOURCES)
            difference = round(generated - photographs, 4)
            scores[name] = {"CIFAR-10": photographs, "stand-in": generated, "difference": difference}
    figures = {"training images": TRAINING, "test images": TEST, "accuracy": scores, "runs": runs}
    record("stand_in", figures, measured=MEASURED)
    return scores


def main(seeds: int = 5):
    """Train the models on CIFAR-10 and on generated pictures and write the file after each."""
    runs, images = kept(), {"CIFAR-10": photos(), "stand-in": pictures()}
    left = [
        (name, source, seed)
        for seed, name, source in product(range(seeds), MODELS, SOURCES)
        if seed >= len(runs[name][source])
    ]
    with tqdm(total=sum(MODELS[name].steps(TRAINING) for name, *_ in left), unit=" steps") as bar:
        for name, source, seed in left:
            bar.set_description(f"{source}, {name}, seed {seed}")
            X_train, y_train, X_test, y_test = images[source]
            parameters = train(MODELS[name], X_train, y_train, np.random.default_rng(seed), bar.update)
            runs[name][source].append(round(accuracy(MODELS[name], parameters, X_test, y_test), 4))
            keep(runs)
    for name, score in keep(runs).items():
        print(f"{name}: {score['CIFAR-10']:.3f} on CIFAR-10, {score['stand-in']:.3f} on generated pictures")


if __name__ == "__main__":
    typer.run(main)
