"""The record's layers, optimiser, processes and budget; and all of it on CIFAR-10, where that is at hand."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course.gradient_check import numerical_gradient
from course.record import augment, loss, muon, winograd
from course.record.__main__ import main
from course.record.budget import Budget, operations_per_second
from course.record.loop import Settings, Training
from course.record.memory import Scratch
from course.record.net import Net, init, shapes
from course.record.norm import NormGelu
from course.record.pooling import TilePool
from course.record.whitening import Whitening, filters
from course.reference.layers import (
    conv_backward_naive,
    conv_forward_naive,
    max_pool_backward_naive,
    max_pool_forward_naive,
)

POOL = {"pool_height": 2, "pool_width": 2, "stride": 2}
ROOT = Path(__file__).resolve().parent.parent
SAME = {"rtol": 1e-9, "atol": 1e-10}


def double():
    return Scratch(np.float64)


def images_last(x):
    """Return x (N, C, H, W) in the memory order (C, H, W, N)."""
    return np.ascontiguousarray(x.transpose(1, 2, 3, 0))


def images_first(x):
    return x.transpose(3, 0, 1, 2)


@pytest.mark.parametrize("matrix", [winograd.B_T, winograd.G, winograd.A_T])
def test_one_product_with_the_kronecker_matrix_transforms_a_tile_from_both_sides(matrix):
    d = np.random.default_rng(0).standard_normal((matrix.shape[1],) * 2)
    one = winograd.on_rows(matrix, np.float64) @ d.ravel()
    np.testing.assert_allclose(one.reshape(len(matrix), -1), matrix @ d @ matrix.T, **SAME)


def test_the_matrices_make_sixteen_outputs_of_thirty_six_products():
    rng = np.random.default_rng(1)
    d, g = rng.standard_normal((6, 6)), rng.standard_normal((3, 3))
    B_T, G, A_T = winograd.B_T, winograd.G, winograd.A_T
    made = A_T @ ((G @ g @ G.T) * (B_T @ d @ B_T.T)) @ A_T.T
    windows = np.lib.stride_tricks.sliding_window_view(d, (3, 3))
    np.testing.assert_allclose(made, (windows * g).sum((2, 3)), **SAME)


@settings(max_examples=12, deadline=None)
@given(
    C=st.integers(1, 4), F=st.integers(1, 5), H=st.sampled_from([4, 8]), W=st.sampled_from([4, 8, 12]),
    N=st.integers(1, 3), pool=st.booleans(), strip=st.sampled_from([1, 4, 1500]),
    seed=st.integers(0, 99),
)
def test_winograd_does_what_the_naive_layers_do(C, F, H, W, N, pool, strip, seed):
    rng = np.random.default_rng(seed)
    x, w = rng.standard_normal((N, C, H, W)), rng.standard_normal((F, C, 3, 3))
    with pytest.MonkeyPatch.context() as patch:  # also with many strips and blocks
        patch.setattr(winograd, "STRIP_COLUMNS", strip)
        patch.setattr(winograd, "BLOCK_COLUMNS", strip)
        conv = winograd.WinogradConv(C, F, H, W, N, pool=pool, scratch=double())
    conv.load(np.ascontiguousarray(w.transpose(2, 3, 0, 1)).reshape(9, F, C))
    out, cache = conv_forward_naive(x, w, np.zeros(F), {"stride": 1, "pad": 1})
    if pool:
        out, pool_cache = max_pool_forward_naive(out, POOL)
    padded = images_last(np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1))))
    np.testing.assert_allclose(images_first(conv.forward(padded, training=False)), out, **SAME)
    dout = rng.standard_normal(out.shape)
    before_pool = max_pool_backward_naive(dout, pool_cache) if pool else dout
    dx, dw, _ = conv_backward_naive(before_pool, cache)
    for times in (1, 2):  # gradients of the weights add up, that of the input does not
        np.testing.assert_allclose(images_first(conv.forward(padded)), out, **SAME)
        np.testing.assert_allclose(images_first(conv.backward(images_last(dout))), dx, **SAME)
        own = conv.gradient().reshape(3, 3, F, C).transpose(2, 3, 0, 1)
        np.testing.assert_allclose(own, times * dw, **SAME)


def test_winograd_refuses_images_that_tiles_do_not_cover():
    with pytest.raises(ValueError, match="that 4 divides, got 8 x 6"):
        winograd.WinogradConv(1, 1, 8, 6, 1)


def test_of_equal_numbers_in_a_pool_one_gets_the_gradient():
    pool = TilePool((1,), double())
    out, dy = np.empty((2, 2, 1)), np.empty((4, 4, 1))
    pool.forward(np.ones((4, 4, 1)), out, training=True)
    pool.backward(np.full((2, 2, 1), 7.0), dy)
    assert (out == 1).all() and np.flatnonzero(dy).tolist() == [0, 2, 8, 10] and dy.sum() == 28


@pytest.mark.parametrize("pad", [0, 1])
def test_the_gradients_of_norm_and_gelu_are_the_numerical_ones(pad):
    rng = np.random.default_rng(2)
    x, dout, b = rng.standard_normal((3, 4, 2, 5)), rng.standard_normal((3, 4, 2, 5)), rng.standard_normal(3)

    def out(x, b):
        norm = NormGelu(3, 4, 2, 5, pad=pad, scratch=double())
        norm.b[...] = b
        norm.forward(x.copy())
        return norm

    norm = out(x, b)
    dx = norm.backward(dout)
    np.testing.assert_allclose(dx, numerical_gradient(lambda x: out(x, b).inside, x, dout)[0], atol=1e-7)
    np.testing.assert_allclose(norm.db, numerical_gradient(lambda b: out(x, b).inside, b, dout)[0], atol=1e-7)
    assert norm.y.sum() == pytest.approx(norm.inside.sum())  # the border stays 0


def test_whitened_patches_have_variance_one_and_nothing_in_common():
    x = np.random.default_rng(3).standard_normal((200, 3, 9, 9)).cumsum(2).cumsum(3)
    w = filters(x)
    patches = np.lib.stride_tricks.sliding_window_view(x, (2, 2), axis=(2, 3))
    white = patches.transpose(0, 2, 3, 1, 4, 5).reshape(-1, 12) @ w.T
    np.testing.assert_allclose(white.T @ white / len(white), np.eye(12), atol=0.02)


def test_the_first_layer_shows_each_whitened_number_twice():
    rng = np.random.default_rng(4)
    x, w = rng.standard_normal((3, 33, 33, 2)), rng.standard_normal((12, 12))
    y = Whitening(w, 2, scratch=double()).forward(x)
    z = w @ x[:, 30:32, 7:9, 1].ravel()
    np.testing.assert_allclose(y[:12, 31, 8, 1], z / (1 + np.exp(-1.702 * z)), **SAME)
    np.testing.assert_allclose(y[12:, 31, 8, 1], -z / (1 + np.exp(1.702 * z)), **SAME)


def test_the_gradient_of_the_smoothed_loss_is_the_numerical_one():
    rng = np.random.default_rng(5)
    scores, y = rng.standard_normal((10, 4)), np.array([0, 3, 3, 9])
    _, dscores = loss.smoothed_cross_entropy(scores, y)
    numeric, _ = numerical_gradient(lambda scores: loss.smoothed_cross_entropy(scores, y)[0], scores)
    np.testing.assert_allclose(dscores, numeric, atol=1e-7)


def test_the_gradients_of_the_whole_net_are_the_numerical_ones():
    rng = np.random.default_rng(6)
    widths, y = (3, 4, 5), np.array([2, 7])
    parameters = {name: np.empty(shape) for name, shape in shapes(widths).items()}
    init(parameters, rng)
    grads = {name: np.empty_like(value) for name, value in parameters.items()}
    net = Net(widths, 2, rng.standard_normal((12, 12)), scratch=double())
    x = rng.standard_normal((3, 33, 33, 2))

    def total():
        net.load(parameters)
        return loss.smoothed_cross_entropy(net.forward(x), y)

    net.backward(total()[1])
    net.gradients(grads)
    for name, value in parameters.items():
        direction, h = rng.standard_normal(value.shape), 1e-7  # so small that few maxima change places
        value += h * direction
        above = total()[0]
        value -= 2 * h * direction
        below = total()[0]
        value += h * direction
        assert (above - below) / (2 * h) == pytest.approx((grads[name] * direction).sum(), rel=1e-4), name


@pytest.mark.parametrize("shape", [(6, 20), (20, 6)])
def test_newton_schulz_keeps_the_singular_vectors_and_evens_out_the_values(shape):
    g = np.random.default_rng(7).standard_normal(shape)
    u, _, v = np.linalg.svd(g, full_matrices=False)
    turned = u.T @ muon.orthogonal(g, steps=8) @ v.T
    assert abs(turned - np.diag(np.diag(turned))).max() < 1e-9
    assert 0.6 < np.diag(turned).min() <= np.diag(turned).max() < 1.3


def test_muon_keeps_the_norm_of_the_weights_before_its_step():
    rng = np.random.default_rng(8)
    w, g = rng.standard_normal((9, 4, 3)), rng.standard_normal((9, 4, 3))
    muon.muon(w, g, np.zeros_like(w), 0.0)
    assert np.linalg.norm(w) == pytest.approx(2)


def test_flips_alternate_and_moves_are_at_most_two():
    order = augment.Order(50, seed=1)
    (first, moves, sides), (second, _, others), (_, _, again) = map(order.epoch, range(3))
    assert (sides != others).all() and (sides == again).all() and sides.any() and others.any()
    assert sorted(first) == sorted(second) == list(range(50)) and first.tolist() != second.tolist()
    assert set(moves.ravel()) == {-2, -1, 0, 1, 2}


def test_a_view_is_the_moved_and_mirrored_image():
    image = np.random.default_rng(9).integers(0, 256, (2, 3, 32, 32), dtype=np.uint8)
    x = augment.batch(augment.bordered(image), [1], np.array([[2], [-1]]), np.array([True]), np.float64)
    seen = x[:, :, :, 0] * augment.DEVIATION[:, None, None] + augment.MEAN[:, None, None]
    mirrored = image[1, :, :, ::-1]
    np.testing.assert_allclose(seen[:, :30, 1:32], mirrored[:, 2:, :31], atol=1e-4)


def test_the_budget_is_seconds_times_the_highest_ceiling():
    now = [100.0]
    budget = Budget(175, 90.0, clock=lambda: now[0])
    budget.measured(2e11)
    budget.measured(3e11)
    budget.measured(1e11)
    assert budget.spent == pytest.approx(3)
    now[0] += 50
    assert budget.spent == pytest.approx(18)
    assert operations_per_second(0.01) > 0


def test_a_training_is_over_when_what_is_left_is_what_the_evaluation_takes():
    budget = Budget(60, 0.0, clock=lambda: 75.0)
    budget.measured(6e11)  # so the budget is 100 seconds
    assert budget.fraction(25.0) == pytest.approx(1) and budget.fraction(0.0) == pytest.approx(0.75)
    assert budget.fraction(100.0) == 1  # no time for any training


def python(code, *arguments, **options):
    """Run code in a process of its own: a test's process may have threads, and forks badly."""
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}
    return subprocess.Popen([sys.executable, "-c", code, *arguments], env=environment, text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)


