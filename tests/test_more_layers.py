"""The layers of more-layers: gradients, other formulas, errors, and the numbers that the lesson shows."""

import json
import re
from copy import deepcopy
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course.checks import tasks
from course.checks.answer import Local
from course.checks.examine import examine
from course.checks.oracle import Fresh, reference
from course.gradient_check import check_gradient
from course.mistakes import define, right_ways
from course.reference.dropout import dropout_backward, dropout_forward
from course.reference.layers import conv_backward_naive, conv_forward_naive
from course.reference.losses import softmax_loss
from course.reference.normalisation import batchnorm_forward, lrn_forward, spatial_batchnorm_forward
from course.reference.regions import local_conv_forward, median_pool_forward
from course.reference.small import small_convnet
from course.reference.stack import Layer, Stack
from course.reference.upsampling import (
    conv_transpose_backward,
    conv_transpose_forward,
    upsample_nearest_forward,
)

ROOT = Path(__file__).parents[1]
TASKS = tasks("more-layers")
BACKWARD = [task for task in TASKS.values() if task.forward and not task.parts]
of_every_backward = pytest.mark.parametrize("task", BACKWARD, ids=lambda task: task.stem)
few = settings(max_examples=15, deadline=None)
seeds = st.integers(0, 2**32 - 1)


def gradients(task, cases):
    """Yield (case, place, output as a function of the array there, the array, its gradient)."""
    forward, backward = reference(task.forward), reference(task.stem)
    for case in cases:
        arrays = [part for part in case.inputs if isinstance(part, np.ndarray)]
        settled = [part for part in case.inputs if not isinstance(part, np.ndarray)]
        if any(array.dtype != float for array in (*arrays, case.dout)) or "everywhere" in case.name:
            continue
        found = backward(case.dout, forward(*deepcopy(case.inputs))[1])
        for place, dx in enumerate(found if isinstance(found, tuple) else (found,)):
            assert dx.shape == arrays[place].shape

            def output(value, place=place, arrays=arrays, settled=settled):
                return forward(*arrays[:place], value, *arrays[place + 1 :], *deepcopy(settled))[0]

            yield case, place, output, arrays[place], dx


@of_every_backward
def test_each_number_of_a_gradient_is_the_one_that_is_measured(task):
    for case, place, output, x, dx in gradients(task, task.cases()):
        checked = check_gradient(output, x, dx, case.dout)
        assert checked.verdict != "wrong", (case.name, place, str(checked))


@of_every_backward
@few
@given(seed=seeds)
def test_along_any_direction_the_slope_is_that_of_the_forward_pass(task, seed):
    rng = np.random.default_rng(seed)
    for case, place, output, x, dx in gradients(task, task.cases(seed)):
        for v in rng.standard_normal((2, *x.shape)):

            def moved(t, v=v, output=output, x=x):
                return output(x + t * v)

            checked = check_gradient(moved, np.zeros(1), np.array([np.sum(dx * v)]), case.dout)
            assert checked.verdict != "wrong", (case.name, place, str(checked))


@pytest.mark.parametrize("stem", TASKS)
@few
@given(seed=seeds)
def test_plain_loops_agree_with_the_reference(stem, seed):
    loops = define(right_ways("more-layers")[stem]["loops"], stem, {"np": np})[stem]
    forward = reference(TASKS[stem].forward) if TASKS[stem].forward else None
    for result in examine(TASKS[stem], Local(loops), forward and Local(forward), seed, oracle=Fresh()):
        assert not result.costs, (result.case.name, result.faults)


