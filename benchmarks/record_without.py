"""What each idea of the record brings: short trainings with all of them, and with each one left out.

    CIFAR10_DIR=folder OPENBLAS_NUM_THREADS=1 python -m benchmarks.record_without

A small net is trained on 5,000 images and asked about 2,000 others of the 50,000 training images; test images
are not read. What changes the pace alone is timed instead, in turn with what stands in its place: Winograd,
the memory order, the two processes. benchmarks/record_without.json keeps all of it; trainings that stand
there for the same code are not made again.
"""

import json
import os
from statistics import median
from time import perf_counter, process_time

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
from course.record.winograd import B_T, WinogradConv, on_rows, tiles
from course.reference.fast_layers import conv_backward_fast, conv_forward_fast

FILE = ROOT / "benchmarks" / "record_without.json"
MEASURED = ("course/record", "benchmarks/record_without.py")
SHORT = {"widths": (16, 32, 32), "images": 5_000, "validation": 2_000, "batch": 250, "part": 125}
EPOCHS = 4
IDEAS = ("nothing", "whitening", "muon", "label smoothing", "alternating flip")
MOMENTUM_RATES = (0.0005, 0.0015, 0.005)  # of plain momentum in Muon's place; the best for SEARCHED is taken
SEARCHED = 100  # a seed that is not among those reported
ROUNDS = 7
TIMED_STEPS = 6


class Coin(augment.Order):
    """How an epoch goes through the images when a coin decides for each whether it is mirrored."""

    def epoch(self, number):
        """Return order, moves and whether each image is mirrored, as augment.Order does."""
        order, moves, _ = super().epoch(number)
        return order, moves, np.random.default_rng((self.seed, 3, number)).random(self.n) < 0.5


class Without(Training):
    """A short training without one idea of the record; rate: of plain momentum in Muon's place."""

    def __init__(self, idea, seed, *, rate=None, processes=1):
        smoothing = 0.0 if idea == "label smoothing" else Settings.smoothing
        settings = Settings(seed=seed, smoothing=smoothing, processes=processes, **SHORT)
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
        member.meet()

    @property
    def steps_an_epoch(self):
        """Return how many batches the images make."""
        return self.settings.images // self.settings.batch

    def pace(self, member):
        """Return the seconds of some steps, after two others."""
        net = Net(self.widths, self.settings.part, self.whitening)
        for step in range(2 + TIMED_STEPS):
            if step == 2:
                began = perf_counter()
            self.take(member, net, step)
        return perf_counter() - began


def chance_directions(rng):
    """Return 12 orthonormal directions of patches, (12, 12) float32."""
    return np.linalg.qr(rng.standard_normal((12, 12)))[0].astype(np.float32)


def trained(idea, seed, rate=None):
    """Return the validation accuracies {"one", "flip", "all"} of one training."""
    training = Without(idea, seed, rate=rate)
    return together(training.work, training.settings.processes)


def in_turn(first, second, clock):
    """Return the median of how many times as long the second takes, over rounds in which both run."""
    ratios = []
    for _ in range(ROUNDS):
        seconds = []
        for each in (first, second):
            began = clock()
            each()
            seconds.append(clock() - began)
        ratios.append(seconds[1] / seconds[0])
    return round(median(ratios), 2)


def winograd():
    """Return how many times as long as Winograd the course's fast layers take, 64 to 128 maps of 16 x 16."""
    rng = np.random.default_rng(0)
    x = rng.standard_normal((100, 64, 16, 16), np.float32)
    w, b = rng.standard_normal((128, 64, 3, 3), np.float32), np.zeros(128, np.float32)
    conv = WinogradConv(64, 128, 16, 16, 100)
    padded = np.ascontiguousarray(np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1))).transpose(1, 2, 3, 0))
    rows = np.ascontiguousarray(w.transpose(2, 3, 0, 1)).reshape(9, 128, 64)

    def quick():
        conv.load(rows)
        conv.backward(conv.forward(padded))
        conv.gradient()

    def direct():
        conv_backward_fast(*conv_forward_fast(x, w, b, {"stride": 1, "pad": 1}))

    quick(), direct()
    return in_turn(quick, direct, process_time)


def memory_order():
    """Return how many times as long the transform of the input takes when the images are outermost."""
    rng, matrix = np.random.default_rng(0), on_rows(B_T)
    inner = rng.standard_normal((32, 18, 18, 250), np.float32)
    outer = np.ascontiguousarray(inner.transpose(3, 0, 1, 2)).transpose(1, 2, 3, 0)
    made = np.empty((36, 32 * 16 * 250), np.float32)
    last = np.empty((6, 6, 32, 4, 4, 250), np.float32)
    first = np.empty((6, 6, 250, 32, 4, 4), np.float32)

    def images_inside():
        np.copyto(last, tiles(inner))
        np.matmul(matrix, last.reshape(36, -1), out=made)

    def images_outside():
        np.copyto(first, tiles(outer).transpose(0, 1, 5, 2, 3, 4))
        np.matmul(matrix, first.reshape(36, -1), out=made)

    images_inside(), images_outside()
    return in_turn(images_inside, images_outside, process_time)


def two_processes():
    """Return how many times as long one process takes for the same steps; two idle cores are needed."""
    ratios = []
    for _ in range(3):
        seconds = []
        for processes in (2, 1):
            training = Without("nothing", 0, processes=processes)
            seconds.append(together(training.pace, processes))
        ratios.append(seconds[1] / seconds[0])
    return round(median(ratios), 2)


def main(seeds: int = 3, pace: bool = True):
    """Train from each seed with all ideas and without each, time the others, and write what was found."""
    if os.environ.get("OPENBLAS_NUM_THREADS") != "1":
        raise typer.BadParameter("set OPENBLAS_NUM_THREADS=1: each process is to use one core")
    now = {"commit": commit(MEASURED), "machine": machine(), "settings": SHORT | {"epochs": EPOCHS}}
    found = kept()
    if found.get("commit") != now["commit"]:
        found = now | {"runs": []}
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
    if pace:
        timed = {"winograd": winograd, "memory order": memory_order, "two processes": two_processes}
        found["times_as_long_without"] = {name: measure() for name, measure in timed.items()}
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
