"""What is said of a wrong answer that is none of the known mistakes."""

import inspect

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from course.checks import examine, find, verdict
from course.checks.answer import Local
from course.checks.oracle import Fresh, reference
from course.checks.places import places
from course.checks.relations import relations, shape_relations
from course.checks.seen import Seen


def judged(stem, function):
    task, oracle = find(stem), Fresh()
    forward = Local(reference(task.forward)) if task.forward else None
    return verdict(task, 4, examine(task, Local(function), forward, oracle=oracle), oracle=oracle)


def changed(stem, change):
    """Return the reference with its outputs changed; change: called with the outputs, then the arguments."""

    def answer(*args):
        outputs = reference(stem)(*args)
        made = change(outputs if isinstance(outputs, tuple) else (outputs,), *args)
        return made[0] if len(made) == 1 else made

    return answer


def overflows(x, y):
    loss, dx = reference("svm_loss")(x, y)
    return loss, dx * np.exp(x) / np.exp(x)


def overwrites(x, w, b):
    out, _ = reference("affine_forward")(x, w, b)
    w.sort()
    return out, (x, w, b)


def divides_by_zero(x):
    return 1 / 0 * x, x  # here


def bordered(outputs, x, w, b, conv_param):
    out = outputs[0].copy()
    if conv_param["pad"]:
        out[:, :, [0, -1]] *= 1.5
        out[:, :, 1:-1, [0, -1]] *= 1.5
    return out, outputs[1]


def with_first_changed(change):
    return lambda outputs, *args: (change(outputs[0]), *outputs[1:])


# kind: (TODO, a wrong answer that the bank does not know, what is said of it)
KINDS = {
    "shape": (
        "affine_backward",
        changed("affine_backward", lambda grads, *_: (grads[0], grads[1].ravel(), grads[2])),
        "dw holds the right numbers in another shape. dw has shape (",
    ),
    "dtype": (
        "conv_backward_naive",
        changed("conv_backward_naive", lambda grads, *_: (grads[0], grads[1], grads[2].astype(int))),
        "db is cut to whole numbers.",
    ),
    "scale factor": (
        "conv_backward_naive",
        changed("conv_backward_naive", with_first_changed(lambda dx: 3 * dx)),
        "dx is right but 3 times as large.",
    ),
    "scale factor that a size explains": (
        "affine_backward",
        changed("affine_backward", with_first_changed(lambda dx: dx * len(dx))),
        "dx is right but multiplied by the number of samples once too often.",
    ),
    "transposed": (
        "conv_forward_naive",
        changed("conv_forward_naive", with_first_changed(lambda out: out.swapaxes(2, 3))),
        "out is right but transposed",
    ),
    "rotated": (
        "conv_backward_naive",
        changed("conv_backward_naive", with_first_changed(lambda dx: dx[..., ::-1, ::-1])),
        "dx is right but rotated by 180 degrees.",
    ),
    "shifted by one": (
        "avg_pool_backward_naive",
        changed("avg_pool_backward_naive", with_first_changed(lambda dx: np.roll(dx, 1, axis=2))),
        "dx is right but shifted by one row.",
    ),
    "border only": (
        "conv_forward_naive",
        changed("conv_forward_naive", bordered),
        "out is right inside and wrong at the border.",
    ),
    "only beyond the first sample": (
        "max_pool_backward_naive",
        changed(
            "max_pool_backward_naive", with_first_changed(lambda dx: np.concatenate([dx[:1], dx[1:] ** 3]))
        ),
        "dx is right for the first sample and wrong for others.",
    ),
    "only stride > 1": (
        "conv_forward_im2col",
        changed(
            "conv_forward_im2col", lambda outputs, *args: (outputs[0] ** args[3]["stride"], *outputs[1:])
        ),
        "It is wrong just where the stride is larger than 1.",
    ),
    "nan from overflow": (
        "svm_loss",
        overflows,
        "While it was computed, NumPy warned: overflow encountered in exp.",
    ),
    "input modified": ("affine_forward", overwrites, "It overwrites w, which others still use."),
    "exception with its line": (
        "relu_forward",
        divides_by_zero,
        f"in line {inspect.getsourcelines(divides_by_zero)[1] + 1}: `return 1 / 0 * x, x  # here`",
    ),
}


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_fault_is_told_when_no_known_mistake_fits(kind):
    stem, function, words = KINDS[kind]
    result = judged(stem, function)
    assert result.mistake is None and result.points < 4
    assert words in " ".join(result.sentences), result.sentences


