"""How far the trainings of the lessons' texts come over several seeds, on photographs and generated pictures.

    CIFAR10_DIR=folder OPENBLAS_NUM_THREADS=1 python -m benchmarks.trainings --seeds 5

Each is trained as its lesson trains it. benchmarks/trainings.json keeps every run; runs that stand there with
the same settings are not made again.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from time import process_time
from unittest.mock import patch

import numpy as np
import typer
from tqdm.auto import tqdm

from benchmarks.ladder import SOURCES
from benchmarks.record import ROOT, commit, machine
from course.data import cifar10, load_cifar10
from course.files import write
from course.reference.models import two_layer_net
from course.reference.nets import init_two_layer_model
from course.reference.network import Network
from course.reference.trainer import ClassifierTrainer, accuracy
from course.train import RECIPES, Settings

FILE = ROOT / "benchmarks" / "trainings.json"
MEASURED = ("benchmarks/trainings.py", "course/data", "course/reference", "course/train.py")
VALIDATION = 1_000
POOL = [{"layer": "relu"}, {"layer": "max_pool", "size": 2, "stride": 2}]
SCORES = {"layer": "affine", "units": 10}
HIDDEN = [{"layer": "affine", "units": 64}, {"layer": "relu"}]


@dataclass(frozen=True)
class Training:
    """A training of a lesson: make(rng) -> (loss function, model at the start).

    images, tested: of how many images are trained on, and tested with.  sources: of the images.
    mirrored: whether each training image is mirrored or not, by chance.
    """

    make: Callable
    settings: Settings
    images: int = 10_000
    tested: int = 2_000
    sources: tuple[str, ...] = SOURCES
    mirrored: bool = False

    def told(self):
        """Return all that decides what comes out, as JSON holds it; the model by its first shapes."""
        _, model = self.make(np.random.default_rng(0))
        shapes = {name: list(value.shape) for name, value in model.items()}
        images = {"images": self.images, "tested": self.tested, "mirrored": self.mirrored}
        return asdict(self.settings) | shapes | images


def conv(filters, size):
    """Return a convolution that keeps height and width, a ReLU and a pooling that halves both."""
    return [{"layer": "conv", "filters": filters, "size": size, "pad": size // 2}, *POOL]


def network(*architecture):
    """Return what makes a Network and its model."""

    def make(rng):
        made = Network(list(architecture))
        return made, made.init(rng=rng)

    return make


def wide_net(hidden):
    """Return what makes a two-layer net of so many hidden units, on images laid out as rows."""

    def on_rows(X, *arguments):
        return two_layer_net(X.reshape(len(X), -1), *arguments)

    return lambda rng: (on_rows, init_two_layer_model(3072, hidden, 10, rng=rng))


def mirroring(loss_function, rng):
    """Return a loss function that mirrors each training image or not, by chance."""

    def mirrored(X, model, y=None, reg=0.0):
        if y is not None:
            X = np.where(rng.random((len(X), 1, 1, 1)) < 0.5, X, X[..., ::-1])
        return loss_function(X, model, y, reg)

    return mirrored


NET, CONVNET, LENET = (RECIPES[name] for name in ("two-layer-net", "two-layer-convnet", "lenet"))
OWN = Settings(1e-2, 0.9, 0.9, 0.0, 50, 5, divided_by=64)  # of part 10 of convnet-cifar10
BOLD = Training(network(*conv(16, 5), *conv(32, 5), SCORES), OWN)
PICTURES = {"sources": ("stand-in",)}
ALL = {"images": 49_000, "tested": 10_000}
TRAININGS = {
    "two-layer convnet": Training(CONVNET.make, replace(CONVNET.settings, learning_rate_decay=0.8)),
    "lenet": Training(LENET.make, LENET.settings),
    "one convolution": Training(network(*conv(8, 5), SCORES), OWN),
    "bold": BOLD,
    "bold, 20,000 images": replace(BOLD, images=20_000),
    "bold, mirrored": replace(BOLD, mirrored=True),
    "bold, third convolution": replace(BOLD, make=network(*conv(16, 5), *conv(32, 5), *conv(64, 3), SCORES)),
    "bold, 64 units": replace(BOLD, make=network(*conv(16, 5), *conv(32, 5), *HIDDEN, SCORES)),
    "bold, ten epochs": replace(
        BOLD, settings=replace(OWN, num_epochs=10, learning_rate_decay=0.8), **PICTURES
    ),
    "bold, reg 0.001": replace(BOLD, settings=replace(OWN, reg=1e-3), **PICTURES),
    "bold, adam": replace(BOLD, settings=replace(OWN, learning_rate=1e-3, update="adam"), **PICTURES),
    "bold, rate 0.02": replace(BOLD, settings=replace(OWN, learning_rate=2e-2), **PICTURES),
    "bold, twice as wide": replace(BOLD, make=network(*conv(32, 5), *conv(64, 5), SCORES), **PICTURES),
    "two-layer net, all images": Training(NET.make, NET.settings, **ALL),
    "two-layer net, all images, as in the lesson": Training(
        NET.make, Settings(1e-4, 0.9, 0.95, 0.1, 100, 10), **ALL
    ),
    "two-layer net of 500, all images": Training(
        wide_net(500), Settings(1e-3, 0.0, 0.9, 0.2, 200, 10), **ALL
    ),
    "lenet, all images": Training(LENET.make, LENET.settings, **ALL),
    "two-layer convnet, all images": Training(CONVNET.make, CONVNET.settings, **ALL),
}


def run(training, data, seed):
    """Train once; return the accuracies of the best model, and the processor's seconds."""
    rng, started = np.random.default_rng(seed), process_time()
    loss_function, model = training.make(rng)
    settings = asdict(training.settings)
    divided_by = np.float32(settings.pop("divided_by"))
    best, losses, right, validation = ClassifierTrainer().train(
        data.X_train / divided_by,
        data.y_train,
        data.X_val / divided_by,
        data.y_val,
        {name: value.astype(np.float32) for name, value in model.items()},
        mirroring(loss_function, rng) if training.mirrored else loss_function,
        **settings,
        rng=rng,
    )
    test = accuracy(data.X_test / divided_by, data.y_test, best, loss_function)
    figures = {"training": right[-1], "validation": max(validation), "test": test, "first_loss": losses[0]}
    figures = {name: round(float(value), 4) for name, value in figures.items()}
    return figures | {"seconds": round(process_time() - started)}


