"""Train a lesson's model from the command line: `python -m course.train lenet --checkpoint lenet.npz`."""

import argparse
import json
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path
from time import perf_counter

import numpy as np

from .augment import Augmented
from .checkpoint import Checkpoint, CheckpointError
from .data import load_cifar10
from .live import Progress
from .reference.lenet import LENET
from .reference.network import Network
from .reference.trainer import RULES, ClassifierTrainer, accuracy
from .schedules import SCHEDULES, EarlyStopping, Schedule

INTERRUPTED = 130
DEEPER = [
    {"layer": "conv", "filters": 16, "size": 3, "pad": 1},
    {"layer": "batchnorm"},
    {"layer": "relu"},
    {"layer": "max_pool", "size": 2, "stride": 2},
    {"layer": "conv", "filters": 32, "size": 3, "pad": 1},
    {"layer": "batchnorm"},
    {"layer": "relu"},
    {"layer": "max_pool", "size": 2, "stride": 2},
    {"layer": "conv", "filters": 64, "size": 3, "pad": 1},
    {"layer": "batchnorm"},
    {"layer": "relu"},
    {"layer": "max_pool", "size": 2, "stride": 2},
    {"layer": "dropout", "p": 0.8},
    {"layer": "affine", "units": 10},
]


@dataclass(frozen=True)
class Settings:
    """How a model is trained, in the words of ClassifierTrainer.train; pixels are divided by divided_by."""

    learning_rate: float
    momentum: float
    learning_rate_decay: float
    reg: float
    batch_size: int
    num_epochs: int
    divided_by: float = 1
    update: str = "momentum"


@dataclass(frozen=True)
class Recipe:
    """A model: make(rng) -> (loss function, its parameters at the start), and the settings that suit it."""

    make: Callable
    settings: Settings


def two_layer_net(rng):
    """Return the two-layer net of 50 hidden units, on images laid out as rows."""
    nets, models = import_module("course.reference.nets"), import_module("course.reference.models")

    def on_rows(X, *arguments):
        return models.two_layer_net(X.reshape(len(X), -1), *arguments)

    return on_rows, nets.init_two_layer_model(3072, 50, 10, rng=rng)


def two_layer_convnet(rng):
    """Return the ConvNet of 32 filters of 5 x 5."""
    models = import_module("course.reference.models")
    return models.two_layer_convnet_fast, models.init_two_layer_convnet(rng=rng)


def lenet(rng):
    """Return LeNet."""
    network = Network(LENET)
    return network, network.init(rng=rng)


def deeper(rng):
    """Return three convolutions with batch normalisation, and dropout before the scores."""
    nets = import_module("course.deeper")
    classifier = nets.Classifier(nets.stack(DEEPER, rng=rng.spawn(1)[0]), seed=int(rng.integers(2**31)))
    return classifier, classifier.begin()


RECIPES = {
    "two-layer-net": Recipe(two_layer_net, Settings(1e-4, 0.9, 0.95, 0.01, 200, 10)),
    "two-layer-convnet": Recipe(two_layer_convnet, Settings(1e-4, 0.9, 0.7, 0.01, 50, 5)),
    "lenet": Recipe(lenet, Settings(1e-2, 0.9, 0.75, 0.0, 50, 8, divided_by=64)),
    "deeper": Recipe(deeper, Settings(1e-2, 0.9, 0.8, 1e-4, 50, 8, divided_by=64)),
}


