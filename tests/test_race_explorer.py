"""The optimiser race in Python, in JavaScript where node is there, and beside the lesson's update rules."""

import json
import random
import shutil
import subprocess
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from traitlets import TraitError

from course.explorers import OptimiserRace
from course.explorers import race_arithmetic as arithmetic
from course.explorers.digits import digits
from course.explorers.race_arithmetic import NAMES, RULES, STEPS, SURFACES, Settings
from course.gradient_check import check_gradient
from course.reference import updates
from tests.explorer_pages import picture, state

JS = Path(__file__).parent / "js"
LESSON = {
    "gradient descent": (updates.sgd, {}),
    "momentum": (updates.momentum, {"mu"}),
    "nesterov": (updates.nesterov, {"mu"}),
    "rmsprop": (updates.rmsprop, {}),
    "adam": (updates.adam, {}),
}
needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")


@cache
def drawn():
    """Return [(Settings, step)], each surface with its own learning rate and with random settings."""
    generator, settings = random.Random(0), []
    for name, surface in SURFACES.items():
        settings.append(Settings(name, surface.learning_rate, 0.9, 1, 0.3, surface.start, 0))
        for seed in range(25):
            start = generator.uniform(*surface.x), generator.uniform(*surface.y)
            settings.append(Settings(
                name, generator.choice(arithmetic.RATES), generator.choice(arithmetic.MOMENTA),
                generator.choice(arithmetic.DECAYS), generator.choice([0, 0.3, 1.5]), start, seed))
    return [(one, generator.randint(0, STEPS)) for one in settings]


@pytest.fixture(scope="module")
def javascript():
    asked = [(one._asdict(), step) for one, step in drawn()]
    done = subprocess.run(["node", JS / "race_answers.mjs"], input=json.dumps(asked), capture_output=True,
                          encoding="utf-8", check=True)
    return json.loads(done.stdout, parse_int=float)  # what is whole in JavaScript may be larger than 2^53


@needs_node
def test_javascript_and_python_agree_to_the_last_bit_and_word(javascript):
    tables = {"SURFACES": {name: surface._asdict() for name, surface in SURFACES.items()}, "NAMES": NAMES,
              "RATES": arithmetic.RATES, "MOMENTA": arithmetic.MOMENTA, "DECAYS": arithmetic.DECAYS,
              "STEPS": STEPS}
    assert javascript["tables"] == json.loads(json.dumps(tables))
    for (settings, step), answer in zip(drawn(), javascript["answers"], strict=True):
        runners = arithmetic.race(settings)
        assert answer == {
            "runners": {name: [list(place) for place in places] for name, places in runners.items()},
            "heights": [arithmetic.loss(settings.surface, *runners[name][-1]) for name in NAMES],
            "said": [told(settings, runners, step) for told in (arithmetic.explain, arithmetic.standing)],
        }, settings


@needs_node
@pytest.mark.parametrize("name", LESSON)
def test_the_runners_walk_where_the_update_rules_of_the_lesson_lead(javascript, name):
    rule, taken = LESSON[name]
    walked = 0
    for (settings, _), answer in zip(drawn(), javascript["answers"], strict=True):
        x, state, rate = np.array(settings.start), None, settings.learning_rate
        for place in answer["runners"][name][1:]:
            g = np.array(arithmetic.gradient(settings.surface, *x))
            dx, state = rule(g, state, rate, **({"mu": settings.momentum} if taken else {}))
            x = x + dx
            assert np.allclose(place, x, rtol=1e-6, atol=1e-9), settings
            x = np.array(place)  # the differences of rounding do not add up
            rate, walked = rate * settings.decay, walked + 1
    assert walked > 5000


def test_noise_is_all_that_parts_sgd_from_gradient_descent():
    one = Settings("ravine", 0.1, 0.9, 1, 0, (-8, 2), 0)
    assert arithmetic.walk("SGD with noise", one) == arithmetic.walk("gradient descent", one)
    noisy = one._replace(noise=0.3)
    walks = [arithmetic.walk("SGD with noise", noisy._replace(seed=seed)) for seed in (0, 1)]
    assert walks[0] != walks[1]
    drawn_noise = [arithmetic.noise(seed, count) for seed in range(20) for count in range(400)]
    assert abs(np.mean(drawn_noise)) < 0.05 and abs(np.var(drawn_noise) - 1) < 0.05


@pytest.mark.parametrize("name", SURFACES)
def test_the_slopes_of_a_surface_are_those_that_are_measured(name):
    for x in np.random.default_rng(0).uniform(-2, 2, (20, 2)):
        assert check_gradient(lambda at: arithmetic.loss(name, *at), x,
                              np.array(arithmetic.gradient(name, *x))).verdict == "pass"


@pytest.mark.parametrize("name", SURFACES)
def test_the_lowest_points_are_0(name):
    for place in SURFACES[name].lowest:
        assert arithmetic.loss(name, *place) == 0
        assert arithmetic.gradient(name, *place) == (0, 0)


