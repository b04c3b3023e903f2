"""The way back through a convolution: in NumPy, in JavaScript, and against the reference layer."""

import json
import random
import shutil
import subprocess
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from course.explorers import ConvBackwardExplorer
from course.explorers.conv_arithmetic import LIMITS, Geometry, arguments, axes, extent, outputs
from course.explorers.conv_backward_arithmetic import (
    cell_words,
    feeders,
    input_cell,
    input_gradient,
    recipe,
    spread,
    turned,
    undilated,
    upstream,
    weight_gradient,
)
from course.reference.layers import conv_backward_naive, conv_forward_naive

ANSWERS = Path(__file__).parent / "js" / "backward_answers.mjs"
RANGES = {name: range(least, most + 1) for name, (least, most) in LIMITS.items()}
SQUARES = [Geometry(n, n, *rest) for n, *rest in
           product(*(RANGES[name] for name in LIMITS if name != "width"))]


def rectangles(how_many):
    generator = random.Random(1)
    return [Geometry(*(generator.choice(values) for values in RANGES.values())) for _ in range(how_many)]


@pytest.mark.parametrize("geometry", [g for g in rectangles(150) if outputs(g)], ids=str)
def test_the_gradients_are_those_of_the_reference_layer(geometry):
    x, w, b, conv_param = arguments(geometry, 5)
    _, cache = conv_forward_naive(x, w, b, conv_param)
    dx, dw, db = conv_backward_naive(upstream(geometry, 5)[None, None].astype(float), cache)
    assert np.array_equal(dx[0, 0], input_gradient(geometry, 5))
    ours, our_db = weight_gradient(geometry, 5)
    step = geometry.dilation
    assert np.array_equal(dw[0, 0, ::step, ::step], ours) and db == [our_db]
    assert np.array_equal(dw[0, 0], weight_gradient(undilated(geometry), 5)[0])


@pytest.mark.parametrize("geometry", rectangles(60), ids=str)
def test_a_cell_of_dx_is_the_sum_over_those_who_feed_it(geometry):
    dout, w = upstream(geometry, 2), turned(geometry, 2)[::-1, ::-1]
    dx = input_gradient(geometry, 2)
    for position in range(0, geometry.height * geometry.width, 5):
        at = input_cell(geometry, position)
        assert dx[at] == sum(dout[o, p] * w[i, j] for o, p, i, j in feeders(geometry, *at))


def test_dw_grows_window_by_window():
    geometry = Geometry(5, 6, 3, 2, 1, 1)
    dw, db = weight_gradient(geometry, 0)
    steps = [weight_gradient(geometry, 0, n) for n in range(outputs(geometry) + 1)]
    assert not steps[0][0].any() and np.array_equal(steps[-1][0], dw) and steps[-1][1] == db
    grown = np.diff([db for _, db in steps])
    assert grown.tolist() == upstream(geometry, 0).ravel().tolist()


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
def test_javascript_and_python_agree_on_the_way_back():
    generator = random.Random(2)
    cases = [(geometry, generator.randrange(1000), generator.choice(["dx", "dw"]), generator.randrange(300))
             for geometry in rectangles(300)]
    asked = json.dumps({"geometries": SQUARES, "cases": cases})
    done = subprocess.run(["node", ANSWERS], input=asked, capture_output=True, encoding="utf-8", check=True)
    said = json.loads(done.stdout)
    assert len(said["sizes"]) == len(SQUARES) == 19_008
    for geometry, (sizes, words) in zip(SQUARES, said["sizes"], strict=True):
        rows, _ = axes(geometry)
        sides = rows.out, rows.padded + extent(geometry) - 1, geometry.kernel, geometry.height
        assert sizes == [[side, side] for side in sides] and words == recipe(geometry, "dx"), geometry
    for (geometry, seed, view, position), answer in zip(cases, said["cases"], strict=True):
        dw, db = weight_gradient(geometry, seed)
        assert answer == {
            "dout": upstream(geometry, seed).tolist(),
            "spread": spread(geometry, seed).tolist(),
            "dx": input_gradient(geometry, seed).tolist(),
            "dw": dw.tolist(),
            "db": db,
            "words": cell_words(geometry, seed, view, position),
            "recipe": recipe(geometry, view),
            "fed": [list(at) for at in feeders(geometry, *input_cell(geometry, position))],
        }, geometry


@pytest.mark.parametrize("view", ["dx", "dw"])
@pytest.mark.parametrize("geometry", rectangles(6), ids=str)
def test_every_geometry_can_be_drawn_and_compared(geometry, view):
    explorer = ConvBackwardExplorer(backward=conv_backward_naive, view=view, position=7, **geometry._asdict())
    assert explorer.figure().alt == explorer.alt and not explorer.own["amiss"]
    assert ("is not asked" if outputs(geometry) == 0 else "right in all") in explorer.alt


def test_the_figure_marks_where_the_learners_gradient_differs():
    def forgetful(dout, cache):
        dx, dw, db = conv_backward_naive(dout, cache)
        dx[0, 0, 1, 2] = 0
        return dx, dw, 0 * db

    explorer = ConvBackwardExplorer(backward=forgetful)
    assert explorer.own["wrong"] == ["dx[1, 2]", "db[0]"]
    crossed = [patch for patch in explorer.figure().axes[0].patches if patch.get_hatch() == "xxxx"]
    assert len(crossed) == 1
