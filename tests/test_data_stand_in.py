"""Generated pictures: the same each time, fair to the classes, and as hard as photographs."""

import json
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from benchmarks import stand_in_profile
from course.data import stand_in
from course.data.shapes import SHAPES

REAL = os.environ.get("CIFAR10_DIR")
FIGURES = Path(__file__).resolve().parent.parent / "benchmarks" / "stand_in.json"
CLOSE = 0.03


@pytest.fixture(scope="module")
def drawn():
    return stand_in.generate(1000, seed=5)


def test_pictures_have_the_type_and_shape_of_cifar10(drawn):
    images, labels = drawn
    assert (images.shape, images.dtype) == ((1000, 3, 32, 32), np.uint8)
    assert (labels.shape, labels.dtype) == ((1000,), np.int64)
    assert len(stand_in.CLASS_NAMES) == 10


def test_a_seed_gives_the_same_pictures_again_and_another_seed_others(drawn):
    again = stand_in.generate(1000, seed=5)
    assert np.array_equal(drawn[0], again[0]) and np.array_equal(drawn[1], again[1])
    assert not np.array_equal(drawn[0][:100], stand_in.generate(100, seed=6)[0])


@pytest.mark.parametrize("count", [0, 1, 99, 100, 101, 250])
def test_the_first_pictures_do_not_depend_on_how_many_are_drawn(count, drawn):
    images, labels = stand_in.generate(count, seed=5)
    assert np.array_equal(images, drawn[0][:count]) and np.array_equal(labels, drawn[1][:count])


def test_each_hundred_has_ten_of_each_class_in_no_order(drawn):
    hundreds = drawn[1].reshape(-1, 100)
    assert all(np.bincount(labels).tolist() == [10] * 10 for labels in hundreds)
    assert not any((np.diff(labels) >= 0).all() for labels in hundreds)


def test_no_two_pictures_are_alike(drawn):
    assert len({image.tobytes() for image in drawn[0]}) == len(drawn[0])


def test_a_very_large_seed_is_a_seed():
    assert stand_in.generate(1, seed=2**200)[0].shape == (1, 3, 32, 32)


def test_numpy_s_own_random_numbers_are_left_alone():
    before = np.random.get_state()[1].tolist()  # noqa: NPY002 (this is what must not change)
    stand_in.generate(100)
    assert np.random.get_state()[1].tolist() == before  # noqa: NPY002


def test_all_grey_levels_occur_and_few_are_cut_off(drawn):
    images = drawn[0]
    assert images.min() == 0 and images.max() == 255
    assert np.mean((images == 0) | (images == 255)) < 0.05


def test_other_machines_draw_these_pictures_too():
    # The numbers are from one machine; another may differ by a grey level in a few pixels.
    images, labels = stand_in.generate(100, seed=0)
    assert labels[:10].tolist() == [2, 6, 0, 5, 3, 6, 4, 2, 2, 0]
    assert np.allclose(images.mean(axis=(0, 2, 3)), [128.66, 133.12, 118.6], atol=0.02)
    assert np.allclose(images[:5, 0, 16, 16], [223, 0, 214, 0, 133], atol=1)


GRID = np.linspace(-1.15, 1.15, 101, dtype=np.float32)
# A point inside and one outside of each shape.
POINTS = {
    "disc": ((0, 0), (0.8, 0.8)),
    "ring": ((0.7, 0), (0, 0)),
    "square": ((0.7, 0.7), (0, 0.9)),
    "frame": ((0.7, 0.7), (0, 0)),
    "triangle": ((0, 0.5), (0.8, -0.6)),
    "cross": ((0.8, 0), (0.6, 0.6)),
    "star": ((0, -0.85), (0, 0.85)),
    "bars": ((0.5, 0.5), (0.5, 0.25)),
    "checks": ((0.3, 0.3), (0.3, -0.3)),
    "crescent": ((-0.6, 0), (0.4, 0)),
}


@pytest.mark.parametrize("name", SHAPES)
def test_a_shape_is_negative_inside_and_positive_outside(name):
    inside, outside = (SHAPES[name](*np.float32(point)) for point in POINTS[name])
    assert inside < 0 < outside


def test_shapes_differ_and_fill_their_frame_without_leaving_it():
    cover = {name: shape(GRID, GRID[:, None]) < 0 for name, shape in SHAPES.items()}
    rim = [0, -1]
    assert not any(mask[rim].any() or mask[:, rim].any() for mask in cover.values())
    assert all(0.15 < mask.mean() < 0.65 for mask in cover.values())
    names = list(cover)
    for i, name in enumerate(names):
        assert all((cover[name] != cover[other]).mean() > 0.05 for other in names[:i])


def test_a_shape_covers_the_pixels_under_it(drawn):
    square = np.full(100, stand_in.CLASS_NAMES.index("square"))
    u, v = np.meshgrid(stand_in.PIXELS / 10, stand_in.PIXELS / 10)
    frame = np.broadcast_to(u, (100, 32, 32)), np.broadcast_to(v, (100, 32, 32)), np.full((100, 1, 1), 10)
    covered = stand_in.covered(square, *frame)
    assert np.allclose(covered.sum(axis=(1, 2)), (2 * 7.5) ** 2, rtol=0.05)
    assert covered[0, 16, 16] == 1 and covered[0, 0, 0] == 0


def test_the_recorded_profile_is_that_of_cifar10():
    scores = json.loads(FIGURES.read_text(encoding="utf-8"))["accuracy"]
    assert set(scores) == set(stand_in_profile.MODELS)
    for score in scores.values():
        assert abs(score["stand-in"] - score["CIFAR-10"]) <= CLOSE


@pytest.mark.skipif(not REAL, reason="CIFAR10_DIR is not set: no photographs to compare with")
def test_a_linear_classifier_finds_pictures_as_hard_as_photographs():
    model = stand_in_profile.MODELS["linear"]
    measured = {}
    for name, images in (("CIFAR-10", stand_in_profile.photos()), ("stand-in", stand_in_profile.pictures())):
        parameters = stand_in_profile.train(model, *images[:2], np.random.default_rng(0), lambda: None)
        measured[name] = stand_in_profile.accuracy(model, parameters, *images[2:])
    recorded = json.loads(FIGURES.read_text(encoding="utf-8"))["accuracy"]["linear"]
    assert abs(measured["stand-in"] - measured["CIFAR-10"]) <= CLOSE
    assert all(abs(measured[name] - recorded[name]) < 0.01 for name in measured)


@pytest.mark.parametrize("name", stand_in_profile.MODELS)
def test_the_models_of_the_profile_can_learn_a_few_pictures_by_heart(name):
    images, labels = stand_in.generate(100, seed=2)
    X = (images - images.mean(axis=0, dtype=np.float32)) / 64
    model = replace(stand_in_profile.MODELS[name], batch_size=25, epochs=10)
    updates = []
    rng = np.random.default_rng(0)
    trained = stand_in_profile.train(model, X, labels, rng, lambda: updates.append(1))
    assert len(updates) == model.steps(100) == 40
    assert stand_in_profile.accuracy(model, stand_in_profile.start(model, rng), X, labels) < 0.4
    assert stand_in_profile.accuracy(model, trained, X, labels) > 0.5
