"""The filter lab in Python, in JavaScript where node is there, and in a browser."""

import json
import random
import shutil
import subprocess
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from matplotlib.image import imsave
from traitlets import TraitError

from course import filters
from course.explorers import FilterExplorer
from course.explorers.filters_arithmetic import (
    KINDS,
    LARGEST,
    PADS,
    POOLINGS,
    TRAINED_SIZE,
    bank,
    by_hand,
    maps,
    steps,
)
from tests.explorer_pages import picture, scrolls_sideways, settle, state

JS = Path(__file__).parent / "js"
needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")


@pytest.mark.parametrize("kind", filters.BY_HAND)
def test_of_3_x_3_the_filters_made_by_hand_are_those_of_the_lectures(kind):
    np.testing.assert_array_equal(by_hand(kind, 3), filters.BY_HAND[kind])


@needs_node
def test_javascript_and_python_agree():
    draw, rng, height, width = random.Random(0), np.random.default_rng(0), 23, 31
    x = rng.integers(0, 256, (3, height, width))
    draws, trained = rng.standard_normal((3, 3, 11, 11)), rng.standard_normal((32, 3, 5, 5))
    labs = [{"kinds": draw.choices(KINDS, k=3), "size": draw.randint(3, LARGEST), "pad": draw.choice(PADS),
             "relu": draw.random() < 0.5, "pool": draw.randint(1, 4), "pooling": draw.choice(POOLINGS),
             "first": draw.randint(0, 29), "yours": rng.integers(-9, 10, 121).tolist()} for _ in range(60)]
    asked = {"height": height, "width": width, "pixels": x.ravel().tolist(), "draws": draws.ravel().tolist(),
             "trained": trained.ravel().tolist(), "labs": labs}
    command = ["node", JS / "filters_answers.mjs"]
    done = subprocess.run(command, input=json.dumps(asked), capture_output=True, encoding="utf-8", check=True)
    said = json.loads(done.stdout)
    assert said["kinds"] == list(KINDS)
    for lab, answer in zip(labs, said["answers"], strict=True):
        size = TRAINED_SIZE if "trained" in lab["kinds"] else lab["size"]
        after = {name: lab[name] for name in ("pad", "relu", "pool", "pooling")}
        weights = bank(lab["kinds"], size, draws, trained, lab["first"], np.reshape(lab["yours"], (11, 11)))
        expected = maps(x.astype(float), weights, **after)
        assert answer["last"] == list(expected.shape[1:])
        np.testing.assert_allclose(np.reshape(answer["maps"], expected.shape), expected, rtol=1e-4, atol=0.1)
        assert answer["steps"] == [list(step) for step in steps(lab["kinds"], size, **after)]


