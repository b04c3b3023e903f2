"""What is left out of the record's short trainings, and that nothing else is."""

import numpy as np
import pytest

from benchmarks import record_without
from benchmarks.record_without import Coin, Without, chance_directions
from course.record import augment
from course.record.muon import muon, nesterov


def bare(rate):
    """Return a Without that holds one array of weights and one of shifts, and the gradients of both."""
    made, rng = object.__new__(Without), np.random.default_rng(0)
    made.settings = record_without.Settings(**record_without.SHORT)
    made.rate = rate
    draw = {"w0": (9, 4, 3), "b0": (4,)}
    made.parameters = {name: rng.standard_normal(shape) for name, shape in draw.items()}
    made.momenta = {name: np.zeros(shape) for name, shape in draw.items()}
    made.gradients = [{name: rng.standard_normal(shape) for name, shape in draw.items()}]
    return made


@pytest.mark.parametrize("rate", [None, 0.001])
def test_weights_follow_muon_or_the_momentum_in_its_place(rate):
    training = bare(rate)
    w, g = training.parameters["w0"].copy(), training.gradients[0]["w0"]
    if rate is None:
        muon(w, g, np.zeros_like(w), training.settings.muon_rate * 0.5)
    else:
        nesterov(w, g, np.zeros_like(w), rate * 0.5)
    training.update("w0", 0.5)
    np.testing.assert_array_equal(training.parameters["w0"], w)


def test_shifts_move_alike_with_and_without_muon():
    after = []
    for rate in (None, 0.001):
        training = bare(rate)
        training.update("b0", 0.5)
        after.append(training.parameters["b0"])
    np.testing.assert_array_equal(*after)


def test_a_coin_mirrors_half_of_the_images_twice_from_the_same_side_and_changes_nothing_else():
    coin, turns = Coin(1000, seed=3), augment.Order(1000, seed=3)
    (order, moves, first), (_, _, second) = coin.epoch(0), coin.epoch(1)
    assert 400 < (first == second).sum() < 600
    np.testing.assert_array_equal(order, turns.epoch(0)[0])
    np.testing.assert_array_equal(moves, turns.epoch(0)[1])


def test_directions_drawn_by_chance_are_orthonormal_and_follow_the_generator():
    one, same, other = (chance_directions(np.random.default_rng(seed)) for seed in (1, 1, 2))
    np.testing.assert_allclose(one @ one.T, np.eye(12), atol=1e-6)
    assert np.array_equal(one, same) and not np.allclose(one, other)


def test_each_idea_was_left_out_from_the_same_seeds():
    seeds = {idea: set() for idea in record_without.IDEAS}
    for run in record_without.kept()["runs"]:
        seeds[run["without"]].add(run["seed"])
    assert len(seeds["nothing"]) >= 3 and all(each == seeds["nothing"] for each in seeds.values())