@few
@given(seed=seeds, stride=st.integers(1, 3), pad=st.integers(0, 1), H=st.integers(2, 4), W=st.integers(2, 4))
def test_a_transposed_convolution_is_the_backward_pass_of_a_convolution_and_the_other_way_round(
    seed, stride, pad, H, W
):
    rng, param = np.random.default_rng(seed), {"stride": stride, "pad": pad}
    x, w = rng.standard_normal((2, 3, H, W)), rng.standard_normal((3, 2, 3, 2))
    no_bias = np.zeros(2)
    if (W - 1) * stride + 2 - 2 * pad < 1:
        return
    out, cache = conv_transpose_forward(x, w, no_bias, param)
    there, conv_cache = conv_forward_naive(np.zeros(out.shape), w, np.zeros(3), param)
    assert there.shape == x.shape
    np.testing.assert_allclose(out, conv_backward_naive(x, conv_cache)[0], atol=1e-12)
    dout = rng.standard_normal(out.shape)
    dx, _, _ = conv_transpose_backward(dout, cache)
    np.testing.assert_allclose(dx, conv_forward_naive(dout, w, np.zeros(3), param)[0], atol=1e-12)


def test_a_local_convolution_with_equal_weights_everywhere_is_a_convolution():
    rng, param = np.random.default_rng(0), {"stride": 2, "pad": 1}
    x, w, b = rng.standard_normal((2, 3, 5, 6)), rng.standard_normal((4, 3, 3, 2)), rng.standard_normal(4)
    shared, _ = conv_forward_naive(x, w, b, param)
    H_out, W_out = shared.shape[2:]
    own = np.broadcast_to(w[:, None, None], (4, H_out, W_out, 3, 3, 2)).copy()
    biases = np.broadcast_to(b[:, None, None], (4, H_out, W_out)).copy()
    np.testing.assert_allclose(local_conv_forward(x, own, biases, param)[0], shared, atol=1e-12)


def test_in_the_test_a_sample_gets_the_same_answer_alone_and_among_others():
    rng = np.random.default_rng(0)
    x, gamma, beta = rng.standard_normal((6, 3)), rng.standard_normal(3), rng.standard_normal(3)
    bn_param = {"mode": "train"}
    for _ in range(5):
        batchnorm_forward(x, gamma, beta, bn_param)
    kept = deepcopy(bn_param)
    bn_param["mode"] = kept["mode"] = "test"
    together, _ = batchnorm_forward(x, gamma, beta, bn_param)
    alone, _ = batchnorm_forward(x[2:3], gamma, beta, bn_param)
    np.testing.assert_array_equal(together[2:3], alone)
    np.testing.assert_equal(bn_param, kept)


@pytest.mark.parametrize("p", [0.2, 0.5, 0.9])
def test_dropout_keeps_the_mean_and_sends_the_gradient_the_way_of_the_numbers(p):
    x = np.full((200, 200), 3.0)
    out, cache = dropout_forward(x, {"mode": "train", "p": p, "seed": 0})
    assert abs(out.mean() - 3) < 0.1
    np.testing.assert_array_equal(dropout_backward(x, cache), out)


X = np.ones((2, 3, 4, 4))
REFUSED = {
    "mode of batchnorm": (
        lambda: batchnorm_forward(np.ones((2, 3)), np.ones(3), np.ones(3), {"mode": "Train"}),
        "mode must be 'train' or 'test', got 'Train'",
    ),
    "mode of spatial batchnorm": (
        lambda: spatial_batchnorm_forward(X, np.ones(3), np.ones(3), {"mode": "eval"}),
        "mode must be 'train' or 'test', got 'eval'",
    ),
    "mode of dropout": (
        lambda: dropout_forward(X, {"mode": "eval", "p": 0.5}),
        "mode must be 'train' or 'test', got 'eval'",
    ),
    "p of dropout": (lambda: dropout_forward(X, {"mode": "train", "p": 0}), "0 < p <= 1, got 0"),
    "even n": (
        lambda: lrn_forward(X, {"n": 4, "k": 1.0, "alpha": 1.0, "beta": 1.0}),
        "n must be odd, as many channels on either side, got 4",
    ),
    "window": (
        lambda: median_pool_forward(X, {"pool_height": 5, "pool_width": 2, "stride": 1}),
        "a kernel of 5 is larger",
    ),
    "scale": (lambda: upsample_nearest_forward(X, 0), "scale must be at least 1, got 0"),
    "pad": (
        lambda: conv_transpose_forward(X, np.ones((3, 2, 2, 2)), np.ones(2), {"stride": 1, "pad": 3}),
        "pad 3 leaves an image of -1 x -1",
    ),
    "weights": (
        lambda: local_conv_forward(
            X, np.ones((2, 2, 2, 3, 2, 2)), np.ones((2, 2, 2)), {"stride": 1, "pad": 0}
        ),
        r"w must have shape \(2, 3, 3, 3, 2, 2\)",
    ),
}