def images(source, training):
    """Return the Dataset of a training from a source."""
    numbers = {"num_training": training.images, "num_validation": VALIDATION, "num_test": training.tested}
    found = cifar10.find(None, download=False, progress=False) if source == "CIFAR-10" else None
    with patch.object(cifar10, "find", return_value=found):
        data = load_cifar10(**numbers, progress=False)
    if data.source != source:
        raise typer.BadParameter("set CIFAR10_DIR to the folder of CIFAR-10")
    return data


def kept(told):
    """Return the runs in the file that were made with the settings told, {name: settings}."""
    if not FILE.is_file():
        return []
    content = json.loads(FILE.read_text(encoding="utf-8"))
    same = {name for name, settings in told.items() if content["trainings"].get(name) == settings}
    return [made for made in content["runs"] if made["name"] in same]


def main(seeds: int = 5, only: list[str] = (), source: str = ""):
    """Train from each seed what the file lacks, and write it after each run; --only and --source choose."""
    told = {name: json.loads(json.dumps(training.told())) for name, training in TRAININGS.items()}
    runs = kept(told)
    have = {(made["name"], made["source"], made["seed"]) for made in runs}
    left = [
        (name, where)
        for name, training in TRAININGS.items()
        for where in training.sources
        if (not only or name in only) and source in ("", where)
    ]
    with tqdm(total=seeds * len(left), unit=" runs") as bar:
        for name, where in left:
            missing = [seed for seed in range(seeds) if (name, where, seed) not in have]
            bar.update(seeds - len(missing))
            data = images(where, TRAININGS[name]) if missing else None
            for seed in missing:
                bar.set_description(f"{name}, {where}, seed {seed}")
                runs.append({"name": name, "source": where, "seed": seed, **run(TRAININGS[name], data, seed)})
                content = {"commit": commit(MEASURED), "machine": machine(), "trainings": told, "runs": runs}
                write(FILE, (json.dumps(content, indent=2) + "\n").encode())
                bar.update()


if __name__ == "__main__":
    typer.run(main)