@pytest.mark.parametrize("name", SURFACES)
def test_with_a_surfaces_own_learning_rate_most_runners_get_lower_and_none_is_lost(name):
    surface = SURFACES[name]
    settings = Settings(name, surface.learning_rate, 0.9, 1, 0.3, surface.start, 0)
    runners = arithmetic.race(settings)
    assert all(len(places) == STEPS + 1 for places in runners.values())
    at_first = arithmetic.loss(name, *surface.start)
    lower = [arithmetic.height(settings, places, STEPS) < at_first for places in runners.values()]
    assert sum(lower) >= 5
    assert arithmetic.explain(settings, runners, STEPS) == ""


@pytest.mark.parametrize("name", ["gradient descent", "momentum", "nesterov"])
def test_the_limit_of_the_learning_rate_is_where_divergence_begins(name):
    one = Settings("ravine", 0.1, 0.5, 1, 0, (-8, 2), 0)
    limit = arithmetic.limit(name, one, arithmetic.curvature("ravine", 0, 0))
    below, above = (arithmetic.walk(name, one._replace(learning_rate=limit * part)) for part in (0.97, 1.1))
    assert abs(below[-1][1]) < abs(below[10][1]) and len(above) <= STEPS


def test_divergence_is_explained_with_its_numbers():
    settings = Settings("ravine", 2, 0.9, 1, 0, (-8, 2), 0)
    said = arithmetic.explain(settings, arithmetic.race(settings), STEPS)
    assert "Diverged: gradient descent, SGD with noise, momentum, nesterov." in said
    assert "at the start the surface curves by 2." in said
    assert "gradient descent needs a learning rate below 1; with 2 each step" in said


def test_who_is_lowest_may_be_several():
    settings = Settings("bowl", 0.1, 0, 1, 0, (-3, 2.2), 0)
    first = arithmetic.lowest(settings, arithmetic.race(settings), 50)
    assert {"gradient descent", "momentum", "nesterov"} <= set(first) or len(first) == 1
    assert arithmetic.lowest(settings, arithmetic.race(settings), 0) == list(RULES)


@pytest.mark.parametrize(("number", "text"), [
    (0, "0"), (0.05, "0.05"), (1.125, "1.13"), (12.345, "12.3"), (1330.4, "1330"), (2.5e-7, "2.5e-7"),
    (float("inf"), "∞"), (0.0005, "0.0005"), (123456, "1.23e5"),
])
def test_numbers_are_short(number, text):
    assert digits(number) == text


def test_a_surface_brings_its_start_and_learning_rate():
    race = OptimiserRace("Rosenbrock")
    assert (race.start, race.learning_rate) == ([-1.2, 1], 0.001)
    assert OptimiserRace("Rosenbrock", learning_rate=0.01).learning_rate == 0.01
    for wrong in ({"surface": "hill"}, {"start": [9]}, {"learning_rate": 0.3}):
        with pytest.raises(TraitError):
            OptimiserRace(**wrong)


@pytest.mark.parametrize("name", SURFACES)
@pytest.mark.parametrize("rate", [0.0001, 2])
def test_every_race_can_be_drawn_and_told(name, rate):
    race = OptimiserRace(name, learning_rate=rate, step=STEPS)
    chart, curves = race.figure().axes
    assert len(chart.lines) == 2 * len(RULES) + len(SURFACES[name].lowest) + 1
    assert [text.get_text() for text in curves.get_legend().get_texts()] == NAMES
    assert f"After {STEPS} steps" in race.alt and race.figure().alt == race.alt


def test_keys_change_the_race_and_a_question_hides_it(show):
    page = show(OptimiserRace())
    before = picture(page, ".map"), picture(page, ".curves")
    page.get_by_label("learning rate").press("ArrowRight")
    assert state(page)["learning_rate"] == 0.2
    assert all(one != picture(page, part) for one, part in zip(before, (".map", ".curves"), strict=True))
    page.locator(".map").press("ArrowUp")
    assert state(page)["start"][1] == pytest.approx(2.2)
    page.locator(".scrub").press("End")
    assert state(page)["step"] == STEPS
    page.get_by_label("learning rate").press("End")
    assert "Diverged: gradient descent" in page.locator(".why").text_content()
    page.get_by_label("surface").select_option("Beale")
    assert (state(page)["start"], state(page)["learning_rate"]) == ([0, 2], 0.01)
    assert page.locator(".why").text_content() == ""

    page.get_by_role("button", name="guess first").press("Enter")
    assert page.locator(".curves").is_hidden() and state(page)["step"] == 0
    page.get_by_role("button", name="adam").press("Enter")
    assert page.locator(".curves").is_visible()
    assert (state(page)["step"], state(page)["guessed"]) == (50, 1)
    first = page.locator(".sentence").text_content()
    assert state(page)["right"] == ("adam" in first)
    assert first in page.locator(".verdict").text_content()