def test_the_outputs_that_are_right_are_named():
    result = judged("affine_backward", KINDS["scale factor that a size explains"][1])
    assert "dw and db are right." in result.sentences


def test_a_right_first_step_sends_to_what_is_remembered():
    def keeps_the_root(g, state, learning_rate):
        dx, c = reference("rmsprop")(g, state, learning_rate)
        return dx, np.sqrt(c)

    said = judged("rmsprop", keeps_the_root).sentences
    assert said[-2:] == ("dx of step 1 is right.", said[-1]) and "what is remembered" in said[-1]


def test_settings_that_hide_a_fault_are_named_together():
    def exponent_for_factor(x, lrn_param):
        out, cache = reference("lrn_forward")(x, lrn_param)
        _, scale, _ = cache
        return x / scale * np.exp(1 - lrn_param["beta"]), cache

    said = judged("lrn_forward", exponent_for_factor).sentences
    assert "It is right just where alpha is 1 and beta is 1." in said


def test_what_holds_in_the_smallest_case_alone_is_told_as_such():
    def doubled_when_small(x, w, b):
        out, cache = reference("affine_forward")(x, w, b)
        return out * 2 if out.size < 10 else out**2 + x[0].size, cache

    said = judged("affine_forward", doubled_when_small).sentences
    assert said[0] == "In the smallest failing case: out is right but 2 times as large."


def test_when_nothing_is_known_the_wrong_numbers_are_counted():
    said = judged("affine_forward", changed("affine_forward", with_first_changed(np.sinh))).sentences
    assert said[0].endswith("numbers of out are wrong, all of them too far from 0.")


RIGHT = np.array([[1.5, -2.25, 4.0], [0.5, 3.0, -7.0]])
BIAS, SAME = np.array([0.25, 0.75, -0.5]), np.array([[2.0, -1.0, 0.5], [1.0, 1.5, -3.5]])


@pytest.mark.parametrize(
    "value, words",
    [
        (RIGHT - BIAS, "b, which is missing"),
        (RIGHT + BIAS, "b, which is added once too often"),
        (RIGHT - 2 * BIAS, "b, which is subtracted where it should be added"),
        (RIGHT + 0.1 * SAME, "reg times W1, which is added once too often"),
        (RIGHT - 0.05 * SAME, "reg times W1, half of which is missing"),
        (RIGHT + 7 * SAME, "by 7 times W1"),
        (RIGHT / 0.1, "divided by reg once too often"),
        (SAME, "dx is W1 as it came in"),
        (RIGHT + 1, "what dw should be"),
        (np.abs(RIGHT), "without its signs"),
        (np.maximum(0, RIGHT), "0 where it should be negative"),
        (np.exp(RIGHT), "the exponential of the right values"),
        (RIGHT[::-1], "upside down"),
        (RIGHT * 1.003 + 0.002, "to within 1 %"),
        (RIGHT * BIAS, "multiplied by b once too often"),
        (RIGHT / SAME, "for the factor W1, which is missing"),
        (RIGHT[:, [1, 1, 1]], "the same for every column"),
        (RIGHT * [[3.0], [-0.7]], "Each row of dx is right but for a factor of its own"),
        (RIGHT + [11.0, -0.7, 9.0], "Each column of dx is right but for a number of its own"),
        (RIGHT + [[9, -5, 3], [-4, 2, -5]], "have the right sum"),
        (np.sort(RIGHT, axis=None).reshape(2, 3), "in other places"),
    ],
)
def test_a_relation_to_the_right_values_is_found(value, words):
    arguments, others = {"b": BIAS, "W1": SAME}, {"dw": RIGHT + 1}
    seen = Seen("dx", RIGHT, value, arguments, {"reg": 0.1}, others, axes=("row", "column"))
    assert any(words in sentence for sentence in relations(seen)), list(relations(seen))


