"""The checks: what is right passes, what is wrong fails, and nothing a function does makes a check raise."""

import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import course.checks.oracle as oracles
from course.checks import check, examine, find, tasks, undecided, verdict, with_hidden
from course.checks.answer import Local
from course.checks.lessons import LESSONS
from course.checks.oracle import Fresh, OracleError, Recorded, recording, reference
from course.checks.task import VISIBLE_SEED
from course.checks.verdict import points_for
from course.checks.wholes import WHOLES

TASKS = [task for lesson in LESSONS for task in tasks(lesson).values()]
FILES = Path(oracles.__file__).parent / "recorded"
RECORDED = [task for task in TASKS if (FILES / f"{task.lesson}.npz").exists()]
BACKWARD = [task for task in TASKS if task.forward]
NETS = [task for task in BACKWARD if "reg" in task.called_with]


def judged(task, function, forward=None, points=4, oracle=None, seed=None):
    oracle = oracle or Fresh()
    answer = Local(function)
    forward = Local(forward or reference(task.forward)) if task.forward else None
    visible = examine(task, answer, forward, oracle=oracle)
    home = verdict(task, points, visible, forward, oracle)
    return home if seed is None else with_hidden(home, examine(task, answer, forward, seed, Fresh()))


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.stem)
def test_the_reference_is_right_on_visible_and_on_hidden_cases(task):
    result = judged(task, reference(task.stem), seed=1)
    assert (result.status, result.points, result.notes) == ("right", 4, ())


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**32))
@example(seed=VISIBLE_SEED)
@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.stem)
def test_hidden_cases_have_the_groups_of_the_visible_ones_and_other_numbers(task, seed):
    visible, hidden = task.cases(), task.cases(seed)
    assert [case.group for case in visible] == [case.group for case in hidden]
    same = [
        np.array_equal(one.inputs[0], other.inputs[0]) for one, other in zip(visible, hidden, strict=True)
    ]
    assert not all(same)
    assert all(case.dout is None or np.all(case.dout != 0) for case in hidden)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_only_the_case_made_for_ties_has_ties(seed):
    for case in find("max_pool_backward_naive").cases(seed):
        x = case.inputs[0]
        assert (len(np.unique(x)) == x.size) == (case.rule == "values")
    for case in find("relu_backward").cases(seed):
        assert (case.inputs[0] != 0).all() == (case.name != "exact zeros")
    for case in find("svm_loss").cases(seed):
        x, y = case.inputs
        margins = x - x[np.arange(len(y)), y][:, None] + 1
        margins[np.arange(len(y)), y] = 1
        assert (margins != 0).all() or x.dtype.kind == "i"


@pytest.mark.parametrize("task", BACKWARD, ids=lambda task: task.stem)
def test_a_wrong_forward_does_not_fail_a_right_backward(task):
    right = reference(task.forward)

    def wrong(*args):
        out, cache = right(*args)
        return out + 1, cache

    def raises(*args):
        raise RuntimeError("no")

    def unwritten(*args):
        raise NotImplementedError

    for forward in (wrong, raises, unwritten, lambda *args: None):
        assert judged(task, reference(task.stem), forward, seed=3).points == 4


@pytest.mark.parametrize("task", BACKWARD, ids=lambda task: task.stem)
def test_a_backward_may_use_a_cache_of_its_own(task):
    def forward(*args):
        out, cache = reference(task.forward)(*args)
        return out, {"mine": cache}

    def backward(dout, cache, *others):
        return reference(task.stem)(dout, cache["mine"], *others)

    assert judged(task, backward, forward, seed=3).points == 4
    assert judged(task, backward, lambda *args: (0, forward(*args)[1]), seed=3).points == 4
    assert judged(task, backward, seed=3).points == 0


def test_a_backward_is_not_blamed_for_the_types_that_its_forward_has_lost():
    def forward(*args):
        scores, hidden = reference("two_layer_net_scores")(*args)
        return scores.astype(np.float64), hidden.astype(np.float64)

    task = find("two_layer_net_grads")
    assert judged(task, reference(task.stem), forward).notes == ()


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.stem)
def test_an_unwritten_function_gets_no_points_and_is_called_unwritten(task):
    def unwritten(*args):
        raise NotImplementedError

    result = judged(task, unwritten)
    assert (result.status, result.points) == ("not written", 0)


GARBAGE = [
    None,
    3,
    "text",
    (),
    (None,),
    (None, None),
    (None, None, None),
    ([1, 2], {}),
    (np.array(["a"]), 0),
    (np.array([object()]), 0),
    (np.zeros((0,)), 0),
    (np.full((2, 2), np.nan), None),
    (np.zeros(3, complex), 0),
    {"out": 1},
    object(),
    (np.inf, np.zeros((3, 3))),
    (True, False),
]


