"""What each layer of the lesson more-layers changes in a small ConvNet, over several seeds.

    OPENBLAS_NUM_THREADS=1 python -m benchmarks.more_layers

Each net is trained on the same generated pictures, and tested on others, also with speckles. The layers that
make images larger are measured where they are of use: drawing the detail that a picture of 32 x 32 pixels has
and its copy of 16 x 16 has not.
benchmarks/more_layers.json keeps every run; runs that stand there already are not made again.
"""

import json
from itertools import product
from time import perf_counter

import numpy as np
import typer
from tqdm.auto import tqdm

from benchmarks.record import ROOT, commit, machine
from course.data import stand_in
from course.files import write
from course.reference import dropout, normalisation, regions, upsampling
from course.reference.losses import softmax_loss
from course.reference.small import POOL, conv, relu, small_convnet, weights
from course.reference.stack import Branches, Layer, Stack

FILE = ROOT / "benchmarks" / "more_layers.json"
MEASURED = (
    "benchmarks/more_layers.py",
    "course/data/stand_in.py",
    "course/reference/dropout.py",
    "course/reference/normalisation.py",
    "course/reference/regions.py",
    "course/reference/small.py",
    "course/reference/stack.py",
    "course/reference/upsampling.py",
)
SETTINGS = {
    "training": 2000,
    "test": 2000,
    "epochs": 8,
    "batch": 50,
    "learning_rate": 1e-3,
    "enlarging_rate": 5e-3,
    "speckled": 0.05,
}
SMALL = np.float32(0.1)  # the detail of a picture is small, so its drawing starts small


def norm(C):
    """Return a spatial batch normalisation."""
    parameters = [np.ones(C, np.float32), np.zeros(C, np.float32)]
    functions = normalisation.spatial_batchnorm_forward, normalisation.spatial_batchnorm_backward
    return Layer(*functions, parameters, {"mode": "train"})


def lrn():
    """Return a local response normalisation with the constants of AlexNet, but for a larger alpha."""
    lrn_param = {"n": 5, "k": 2.0, "alpha": 0.1, "beta": 0.75}
    return Layer(normalisation.lrn_forward, normalisation.lrn_backward, settings=lrn_param)


def local_conv(rng):
    """Return a 3x3 convolution of 8 x 16 x 16 numbers whose 256 positions have weights of their own."""
    parameters = [weights(rng, 16, 16, 16, 8, 3, 3, fan_in=72), np.zeros((16, 16, 16), np.float32)]
    functions = regions.local_conv_forward, regions.local_conv_backward
    return Layer(*functions, parameters, {"stride": 1, "pad": 1})


def median():
    """Return median pooling that halves the height and width."""
    functions = regions.median_pool_forward, regions.median_pool_backward
    return Layer(*functions, settings=dict(POOL))


def two_sizes(rng):
    """Return 4 filters of 3x3 beside 4 of 5x5."""
    branches = [conv(rng, 3, 4), conv(rng, 3, 4, size=5, pad=2)]
    return Branches(branches, regions.concat_forward, regions.concat_backward)


def half(rng):
    """Return dropout that keeps half of the numbers."""
    return Layer(dropout.dropout_forward, dropout.dropout_backward, settings={"mode": "train", "p": 0.5})


def normed(rng):
    """Return the small ConvNet with both convolutions normalised."""
    return small_convnet(rng, after_first=[norm(8)], after_second=[norm(16)])


# name: (function rng -> Stack, learning rate as a multiple)
NETS = {
    "plain": (small_convnet, 1),
    "batchnorm": (normed, 1),
    "lrn": (lambda rng: small_convnet(rng, after_second=[lrn()]), 1),
    "dropout": (lambda rng: small_convnet(rng, end=[half(rng)]), 1),
    "median_pool": (lambda rng: small_convnet(rng, pool=median()), 1),
    "local_conv": (lambda rng: small_convnet(rng, second=local_conv(rng)), 1),
    "concat": (lambda rng: small_convnet(rng, first=two_sizes(rng)), 1),
    "plain, steps 10 times as large": (small_convnet, 10),
    "batchnorm, steps 10 times as large": (normed, 10),
}


def upsampled(rng):
    """Return a net that enlarges by nearest neighbours and draws with a convolution after it."""
    enlarge = Layer(upsampling.upsample_nearest_forward, upsampling.upsample_nearest_backward, settings=2)
    draw = conv(rng, 8, 3, size=5, pad=2)
    draw.parameters[0] *= SMALL
    return Stack(conv(rng, 3, 8), relu(), enlarge, draw)