def main(arguments=None):
    """Train as the command line says; return the exit code."""
    asked = parser().parse_args(arguments)
    try:
        done = train(asked)
    except (CheckpointError, FileNotFoundError, ConnectionError, ImportError, ValueError) as error:
        print(f"{asked.model}: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        goes_on = f": the same command goes on from {asked.checkpoint}" if asked.checkpoint else ""
        print(f"\n{asked.model}: interrupted{goes_on}", file=sys.stderr)
        return INTERRUPTED
    print(
        f"{asked.model}, seed {asked.seed}, {done['source']}: right on {done['validation']:.1%} of "
        f"{done['validation_images']:,} validation images and {done['test']:.1%} of "
        f"{done['test_images']:,} test images, {done['seconds']:.0f} s"
    )
    if asked.json:
        asked.json.write_text(json.dumps(done, indent=2) + "\n", encoding="utf-8")
    return 0


def parser():
    """Return what the command line takes."""
    made = argparse.ArgumentParser(prog="python -m course.train", description=__doc__)
    made.add_argument("model", choices=RECIPES)
    made.add_argument("--seed", type=int, default=0, help="of the first weights and the order of the images")
    made.add_argument("--epochs", type=int, help="how often to go through all images")
    made.add_argument("--learning-rate", type=float)
    made.add_argument("--update", choices=RULES, help="the update rule")
    made.add_argument("--weight-decay", type=float, help="times half the sum of w^2, added to the loss")
    made.add_argument("--schedule", choices=SCHEDULES, help="of the learning rate, over all epochs")
    made.add_argument("--augment", action="store_true", help="move and mirror images at random")
    made.add_argument("--patience", type=int, help="end after so many epochs that are not the best")
    made.add_argument("--images", type=int, default=49_000, help="training images, at most 49,000")
    made.add_argument("--data", type=Path, help="CIFAR-10's folder; else CIFAR10_DIR or pictures")
    made.add_argument("--checkpoint", type=Path, help="written at each epoch's end, to go on from")
    made.add_argument("--json", type=Path, help="a file for the figures")
    made.add_argument("--filters", type=Path, help="an .npz file for the filters of the convolutions")
    return made


def train(asked):
    """Train a model; return the figures as plain data."""
    started = perf_counter()
    settings = asdict(RECIPES[asked.model].settings)
    given = {"num_epochs": asked.epochs, "learning_rate": asked.learning_rate}
    given |= {"update": asked.update, "reg": asked.weight_decay}
    settings |= {name: value for name, value in given.items() if value is not None}
    data = load_cifar10(asked.data, num_training=asked.images)
    rng = np.random.default_rng(asked.seed)
    loss_function, model = RECIPES[asked.model].make(rng)
    said = {"model": asked.model, "seed": asked.seed, "images": asked.images, "source": data.source}
    said |= settings
    said |= {"schedule": asked.schedule, "augment": asked.augment or None, "patience": asked.patience}
    if asked.augment:
        loss_function = Augmented(loss_function, asked.seed)
        model = loss_function.begin(model)
    divided_by = np.float32(settings.pop("divided_by"))
    callbacks, start = [Progress(asked.model)], None
    if asked.schedule:
        callbacks.append(Schedule(asked.schedule, settings["learning_rate"], settings["num_epochs"]))
    if asked.checkpoint:
        free = () if asked.schedule else ("num_epochs",)  # a schedule goes by the number of epochs
        kept = Checkpoint(asked.checkpoint, {k: v for k, v in said.items() if k not in free})
        callbacks, start = [*callbacks, kept], kept.read()
    if asked.patience:
        stopping = EarlyStopping(asked.patience)
        callbacks.append(stopping)
        if start and stopping.over(start):
            settings["num_epochs"] = start.epochs
    best, losses, _, validation = ClassifierTrainer().train(
        data.X_train / divided_by,
        data.y_train,
        data.X_val / divided_by,
        data.y_val,
        {name: value.astype(np.float32) if value.ndim else value for name, value in model.items()},
        loss_function,
        **settings,
        rng=rng,
        callback=callbacks,
        start=start,
    )
    if asked.filters:
        write_filters(asked.filters, best)
    return {
        **said,
        "iterations": len(losses),
        "validation": max(validation),
        "validation_images": len(data.y_val),
        "test": accuracy(data.X_test / divided_by, data.y_test, best, loss_function),
        "test_images": len(data.y_test),
        "seconds": round(perf_counter() - started, 1),
    }


def write_filters(path, model):
    """Write the filters and biases of a model's convolutions, each under its name in the model."""
    filters = [name for name, weights in model.items() if weights.ndim == 4]
    biases = [name.replace("w", "b").replace("W", "b") for name in filters]
    np.savez_compressed(path, **{name: model[name] for name in filters + biases})


if __name__ == "__main__":
    sys.exit(main())
