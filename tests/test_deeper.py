"""Deeper nets: any stack of layers, schedules, augmentation, early stopping, and going on after a kill."""

import os
import re
import signal
import subprocess
import sys
from dataclasses import replace
from math import cos, pi
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from course.augment import Augmented, crop, flip
from course.checkpoint import Checkpoint
from course.deeper import Classifier, stack
from course.gradient_check import check_gradient
from course.reference.network import Network
from course.reference.sequential import SGD, ShapeError
from course.reference.trainer import ClassifierTrainer
from course.schedules import EarlyStopping, Schedule, cosine, step

CONV = {"layer": "conv", "filters": 3, "size": 3, "pad": 1}
NORM, RELU, FLAT = {"layer": "batchnorm"}, {"layer": "relu"}, {"layer": "flatten"}
MAX, AVG = ({"layer": f"{kind}_pool", "size": 2, "stride": 2} for kind in ("max", "avg"))
DROP = {"layer": "dropout", "p": 0.7}
UNITS, SCORES = ({"layer": "affine", "units": units} for units in (5, 3))
STACKS = {
    "affine": [SCORES],
    "affine batchnorm relu dropout": [UNITS, NORM, RELU, DROP, SCORES],
    "conv relu max": [CONV, RELU, MAX, SCORES],
    "conv batchnorm relu avg": [CONV, NORM, RELU, AVG, SCORES],
    "twice, and flat": [CONV, NORM, RELU, MAX, {**CONV, "stride": 2}, NORM, DROP, FLAT, UNITS, RELU, SCORES],
}
SHAPE = (2, 6, 6)
RULES = ("sgd", "momentum", "adam")
EPOCHS, KILLED_IN = 5, 3


def batch(N=6, dtype=np.float64):
    rng = np.random.default_rng(8)
    return rng.standard_normal((N, *SHAPE)).astype(dtype), rng.integers(0, 3, N)


def classifier(name, dtype=np.float64):
    made = Classifier(stack(STACKS[name], SHAPE, rng=1), seed=4)
    return made, {key: value.astype(dtype) if value.ndim else value for key, value in made.begin().items()}


@pytest.mark.parametrize("name", STACKS)
def test_the_gradients_of_a_stack_are_those_that_are_measured(name):
    made, model = classifier(name)
    X, y = batch()

    def copied(**changed):
        return {**{key: value.copy() for key, value in model.items()}, **changed}

    _, grads = made(X, copied(), y, 0.1)
    assert set(grads) == set(model) - {"steps"}
    for key, g in grads.items():

        def loss(v, key=key):
            return made(X, copied(**{key: v.copy()}), y, 0.1)[0]

        verdict = check_gradient(loss, model[key], g).verdict
        assert verdict == "pass" or (verdict != "wrong" and not key.endswith(".w")), key


@pytest.mark.parametrize("name", STACKS)
def test_a_trained_stack_scores_as_the_network_of_its_architecture(name):
    made, model = classifier(name)
    X, y = batch()
    model = ClassifierTrainer().train(X, y, X, y, model, made, num_epochs=2, batch_size=3, rng=None)[0]
    assert np.allclose(made(X, model), Network(STACKS[name], SHAPE)(X, model), rtol=1e-9, atol=1e-12)


def test_a_stack_is_a_model_of_the_small_core():
    net, (X, y) = stack([*STACKS["conv batchnorm relu avg"][:-1], SCORES], SHAPE, rng=0), batch()
    net.compile("mean_squared_error", SGD(0.02))
    before = net.evaluate(X, np.eye(3)[y])
    net.fit(X, np.eye(3)[y], epochs=30, verbose=0)
    assert net.evaluate(X, np.eye(3)[y]) < before / 2


def test_the_stack_of_the_page_can_be_made():
    page = Path(__file__).parents[1].joinpath("docs", "deeper.md").read_text(encoding="utf-8")
    names = {}
    exec(re.search(r"```python\n(.*?)```", page, re.DOTALL)[1], names)
    assert names["classifier"](np.zeros((1, 3, 32, 32)), names["classifier"].begin()).shape == (1, 10)


@pytest.mark.parametrize(("layers", "message"), [
    ([SCORES, CONV], "conv needs images"),
    ([{"layer": "lstm"}], "expected 'layer' to be one of"),
])
def test_layers_that_do_not_fit_are_refused(layers, message):
    with pytest.raises(ShapeError, match=message):
        stack(layers, SHAPE)


