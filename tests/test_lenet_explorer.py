"""The walk through LeNet in Python, in JavaScript where node is there, and in a browser."""

import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from traitlets import TraitError

from course.explorers import LeNetExplorer
from course.explorers.lenet_arithmetic import rounds, table
from course.reference.lenet import LENET
from course.reference.network import Network
from tests.explorer_pages import picture, scrolls_sideways, settle, state

JS = Path(__file__).parent / "js"
needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")


def test_the_table_is_that_of_the_reference_network():
    assert sum(row[2] for row in table()) == sum(w.size for w in Network(LENET).init().values())
    told = f"{Network(LENET)}"
    for _, _, parameters, work in table():
        assert f"{parameters:,}" in told and f"{work:,}" in told
    assert len(table()) == len(LENET) + 1


def test_the_two_rounds_are_those_of_the_reference_network():
    rng = np.random.default_rng(0)
    x, weights = rng.standard_normal((3, 32, 32)), Network(LENET).init(rng=rng)
    *_, last = rounds(x, weights)
    hidden = np.maximum(last.reshape(1, -1) @ weights["6.w"] + weights["6.b"], 0)
    hidden = np.maximum(hidden @ weights["8.w"] + weights["8.b"], 0)
    scores = hidden @ weights["10.w"] + weights["10.b"]
    np.testing.assert_allclose(scores, Network(LENET)(x[None], weights), rtol=1e-6)


@needs_node
@pytest.mark.parametrize("kind", ["trained", "random"])
def test_javascript_and_python_agree(kind):
    explorer = LeNetExplorer(filters=kind)
    asked = {"picture": np.frombuffer(explorer.picture, "<f4").tolist(), "table": explorer.table,
             "weights": np.frombuffer(getattr(explorer, kind), "<f4").tolist()}
    command = ["node", JS / "lenet_answers.mjs"]
    done = subprocess.run(command, input=json.dumps(asked), capture_output=True, encoding="utf-8", check=True)
    said = json.loads(done.stdout)
    for step, found in enumerate(said["rounds"]):
        explorer.step = step
        maps = np.reshape(found["maps"], (-1, found["side"], found["side"]))
        np.testing.assert_allclose(maps, explorer.maps, atol=1e-5)
    assert len(said["rounds"]) == 7
    assert said["numbers"][:4] == [3072, 4704, 4704, 1176] and said["numbers"][-1] == 10
    assert said["sentences"][1] == (
        "6 filters 5 × 5: 6 × 28 × 28, that is 4,704 numbers. "
        "It has 456 parameters and does 352,800 multiply-adds.")


@pytest.mark.parametrize("step", range(len(table())))
def test_every_step_has_a_figure_and_words(step):
    explorer = LeNetExplorer(step=step, filters="random")
    images = [ax for ax in explorer.figure().axes if ax.images]
    assert len(images) == {0: 1, 1: 6, 2: 6, 3: 6, 4: 16, 5: 16, 6: 16}.get(step, 0)
    assert table()[step][1] in explorer.alt


def test_a_step_past_the_end_is_refused():
    with pytest.raises(TraitError):
        LeNetExplorer(step=len(table()))


def test_steps_and_filters_change_the_maps_and_the_row_of_the_table(show):
    page = show(LeNetExplorer())
    before = picture(page, ".boards")
    page.get_by_role("button", name="forward").press(" ")
    settle(page)
    assert state(page)["step"] == 1 and page.locator("figure:visible").count() == 6
    trained = picture(page, ".boards")
    assert trained != before
    page.locator("[data-name=filters]").select_option("random")
    assert picture(page, ".boards") != trained
    page.locator(".scrub").press("End")
    settle(page)
    assert page.locator("figure:visible").count() == 0
    assert "make no picture" in page.locator(".seen").text_content()
    assert page.locator("tr", has_text="▸").text_content().startswith("▸ affine 10")


def test_a_guess_of_the_numbers_that_come_out_is_counted(show):
    page = show(LeNetExplorer())
    page.get_by_role("button", name="guess first").click()
    settle(page)
    assert not page.locator("table").is_visible()
    shape = table()[state(page)["step"]][1]
    page.get_by_role("textbox").fill(f"{np.prod([int(n) for n in shape.split(' × ')])}")
    page.get_by_role("textbox").press("Enter")
    settle(page)
    assert (state(page)["guessed"], state(page)["right"]) == (1, 1)


def test_sixteen_maps_fit_a_narrow_page(show):
    assert not scrolls_sideways(show(LeNetExplorer(step=4), width=360))