@pytest.mark.parametrize("call, said", REFUSED.values(), ids=REFUSED)
def test_what_does_not_fit_is_refused_with_the_numbers(call, said):
    with pytest.raises(ValueError, match=said):
        call()


def batches(draw):
    """Return the dropout task and an answer that draws its mask in the given way."""

    def forward(x, param):
        mask = draw(x.shape, param)
        return x * mask, mask

    return TASKS["dropout_forward"], Local(forward)


def test_a_mask_may_be_drawn_in_any_way_that_the_seed_decides():
    def fewer_draws(shape, param):  # sorts numbers instead of comparing them
        if param["mode"] == "test":
            return np.ones(shape)
        order = np.random.RandomState(param["seed"]).permutation(int(np.prod(shape)))
        return (order < param["p"] * order.size).reshape(shape) / param["p"]

    task, answer = batches(fewer_draws)
    for seed in range(5):
        assert not any(result.costs for result in examine(task, answer, seed=seed, oracle=Fresh()))


def test_a_mask_that_no_seed_decides_costs_care_alone():
    rng = np.random.default_rng()

    def lucky(shape, param):
        return np.ones(shape) if param["mode"] == "test" else (rng.random(shape) < param["p"]) / param["p"]

    task, answer = batches(lucky)
    faults = {f.fault for r in examine(task, answer, seed=1, oracle=Fresh()) for f in r.faults}
    assert faults == {"care", "note"}  # the note: float64 where float32 came in


def test_a_stack_trains_what_it_is_made_of_and_a_test_changes_nothing():
    rng = np.random.default_rng(0)
    X, y = rng.standard_normal((20, 3, 32, 32)).astype(np.float32), rng.integers(0, 10, 20)
    layer = Layer(dropout_forward, dropout_backward, settings={"mode": "train", "p": 0.9})
    net = small_convnet(np.random.default_rng(0), end=[layer])
    steps = []
    history = net.train(X, y, softmax_loss, num_epochs=15, batch_size=10, rng=rng, callback=steps.append)
    assert len(history) == len(steps) == steps[-1].iterations == 30
    assert np.mean(history[-2:]) < 0.7 * history[0]
    np.testing.assert_array_equal(net.scores(X), net.scores(X))
    assert isinstance(net, Stack) and net.size == 11_642


def test_the_lesson_shows_the_numbers_that_were_measured():
    measured = json.loads((ROOT / "benchmarks/more_layers.json").read_text(encoding="utf-8"))["runs"]
    text = (ROOT / "course/lessons/more-layers.py").read_text(encoding="utf-8")
    shown = re.findall(r'^    "[^"]+": \[([\d., ]+)\],$', text, re.MULTILINE)
    rows = {}
    for run in sorted(measured, key=lambda run: run["seed"]):
        if "test" in run:
            rows.setdefault(run["net"], []).append(100 * run["test"])
    order = ["plain", "batchnorm", "lrn", "dropout", "median_pool", "local_conv", "concat"]
    order += ["plain, steps 10 times as large", "batchnorm, steps 10 times as large"]
    assert len(shown) == len(order)
    for name, row in zip(order, shown, strict=True):
        np.testing.assert_allclose([float(number) for number in row.split(",")], rows[name], atol=1e-9)
        assert f"| {np.median(rows[name]):.1f} % |" in text, name
    for name in order[1:7]:
        difference = np.subtract(rows[name], rows["plain"])
        error = difference.std(ddof=1) / np.sqrt(len(difference))
        mean = round(difference.mean(), 1) + 0.0  # no -0.0
        assert f"{mean:+.1f} ± {error:.1f}".replace("-", "−") in text, name
