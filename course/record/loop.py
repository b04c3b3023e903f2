"""The training: it measures the machine, plans by its budget, and reads the test images once, at the end.

Each process takes a part of every batch; the gradients are added in shared memory, and each process updates
some of the parameters. The learning rate falls in a straight line to 0, which it reaches when what is left of
the budget is what the evaluation will take. Nothing is chosen by test images: they are not even read before
the training is over. Validation images, which are not trained on, show how it goes.
"""

from dataclasses import dataclass
from time import perf_counter

import numpy as np

from course.data import batches, cifar10
from course.data.progress import bar

from . import augment, whitening
from .budget import Budget, operations_per_second
from .loss import smoothed_cross_entropy
from .muon import muon, nesterov
from .net import CLASSES, Net, init, shapes
from .processes import shared, shared_arrays, together

ALL_IMAGES, TEST_IMAGES = 50_000, 10_000
WHITENED = 5000  # images that the first layer is computed from
MEASURE_SECONDS = 0.4  # for the ceiling, at the start and after each epoch
READING_SECONDS = 1.5  # for the test images
CAUTION = 1.1  # the evaluation at the end may be slower than every look before it
SMALL_TFLOP, SMALL, LARGE = 60, (32, 64, 64), (64, 256, 256)


@dataclass(frozen=True)
class Settings:
    """What is trained, how, and how long.

    tflop: the budget.  epochs: a number of epochs instead, whatever they cost; None: the budget counts.
    widths: channels of the three blocks; None: what suits the budget.
    images: for training.  validation: images that are not trained on, the last of the 50,000.
    batch: images a step.  part: images that pass through the network at once, in one process.
    Rates are of the sum over a batch, not the mean: muon_rate for weights, shift_rate for the norms' shifts.
    """

    tflop: float = 175
    seed: int = 0
    epochs: float | None = None
    widths: tuple[int, int, int] | None = None
    images: int = 49_000
    validation: int = 1000
    batch: int = 1000
    part: int = 250
    processes: int = 2
    muon_rate: float = 0.18
    shift_rate: float = 0.053
    head_rate: float = 0.67
    weight_decay: float = 2e-6
    smoothing: float = 0.2


