"""The explorer of channels and filters in Python, in JavaScript where node is there, and in a browser."""

import json
import shutil
import subprocess
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from traitlets import TraitError

from course.explorers import ChannelExplorer
from course.explorers.channels_arithmetic import LIMITS, cell_sentence, drawn, place_at, sentence
from course.reference.im2col import im2col
from course.reference.layers import conv_forward_naive
from tests.explorer_pages import picture, scrolls_sideways, settle, state

JS = Path(__file__).parent / "js"
needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
RANGES = [range(least, most + 1) for least, most in LIMITS.values()]
SETTINGS = [dict(zip((*LIMITS, "bias"), values, strict=True)) for values in product(*RANGES, (False, True))]


@pytest.fixture(scope="module")
def explorers():
    """One explorer in every setting, each with numbers of its own."""
    return [ChannelExplorer(**settings, position=i % 40, **drawn(np.random.default_rng(i)))
            for i, settings in enumerate(SETTINGS)]


def test_every_layer_gives_what_the_reference_gives(explorers):
    for explorer in explorers:
        layer, param = explorer.layer, {"stride": explorer.stride, "pad": 0}
        out, _ = conv_forward_naive(layer.x[None], layer.w, layer.b, param)
        np.testing.assert_array_equal(layer.out, out[0])
        rows = im2col(layer.x[None], explorer.kernel, explorer.kernel, param)
        np.testing.assert_array_equal(layer.windows, rows)


@needs_node
def test_javascript_and_python_agree_in_every_setting(explorers):
    names = [*LIMITS, "bias", "position", "pixels", "weights", "biases"]
    asked = [{name: getattr(explorer, name) for name in names} for explorer in explorers]
    command = ["node", JS / "channels_answers.mjs"]
    done = subprocess.run(command, input=json.dumps(asked), capture_output=True, encoding="utf-8", check=True)
    said = json.loads(done.stdout)
    assert {name: tuple(limits) for name, limits in said["limits"].items()} == LIMITS
    for explorer, answer in zip(explorers, said["answers"], strict=True):
        layer = explorer.layer
        places = layer.out_side**2
        assert answer["out"] == layer.out.reshape(-1, places).tolist()
        assert answer["partial"] == layer.partial.reshape(*layer.w.shape[:2], places).tolist()
        assert answer["windows"] == layer.windows.tolist()
        assert answer["filters"] == layer.w.reshape(len(layer.w), -1).tolist()
        assert answer["place"] == list(place_at(layer, explorer.position))
        assert answer["sentences"] == [sentence(layer), cell_sentence(layer, explorer.position)]


@needs_node
def test_the_javascript_tests_pass():
    command = ["node", "--test", JS / "channels.test.mjs"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stdout[-4000:]


def test_partial_sums_and_bias_are_spelled_out():
    said = cell_sentence(ChannelExplorer(position=3).layer, 3)
    assert said.startswith("out[0, 1, 0]: channel 0 gives ") and ", the bias " in said
    assert "3·2·2 + 1" in ChannelExplorer().alt and "9 × 12 times 12 × 2 gives 9 × 2" in ChannelExplorer().alt
    assert "never read" in ChannelExplorer(size=5, kernel=2, stride=2).alt


def test_numbers_and_settings_that_do_not_fit_are_refused():
    for wrong in ({"channels": 4}, {"filters": 0}, {"kernel": 4}, {"pixels": [1, 2]}, {"biases": [0.5] * 4}):
        with pytest.raises(TraitError):
            ChannelExplorer(**wrong)


@pytest.mark.parametrize("settings", [SETTINGS[0], SETTINGS[-1], {}])
def test_the_figure_shows_every_number(settings):
    explorer = ChannelExplorer(**settings)
    layer = explorer.layer
    texts = [text.get_text().strip() for text in explorer.figure().axes[0].texts]
    digits = [text for text in texts if text.replace("−", "").isdigit()]
    shown = layer.x.size + layer.w[0].size + layer.partial[0].size + layer.out[0].size + layer.windows.size
    assert len(digits) in (shown, 0)


def test_a_row_of_the_matrix_is_linked_to_the_window(show):
    page = show(ChannelExplorer())
    parts = ".input", ".rows", ".map"
    before = [picture(page, part) for part in parts]
    page.get_by_role("application", name="im2col matrix").press("ArrowDown")
    settle(page)
    assert state(page)["position"] == 1
    assert all(picture(page, part) != was for part, was in zip(parts, before, strict=True))
    page.get_by_role("application", name="map of filter 1").press("End")
    settle(page)
    assert state(page)["position"] == 17
    assert page.locator(".cell").text_content() == cell_sentence(ChannelExplorer().layer, 17)


def test_a_guess_of_the_parameters_is_counted(show):
    page = show(ChannelExplorer())
    page.get_by_role("button", name="guess first").click()
    settle(page)
    now = state(page)
    right = now["filters"] * (now["channels"] * now["kernel"] ** 2 + now["bias"])
    assert not page.locator(".matrix").is_visible()
    page.get_by_role("textbox").fill(f"{right}")
    page.get_by_role("textbox").press("Enter")
    settle(page)
    assert (state(page)["guessed"], state(page)["right"]) == (1, 1)


def test_new_numbers_change_the_picture_but_not_the_settings(show):
    page = show(ChannelExplorer())
    before = picture(page, ".boards")
    page.get_by_role("button", name="new numbers").click()
    assert picture(page, ".boards") != before
    assert state(page)["channels"] == 3


def test_the_largest_layer_fits_a_narrow_page(show):
    assert not scrolls_sideways(show(ChannelExplorer(filters=4, size=6, kernel=3), width=360))