STEP = """
import sys
import numpy as np
from course.record.loop import Settings, Training
from course.record import augment, loop
from course.record.net import Net
from course.record.processes import together

rng = np.random.default_rng(0)
class Invented(Training):
    def __init__(self, processes):
        self.settings = Settings(images=8, batch=8, part=2, processes=processes)
        self.widths, self.whitening = (4, 4, 4), np.eye(12, dtype=np.float32)
        rng = np.random.default_rng(0)
        self.images = augment.bordered(rng.integers(0, 256, (8, 3, 32, 32), dtype=np.uint8))
        self.labels, self.order = rng.integers(0, 10, 8), augment.Order(8, 0)
        self.share()
    def work(self, member):
        net = Net(self.widths, 2, self.whitening)
        self.step(member, net, *self.order.epoch(0), 1.0)
        member.meet()

found = []
for processes in (1, 2):
    training = Invented(processes)
    training.run()
    found.append(training)
one, two = found
for name, value in one.gradients[0].items():
    both = sum(gradients[name] for gradients in two.gradients)
    assert abs(value).max() > 0 and abs(value - both).max() <= 1e-4 * abs(value).max(), name
    np.testing.assert_allclose(one.parameters[name], two.parameters[name], atol=1e-3)
print("same")
"""


def test_two_processes_make_the_gradient_and_the_step_that_one_makes():
    said, errors = python(STEP).communicate(timeout=120)
    assert said == "same\n", errors


