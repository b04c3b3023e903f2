"""The activation explorer in Python, in JavaScript where node is there, and in a browser."""

import json
import random
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from traitlets import TraitError

from course.explorers import ActivationExplorer
from course.explorers.activations_arithmetic import KINDS, LIMITS, saturation, sentence, stack, stack_sentence
from tests.explorer_pages import picture, scrolls_sideways, set_from_python, settle, state

JS = Path(__file__).parent / "js"
needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")


@pytest.mark.parametrize("kind", KINDS)
def test_the_gradient_is_the_product_of_slopes_and_weights(kind):
    layers = stack(kind, 1.3, 6, 2.0)
    slopes = [layer.slope for layer in layers]
    assert layers[0].gradient == pytest.approx(np.prod(slopes) * 2.0**5)
    assert layers[-1].gradient == slopes[-1]


def test_ten_sigmoids_leave_less_than_a_millionth_and_relu_leaves_all():
    assert stack("sigmoid", 0.0, 10, 1.0)[0].gradient <= 0.25**10
    assert stack("relu", 0.5, 20, 1.0)[0].gradient == 1
    assert stack("relu", -0.5, 20, 1.0)[0].gradient == 0


@pytest.mark.parametrize(("kind", "z", "said"), [
    ("step", 2.0, "0 everywhere"), ("sigmoid", 5.0, "Saturated"), ("sigmoid", -2.0, "flattens"),
    ("tanh", 0.0, "steep middle"), ("tanh", -3.0, "Saturated"), ("relu", -1.0, "Cut off"),
    ("relu", 0.0, "Cut off"), ("relu", 1.0, "unchanged"), ("leaky relu", -1.0, "can still learn"),
    ("leaky relu", 1.0, "unchanged"),
])
def test_saturation_is_said_in_words(kind, z, said):
    assert said in saturation(kind, z)


@needs_node
def test_javascript_and_python_agree():
    draw = random.Random(0)
    asked = [(kind, draw.randint(-60, 60) / 10, draw.randint(1, 20), draw.randint(1, 8) / 2)
             for kind in KINDS for _ in range(400)]
    command = ["node", JS / "activations_answers.mjs"]
    done = subprocess.run(command, input=json.dumps(asked), capture_output=True, encoding="utf-8", check=True)
    said = json.loads(done.stdout)
    assert {name: tuple(limits[:2]) for name, limits in said["limits"].items()} == LIMITS
    for settings, answer in zip(asked, said["answers"], strict=True):
        assert answer["formula"] == KINDS[settings[0]].formula
        np.testing.assert_allclose(answer["stack"], stack(*settings), rtol=1e-11, atol=1e-15)
        assert answer["sentences"] == [sentence(*settings[:2]), stack_sentence(*settings)], settings


@needs_node
def test_the_javascript_tests_pass():
    command = ["node", "--test", JS / "activations.test.mjs"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stdout[-4000:]


def test_a_setting_outside_its_limits_is_refused():
    for wrong in ({"kind": "softplus"}, {"z": 7.0}, {"layers": 21}, {"weight": 0.0}):
        with pytest.raises(TraitError):
            ActivationExplorer(**wrong)


@pytest.mark.parametrize("kind", KINDS)
def test_the_figure_shows_the_point_and_a_bar_for_each_layer(kind):
    explorer = ActivationExplorer(kind=kind, z=-2.0, layers=7)
    curve, bars = explorer.figure().axes
    assert curve.lines[2].get_xydata().tolist() == [[-2.0, float(KINDS[kind].value(-2.0))]]
    assert len(bars.patches) == 7
    assert explorer.figure().alt == explorer.alt and kind in explorer.alt


def test_keys_move_the_point_and_words_and_picture_follow(show):
    page = show(ActivationExplorer(kind="tanh", z=0.0))
    curve = page.get_by_role("slider", name="point on the curve")
    before = [picture(page, ".curve"), picture(page, ".bars")]
    curve.press("ArrowRight")
    settle(page)
    assert state(page)["z"] == 0.1
    assert [picture(page, ".curve"), picture(page, ".bars")] != before
    curve.press("End")
    settle(page)
    assert state(page)["z"] == 6
    assert page.locator(".sentence").text_content() == sentence("tanh", 6.0)
    assert curve.get_attribute("aria-valuetext") == sentence("tanh", 6.0)


def test_a_drag_moves_the_point(show):
    page = show(ActivationExplorer(z=0.0))
    box = page.locator(".curve").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 2, box["y"] + 60)
    page.mouse.up()
    settle(page)
    assert state(page)["z"] == 6


def test_a_guess_about_the_gradient_is_counted(show):
    page = show(ActivationExplorer())
    page.get_by_role("button", name="guess first").click()
    assert not page.locator(".stacked").is_visible()
    set_from_python(page, kind="relu", z=1.0, layers=20, weight=1.0)
    page.get_by_role("button", name="up to 1", exact=True).click()
    settle(page)
    assert (state(page)["guessed"], state(page)["right"]) == (1, 1)
    assert stack_sentence("relu", 1.0, 20, 1.0) in page.locator(".verdict").text_content()


def test_it_fits_a_narrow_page(show):
    assert not scrolls_sideways(show(ActivationExplorer(layers=20), width=360))
