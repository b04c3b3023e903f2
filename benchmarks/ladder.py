"""How far nets of some sizes get, for the ladder of points of a student's own ConvNet.

    CIFAR10_DIR=... python -m benchmarks.ladder

Each net is trained from each seed on 49,000 images of each source, and scored as a handed-in net is.
benchmarks/ladder.json keeps every run; runs that stand there already are not made again.
"""

import json
from itertools import product
from time import perf_counter

import numpy as np
import typer
from tqdm.auto import tqdm

from benchmarks.record import ROOT, commit, machine
from course.data import load_cifar10, stand_in
from course.data.cifar10 import TRAINING_SEED
from course.files import write
from course.reference.lenet import LENET
from course.reference.network import Network
from course.reference.trainer import ClassifierTrainer
from course.submission import exams, ladder, unpack
from course.submission.pack import packed

FILE = ROOT / "benchmarks" / "ladder.json"
MEASURED = (
    "benchmarks/ladder.py",
    "course/data/stand_in.py",
    "course/reference/network.py",
    "course/reference/trainer.py",
    "course/submission",
)
SOURCES = ("CIFAR-10", "stand-in")
DIVIDED_BY = 64
THREE = [
    {"layer": "conv", "filters": 16, "size": 5, "pad": 2},
    {"layer": "relu"},
    {"layer": "max_pool", "size": 2, "stride": 2},
    {"layer": "conv", "filters": 32, "size": 3, "pad": 1},
    {"layer": "relu"},
    {"layer": "max_pool", "size": 2, "stride": 2},
    {"layer": "conv", "filters": 64, "size": 3, "pad": 1},
    {"layer": "relu"},
    {"layer": "max_pool", "size": 2, "stride": 2},
    {"layer": "affine", "units": 10},
]
# name: (architecture, learning rate, its decay, epochs)
NETS = {
    "LeNet": (LENET, 1e-2, 0.7, 4),
    "three convolutions": (THREE, 1e-2, 0.5, 3),
}


def run(name, data, seed):
    """Train one net; return its accuracies and points, as a hand-in of this seed."""
    architecture, learning_rate, decay, epochs = NETS[name]
    network, rng = Network(architecture), np.random.default_rng(seed)
    started = perf_counter()
    model, *_ = ClassifierTrainer().train(
        *data,
        network.init(rng=rng),
        network,
        reg=1e-3,
        learning_rate=learning_rate,
        momentum=0.9,
        learning_rate_decay=decay,
        num_epochs=epochs,
        batch_size=50,
        rng=rng,
    )
    seconds = perf_counter() - started
    score = ladder.best(*unpack(packed(model, network, DIVIDED_BY)), exams.in_grading(seed))
    return {
        "net": name,
        "seed": seed,
        "accuracies": score.accuracies,
        "counts": score.counts,
        "gap": score.gap,
        "share_of_points": ladder.rung(score)[0],
        "seconds": round(seconds),
    }


def done():
    """Return the runs that were made with the nets as they are now."""
    if not FILE.is_file():
        return []
    kept = json.loads(FILE.read_text(encoding="utf-8"))
    return kept["runs"] if kept["nets"] == told(NETS) else []


def told(nets):
    """Return the nets as JSON holds them."""
    return json.loads(json.dumps(nets))


def images(source):
    """Return training images and labels, validation images and labels of a source."""
    if source == "CIFAR-10":
        data = load_cifar10(num_test=0)
        if data.source != source:
            raise typer.BadParameter("set CIFAR10_DIR to the folder of CIFAR-10")
        return data.X_train / DIVIDED_BY, data.y_train, data.X_val / DIVIDED_BY, data.y_val
    X, y = stand_in.generate(50_000, seed=TRAINING_SEED)
    X = (X - X[:49_000].mean(axis=0, dtype=np.float64).astype(np.float32)) / np.float32(DIVIDED_BY)
    return X[:49_000], y[:49_000], X[49_000:], y[49_000:]


def main(seeds: int = 5):
    """Train each net from each seed on each source, and write benchmarks/ladder.json after each run."""
    runs = done()
    have = {(made["source"], made["net"], made["seed"]) for made in runs}
    left = [each for each in product(SOURCES, range(seeds), NETS) if (each[0], each[2], each[1]) not in have]
    with tqdm(total=len(left), unit=" runs") as bar:
        for source in SOURCES:
            mine = [(seed, name) for where, seed, name in left if where == source]
            data = images(source) if mine else None
            for seed, name in mine:
                bar.set_description(f"{source}, {name}, seed {seed}")
                runs.append({"source": source, **run(name, data, seed)})
                keep(runs)
                bar.update()
    for line in summary(runs):
        print(line)


def keep(runs):
    """Write the runs so far."""
    content = {"commit": commit(MEASURED), "machine": machine(), "nets": told(NETS), "runs": runs}
    write(FILE, (json.dumps(content, indent=2) + "\n").encode())


def summary(runs):
    """Return a line for each net and source: the accuracy that counts, and the widest gap."""
    for source, name in product(SOURCES, NETS):
        mine = [made for made in runs if (made["source"], made["net"]) == (source, name)]
        if mine:
            counts = [made["counts"] for made in mine]
            yield (
                f"{source}, {name}: {min(counts):.3f} to {max(counts):.3f}, median {np.median(counts):.3f}, "
                f"over {len(mine)} seeds; largest gap {max(made['gap'] for made in mine):.3f}"
            )


if __name__ == "__main__":
    typer.run(main)