FOREVER = """
import os, sys
from course.record.processes import together
def work(member):
    os.write(1, b"%d\\n" % os.getpid())
    while True:
        member.meet()
        if sys.argv[1] == "fails" and member.rank: raise ValueError("broken")
together(work, 2)
"""


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL, "fails"])
def test_no_process_is_left_however_the_work_ends(how):
    running = python(FOREVER, str(how))
    try:
        numbers = [int(running.stdout.readline()) for _ in range(2)]
        if how != "fails":
            running.send_signal(how)
        _, errors = running.communicate(timeout=60)
    finally:
        running.kill()
    assert running.returncode != 0 and (how != "fails" or "broken" in errors and "has ended" in errors)
    until = time.monotonic() + 30
    while any(Path(f"/proc/{number}").exists() for number in numbers) and time.monotonic() < until:
        time.sleep(0.01)
    assert not any(Path(f"/proc/{number}").exists() for number in numbers)


@pytest.mark.parametrize(("wrong", "words"), [
    ({"batch": 999}, "cannot be shared"), ({"images": 50_000}, "to 49000, got 50000"),
])
def test_settings_that_do_not_fit_are_refused(wrong, words):
    with pytest.raises(ValueError, match=words):
        Training(Settings(**wrong), "nowhere", 0.0)


@pytest.mark.parametrize(("threads", "words"), [("1", "data_batch_1"), ("2", "set OPENBLAS_NUM_THREADS=1")])
def test_the_command_says_in_one_line_what_is_missing(tmp_path, monkeypatch, capsys, threads, words):
    monkeypatch.setenv("CIFAR10_DIR", str(tmp_path))
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", threads)
    assert main([]) == 1
    said = capsys.readouterr().err
    assert words in said and said.count("\n") == 1


def test_the_short_training_is_right_on_three_of_four_photographs(tmp_path):
    if not os.environ.keys() >= {"CIFAR10_DIR", "RECORD_SMOKE"}:
        pytest.skip("minutes long: it runs when RECORD_SMOKE is set and CIFAR10_DIR names CIFAR-10")
    command = "import sys; from course.record.__main__ import main; sys.exit(main(sys.argv[1:]))"
    file = tmp_path / "figures.json"
    running = python(command, "--tflop", "22", "--epochs", "3", "--json", str(file))
    _, errors = running.communicate(timeout=1200)
    assert running.returncode == 0, errors
    assert json.loads(file.read_text())["test"]["all"] >= 0.75
