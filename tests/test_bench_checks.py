"""What the measurement of the checks measures, and the figures that it came to."""

import json

import numpy as np
import pytest

from benchmarks import blind_spots, gradient_cases, matrix, naming
from benchmarks.record import ROOT
from benchmarks.rewritten import KINDS, OtherCalls, OtherNames, ReversedLoops, SpelledOut, WhileLoops, rewrite
from course.checks import find
from course.mistakes import define
from course.mistakes import find as find_mistake

SOURCE = '''
def f(x, w):
    """Return something that takes all kinds of statements."""
    total, rows = np.zeros(w.shape[1]), []
    for i, row in enumerate(x):
        if row.max() < -100:
            continue
        for j in range(w.shape[1]):
            total[j] += row @ w[:, j] ** 2
        rows.append(row.reshape(1, -1).T.sum(axis=0) * i)
    steps = [row * 2 for row in rows]
    mean = np.mean(steps)
    return total - mean**2 + max(len(rows), 1)
'''


def run(source):
    x, w = np.arange(12.0).reshape(4, 3) - 5, np.arange(6.0).reshape(3, 2)
    return define(source, "f", {"np": np})["f"](x, w)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "reversed loops"])
def test_a_function_in_other_words_gives_the_same_answer(kind):
    text = rewrite(SOURCE, *KINDS[kind])
    assert text != rewrite(SOURCE)
    np.testing.assert_allclose(run(text), run(SOURCE), rtol=1e-14)


def test_each_rewriting_does_what_its_name_says():
    assert "total" not in rewrite(SOURCE, OtherNames).replace("my_total", "")
    assert "def f(x, w)" in rewrite(SOURCE, OtherNames)
    assert "for " not in rewrite(SOURCE, WhileLoops).replace("for row in rows", "")
    assert "total[j] = total[j] + " in rewrite(SOURCE, SpelledOut)
    other = rewrite(SOURCE, OtherCalls)
    assert "np.matmul(" in other and "np.max(row)" in other and "np.transpose(np.reshape(row" in other
    assert "mean * mean" in other and ").sum(" not in other
    assert "reversed(list(range(w.shape[1])))" in rewrite(SOURCE, ReversedLoops)


def test_a_variant_that_is_no_longer_the_mistake_is_found_by_comparison():
    mistake, task = find_mistake("affine_backward.dout_overwritten"), find("affine_backward")
    kept = {variant.kind: naming.still_the_mistake(task, variant) for variant in naming.variants(mistake, {})}
    assert kept["as it stands"] and kept["while loops"]
    assert not kept["assignments spelled out"]  # db = db + row leaves dout alone


def test_an_edit_that_fits_another_right_way_makes_a_variant_of_it():
    mistake = find_mistake("affine_forward.bias_forgotten")
    another = (
        "def affine_forward(x, w, b):\n    rows = x.reshape(len(x), -1)\n    return rows @ w + b, (x, w, b)"
    )
    (found,) = [each for each in naming.variants(mistake, {"": another}) if each.kind == naming.ANOTHER_WAY]
    assert "rows @ w, (x" in found.source and naming.still_the_mistake(find("affine_forward"), found)


def test_mistakes_are_named_in_other_words_and_on_other_inputs():
    counts, unnamed = naming.measure("relu_backward")
    assert unnamed == [] and {outcome for _, outcome in counts} <= {"caught", "named", "not the mistake"}
    assert {kind for kind, _ in counts} >= {"as it stands", "float32 inputs", "other names"}


def test_every_blind_spot_costs_points():
    rows = blind_spots.measure()
    assert len(rows) == 14
    assert [row["fault"] for row in rows if not row["caught"]] == []


@pytest.mark.parametrize("name", [*gradient_cases.LAYERS, *gradient_cases.LOSSES])
def test_random_layers_come_with_their_right_gradients(name):
    rng = np.random.default_rng(8)
    draw = gradient_cases.layer if name in gradient_cases.LAYERS else gradient_cases.loss
    _, args, grads, _ = draw(name, rng)
    assert [grad.shape for grad in grads] == [arg.shape for arg in args]
    for grad in grads:
        assert all(
            not np.allclose(wrong, grad, rtol=4e-4, atol=0) for _, wrong in gradient_cases.faulty(grad, rng)
        )


def test_right_gradients_pass_and_wrong_ones_do_not():
    counts = gradient_cases.draws(60, seed=3)
    assert counts["right", "pass"] == 60
    assert {verdict for fault, verdict in counts if fault != "right"} == {"wrong"}


def test_the_page_of_known_answers_says_what_the_bank_holds():
    assert matrix.PAGE.read_text(encoding="utf-8") == matrix.page(matrix.as_it_must_be), (
        "write it anew with python -m benchmarks.matrix"
    )


def test_the_figures_are_as_good_as_they_have_to_be():
    figures = json.loads((ROOT / "benchmarks" / "checks.json").read_text(encoding="utf-8"))["figures"]
    assert figures["mistakes_caught"] == figures["right_ways_accepted"] == 1
    assert figures["mistakes_named"] >= 0.95 and figures["mistakes_named_in_the_hardest_kind"] >= 0.95
    assert figures["blind_spots_caught"] == "14 of 14"
    assert figures["right_gradients"] >= 10_000
    assert figures["false_alarms"] == figures["right_cases_lost"] == figures["wrong_gradients_passed"] == 0
    assert max(figures["cannot_decide_of_right"], figures["cannot_decide_of_wrong"]) <= 0.005
    assert figures["modular_layers_seconds"] <= 1.5 and figures["median_check_seconds"] <= 0.2