@pytest.mark.parametrize("garbage", GARBAGE, ids=range(len(GARBAGE)))
def test_a_verdict_never_raises_whatever_comes_back(garbage):
    for task in TASKS:
        result = judged(task, lambda *args: garbage, seed=1)
        assert result.status == "wrong" and result.points < 4
        assert str(result) and result.to_json()["html"]


@pytest.mark.parametrize("error", [ValueError("<b>x</b>"), SystemExit(0), KeyboardInterrupt(), MemoryError()])
def test_an_exception_of_the_students_own_is_told_and_escaped(error):
    def raises(*args):
        raise error

    result = judged(find("affine_forward"), raises)
    assert result.points == 0 and type(error).__name__ in str(result)
    assert "<b>x" not in result.to_json()["html"]


def test_names_between_backquotes_are_code_and_a_students_own_stay_escaped():
    def raises(*args):
        raise ValueError("`<b>x</b>`")

    html = judged(find("affine_forward"), raises).to_json()["html"]
    assert "<code>&lt;b&gt;x&lt;/b&gt;</code>" in html


def test_an_update_rule_that_forgets_its_state_is_told_what_to_return():
    for returned in (7, (7, None, None), {"dx": 7}):
        assert judged(find("adam"), lambda *args, r=returned: r).points == 0
    three = judged(find("adam"), lambda g, state, learning_rate: (g, None, None))
    assert "It returns 3 values, expected 2 values: dx, state." in str(three)


@pytest.mark.parametrize(
    "stem, returned, told",
    [
        ("two_layer_net_grads", tuple(np.zeros((4, 2))), "a tuple of arrays, expected a dictionary"),
        ("confusion_matrix", [[1, 0], [0, 1]], "a list of lists, expected 1 value: counts"),
        ("softmax_loss", np.zeros(3), "an array of float64, expected 2 values: loss, dx"),
        ("perceptron_update", None, "nothing (None), expected 2 values: w, b"),
    ],
)
def test_what_is_returned_in_another_form_is_told_as_what_it_is(stem, returned, told):
    result = judged(find(stem), lambda *args: returned)
    assert result.points == 0 and f"It returns {told}" in str(result)


def test_right_gradients_without_their_names_are_no_answer_to_a_net():
    for stem in ("two_layer_net_grads", "two_layer_convnet_grads", "two_layer_convnet_shapes"):
        assert judged(find(stem), lambda *args, stem=stem: tuple(reference(stem)(*args).values())).points == 0


def test_an_interrupted_function_is_not_asked_again_and_fails_every_group_that_is_left():
    asked = []

    def interrupted_at_the_third_call(x):
        asked.append(x)
        if len(asked) == 3:
            raise KeyboardInterrupt
        return np.maximum(0, x), x

    result = judged(find("relu_forward"), interrupted_at_the_third_call)
    assert len(asked) == 3
    assert result.groups == {"core": True, "geometry": False, "care": False}


def test_in_a_notebook_the_text_is_the_number_of_points_alone():
    bundle = judged(find("relu_forward"), lambda x: (x * 2, x))._repr_mimebundle_()
    assert re.fullmatch(r"\d+(\.\d+)?", bundle["text/plain"])
    assert (
        float(judged(find("relu_forward"), reference("relu_forward"))._repr_mimebundle_()["text/plain"]) == 4
    )


@pytest.mark.parametrize(
    "groups, points, expected",
    [
        ({"core": True, "geometry": True, "care": True}, 3, 3),
        ({"core": True, "geometry": True, "care": False}, 3, 2.75),
        ({"core": True, "geometry": False, "care": False}, 3, 1.75),
        ({"core": True, "geometry": False, "care": True}, 2, 1.5),
        ({"core": False, "geometry": False, "care": False}, 5, 0),
        ({"core": True, "geometry": True, "care": False}, 1, 0.75),
        ({"core": True, "care": False}, 4, 3.5),
    ],
)
def test_points_are_the_sum_of_the_groups_in_quarters_and_full_only_when_all_pass(groups, points, expected):
    assert points_for(groups, points) == expected


def test_who_is_right_on_shown_inputs_alone_loses_the_points_and_is_told_so():
    task = find("relu_forward")
    shown = {case.inputs[0].tobytes(): out for case, (out,) in Fresh().solved(task)}
    result = judged(task, lambda x: (shown.get(x.tobytes(), x), x), seed=5)
    assert all(result.groups.values()) and result.points == 0
    assert "fresh inputs" in str(result)


