"""The receptive field explorer in Python, in JavaScript where node is there, and in a browser."""

import json
import random
import shutil
import subprocess
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from traitlets import TraitError

from course.explorers import ReceptiveFieldExplorer
from course.explorers.field_arithmetic import (
    LIMITS,
    SIZE,
    down,
    effective,
    levels,
    misfit,
    place,
    sentence,
    up,
)
from tests.explorer_pages import picture, scrolls_sideways, set_from_python, settle, state

JS = Path(__file__).parent / "js"
needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")


def stacks(how_many):
    """Return random (size, layers, level, cell)."""
    draw = random.Random(0)
    found = []
    for _ in range(how_many):
        size = draw.randint(*SIZE)
        layers = [[draw.randint(*limits) for limits in LIMITS.values()] for _ in range(draw.randint(1, 5))]
        found.append((size, layers, *place(size, layers, draw.randint(0, 5), draw.randint(0, 47))))
    return found


def line_through(layers, x):
    """Return what the stack makes of a line of numbers, with all weights 1."""
    for kernel, stride, pad, dilation in layers:
        x = np.pad(x, pad)
        extent = dilation * (kernel - 1) + 1
        x = np.array([x[i : i + extent : dilation].sum() for i in range(0, len(x) - extent + 1, stride)])
    return x


def test_paths_are_the_gradient_of_a_stack_whose_weights_are_all_1():
    for size, layers, level, cell in stacks(60):
        gradient = [line_through(layers[:level], row)[cell] for row in np.eye(size, dtype=int)]
        assert down(size, layers, level, cell)[0] == Counter({i: n for i, n in enumerate(gradient) if n})


def test_three_layers_of_3_see_7_and_a_stride_doubles_what_comes_after_it():
    assert [level.sees for level in levels(24, [[3, 1, 1, 1]] * 3)] == [1, 3, 5, 7]
    assert [level.sees for level in levels(24, [[3, 2, 1, 1], [3, 1, 1, 1]])] == [1, 3, 7]
    assert [level.jump for level in levels(24, [[3, 2, 1, 1], [3, 1, 1, 1]])] == [1, 2, 2]
    assert levels(24, [[3, 1, 0, 2]])[1] == (20, 1, 5, 2.0)


def test_the_effective_field_is_smaller_than_the_theoretical_one():
    paths = down(48, [[3, 1, 1, 1]] * 5, 5, 24)[0]
    assert len(paths) == 11
    assert effective(paths) == (7, 3**5)


def test_a_stack_that_ends_early_says_why():
    assert misfit(8, [[3, 3, 0, 1], [7, 1, 0, 1]]) == (
        "Layer 2 does not fit: its kernel spans 7 cells, and layer 1 has 2 with padding. "
        "It would fit with pad 3, or 7 cells below.")
    assert "Layer 2 does not fit" in ReceptiveFieldExplorer(size=8, layers=[[3, 3, 0, 1], [7, 1, 0, 1]]).alt


@needs_node
def test_javascript_and_python_agree():
    asked = stacks(1500)
    command = ["node", JS / "field_answers.mjs"]
    done = subprocess.run(command, input=json.dumps(asked), capture_output=True, encoding="utf-8", check=True)
    said = json.loads(done.stdout)
    assert {name: tuple(limits) for name, limits in said["limits"].items()} == LIMITS
    assert tuple(said["size"]) == SIZE
    for at, answer in zip(asked, said["answers"], strict=True):
        assert answer == {
            "levels": [list(level) for level in levels(*at[:2])],
            "misfit": misfit(*at[:2]),
            "down": [[list(pair) for pair in sorted(paths.items())] for paths in down(*at)],
            "up": up(*at),
            "sentence": sentence(*at),
        }, at


@needs_node
def test_the_javascript_tests_pass():
    command = ["node", "--test", JS / "field.test.mjs"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stdout[-4000:]


@pytest.mark.parametrize("layers", [[], [[3, 1, 1, 1]] * 6, [[3, 1, 1]], [[9, 1, 1, 1]], [[3, 0, 1, 1]]])
def test_layers_outside_the_limits_are_refused(layers):
    with pytest.raises(TraitError):
        ReceptiveFieldExplorer(layers=layers)


def test_every_stack_can_be_drawn():
    for size, layers, level, cell in stacks(6):
        explorer = ReceptiveFieldExplorer(size=size, layers=layers, level=level, cell=cell)
        cells, bars = explorer.figure().axes
        assert len(cells.collections) == len(levels(size, layers))
        assert len(bars.patches) == len(down(size, layers, level, cell)[0])


def test_keys_pick_cell_and_layer_and_the_cone_follows(show):
    page = show(ReceptiveFieldExplorer())
    board = page.get_by_role("application")
    before = picture(page, ".cone")
    board.press("ArrowRight")
    settle(page)
    assert (state(page)["level"], state(page)["cell"]) == (3, 6)
    assert picture(page, ".cone") != before
    board.press("ArrowDown")
    board.press("ArrowDown")
    settle(page)
    assert (state(page)["level"], state(page)["cell"]) == (1, 12)
    explorer = ReceptiveFieldExplorer(level=1, cell=12)
    assert page.locator(".sentence").text_content() == sentence(explorer.size, explorer.layers, 1, 12)


def test_a_click_picks_a_cell(show):
    page = show(ReceptiveFieldExplorer(level=1, cell=3))
    box = page.locator(".cone").bounding_box()
    page.mouse.click(box["x"] + 62, box["y"] + 10)
    settle(page)
    assert (state(page)["level"], state(page)["cell"]) == (3, 0)


def test_sliders_add_a_layer_and_change_it(show):
    page = show(ReceptiveFieldExplorer())
    page.locator("[data-name=depth]").press("ArrowRight")
    settle(page)
    page.locator("[data-name=kernel]").nth(3).press("ArrowRight")
    settle(page)
    assert state(page)["layers"][3] == [4, 1, 1, 1]
    set_from_python(page, size=8, layers=[[3, 3, 0, 1], [7, 1, 0, 1]])
    assert "Layer 2 does not fit" in page.locator(".says").text_content()


def test_a_guess_of_the_field_is_counted(show):
    page = show(ReceptiveFieldExplorer())
    page.get_by_role("button", name="guess first").click()
    settle(page)
    sees = levels(state(page)["size"], state(page)["layers"])[-1].sees
    assert not page.locator("table").is_visible()
    page.get_by_role("textbox").fill(f"{sees}")
    page.get_by_role("textbox").press("Enter")
    settle(page)
    assert (state(page)["guessed"], state(page)["right"]) == (1, 1)


def test_the_deepest_stack_fits_a_narrow_page(show):
    assert not scrolls_sideways(show(ReceptiveFieldExplorer(size=48, layers=[[5, 2, 2, 1]] * 5), width=360))