@needs_node
def test_the_javascript_tests_pass():
    command = ["node", "--test", JS / "filters.test.mjs"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stdout[-4000:]


def test_pixels_and_weights_travel_beside_the_module():
    explorer = FilterExplorer()
    state = explorer.get_state()
    assert len(state["picture"]) == 3 * 128 * 160 and len(state["trained"]) == 4 * 32 * 3 * 25
    assert len(state["_esm"].encode()) <= 30_000


def test_settings_that_do_not_fit_are_refused():
    for wrong in ({"red": "emboss"}, {"size": 12}, {"pool": 0}, {"yours": [1.0]}, {"picture": b"abc"}):
        with pytest.raises(TraitError):
            FilterExplorer(**wrong)


@pytest.mark.parametrize("settings", [
    {}, {"red": "random", "size": 11, "pad": "same", "relu": True, "pool": 4, "view": "red, in grey"},
    {"green": "trained", "blue": "yours", "first": 29, "pooling": "mean", "pool": 3},
])
def test_the_figure_shows_picture_maps_and_filters(settings):
    explorer = FilterExplorer(**settings)
    shown, through, *swatches = (ax.images[0].get_array().shape for ax in explorer.figure().axes)
    assert shown == (128, 160, 3) and through[:2] == explorer.maps.shape[1:]
    assert [swatch[0] for swatch in swatches] == [explorer.bank.shape[-1]] * 3
    assert "3 × 128 × 160" in explorer.alt


def test_size_relu_and_pooling_are_drawn_and_told(show):
    page = show(FilterExplorer())
    before = picture(page, ".output")
    page.locator("[data-name=size]").press("End")
    page.locator("[data-name=relu]").press(" ")
    page.locator("[data-name=pool]").press("ArrowRight")
    settle(page)
    assert (state(page)["size"], state(page)["relu"], state(page)["pool"]) == (11, True, 2)
    assert picture(page, ".output") != before
    explorer = FilterExplorer(size=11, relu=True, pool=2)
    shape = page.locator(".output canvas").evaluate("c => [c.height, c.width]")
    assert shape == list(explorer.maps.shape[1:])
    assert page.locator(".formula").text_content().endswith("max pooling 2 × 2: 3 × 59 × 75")


def test_the_browser_shows_the_maps_that_python_computes(show):
    explorer = FilterExplorer(red="random", green="trained", blue="sharpen", relu=True)
    page = show(explorer)
    shown = page.locator(".output canvas").evaluate(
        "c => Array.from(c.getContext('2d').getImageData(0, 0, c.width, c.height).data)")
    low, high = (pick(explorer.maps, axis=(1, 2), keepdims=True) for pick in (np.min, np.max))
    expected = (explorer.maps - low) / (high - low) * 255
    pixels = np.reshape(shown, (*explorer.maps.shape[1:], 4))[..., :3]
    assert np.abs(np.moveaxis(pixels, -1, 0) - expected).max() <= 1


def test_a_weight_is_changed_by_keys_and_the_picture_follows(show):
    page = show(FilterExplorer(red="yours", size=3))
    before = picture(page, ".output")
    board = page.get_by_role("application", name="your filter")
    for key in ("ArrowRight", "ArrowDown", "+", "+", "-", "+"):
        board.press(key)
    settle(page)
    assert state(page)["yours"][5 * 11 + 5] == 2
    assert picture(page, ".output") != before
    page.get_by_role("button", name="sharpen").click()
    settle(page)
    assert state(page)["yours"][5 * 11 + 5] == 5


def test_new_random_filters_are_others(show):
    page = show(FilterExplorer(red="random", green="random", blue="random"))
    before = picture(page, ".output")
    page.get_by_role("button", name="new random filters").click()
    assert picture(page, ".output") != before


def test_a_picture_of_ones_own_is_shown_and_leaves_the_page_for_nowhere(show):
    page = show(FilterExplorer())
    before, png = picture(page, ".input"), BytesIO()
    imsave(png, np.random.default_rng(0).random((40, 90, 3)))
    own = {"name": "mine.png", "mimeType": "image/png", "buffer": png.getvalue()}
    page.locator("input[type=file]").set_input_files(own)
    page.get_by_text("your picture", exact=True).nth(1).wait_for()
    assert picture(page, ".input") != before
    assert page.evaluate("model.saved + model.sent.length") == 0
    page.locator("input[type=file]").set_input_files(own | {"name": "no.png", "buffer": b"not a picture"})
    page.get_by_text("“no.png” can't be shown: it is not a picture that this browser can read.").wait_for()
    page.get_by_role("button", name="the cat again").click()
    assert picture(page, ".input") == before


def test_a_guess_of_the_size_is_counted(show):
    page = show(FilterExplorer())
    page.get_by_role("button", name="guess first").click()
    settle(page)
    assert not page.locator(".output").is_visible()
    now = state(page)
    same = FilterExplorer(size=now["size"], pad=now["pad"], pool=now["pool"])
    rows, columns = same.maps.shape[1:]
    page.get_by_role("textbox").fill(f"{rows} x {columns}")
    page.get_by_role("textbox").press("Enter")
    settle(page)
    assert (state(page)["guessed"], state(page)["right"]) == (1, 1)


def test_it_fits_a_narrow_page(show):
    assert not scrolls_sideways(show(FilterExplorer(red="yours", size=11), width=360))
