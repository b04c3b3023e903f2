"""The benchmark of the layers compares ways that compute the same, and says what it has measured."""

import json
import re
from functools import partial

import numpy as np
import pytest

from benchmarks.layers import __main__ as command
from benchmarks.layers import by_torch, measure, ours, plot, workloads
from benchmarks.layers.ratios import off_linear, ratios
from benchmarks.record import ROOT

CONVOLUTION = workloads.Convolution((2, 3, 7, 6), (4, 3, 3, 3), stride=2, pad=1)
FOR_WINOGRAD = workloads.Convolution((2, 3, 8, 12), (4, 3, 3, 3), pad=1)
POOL = workloads.Pool((2, 3, 6, 7), 2, 2)
STEPS = {"E": workloads.ConvNetStep((2, 3, 32, 32), 4, 3), "F": workloads.TwoLayerStep((2, 12), 5)}
GOALS = {
    "step_E_vs_torch_channels_last", "step_E_vs_torch_default", "step_E_vs_torch_best_2_threads",
    "step_E_of_gemm_floor", "conv_B5_block_vs_torch_default", "conv_C_rows_vs_torch_default",
    "pool_D2_block_vs_torch_default", "conv_peak_memory_of_im2col_block", "conv_batch_off_linear_block",
}


@pytest.fixture
def small(monkeypatch):
    """Make every workload a small one."""
    for name, (kind, _) in measure.WORKS.items():
        work = {"convolution": CONVOLUTION, "pool": POOL}.get(kind) or STEPS[name]
        monkeypatch.setitem(measure.WORKS, name, (kind, work))
        for works in (workloads.CONVOLUTIONS, measure.WITH_LOOPS):
            if name in works:
                monkeypatch.setitem(works, name, work)
    monkeypatch.setattr(measure, "SQUARE", 8)
    for works in workloads.GROWTH.values():
        for size in works:
            monkeypatch.setitem(works, size, CONVOLUTION)


def assert_same(results):
    right, *others = results
    for found in others:
        for ours_, theirs in zip(found, right, strict=True):
            np.testing.assert_allclose(np.asarray(ours_), np.asarray(theirs), rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("work", [CONVOLUTION, FOR_WINOGRAD])
def test_every_way_to_compute_a_convolution_gives_the_same_gradients(work):
    ways = ours.convolution(work) | {"naive": ours.naive(work, 2)}
    assert ("winograd" in ways) == (work is FOR_WINOGRAD)
    assert_same([run() for run in ways.values()])


def test_every_way_to_pool_gives_the_same_gradient():
    ways = ours.pool(POOL) | {"naive": ours.naive(POOL, 2)}
    assert_same([[run()] for run in ways.values()])


def test_torch_computes_the_same():
    torch = pytest.importorskip("torch", reason="torch is not installed: make torch")
    convolutions = ours.convolution(CONVOLUTION) | by_torch.convolution(torch, CONVOLUTION)
    assert_same([run() for run in convolutions.values()])
    pools = [[run()] for run in ours.pool(POOL).values()]
    assert_same(pools + [run() for run in by_torch.pool(torch, POOL).values()])


def test_operations_are_those_of_the_loops():
    N, F, H_out, W_out = CONVOLUTION.out
    assert (H_out, W_out) == (4, 3)
    assert CONVOLUTION.operations == 3 * 2 * N * F * H_out * W_out * 3 * 3 * 3


def test_the_first_round_warms_up_and_each_way_runs_in_every_round():
    order = []
    measure.in_turn({name: lambda name=name: order.append(name) for name in "ab"}, 2)
    assert "".join(order) == "ababab"


def test_a_cost_that_grows_as_the_batch_does_is_on_the_line():
    line = {str(N): {"rows": 3.0 * N} for N in (50, 100, 200)}
    assert off_linear(line, "rows") == 0
    assert off_linear(line | {"200": {"rows": 720.0}}, "rows") == pytest.approx(0.2)


def test_without_torch_all_else_is_measured(small, monkeypatch, tmp_path):
    monkeypatch.setattr(by_torch, "find_spec", lambda name: None)
    by_threads = {
        threads: measure.everything(threads, partial(measure.part, threads=threads, repeats=1))
        for threads in (1, 2)
    }
    found = ratios(json.loads(json.dumps(by_threads), object_hook=numbered))
    assert not any("torch" in key for key in found)
    assert found["step_E_of_gemm_floor"] > 0 and found["conv_peak_memory_of_im2col_rows"] > 0
    monkeypatch.setattr(plot, "PICTURE", tmp_path / "layers.png")
    plot.draw(by_threads)
    assert plot.PICTURE.read_bytes().startswith(b"\x89PNG")


def numbered(found):
    """Return a dictionary of JSON with its threads as numbers."""
    return {int(key) if key in ("1", "2") and "times" in found[key] else key: found[key] for key in found}


def test_a_run_without_torch_says_so(monkeypatch, capsys):
    monkeypatch.setattr(command, "measured", lambda name, threads, repeats: None)
    monkeypatch.setattr(command, "ratios", lambda by_threads: {"step_E_of_gemm_floor": 0.5})
    monkeypatch.setattr(command, "record", lambda *arguments, **keywords: None)
    monkeypatch.setattr(plot, "draw", lambda by_threads: None)
    monkeypatch.setattr("sys.argv", ["benchmarks.layers"])
    command.main()
    assert by_torch.MISSING in capsys.readouterr().out


def test_the_ratios_that_are_kept_follow_from_the_times_that_are_kept():
    kept = json.loads((ROOT / "benchmarks" / "layers.json").read_text(encoding="utf-8"))
    found = ratios({int(threads): measured for threads, measured in kept["by_threads"].items()})
    assert {key: kept[key] for key in found} == found
    assert found.keys() >= GOALS and kept["repeats"] >= 7


def test_the_page_says_what_every_goal_is():
    page = (ROOT / "docs" / "speed.md").read_text(encoding="utf-8")
    assert set(re.findall(r"`((?:step|conv|pool)_\w+)`", page)) >= GOALS
