"""The perceptron explorer in Python, in JavaScript where node is there, and beside the lesson's functions."""

import json
import random
import shutil
import subprocess
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from course.explorers import PerceptronExplorer
from course.explorers import perceptron_arithmetic as arithmetic
from course.explorers.perceptron_arithmetic import CORNERS, HIDDEN, RATES, TARGETS, UPDATES, Settings
from course.reference import perceptron as lesson
from tests.explorer_pages import picture, state

JS = Path(__file__).parent / "js"
needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")


def drawn():
    """Return [(Settings, place)] with the points at the corners and elsewhere."""
    generator, drawn = random.Random(0), []
    for network, targets, rate in product(HIDDEN, TARGETS.values(), RATES):
        elsewhere = [[round(generator.uniform(-0.5, 1.5), 1) for _ in range(2)] for _ in range(4)]
        for points in (CORNERS, elsewhere):
            line = [generator.choice([-1, -0.5, 0, 0.3, 1]) for _ in range(3)]
            s = Settings(network, points, targets, rate, line, generator.randrange(20))
            drawn.append((s, generator.randrange(arithmetic.places(s))))
    return drawn


@pytest.fixture(scope="module")
def javascript():
    asked = json.dumps([(s._asdict(), place) for s, place in drawn()])
    done = subprocess.run(["node", JS / "perceptron_answers.mjs"], input=asked, capture_output=True,
                          encoding="utf-8", check=True)
    return json.loads(done.stdout)


@needs_node
def test_javascript_and_python_have_the_same_tables(javascript):
    assert javascript["tables"] == {"CORNERS": CORNERS, "TARGETS": TARGETS, "HIDDEN": HIDDEN, "RATES": RATES,
                                    "UPDATES": UPDATES}


@needs_node
def test_one_neuron_learns_in_both_languages_as_perceptron_update_of_the_lesson_does(javascript):
    seen = 0
    for (s, place), answer in zip(drawn(), javascript["answers"], strict=True):
        if HIDDEN[s.network]:
            continue
        walked = arithmetic.lines(s)
        assert answer == {"places": arithmetic.places(s), "lines": walked, "said": [
            arithmetic.sentence(s, place, walked), arithmetic.impossible(s, walked[place])]}
        w, b = np.array(s.line[:2], dtype=float), s.line[2]
        for at, line in enumerate(walked):
            assert np.array_equal([*w, b], line)
            w, b = lesson.perceptron_update(w, b, np.array(s.points[at % 4], float), s.targets[at % 4],
                                            s.learning_rate)
        seen += 1
    assert seen == 24


def lesson_update(net, x, y, learning_rate):
    """Make one update as the lesson does, with its functions."""
    hidden = np.tanh(x @ net["W1"] + net["b1"])
    delta = lesson.output_delta(lesson.sigmoid(hidden @ net["W2"] + net["b2"]), y)
    inner = lesson.hidden_delta(delta, net["W2"], hidden)
    steps = (*lesson.weight_step(x, inner, learning_rate), *lesson.weight_step(hidden, delta, learning_rate))
    return {name: net[name] + step for name, step in zip(("W1", "b1", "W2", "b2"), steps, strict=True)}


def as_arrays(net):
    """Return the net of an answer with the names of the lesson."""
    return {"W1": np.array([net["a"], net["c"]]), "b1": np.array(net["b"]),
            "W2": np.reshape(net["v"], (-1, 1)), "b2": np.array([net["d"]])}


def same(one, other):
    return all(np.allclose(one[name], other[name], rtol=1e-7, atol=1e-9) for name in one)


@needs_node
def test_a_net_learns_in_both_languages_as_with_the_functions_of_the_lesson(javascript):
    seen = 0
    for (s, place), answer in zip(drawn(), javascript["answers"], strict=True):
        if not HIDDEN[s.network]:
            continue
        assert answer["places"] == arithmetic.places(s)
        before, net = as_arrays(answer["before"]), as_arrays(answer["net"])
        assert np.allclose(answer["said"], arithmetic.outputs(net, s.points)[0][:, 0], atol=1e-9)
        if place == 0:
            assert same(net, arithmetic.fresh(HIDDEN[s.network], s.seed))
            continue
        # From one place to the next: over thousands of updates a large step can blow up the last bit.
        x, y, slow = np.array(s.points, float), np.reshape(s.targets, (4, 1)), before
        for _ in range(UPDATES):
            slow = lesson_update(slow, x, y, s.learning_rate)
        assert same(net, arithmetic.later(before, s)), s
        assert same(net, slow), s
        seen += 1
    assert seen >= 45


@pytest.mark.parametrize(("name", "done"), [("AND", True), ("OR", True), ("XOR", False)])
def test_one_neuron_learns_and_and_or_but_not_xor(name, done):
    s = Settings("one neuron", CORNERS, TARGETS[name], 1, [0, 0, 0], 0)
    walked = arithmetic.lines(s)
    assert (arithmetic.right(s, [arithmetic.fires(walked[-1], point) for point in CORNERS]) == 4) == done
    assert (arithmetic.impossible(s, walked[-1]) == "") == done


def test_the_numbers_of_the_proof_are_those_of_the_line():
    s = Settings("one neuron", CORNERS, TARGETS["XOR"], 1, [1, -2, 0.5], 0)
    said = arithmetic.impossible(s, s.line)
    assert "(0, 1) and (1, 0): −1.5 + 1.5 = 0. Of (0, 0) and (1, 1): 0.5 + −0.5 = 0." in said
    assert arithmetic.impossible(s._replace(points=[[0, 0], [0, 1], [1, 0], [0.4, 0.4]]), s.line) == ""


@pytest.mark.parametrize("network", ["2-2-1", "2-4-1"])
def test_a_hidden_layer_learns_xor(network):
    s = Settings(network, CORNERS, TARGETS["XOR"], 1, [0, 0, 0], 0)
    said, _ = arithmetic.outputs(arithmetic.nets(s)[-1], CORNERS)
    assert np.abs(said[:, 0] - TARGETS["XOR"]).max() < 0.1


@pytest.mark.parametrize("network", HIDDEN)
def test_every_network_can_be_drawn_and_told(network):
    explorer = PerceptronExplorer(network=network, step=30)
    assert explorer.figure().alt == explorer.alt
    assert "of 4 right" in explorer.alt
    assert len(explorer.figure().axes) == (2 if HIDDEN[network] else 1)


def test_keys_move_the_line_a_point_and_the_training(show):
    page = show(PerceptronExplorer(task="XOR"))
    before = picture(page, ".plane")
    page.get_by_label("weight w1").press("ArrowRight")
    assert state(page)["line"][0] != 0 and picture(page, ".plane") != before
    assert "No line can do both" in page.locator(".why").text_content()
    board = page.locator(".plane")
    board.press(" ")
    board.press("ArrowUp")
    assert state(page)["points"][1] == [0, 1.1]
    assert page.locator(".why").text_content() == ""
    page.get_by_label("network").select_option("2-2-1")
    page.get_by_label("task").select_option("XOR")
    page.locator(".scrub").press("End")
    assert "4 of 4 right" in page.locator(".sentence").text_content()
    assert page.locator(".bent").is_visible()
