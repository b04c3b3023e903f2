"""What each idea of the record brings: short trainings with all of them, and with each one left out.

    CIFAR10_DIR=folder OPENBLAS_NUM_THREADS=1 python -m benchmarks.record_without

A small net is trained on 5,000 images and asked about 2,000 others of the 50,000 training images; test images
are not read. benchmarks/record_without.json keeps every training; those that stand there for the same
settings and the same course/record are not made again. For what changes the pace alone see record_pace.py.
"""

import json
import os
from time import perf_counter

import numpy as np
import typer
from tqdm.auto import tqdm

from benchmarks.record import ROOT, commit, machine
from course.files import write
from course.record import augment
from course.record.loop import Settings, Training, folder
from course.record.muon import nesterov
from course.record.net import Net
from course.record.processes import together

FILE = ROOT / "benchmarks" / "record_without.json"
MEASURED = ("course/record",)
SHORT = {"widths": (16, 32, 32), "images": 5_000, "validation": 2_000, "batch": 250, "part": 125}
EPOCHS = 4
IDEAS = ("nothing", "whitening", "muon", "label smoothing", "alternating flip")
MOMENTUM_RATES = (0.0005, 0.0015, 0.005)  # of plain momentum in Muon's place; the best for SEARCHED is taken
SEARCHED = 100  # a seed that is not among those reported


class Coin(augment.Order):
    """How an epoch goes through the images when a coin decides for each whether it is mirrored."""

    def epoch(self, number):
        """Return order, moves and whether each image is mirrored, as augment.Order does."""
        order, moves, _ = super().epoch(number)
        return order, moves, np.random.default_rng((self.seed, 3, number)).random(self.n) < 0.5


class Without(Training):
    """A short training without one idea of the record; rate: of plain momentum in Muon's place."""

    def __init__(self, idea, seed, rate=None):
        smoothing = 0.0 if idea == "label smoothing" else Settings.smoothing
        settings = Settings(seed=seed, smoothing=smoothing, processes=1, **SHORT)
        super().__init__(settings, folder(), perf_counter())
        self.rate = rate
        if idea == "whitening":  # directions as long as these, drawn by chance
            self.whitening = chance_directions(np.random.default_rng((seed, 4)))
        if idea == "alternating flip":
            self.order = Coin(settings.images, seed)

    def update(self, name, rate):
        """Change one array of parameters, weights by plain momentum if a rate for it was given."""
        if self.rate is None or not name.startswith("w"):
            return super().update(name, rate)
        w, m = self.parameters[name], self.momenta[name]
        g = sum(gradients[name] for gradients in self.gradients)
        nesterov(w, g, m, self.rate * rate)

    def work(self, member):
        """Train, and return the accuracies on the validation images; test images are not read."""
        net = Net(self.widths, self.settings.part, self.whitening)
        for step in range(EPOCHS * self.steps_an_epoch):
            self.take(member, net, step)
        return self.evaluate(member, net, self.validation, self.validation_labels, len(augment.VIEWS))

    def take(self, member, net, number):
        """Take a step of the training."""
        epoch, step = divmod(number, self.steps_an_epoch)
        if step == 0:
            self.drawn = self.order.epoch(epoch)
        order, moves, mirrored = self.drawn
        left = 1 - number / (EPOCHS * self.steps_an_epoch)
        self.step(member, net, order[step * self.settings.batch :], moves, mirrored, left)

    @property
    def steps_an_epoch(self):
        """Return how many batches the images make."""
        return self.settings.images // self.settings.batch


def chance_directions(rng):
    """Return 12 orthonormal directions of patches, (12, 12) float32."""
    return np.linalg.qr(rng.standard_normal((12, 12)))[0].astype(np.float32)


def trained(idea, seed, rate=None):
    """Return the validation accuracies {"one", "flip", "all"} of one training."""
    training = Without(idea, seed, rate=rate)
    return together(training.work, training.settings.processes)


def main(seeds: int = 5):
    """Train from each seed with all ideas and without each, and write what was found after each training."""
    if os.environ.get("OPENBLAS_NUM_THREADS") != "1":
        raise typer.BadParameter("set OPENBLAS_NUM_THREADS=1: each process is to use one core")
    settings = json.loads(json.dumps(SHORT | {"epochs": EPOCHS}))
    found, now = kept(), {"commit": commit(MEASURED), "settings": settings}
    if {name: found.get(name) for name in now} != now:
        found = now | {"machine": machine(), "runs": []}
    rates = found.setdefault("momentum_rates", {})
    for rate in MOMENTUM_RATES:
        if str(rate) not in rates:
            rates[str(rate)] = trained("muon", SEARCHED, rate)["one"]
            keep(found)
    best = float(max(rates, key=rates.get))
    have = {(made["without"], made["seed"]) for made in found["runs"]}
    left = [(seed, idea) for seed in range(seeds) for idea in IDEAS if (idea, seed) not in have]
    for seed, idea in tqdm(left, unit=" runs"):
        seen = trained(idea, seed, best if idea == "muon" else None)
        found["runs"].append({"without": idea, "seed": seed, "validation": seen})
        keep(found)
    for idea in IDEAS:
        print(idea, sorted(made["validation"]["all"] for made in found["runs"] if made["without"] == idea))


def kept():
    """Return what the file holds."""
    return json.loads(FILE.read_text(encoding="utf-8")) if FILE.is_file() else {}


def keep(found):
    """Write what was found so far."""
    write(FILE, (json.dumps(found, indent=2) + "\n").encode())


if __name__ == "__main__":
    typer.run(main)
