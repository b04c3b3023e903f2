"""The back-propagation graph: in Python, in JavaScript, against the reference layers, and on a page."""

import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from course.explorers import BackpropExplorer
from course.explorers.backprop_arithmetic import (
    LABELS,
    NETS,
    cells,
    given,
    graph,
    lines,
    measured,
    n_steps,
    sentence,
)
from course.reference import layers
from course.reference.losses import softmax_loss
from tests.explorer_pages import picture, scrolls_sideways, settle, state

JS = Path(__file__).parent / "js"
SEEDS = range(100)
needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")


def by_layers(net, seed):
    """Return values and gradients as the reference layers compute them, {name: flat array}."""
    v = {name: value.astype(float) for name, value in given(net, seed).items()}
    grads = {}
    if net == "affine":
        v["a"], first = layers.affine_forward(v["x"], v["W1"], v["b1"])
    else:
        image, filters = v["x"][None, None], v["W1"][None, None]
        v["a"], first = layers.conv_forward_naive(image, filters, v["b1"], {"stride": 1, "pad": 0})
    v["h"], relu = layers.relu_forward(v["a"])
    top = v["h"]
    if net == "conv":
        windows = {"pool_height": 2, "pool_width": 2, "stride": 1}
        v["m"], pool = layers.max_pool_forward_naive(v["h"], windows)
        top = v["m"]
    v["s"], last = layers.affine_forward(top, v["W2"], v["b2"])
    v["L"], grads["s"] = softmax_loss(v["s"], np.array(LABELS[net]))
    grads["L"] = np.ones(1)
    dtop, grads["W2"], grads["b2"] = layers.affine_backward(grads["s"], last)
    if net == "conv":
        grads["m"] = dtop
        dtop = layers.max_pool_backward_naive(dtop, pool)
    grads["h"] = dtop
    grads["a"] = layers.relu_backward(dtop, relu)
    back = layers.affine_backward if net == "affine" else layers.conv_backward_naive
    grads["x"], grads["W1"], grads["b1"] = back(grads["a"], first)
    return [{name: np.ravel(value) for name, value in some.items()} for some in (v, grads)]


@pytest.mark.parametrize("net", NETS)
def test_values_and_gradients_are_those_of_the_reference_layers(net):
    for seed in SEEDS:
        g = graph(net, seed)
        for ours, theirs in zip((g.values, g.gradients), by_layers(net, seed), strict=True):
            assert ours.keys() == theirs.keys()
            for name, value in ours.items():
                assert np.allclose(value.ravel(), theirs[name], rtol=0, atol=1e-12), (seed, name)


@pytest.mark.parametrize("net", NETS)
def test_each_gradient_is_the_measured_one(net):
    g = graph(net, 2)  # in which no window is all 0, where the largest is at a kink
    for name in set(g.gradients) - {"L"}:
        for at, gradient in np.ndenumerate(g.gradients[name]):
            assert measured(net, 2, name, at) == pytest.approx(gradient, abs=1e-8)


def test_a_kink_is_explained():
    explorer = BackpropExplorer(net="conv", seed=3, step=8)
    said = [lines(explorer.graph, 8, place)[-1] for place in range(9)]
    assert 0 < sum(line.startswith("These differ at a kink") for line in said) < 9


@needs_node
def test_javascript_and_python_say_the_same_of_every_number():
    asked = [(net, seed) for net in NETS for seed in SEEDS[::5]]
    done = subprocess.run(["node", JS / "backprop_answers.mjs"], input=json.dumps(asked), capture_output=True,
                          encoding="utf-8", check=True)
    for (net, seed), answer in zip(asked, json.loads(done.stdout), strict=True):
        g = graph(net, seed)
        for ours, theirs in ((g.values, answer["values"]), (g.gradients, answer["gradients"])):
            assert ours.keys() == theirs.keys()
            for name, value in ours.items():
                np.testing.assert_allclose(value.ravel(), theirs[name], rtol=0, atol=1e-14)
        assert answer["sentences"] == [sentence(net, step) for step in range(n_steps(net))]
        places = [range(len(cells(net, step))) for step in range(n_steps(net))]
        assert answer["lines"] == [[lines(g, step, i) for i in all_] for step, all_ in enumerate(places)]


@needs_node
def test_the_javascript_tests_pass():
    done = subprocess.run(["node", "--test", JS / "backprop.test.mjs"], capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stdout[-4000:]


def test_a_gradient_is_spelled_out_as_products_and_measured_beside_it():
    explorer = BackpropExplorer(step=6, cell=0)
    said = lines(explorer.graph, *explorer.place)
    assert said[0].startswith("∂s[0, 0]/∂h[0, 0] · ∂L/∂s[0, 0] = [W2[0, 0] = ")
    assert len(said) == 4 and said[2].endswith("the sum of 2 products")
    assert said[2].split(" = ")[1].split(",")[0] == said[3].rsplit(" = ", 1)[1]
    assert explorer.alt.endswith(f"{said[3]}.") and not explorer.alt.endswith("..")


def test_a_place_past_the_end_is_the_last():
    assert BackpropExplorer(net="affine", step=10, cell=500).place == (8, 12)


@pytest.mark.parametrize("net", NETS)
def test_the_figure_knows_of_each_step_what_is_computed(net):
    unknown = []
    for step in range(n_steps(net)):
        ax = BackpropExplorer(net=net, step=step).figure().axes[0]
        assert sum(patch.get_linewidth() == 2 for patch in ax.patches) == 1
        unknown.append(sum(text.get_text() == "·" for text in ax.texts))
    assert unknown == sorted(unknown, reverse=True) and unknown[-1] == 0 < unknown[-2]


def test_keys_step_back_and_pick_numbers(show):
    page = show(BackpropExplorer(step=4))
    before = picture(page, ".graph")
    page.get_by_label("step", exact=False).first.press("ArrowRight")
    settle(page)
    assert state(page)["step"] == 5 and picture(page, ".graph") != before
    assert page.locator(".sum").text_content().startswith("∂L/∂s[0, 0] = (")
    page.locator(".graph").press("ArrowRight")
    settle(page)
    assert state(page)["cell"] == 1
    assert page.locator(".sum").text_content().startswith("∂L/∂s[0, 1] = (")
    page.locator("[data-name=W1][data-back='1']").click(position={"x": 60, "y": 20})
    settle(page)
    assert state(page)["step"] == 8
    assert "∂L/∂W1[0, 1]" in page.locator(".sum").text_content()


def test_a_guess_is_asked_for_before_the_gradient_is_shown_and_counted(show):
    page = show(BackpropExplorer(net="conv"))
    page.get_by_role("button", name="guess first").press("Enter")
    settle(page)
    assert page.locator(".sum").is_hidden() and state(page)["step"] > 5
    assert page.locator(".board[aria-label$=': guess']").count() > 0
    explorer = BackpropExplorer(**{name: state(page)[name] for name in ("net", "step", "cell", "seed")})
    name, at = cells("conv", explorer.step)[explorer.cell]
    gradient = explorer.graph.gradients[name][at]
    right = "zero" if abs(gradient) < 1e-12 else "positive" if gradient > 0 else "negative"
    page.get_by_role("button", name=right).press("Enter")
    settle(page)
    assert page.locator(".score").text_content() == "1 of 1 guessed right"
    assert page.locator(".board[aria-label$=': guess']").count() == 0 and page.locator(".sum").is_visible()


@pytest.mark.parametrize("net", NETS)
def test_the_graph_fits_a_narrow_page(show, net):
    assert not scrolls_sideways(show(BackpropExplorer(net=net, step=7), width=360))
