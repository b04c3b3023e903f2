"""What checks say about images whose channels stand last, and about ties where two agreements are right."""

from dataclasses import replace

import numpy as np
import pytest

from course.checks import examine, tasks, verdict
from course.checks.answer import Local
from course.checks.features import features_of
from course.checks.oracle import Fresh
from course.mistakes import define, find
from course.reference import step_by_step

TASKS = tasks("conv-step-by-step")


def judged(stem, function):
    task = TASKS[stem]
    forward = Local(getattr(step_by_step, task.forward)) if task.forward else None
    return verdict(task, 4, examine(task, Local(function), forward, oracle=Fresh()), forward, Fresh())


def test_rows_and_columns_are_drawn_and_not_columns_and_channels():
    def one_pixel_off(dZ, cache):
        dA_prev, dW, db = step_by_step.conv_backward(dZ, cache)
        dA_prev[0, 1, 2, 0] += 1
        return dA_prev, dW, db

    (mine, shown), (right, wanted) = judged("conv_backward", one_pixel_off).evidence.planes
    assert (mine, right) == ("your dA_prev[0, :, :, 0]", "right dA_prev[0, :, :, 0]")
    difference = np.subtract(shown, wanted)
    assert difference.shape == (3, 3) and difference[1, 2] == pytest.approx(1)
    assert np.count_nonzero(np.abs(difference) > 1e-9) == 1


def test_a_filter_is_drawn_along_its_first_two_axes():
    def one_weight_off(dZ, cache):
        dA_prev, dW, db = step_by_step.conv_backward(dZ, cache)
        dW[0, 1, 0, 0] += 1
        return dA_prev, dW, db

    (mine, shown), (_, wanted) = judged("conv_backward", one_weight_off).evidence.planes
    assert mine == "your dW[:, :, 0, 0]" and np.subtract(shown, wanted)[0, 1] == pytest.approx(1)


def test_a_gradient_of_biases_is_no_picture():
    def biases_off(dZ, cache):
        dA_prev, dW, db = step_by_step.conv_backward(dZ, cache)
        return dA_prev, dW, db + 1

    evidence = judged("conv_backward", biases_off).evidence
    assert evidence.planes == () and evidence.rows[-1]["output"] == "db"


@pytest.mark.parametrize("stem, wrong, words", [
    ("zero_pad", lambda X, pad: step_by_step.zero_pad(X, pad)[:, ::-1, ::-1], "rotated by 180 degrees"),
    ("zero_pad", lambda X, pad: step_by_step.zero_pad(X, pad)[:, :, ::-1], "mirrored left to right"),
    ("zero_pad", lambda X, pad: np.roll(step_by_step.zero_pad(X, pad), 1, axis=1), "shifted by one row"),
])
def test_numbers_in_wrong_places_are_described_by_rows_and_columns(stem, wrong, words):
    assert any(f"X_pad is right but {words}" in said for said in judged(stem, wrong).sentences)


def test_a_failure_is_said_to_lie_in_one_mode():
    def only_max(A_prev, hparameters, mode="max"):
        A, cache = step_by_step.pool_forward(A_prev, hparameters, mode)
        return A + 7.5 * (mode == "average"), cache

    assert "It is wrong just where mode is 'average'." in judged("pool_forward", only_max).sentences


def test_an_image_is_square_when_its_height_is_its_width():
    task, (case, *_) = TASKS["conv_forward"], TASKS["conv_forward"].cases()
    found = {}
    for shape in ((1, 5, 5, 2), (1, 5, 4, 4)):
        inputs = np.ones(shape), np.ones((3, 3, shape[3], 2)), *case.inputs[2:]
        found[shape] = features_of(task, replace(case, inputs=inputs))
    assert "the image is not square" not in found[1, 5, 5, 2]
    assert "the image is not square" in found[1, 5, 4, 4]
    assert not any("the window is not square" in features for features in found.values())


@pytest.mark.parametrize("name", [
    "create_mask_from_window.first_maximum_only",
    "create_mask_from_window.shares_for_marks",
    "pool_backward.first_of_equals",
    "pool_backward.equals_share",
])
def test_another_agreement_about_ties_is_named_and_free(name):
    mistake = find(name)
    result = judged(mistake.stem, mistake.function)
    assert (result.status, result.points, result.mistake.name) == ("right", 4, name)
    assert len(result.notes) == 1 and "Both agreements exist" in result.notes[0]


def test_a_mistake_is_recognised_beside_another_agreement():
    mistake = find("pool_backward.overlap_overwritten")
    mask = "(window == np.max(window))"
    assert mask in mistake.source
    both = mistake.source.replace(mask, f"{mask} / np.sum{mask}")
    result = judged("pool_backward", define(both, "both", mistake.reference.__globals__)["pool_backward"])
    assert result.mistake.name == mistake.name and result.groups["care"]


@pytest.mark.parametrize("stem, wrong", [
    ("create_mask_from_window", lambda x: (x == x.max()) / 2),
    ("create_mask_from_window", lambda x: np.zeros(x.shape)),
    ("pool_backward", lambda *args: step_by_step.pool_backward(*args) * 1.5),
])
def test_a_number_of_times_that_no_agreement_has_is_wrong(stem, wrong):
    assert judged(stem, wrong).status == "wrong"


def test_a_mask_that_says_less_than_the_ties_is_wrong_only_there():
    def half_of_each_tie(x):
        mask = x == x.max()
        return mask if mask.sum() == 1 else mask / 2 + (mask.sum() == 2) * mask / 4

    result = judged("create_mask_from_window", half_of_each_tie)
    assert result.groups == {"core": True, "geometry": True, "care": False}


def test_the_strength_of_a_penalty_is_not_told_where_there_is_none():
    result = judged("conv_backward", lambda dZ, cache: step_by_step.conv_backward(-dZ, cache))
    assert "reg" not in result.evidence.shapes and result.evidence.shapes.endswith("dZ (1, 2, 2, 1)")