def test_a_cropped_image_is_a_window_of_the_padded_one():
    X, _ = batch(20)
    padded = np.pad(X, ((0, 0), (0, 0), (2, 2), (2, 2)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (6, 6), (2, 3))
    places = set()
    for out, seen in zip(crop(X, 2, np.random.default_rng(0)), windows, strict=True):
        found = np.argwhere((seen == out[:, None, None]).all(axis=(0, 3, 4)))
        assert len(found) == 1
        places.add(tuple(found[0]))
    assert len(places) > 5


def test_an_image_that_is_flipped_twice_is_itself_and_one_that_is_not_stays():
    X, _ = batch()
    mirrored = np.arange(6) % 2 == 0
    assert np.array_equal(flip(flip(X, mirrored), mirrored), X)
    first, second = flip(X, mirrored)[:2]
    assert np.array_equal(first, X[0][..., ::-1]) and np.array_equal(second, X[1])


def test_images_are_moved_in_training_alone_and_otherwise_each_time():
    seen = []
    augmented = Augmented(lambda X, *_: seen.append(X), pad=2)
    (X, y), model = batch(), augmented.begin({})
    for labels in (None, y, y):
        augmented(X, model, labels)
    assert np.array_equal(seen[0], X) and not np.array_equal(seen[1], X)
    assert not np.array_equal(seen[1], seen[2]) and model["seen"] == 2


def test_schedules_follow_their_equations():
    assert [cosine(t) for t in (0, 0.25, 1)] == pytest.approx([1, (1 + cos(pi / 4)) / 2, 0])
    assert [step(t) for t in (0, 0.49, 0.5, 0.74, 0.75, 1)] == [1, 1, 0.1, 0.1, 0.01, 0.01]
    rates, (made, model), (X, y) = [], classifier("affine"), batch()
    ClassifierTrainer().train(X, y, X, y, model, made, learning_rate=0.2, num_epochs=4,
                              callback=[Schedule("cosine", 0.2, 4), lambda s: rates.append(s.learning_rate)])
    assert rates == pytest.approx([0.2 * cosine(t / 4) for t in range(4)])


@pytest.mark.parametrize(("measured", "over"), [
    ([0.1, 0.3, 0.2], False),
    ([0.1, 0.3, 0.3, 0.2], True),
    ([0.3, 0.2, 0.4], False),
    ([0.5, 0.4, 0.4, 0.6], False),
])
def test_a_training_ends_when_it_has_not_been_better_for_two_epochs(measured, over):
    training = SimpleNamespace(val_acc_history=measured)
    assert EarlyStopping(2)(SimpleNamespace(training=training)) is over
    assert EarlyStopping(2)(SimpleNamespace(training=None)) is False


def fit(update, callbacks=(), start=None):
    """Train with everything that draws or remembers, in float32."""
    (X, y), (made, model) = batch(30, np.float32), classifier("twice, and flat", np.float32)
    augmented = Augmented(made, seed=2, pad=1)
    return ClassifierTrainer().train(
        X[:20], y[:20], X[20:], y[20:], augmented.begin(model), augmented, reg=1e-3, learning_rate=0.01,
        momentum=0.9, update=update, num_epochs=EPOCHS, batch_size=5, rng=np.random.default_rng(6),
        callback=[Schedule("cosine", 0.01, EPOCHS), *callbacks], start=start,
    )


def same(one, other):
    return one[1:] == other[1:] and all(
        one[0][name].dtype == value.dtype and one[0][name].tobytes() == value.tobytes()
        for name, value in other[0].items()
    )


def killing(step):
    """End this process as kill -9 does, in the middle of an epoch."""
    if step.epoch == KILLED_IN and step.iteration % 4 == 2:
        os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there is no kill -9 on this system")
@pytest.mark.parametrize("update", RULES)
def test_kill_9_in_an_epoch_loses_that_epoch_alone_and_the_rest_has_the_same_bits(tmp_path, update):
    path = tmp_path / "training.npz"
    code = (
        "import sys; from course.checkpoint import Checkpoint; from tests.test_deeper import fit, killing; "
        "fit(sys.argv[1], [Checkpoint(sys.argv[2], {}), killing])"
    )
    done = subprocess.run([sys.executable, "-c", code, update, path], check=False)
    assert done.returncode == -signal.SIGKILL
    start = Checkpoint(path, {}).read()
    assert start.epochs == KILLED_IN - 1
    states = []
    gone_on = fit(update, [lambda s: states.append(s.so_far)], start)
    whole = fit(update, [lambda s: states.append(s.so_far)])
    assert same(gone_on, whole)
    last = [replace(states[i]).model for i in (0, -1)]  # the last model too, not the best alone
    assert all(last[0][name].tobytes() == value.tobytes() for name, value in last[1].items())
    assert last[1]["steps"] == last[1]["seen"] == EPOCHS * 4
