"""The gradient check explorer in Python, and in JavaScript where node is there."""

import json
import random
import shutil
import subprocess
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from course.explorers import GradientCheckExplorer
from course.explorers import gradcheck_arithmetic as arithmetic
from course.explorers.gradcheck_arithmetic import ASKED, FINE, FUNCTIONS, PLACES, STEPS, Settings
from course.gradient_check import check_gradient, relative_error
from tests.explorer_pages import picture, state

JS = Path(__file__).parent / "js"
SMOOTH = [name for name in FUNCTIONS if name != arithmetic.KINKED]


def drawn():
    """Return Settings: each function at each place in both precisions, with a random step."""
    generator = random.Random(0)
    return [Settings(name, x, precision, generator.choice(STEPS))
            for name, x, precision in product(FUNCTIONS, PLACES, arithmetic.CUTS)]


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
def test_javascript_and_python_agree_to_the_last_bit_and_word():
    asked = json.dumps([one._asdict() for one in drawn()])
    done = subprocess.run(["node", JS / "gradcheck_answers.mjs"], input=asked, capture_output=True,
                          encoding="utf-8", check=True)
    said = json.loads(done.stdout)
    assert said["tables"] == {"STEPS": STEPS, "FINE": FINE, "PLACES": PLACES, "ASKED": ASKED,
                              "formulas": {name: one.formula for name, one in FUNCTIONS.items()}}
    for s, answer in zip(drawn(), said["answers"], strict=True):
        assert answer == {
            "measured": list(arithmetic.measure(s, s.h)),
            "errors": arithmetic.errors(s),
            "lines": [arithmetic.truncation(s, s.h), arithmetic.rounding(s, s.h)],
            "best": arithmetic.best(s),
            "said": [arithmetic.verdict(s), arithmetic.summary(s)],
        }, s


@pytest.mark.parametrize("name", FUNCTIONS)
def test_slopes_and_third_derivatives_are_those_that_are_measured(name):
    f, slope, third = FUNCTIONS[name][1:]
    for x in (-1.3, 0.5, 0.7, 2.0):
        measured = check_gradient(lambda at: f(float(at), float), np.array(x), np.array(slope(x)))
        assert measured.verdict == "pass"
        h = 1e-3
        bend = (slope(x + h) - 2 * slope(x) + slope(x - h)) / h**2
        assert third(x) == pytest.approx(bend, rel=1e-4, abs=1e-4)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_error_is_the_relative_error_of_the_course(name):
    s = Settings(name, 0.7, "float64", 1e-3)
    there = arithmetic.measure(s, s.h)
    assert there.error == relative_error(there.slope, FUNCTIONS[name].slope(0.7))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_float32_rounds_every_intermediate_result(name):
    s = Settings(name, 0.7, "float32", 1e-2)
    exact = arithmetic.measure(s._replace(precision="float64"), s.h)
    rounded = arithmetic.measure(s, s.h)
    assert rounded.up == np.float32(rounded.up) and rounded.slope == np.float32(rounded.slope)
    assert rounded.up == pytest.approx(exact.up, rel=1e-4) and rounded.up != exact.up


@pytest.mark.parametrize("name", ["cube", "quotient", "large"])
def test_above_the_crossing_the_error_goes_with_h_squared(name):
    s = Settings(name, 0.7, "float64", 0.1)
    for h in (1e-2, 1e-3):
        assert arithmetic.measure(s, h).error == pytest.approx(arithmetic.truncation(s, h), rel=0.05)


@pytest.mark.parametrize("name", SMOOTH)
@pytest.mark.parametrize("precision", arithmetic.CUTS)
def test_below_the_crossing_the_error_goes_with_1_over_h(name, precision):
    s = Settings(name, 0.7, precision, 0.1)
    small = [h for h in FINE if 100 * arithmetic.truncation(s, h) < arithmetic.rounding(s, h) < 0.02]
    parts = [arithmetic.measure(s, h).error / arithmetic.rounding(s, h) for h in small]
    assert len(parts) >= 3 and 0.1 < max(parts) < 10  # an order of magnitude


def test_1e_5_is_best_in_float64_and_a_larger_step_in_float32():
    for name in ("cube", "quotient"):
        assert arithmetic.best(Settings(name, 0.7, "float64", 0.1)) == 1e-5
        assert arithmetic.best(Settings(name, 0.7, "float32", 0.1)) == 1e-3


def test_each_regime_is_said():
    def said(*settings):
        return arithmetic.verdict(Settings(*settings))

    assert said("cube", 0.7, "float64", 1e-2).startswith("Truncation leads")
    assert "agree in their first 8 digits" in said("cube", 0.7, "float64", 1e-9)
    assert said("large", 0.7, "float32", 1e-6).startswith("Both values are rounded to the same float32")
    assert said("long sum", 0, "float32", 1e-6).startswith("No error")
    assert "take a smaller step" in said("relu", 0.0001, "float64", 1e-3)
    assert "no single slope" in said("relu", 0, "float64", 1e-9)
    assert "kink" not in said("relu", 0.0001, "float64", 1e-5)


def test_a_kink_inside_the_step_spoils_the_slope_and_beside_it_does_not():
    s = Settings("relu", 0.0001, "float64", 1e-3)
    assert arithmetic.measure(s, 1e-3).error > 0.2
    assert arithmetic.measure(s, 1e-5).error < 1e-9


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("x", [0, 0.7, 10])
def test_every_setting_can_be_drawn_and_told(function, x):
    explorer = GradientCheckExplorer(function=function, x=x, h=1e-12)
    figure = explorer.figure()
    assert len(figure.axes) == 2 and figure.alt == explorer.alt
    assert arithmetic.summary(explorer.check_settings) in explorer.alt


def test_keys_change_the_step_and_a_question_hides_the_curve(show):
    page = show(GradientCheckExplorer())
    assert "Rounding leads" in page.locator(".sentence").text_content()
    before = picture(page, ".errors"), picture(page, ".near")
    page.get_by_label("step h").press("Home")
    assert state(page)["h"] == 0.1
    assert "Truncation leads" in page.locator(".sentence").text_content()
    assert all(one != picture(page, part) for one, part in zip(before, (".errors", ".near"), strict=True))
    page.locator(".errors").press("ArrowRight")
    assert state(page)["h"] == 0.01
    page.get_by_label("arithmetic").select_option("float32")
    assert "float32" in page.locator(".summary").text_content()

    page.get_by_role("button", name="guess first").press("Enter")
    assert page.locator(".errors").is_hidden()
    page.get_by_role("button", name="1e-5", exact=True).press("Enter")
    right = arithmetic.best(Settings(*(state(page)[name] for name in Settings._fields))) == 1e-5
    assert page.locator(".errors").is_visible()
    assert (state(page)["guessed"], state(page)["right"]) == (1, right)
