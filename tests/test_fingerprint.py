"""Known mistakes are recognised by what they do, and not by how they are written."""

import pytest

from autograder import build
from course.checks import examine, find
from course.checks.answer import Local
from course.checks.fingerprint import fingerprint, recognise
from course.checks.oracle import Fresh, reference, traces
from course.mistakes import define
from course.mistakes import find as find_mistake

CONV = find("conv_forward_naive")


def changed(stem, edits):
    """Return the known mistake or reference of this name with its text edited further, as a function."""
    mistake = find_mistake(stem)
    source = mistake.source
    for old, new in edits.items():
        assert source.count(old) >= 1, old
        source = source.replace(old, new)
    return define(source, stem, mistake.reference.__globals__)[mistake.stem]


def named(task, function):
    return recognise(examine(task, Local(function), oracle=Fresh()), Fresh().known(task))


def test_an_error_of_other_words_is_the_same_mistake():
    loops = {"for i in range(H_out)": "for i in reversed(range(H_out))"}
    function = changed("conv_forward_naive.stride_is_filter_size", loops)
    results = examine(CONV, Local(function), oracle=Fresh())
    known = Fresh().known(CONV)["conv_forward_naive.stride_is_filter_size"]
    assert any(fingerprint(result) != trace for result, trace in zip(results, known, strict=True))
    assert recognise(results, Fresh().known(CONV)) == "conv_forward_naive.stride_is_filter_size"


def test_who_raises_in_the_same_cases_for_another_reason_is_not_given_the_name():
    def raises(x, w, b, conv_param):
        HH, stride = w.shape[2], conv_param["stride"]
        if stride != HH:
            raise KeyError("a reason of its own")
        return reference("conv_forward_naive")(x, w, b, conv_param)

    assert named(CONV, raises) is None


def test_an_error_of_other_words_that_fits_two_known_mistakes_names_neither():
    function = changed("conv_forward_naive.stride_is_filter_size", {"range(H_out)": "reversed(range(H_out))"})
    known = Fresh().known(CONV)
    twice = {**known, "another": known["conv_forward_naive.stride_is_filter_size"]}
    assert recognise(examine(CONV, Local(function), oracle=Fresh()), twice) is None


def test_a_wrong_answer_that_is_looked_into_with_prints_keeps_its_name():
    function = changed("affine_forward.bias_forgotten", {"rows @ w": "rows @ w; print(out)"})
    assert named(find("affine_forward"), function) == "affine_forward.bias_forgotten"


def test_a_right_answer_that_loses_float32_and_prints_is_neither_of_the_two_alone():
    function = changed("affine_forward.float32_lost", {"cache = ": "print(out)\n    cache = "})
    assert named(find("affine_forward"), function) is None


@pytest.mark.parametrize(
    "name, like, message",
    [
        (
            "step.twin",
            find_mistake("step.upside_down"),
            "step.upside_down and step.twin answer every case alike",
        ),
        ("step.harmless", None, "the reference of step and step.harmless answer every case alike"),
    ],
)
def test_a_lesson_whose_known_answers_cannot_be_told_apart_is_not_built(
    tmp_path, monkeypatch, name, like, message
):
    task, known = find("step"), Fresh.known
    left = traces(task, Local(like.function if like else reference("step")))

    def with_one_more(self, asked):
        return {**known(self, asked), **({name: left} if asked == task else {})}

    monkeypatch.setattr(Fresh, "known", with_one_more)
    with pytest.raises(build.BuildError, match=message):
        build.write_cases(build.read("perceptron-xor"), tmp_path / "cases.npz")
    assert list(tmp_path.iterdir()) == []