class Training:
    """One training. settings: Settings.  folder: that of CIFAR-10.  started: perf_counter() at the start."""

    def __init__(self, settings, folder, started):
        if settings.batch % (settings.part * settings.processes):
            raise ValueError(
                f"a batch of {settings.batch} cannot be shared by {settings.processes} processes in parts of "
                f"{settings.part}"
            )
        if settings.images < settings.batch or settings.images + settings.validation > ALL_IMAGES:
            raise ValueError(
                f"expected from {settings.batch} images to {ALL_IMAGES - settings.validation}, "
                f"got {settings.images}"
            )
        self.settings, self.folder = settings, folder
        self.budget = Budget(settings.tflop, started)
        self.widths = settings.widths or (SMALL if settings.tflop < SMALL_TFLOP else LARGE)
        images, labels = batches.read_batches(folder, batches.TRAINING, ALL_IMAGES)
        self.whitening = whitening.filters(augment.normalised(images[:WHITENED]))
        self.images, self.labels = augment.bordered(images[: settings.images]), labels[: settings.images]
        chosen = slice(ALL_IMAGES - settings.validation, None)
        self.validation, self.validation_labels = augment.bordered(images[chosen]), labels[chosen]
        self.order = augment.Order(settings.images, settings.seed)
        self.share()

    def share(self):
        """Make what the processes share: all that one of them writes and another one reads."""
        members, sizes = range(self.settings.processes), shapes(self.widths)
        self.parameters, self.momenta = shared_arrays(sizes), shared_arrays(sizes)
        self.gradients = [shared_arrays(sizes) for _ in members]
        init(self.parameters, np.random.default_rng((self.settings.seed, 2)))
        self.running = shared((len(members), 2, 2 * sum(self.widths)))
        self.ceilings = shared((len(members),), np.float64)
        self.fraction = shared((1,), np.float64)
        self.scores = shared((len(augment.VIEWS), TEST_IMAGES, CLASSES))
        side = 32 + 2 * augment.BORDER
        self.test = shared((TEST_IMAGES, 3, side, side), np.uint8)

    def run(self):
        """Train and evaluate; return the figures as plain data."""
        return together(self.work, self.settings.processes)

    def work(self, member):
        """Do one process's part of all; the first returns the figures."""
        net = Net(self.widths, self.settings.part, self.whitening)
        self.measure_ceiling(member)
        self.evaluate(member, net, self.validation, self.validation_labels, 1)  # memory is slow at first
        self.seconds_a_view = 0.0  # of an image in the evaluation, all processes together
        self.look(member, net)
        began, steps = perf_counter(), 0
        steps_an_epoch = self.settings.images // self.settings.batch
        with bar(100, "training", unit="%", shown=not member.rank) as shown:
            while (done := self.agree(member, steps / steps_an_epoch)) < 1:
                epoch, step = divmod(steps, steps_an_epoch)
                if step == 0:
                    order, moves, mirrored = self.order.epoch(epoch)
                self.step(member, net, order[step * self.settings.batch :], moves, mirrored, 1 - done)
                steps += 1
                shown.update(int(100 * done) - shown.n)
                if steps % steps_an_epoch == 0:
                    self.measure_ceiling(member)
                    shown.set_postfix_str(f"validation {self.look(member, net)}")
        trained, spent_in_training = perf_counter() - began, self.budget.spent
        seen = self.evaluate(member, net, self.validation, self.validation_labels, len(augment.VIEWS))
        if not member.rank:  # the only place that reads test images
            images, labels = batches.read_batches(self.folder, batches.TEST, TEST_IMAGES)
            self.test[...] = augment.bordered(images)
        answers = None if member.rank else labels
        tested = self.evaluate(member, net, self.test, answers, len(augment.VIEWS))
        return {
            "seed": self.settings.seed,
            "tflop": self.settings.tflop,
            "widths": list(self.widths),
            "epochs": round(steps / steps_an_epoch, 2),
            "seconds_an_epoch": round(trained * steps_an_epoch / max(steps, 1), 2),
            "training_tflop": round(spent_in_training, 2),
            "wall_seconds": round(self.budget.seconds, 2),
            "gemm_gflop_per_second": round(self.budget.ceiling / 1e9, 1),
            "tflop_used": round(self.budget.spent, 2),
            "validation": seen,
            "test": tested,
        }

    def agree(self, member, epochs):
        """Return which fraction of the training is done, the same for all."""
        if not member.rank:
            self.fraction[0] = self.done(epochs)
        member.meet()
        return float(self.fraction[0])

    def done(self, epochs):
        """Return which fraction of the training is done after these epochs."""
        if self.settings.epochs is not None:
            return epochs / self.settings.epochs
        images = self.settings.validation + TEST_IMAGES
        evaluation = self.seconds_a_view * images * len(augment.VIEWS)
        return self.budget.fraction(READING_SECONDS + CAUTION * evaluation)

    def measure_ceiling(self, member):
        """Measure all processes' matrix products at the same time."""
        member.meet()
        self.ceilings[member.rank] = operations_per_second(MEASURE_SECONDS)
        member.meet()
        self.budget.measured(self.ceilings.sum())

    def look(self, member, net):
        """Return the accuracy on the validation images, one view each, as text, and time it."""
        start = perf_counter()
        accuracy = self.evaluate(member, net, self.validation, self.validation_labels, 1)
        seconds = (perf_counter() - start) / max(1, self.settings.validation)
        self.seconds_a_view = max(self.seconds_a_view, seconds)
        return f"{accuracy['one']:.1%}" if accuracy else ""

    def step(self, member, net, order, moves, mirrored, rate):
        """Train on the next batch: the first images of `order`; rate: what is left of the learning rates."""
        settings = self.settings
        net.load(self.parameters)
        for start in range(member.rank * settings.part, settings.batch, settings.part * member.size):
            which = order[start : start + settings.part]
            x = augment.batch(self.images, which, moves[:, which], mirrored[which])
            _, dscores = smoothed_cross_entropy(net.forward(x), self.labels[which], settings.smoothing)
            net.backward(dscores)
        net.gradients(self.gradients[member.rank])
        member.meet()
        for number, name in enumerate(self.parameters):
            if number % member.size == member.rank:
                self.update(name, rate)

    def update(self, name, rate):
        """Change one array of parameters as the sum of all processes' gradients says."""
        w, m = self.parameters[name], self.momenta[name]
        g = sum(gradients[name] for gradients in self.gradients)
        if name.startswith("w"):
            muon(w, g, m, self.settings.muon_rate * rate)
        else:
            own = self.settings.head_rate if name == "head" else self.settings.shift_rate
            g += self.settings.weight_decay * self.settings.batch / own * w
            nesterov(w, g, m, own * rate)

    def evaluate(self, member, net, images, labels, views):
        """Return {"one", "flip", "all": accuracy}, as far as the first views go; None but for the first."""
        self.running[member.rank] = net.running
        member.meet()
        running, n, part = self.running.mean(axis=0), len(images), self.settings.part
        net.load(self.parameters)
        for number, (down, right, mirrored) in enumerate(augment.VIEWS[:views]):
            moves = np.broadcast_to([[down], [right]], (2, part))
            sides = np.full(part, bool(mirrored))
            for start in range(member.rank * part, n, part * member.size):
                which = np.arange(start, start + part) % n
                x = augment.batch(images, which, moves, sides)
                self.scores[number, which] = net.forward(x, running).T
        member.meet()
        if member.rank:
            return None
        return {name: accuracy(self.scores[: len(weights), :n], weights, labels)
                for name, weights in augment.WEIGHTS.items() if len(weights) <= views}


def accuracy(scores, weights, labels):
    """Return how often the weighted sum of the views' scores is right; scores: (views, N, classes)."""
    return float((np.tensordot(weights, scores, 1).argmax(axis=1) == labels).mean())


def folder():
    """Return CIFAR-10's folder. Raises FileNotFoundError when none is named and none was downloaded."""
    found = cifar10.place()
    if found is None or batches.missing(found):
        raise FileNotFoundError("CIFAR-10 is not here: set CIFAR10_DIR to the folder that holds data_batch_1")
    return found
