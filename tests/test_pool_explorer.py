"""Pooling: in NumPy, in JavaScript, against the reference layers, and as a widget."""

import json
import random
import shutil
import subprocess
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from course.explorers import PoolExplorer
from course.explorers.pool_arithmetic import (
    KINDS,
    LIMITS,
    TIES,
    Pool,
    gradient,
    image,
    nearest,
    pooled,
    receivers,
    sentence,
    shape,
    shares,
    upstream,
    windows,
    words,
)
from course.reference.layers import (
    avg_pool_backward_naive,
    avg_pool_forward_naive,
    max_pool_backward_naive,
    max_pool_forward_naive,
)

ANSWERS = Path(__file__).parent / "js" / "pool_answers.mjs"
LAYERS = {"max": (max_pool_forward_naive, max_pool_backward_naive),
          "average": (avg_pool_forward_naive, avg_pool_backward_naive)}
RANGES = [range(least, most + 1) for least, most in LIMITS.values()]


def pools(how_many):
    generator = random.Random(4)
    choices = [*RANGES, KINDS, (False, True), TIES]
    return [Pool(*(generator.choice(values) for values in choices)) for _ in range(how_many)]


@pytest.mark.parametrize("pool", [p for p in pools(120) if windows(p) and p.kind != "median"], ids=str)
def test_pooling_and_its_way_back_are_those_of_the_reference_layers(pool):
    pool = pool._replace(ties="first")
    forward, backward = LAYERS[pool.kind]
    pool_param = {"pool_height": pool.size, "pool_width": pool.size, "stride": pool.stride}
    out, cache = forward(image(pool, 3)[None, None].astype(float), pool_param)
    dx = backward(upstream(pool, 3)[None, None].astype(float), cache)
    np.testing.assert_allclose(out[0, 0], pooled(pool, 3))
    np.testing.assert_allclose(dx[0, 0], gradient(pool, 3)[0], atol=1e-12)


@pytest.mark.parametrize("pool", [p for p in pools(60) if windows(p)], ids=str)
def test_a_window_hands_out_its_gradient_once_except_where_all_get_all(pool):
    if pool.kind == "max" and pool.ties == "all":
        assert gradient(pool, 1)[1].sum() >= windows(pool)
    else:
        np.testing.assert_allclose(gradient(pool, 1)[1].sum(), windows(pool))


def test_the_median_is_that_of_numpy_and_an_even_window_has_two_in_the_middle():
    pool = Pool(8, 8, 4, 3, "median", False, "first")
    x = image(pool, 7)
    for at in np.ndindex(*shape(pool)):
        seen = x[at[0] * 3:at[0] * 3 + 4, at[1] * 3:at[1] * 3 + 4]
        assert pooled(pool, 7)[at] == np.median(seen)
    assert len(receivers(pool, 7, 0)) == 2
    assert shares(np.array([[5, 1, 1]]), "median", "first").tolist() == [[0, 0, 1]]


@pytest.mark.parametrize("seed", [0, 50, 999])
def test_without_few_numbers_there_are_no_ties_anywhere(seed):
    x = image(Pool(10, 10, 2, 2, "max", False, "first"), seed)
    assert np.unique(x).size == 100


def test_ties_go_to_the_first_to_all_in_parts_or_to_all_in_full():
    tied = np.array([[1, 7], [7, 7]])
    assert [shares(tied, "max", ties).tolist() for ties in TIES] == [
        [[0, 1], [0, 0]], [[0, 1 / 3], [1 / 3, 1 / 3]], [[0, 1], [1, 1]]]


def test_what_is_left_over_or_does_not_fit_is_said_and_a_neighbour_fits():
    assert "no window reaches the last row and the last 2 columns" in sentence(
        Pool(6, 7, 2, 3, "max", False, "first"))
    assert "does not fit into 3 × 3: there is no output" in sentence(Pool(3, 3, 5, 1, "max", False, "first"))
    for settings in product(*RANGES):
        size, stride = nearest(Pool(*settings, "max", False, "first"))
        assert all(side >= size and (side - size) % stride == 0 for side in settings[:2])


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
def test_javascript_and_python_agree_on_pooling():
    generator = random.Random(5)
    views = "forward", "backward"
    cases = [(pool, generator.randrange(1000), generator.choice(views), generator.randrange(120))
             for pool in pools(1500)]
    done = subprocess.run(["node", ANSWERS], input=json.dumps(cases), capture_output=True, encoding="utf-8",
                          check=True)
    for (pool, seed, view, position), answer in zip(cases, json.loads(done.stdout), strict=True):
        dx, mask = gradient(pool, seed)
        for name, right in {"x": image(pool, seed), "out": pooled(pool, seed), "dout": upstream(pool, seed),
                            "dx": dx, "mask": mask}.items():
            np.testing.assert_allclose(np.reshape(answer.pop(name), right.shape), right, atol=1e-12)
        cells = receivers(pool, seed, position) if windows(pool) else []
        assert answer == {"sentence": sentence(pool), "nearest": list(nearest(pool)),
                          "words": words(pool, seed, view, position),
                          "receivers": [list(at) for at in cells]}, pool


def test_a_tie_may_be_spread_in_any_way_and_is_named():
    def in_parts(dout, cache):
        x, pool_param = cache
        size, stride = pool_param["pool_height"], pool_param["stride"]
        dx = np.zeros(x.shape)
        for i, j in np.ndindex(dout.shape[2:]):
            at = np.s_[0, 0, i * stride:i * stride + size, j * stride:j * stride + size]
            most = x[at] == x[at].max()
            dx[at] += dout[0, 0, i, j] * most / most.sum()
        return dx

    for backward, said in ((in_parts, "in equal parts"), (max_pool_backward_naive, "all to the first")):
        explorer = PoolExplorer(backward=backward, view="backward", few=True, size=3, stride=1)
        assert explorer.own["line"] == f"{backward.__name__}: right in all 36 cells. Ties: {said}."


def test_both_ways_of_the_learner_are_compared_and_named():
    def lost(dout, cache):
        return np.zeros(cache[0].shape)

    explorer = PoolExplorer(forward=max_pool_forward_naive, backward=lost)
    first, second = explorer.own["line"].split(". ", 1)
    assert explorer.own["name"] == "max_pool_forward_naive and lost"
    assert first == "max_pool_forward_naive: right in all 9 cells"
    assert second.startswith("lost: 9 of 36 cells differ")
    assert all(cell.startswith("dx[") for cell in explorer.own["wrong"]) and explorer.own["amiss"]
    explorer.kind = "average"
    assert explorer.own["line"] == "Your own is compared for max alone." and not explorer.own["amiss"]


@pytest.mark.parametrize("pool", pools(12), ids=str)
@pytest.mark.parametrize("view", ["forward", "backward"])
def test_every_pooling_can_be_drawn(pool, view):
    forward, backward = LAYERS["max"]
    explorer = PoolExplorer(forward=forward, backward=backward, view=view, **pool._asdict(), position=5)
    assert explorer.figure().alt == explorer.alt and sentence(pool) in explorer.alt
    if pool.kind == "max" and pool.ties == "first":
        assert not explorer.own["amiss"]