@pytest.mark.parametrize(
    "value, words",
    [
        (RIGHT.T, "transposed"),
        (RIGHT[None], "in another shape"),
        (RIGHT.sum(axis=0), "added up over axis 0, which should be kept"),
        (RIGHT.mean(axis=1, keepdims=True), "averaged over axis 1, which should be kept"),
        (np.stack([RIGHT, 0 * RIGHT]), "not added up over axis 0"),
        (np.array(RIGHT.sum()), "a single number"),
        (np.pad(RIGHT, 1), "has numbers too many all around"),
        (np.pad(RIGHT, ((0, 0), (0, 1))), "has numbers too many at the end"),
        (RIGHT[:, 1:], "lacks numbers at the beginning"),
    ],
)
def test_a_relation_to_values_of_another_shape_is_found(value, words):
    assert any(words in sentence for sentence in shape_relations(Seen("dx", RIGHT, value)))


def test_an_array_where_its_shape_is_asked_for_is_told_as_such():
    said = list(shape_relations(Seen("W1", np.array([2, 3]), RIGHT)))
    assert said == ["W1 is an array; its shape itself is asked for, a tuple of whole numbers."]


def test_one_row_too_many_stands_at_the_end_and_not_all_around():
    said = list(shape_relations(Seen("Z", RIGHT[None, None], np.pad(RIGHT, ((0, 1), (0, 1)))[None, None])))
    assert said[0] == "Z is right but has numbers too many at the end."


def test_dropout_that_draws_once_for_all_numbers_is_told_once():
    def one_draw(x, dropout_param):
        out, cache = reference("dropout_forward")(x, dropout_param)
        return (x / dropout_param["p"] if dropout_param["mode"] == "train" else out), cache

    said = judged("dropout_forward", one_draw).sentences
    assert sum("a draw of its own" in sentence for sentence in said) == 1
    assert not any(sentence.startswith("The same goes for") for sentence in said)


WRONG_AT = {
    "the first column only": np.s_[:, 0],
    "the last column only": np.s_[:, -1],
    "right for the last row": np.s_[:-1],
    "right for the first row; what is wrong stands behind it": np.s_[2],
    "every other column": np.s_[:, ::2],
}


@pytest.mark.parametrize("words", WRONG_AT)
def test_the_place_of_the_errors_is_told(words):
    right = np.arange(1.0, 17.0).reshape(4, 4)
    value = right.copy()
    value[WRONG_AT[words]] += 100.5
    assert any(words in said for said in places(Seen("dx", right, value, axes=("row", "column"))))


def test_errors_inside_images_are_told_from_those_at_their_border():
    right = np.arange(1.0, 33.0).reshape(2, 1, 4, 4)
    value = right.copy()
    value[:, :, 1:-1, 1:-1] += 100.5
    assert "dx is right at the border and wrong inside." in list(places(Seen("dx", right, value)))


def test_the_numbers_of_an_argument_tell_where_the_errors_stand():
    x, y = np.array([[1.0, -2.0, 0.0], [-1.0, 3.0, 2.0]]), np.array([2, 0])
    for words, wrong in (("x is negative", x < 0), ("x is exactly 0", x == 0), ("right class only", None)):
        value = RIGHT.copy()
        value[(np.arange(2), y) if wrong is None else wrong] += 1
        assert any(words in said for said in places(Seen("dx", RIGHT, value, {"x": x, "y": y})))


def test_a_label_taken_for_another_is_told_by_its_two_places():
    scores, y = np.random.default_rng(0).standard_normal((3, 4)), np.array([0, 3, 1])
    right = scores - np.eye(4)[y]
    said = list(places(Seen("dx", right, scores - np.eye(4)[y - 1], {"y": y})))
    assert any("right class and in one other" in sentence for sentence in said)


kinds = st.sampled_from([np.float64, np.float32, np.int64, np.uint8])
numbers = arrays.arrays(kinds, arrays.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=3))
pairs = numbers.flatmap(lambda one: st.tuples(st.just(one), numbers | arrays.arrays(kinds, one.shape)))


@settings(max_examples=200, deadline=None)
@given(pair=pairs, other=numbers)
@example(pair=(np.array(0.0), np.full(3, 1e308)), other=np.array(0.0))  # the sum overflows
def test_whatever_comes_nothing_breaks(pair, other):
    right, value = pair
    seen = Seen("dx", right, value, {"x": other}, {"the number of samples": 3.0, "reg": 0.0}, {"dw": other})
    if right.shape != value.shape:
        list(shape_relations(seen))
    elif np.isfinite(value).all() and np.isfinite(right).all():
        list(relations(seen, alone=True)), list(relations(seen)), list(places(seen))