def transposed(rng):
    """Return a net that enlarges and draws with one transposed convolution."""
    parameters = [SMALL * weights(rng, 8, 3, 4, 4, fan_in=32), np.zeros(3, np.float32)]
    functions = upsampling.conv_transpose_forward, upsampling.conv_transpose_backward
    return Stack(conv(rng, 3, 8), relu(), Layer(*functions, parameters, {"stride": 2, "pad": 1}))


ENLARGING = {"upsample_nearest": upsampled, "conv_transpose": transposed}


def images():
    """Return training and test pictures around 0, and their labels."""
    X, y = stand_in.generate(SETTINGS["training"] + SETTINGS["test"], seed=2015)
    count = SETTINGS["training"]
    X = (X - X[:count].mean(axis=0)).astype(np.float32) / 64
    return X[:count], y[:count], X[count:], y[count:]


def speckled(X, rng):
    """Return pictures with some pixels black or white."""
    N, _, H, W = X.shape
    hit = rng.random((N, 1, H, W)) < SETTINGS["speckled"]
    return np.where(hit, rng.choice([-2.0, 2.0], (N, 1, H, W)), X).astype(np.float32)


def classify(name, seed, data):
    """Train one net from one seed; return what it gets right."""
    X, y, X_test, y_test = data
    make, faster = NETS[name]
    rng = np.random.default_rng(seed)
    net, started = make(rng), perf_counter()
    history = trained(net, X, y, softmax_loss, SETTINGS["learning_rate"] * faster, rng)
    return {
        "net": name,
        "seed": seed,
        "parameters": net.size,
        "loss": round(float(np.mean(history[-40:])), 4),
        "training": right(net, X, y),
        "test": right(net, X_test, y_test),
        "speckled": right(net, speckled(X_test, np.random.default_rng(1)), y_test),
        "seconds": round(perf_counter() - started, 1),
    }


def enlarge(name, seed, data):
    """Train one net to draw the detail that nearest neighbours miss; return the error that is left."""
    X, _, X_test, _ = data
    rng = np.random.default_rng(seed)
    net, started = ENLARGING[name](rng), perf_counter()
    trained(net, halved(X), detail(X), squares, SETTINGS["enlarging_rate"], rng)
    missed = detail(X_test)
    error = np.mean((net.scores(halved(X_test)) - missed) ** 2)
    return {
        "net": name,
        "seed": seed,
        "parameters": net.size,
        "error": round(float(error), 5),
        "error_of_nearest": round(float(np.mean(missed**2)), 5),
        "seconds": round(perf_counter() - started, 1),
    }


def trained(net, X, y, loss, learning_rate, rng):
    """Train a net; return the loss of each step."""
    return net.train(
        X,
        y,
        loss,
        num_epochs=SETTINGS["epochs"],
        learning_rate=learning_rate,
        batch_size=SETTINGS["batch"],
        rng=rng,
    )


def halved(X):
    """Return pictures of half the height and width: means of 2 x 2 pixels."""
    N, C, H, W = X.shape
    return X.reshape(N, C, H // 2, 2, W // 2, 2).mean(axis=(3, 5))


def detail(X):
    """Return what pictures have and their halved copies, enlarged to equal squares, have not."""
    return X - halved(X).repeat(2, axis=2).repeat(2, axis=3)


def squares(out, y):
    """Return half the mean squared error, and its gradient."""
    difference = out - y
    return 0.5 * np.mean(difference**2), difference / np.float32(difference.size)


def right(net, X, y):
    """Return the share of pictures that a net gets right."""
    return round(float(np.mean(net.scores(X).argmax(axis=1) == y)), 4)


def done():
    """Return the runs that were made with the settings as they are now."""
    if not FILE.is_file():
        return []
    kept = json.loads(FILE.read_text(encoding="utf-8"))
    return kept["runs"] if kept["settings"] == SETTINGS else []


def main(seeds: int = 5):
    """Train each net from each seed, and write benchmarks/more_layers.json after each run."""
    runs, data = done(), images()
    have = {(made["net"], made["seed"]) for made in runs}
    names = [*NETS, *ENLARGING]
    left = [(seed, name) for seed, name in product(range(seeds), names) if (name, seed) not in have]
    for seed, name in tqdm(left, unit=" runs"):
        runs.append((classify if name in NETS else enlarge)(name, seed, data))
        content = {"commit": commit(MEASURED), "machine": machine(), "settings": SETTINGS, "runs": runs}
        write(FILE, (json.dumps(content, indent=2) + "\n").encode())
    for name in names:
        mine = [made for made in runs if made["net"] == name]
        measure = "test" if name in NETS else "error"
        print(f"{name}: {measure} {sorted(made[measure] for made in mine)}")


if __name__ == "__main__":
    typer.run(main)