def test_overwriting_an_input_costs_the_care_group_and_names_the_input():
    def relu_backward(dout, cache):
        dout[cache <= 0] = 0
        return dout

    result = judged(find("relu_backward"), relu_backward, seed=1)
    assert result.groups == {"core": True, "geometry": True, "care": False}
    assert "dout" in " ".join(result.sentences)


def test_a_cache_overwritten_behind_ones_own_layout_is_seen():
    def forward(x):
        return np.maximum(0, x), [x]

    def backward(dout, cache):
        cache[0][:] = dout * (cache[0] > 0)
        return cache[0]

    result = judged(find("relu_backward"), backward, forward)
    assert result.groups["core"] and not result.groups["care"]


def test_float32_that_becomes_float64_is_noted_and_costs_nothing():
    result = judged(
        find("affine_forward"), lambda x, w, b: (x.reshape(len(x), -1).astype(float) @ w + b, None)
    )
    assert result.points == 4 and "float32" in " ".join(result.notes)


def test_printing_is_noted_and_costs_nothing():
    def relu_forward(x):
        print("here")  # noqa: T201
        return np.maximum(0, x), x

    result = judged(find("relu_forward"), relu_forward)
    assert result.points == 4 and "prints" in " ".join(result.notes)


def conv_like(change):
    def backward(dout, cache):
        return change(*reference("conv_backward_naive")(dout, cache))

    return backward


@pytest.mark.parametrize(
    "change, words",
    [
        (lambda dx, dw, db: (dx, -dw, db), "opposite sign"),
        (
            lambda dx, dw, db: (dx, dw.swapaxes(-1, -2) if dw.shape[2] == dw.shape[3] else dw, db),
            "transposed",
        ),
        (lambda dx, dw, db: (dx * 3, dw, db), "3 times"),
        (lambda dx, dw, db: (dx * 0, dw, db), "all zeros"),
        (lambda dx, dw, db: (np.roll(dx, 1, -1), dw, db), "shifted by one column"),
        (lambda dx, dw, db: (dx, dw[..., ::-1], db), "mirrored"),
        (lambda dx, dw, db: (dx, dw + 0.5, db), "by 0.5 everywhere"),
        (lambda dx, dw, db: (dx, dw, db[None]), "has shape"),
        (lambda dx, dw, db: (dx, dw), "2 values, expected 3"),
        (lambda dx, dw, db: (dx, dw, db * np.nan), "nan"),
    ],
)
def test_an_unknown_mistake_is_described_by_its_kind(change, words, monkeypatch):
    monkeypatch.setattr(oracles.Fresh, "known", lambda self, task: {})
    assert words in str(judged(find("conv_backward_naive"), conv_like(change)))


def test_the_feature_shared_by_the_failing_cases_is_named(monkeypatch):
    monkeypatch.setattr(oracles.Fresh, "known", lambda self, task: {})

    def first_sample_only(x, w, b, conv_param):
        return reference("conv_forward_naive")(x[:1].repeat(len(x), axis=0), w, b, conv_param)

    assert "several samples" in str(judged(find("conv_forward_naive"), first_sample_only))


def test_the_smallest_failing_case_and_both_numbers_are_shown():
    result = judged(find("conv_backward_naive"), conv_like(lambda dx, dw, db: (dx, 2 * dw, db)))
    assert (
        "3x3" in result.evidence.case
        and (1, 1, 2, 2) == find("conv_backward_naive").cases()[0].inputs[1].shape
    )
    row = next(row for row in result.evidence.rows if row["output"] == "dw")
    assert row["yours"] == 2 * row["right"]
    assert abs(row["numerical"] - row["right"]) < 1e-6


def test_a_right_backward_shows_how_well_the_numerical_gradient_agrees():
    result = judged(find("conv_backward_naive"), reference("conv_backward_naive"))
    assert set(result.agreement) == {"dx", "dw", "db"} and max(result.agreement.values()) < 1e-7


@pytest.mark.parametrize("task", NETS, ids=lambda task: task.stem)
def test_the_gradients_of_a_net_stand_beside_the_numerical_ones_of_its_scores_and_its_penalty(task):
    def unpenalised(*args):
        return reference(task.stem)(*args[:-1], 0.0)

    shown = judged(task, reference(task.stem)).agreement
    assert set(shown) == {"W1", "b1", "W2", "b2"} and max(shown.values()) < 1e-6
    evidence = judged(task, unpenalised).evidence
    assert "dscores" in evidence.shapes and "reg 0.1" in evidence.shapes
    for row in evidence.rows:
        assert row["numerical"] == pytest.approx(row["right"], rel=1e-5, abs=1e-8)
        assert (row["yours"] == pytest.approx(row["right"])) == (row["output"] in ("b1", "b2"))


@pytest.mark.parametrize("task", NETS, ids=lambda task: task.stem)
def test_the_numerical_gradient_is_that_of_the_students_own_scores(task):
    def doubled(*args):
        scores, cache = reference(task.forward)(*args)
        return 2 * scores, cache

    shown = judged(task, reference(task.stem), doubled).agreement
    assert min(shown.values()) > 0.5


@pytest.mark.parametrize("task", RECORDED, ids=lambda task: task.stem)
def test_recorded_cases_and_the_fresh_oracle_agree(task):
    fresh, recorded = Fresh().solved(task), Recorded().solved(task)
    assert [case.name for case, _ in fresh] == [case.name for case, _ in recorded]
    for (case, right), (other, values) in zip(fresh, recorded, strict=True):
        np.testing.assert_equal((case.inputs, case.cache), (other.inputs, other.cache))
        for one, two in zip(right, values, strict=True):
            assert one.dtype == two.dtype
            np.testing.assert_allclose(one, two, rtol=1e-5 if one.dtype == np.float32 else 1e-12, atol=1e-12)
    for name, traces in Fresh().known(task).items():
        assert len(traces) == len(fresh) and name in Recorded().known(task)
        assert Recorded().named(task, name) == Fresh().named(task, name)


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.stem)
def test_the_reference_needs_no_copies_of_its_arguments(task, monkeypatch):
    trusted = Fresh().solved(task, seed=5)
    monkeypatch.setattr(oracles, "Trusted", Local)
    for (case, right), (guarded, values) in zip(trusted, Fresh().solved(task, seed=5), strict=True):
        np.testing.assert_equal((case.inputs, case.dout, right), (guarded.inputs, guarded.dout, values))


SOONER = [task for task in [*TASKS, *WHOLES.values()] if oracles.SOONER.keys() & {task.stem, *task.of}]


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 2**32))
@pytest.mark.parametrize("task", SOONER, ids=lambda task: task.stem)
def test_right_values_that_are_had_sooner_are_those_of_the_reference(task, seed):
    for case, sooner in Fresh().solved(task, seed):
        _, right = oracles.solve(task, case)
        for one, other in zip(sooner, right, strict=True):
            assert (one.dtype, one.shape) == (other.dtype, other.shape)
            rtol = 1e-5 if case.is_float32 else 1e-12
            np.testing.assert_allclose(one, other, rtol=0, atol=rtol * max(1, np.abs(other).max()))


def test_hidden_cases_are_not_to_be_had_from_recorded_ones():
    with pytest.raises(OracleError, match="COURSE_ORACLE=fresh"):
        Recorded().solved(TASKS[0], seed=1)


@pytest.fixture
def recorded_file(monkeypatch, tmp_path):
    class Files:
        def __truediv__(self, name):
            return tmp_path if name == "recorded" else tmp_path / name

    monkeypatch.setattr(oracles.resources, "files", lambda package: tmp_path)
    monkeypatch.delenv("COURSE_ORACLE", raising=False)
    recording.cache_clear()
    (tmp_path / "recorded").mkdir()
    yield tmp_path / "recorded" / "modular-layers.npz"
    recording.cache_clear()


@pytest.mark.parametrize(
    "content",
    [None, b"", b"no zip", b"PK\x03\x04broken", b"x" * 300_000],
    ids=["missing", "empty", "text", "cut", "huge"],
)
def test_damaged_recorded_cases_give_cannot_decide_and_say_what_to_do(recorded_file, content):
    if content is not None:
        recorded_file.write_bytes(content)
    result = check.relu_forward(reference("relu_forward"), points=2)
    assert (result.status, result.points) == ("cannot decide", 0)
    assert "reinstall" in str(result) and "\n" not in result.sentences[0]


def test_recorded_files_with_pickles_are_refused(recorded_file):
    np.savez(recorded_file, manifest=np.array([{"a": 1}], dtype=object))
    assert check.relu_forward(reference("relu_forward"), points=2).status == "cannot decide"


def test_an_unknown_check_is_an_attribute_error_that_names_it():
    with pytest.raises(AttributeError, match="no check is called 'affine_forwards'"):
        check.affine_forwards  # noqa: B018


def test_the_overview_adds_up_and_says_what_comes_next():
    check.open("modular-layers")
    assert "Next: affine_forward" in str(check.all())
    check.affine_forward(reference("affine_forward"), points=3)
    text = str(check.all())
    assert "3 of 47 points" in text and "Next: affine_backward" in text
    bundle = check.all()._repr_mimebundle_()
    assert "<script" not in bundle["text/html"]
    check.open("modular-layers")
    assert "0 of 47 points" in str(check.all())


def test_what_could_not_be_decided_says_why_and_gives_nothing():
    assert "why" in str(undecided("relu_forward", 3, "why"))
