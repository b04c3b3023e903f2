"""A net put together from a student's functions: whether they fit, whatever each is worth alone."""

import numpy as np
import pytest

from course.checks import checked, examine, find, tasks, verdict, with_hidden
from course.checks.answer import Local
from course.checks.lessons import LESSONS
from course.checks.namespace import Check
from course.checks.oracle import Fresh, Recorded, reference
from course.checks.whole import answers_of
from course.checks.wholes import WHOLES
from course.mistakes import define, mistakes, right_ways

TASKS = list(WHOLES.values())
WAYS = [
    (task, way)
    for task in TASKS
    for way in sorted({way for ways in right_ways(task.lesson).values() for way in ways})
]
GIVEN = """conv_forward_fast conv_backward_fast max_pool_forward_fast max_pool_backward_fast
affine_forward affine_backward relu_forward relu_backward im2col col2im""".split()


def judged(task, functions, oracle=None, seed=5):
    """Return the verdict on a net made of these functions by name, of the reference where there is none."""
    parts = [Local(functions.get(stem) or reference(stem), stem) for stem in task.of]
    answer, _ = answers_of(task, parts)
    home = verdict(task, 1, examine(task, answer, oracle=oracle or Fresh()), oracle=oracle or Fresh())
    return with_hidden(home, examine(task, answer, seed=seed, oracle=Fresh()))


@pytest.mark.parametrize("oracle", [Fresh(), Recorded()], ids=["fresh", "recorded"])
@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.stem)
def test_the_reference_fits(task, oracle):
    result = judged(task, {}, oracle)
    assert (result.status, result.points) == ("right", 1), str(result)


@pytest.mark.parametrize("task, way", WAYS, ids=[f"{task.stem}-{way}" for task, way in WAYS])
def test_other_right_ways_of_one_style_fit(task, way):
    given, functions = {"np": np, **{name: reference(name) for name in GIVEN}}, {}
    for ways in right_ways(task.lesson).values():  # in the order of the lesson: a later cell counts
        if way in ways:
            defined = define(ways[way], way, given)
            functions |= {
                name: defined[name] for name in task.of if name in defined and callable(defined[name])
            }
    result = judged(task, functions)
    assert (result.status, result.points) == ("right", 1), str(result)


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.stem)
def test_a_function_that_is_wrong_makes_the_whole_wrong_and_says_where_to_look(task):
    wrong = [m for m in mistakes(task.lesson) if m.stem in task.of and m.fault == "wrong"]
    caught = 0
    for mistake in wrong[:: max(1, len(wrong) // 12)]:
        result = judged(task, {mistake.stem: mistake.function})
        if result.status == "wrong":
            caught += 1
            assert "Mend first what its own check finds wrong" in result.sentences[0]
    assert caught >= 6  # some mistakes show only in a geometry that a whole net does not have


def test_functions_that_are_right_alone_but_do_not_fit_lose_the_whole_alone():
    def scores(X, model):
        scores, hidden = reference("two_layer_net_scores")(X, model)
        return scores, hidden

    def grads(dscores, hidden, X, model, reg=0.0):
        return reference("two_layer_net_grads")(dscores, hidden - 1, X, model, reg)

    assert judged(find("two_layer_net"), {"two_layer_net_scores": scores}).status == "right"
    assert judged(find("two_layer_net"), {"two_layer_net_grads": grads}).status == "wrong"


FAILING = {
    "raises": (lambda *_: 1 / 0, "ZeroDivisionError: division by zero (in two_layer_net_loss)"),
    "returns one thing": (lambda *_: 1.0, "two_layer_net_loss returns float, expected 2 values"),
    "returns nothing": (lambda *_: None, "two_layer_net_loss returns NoneType, expected 2 values"),
}


@pytest.mark.parametrize("function, told", FAILING.values(), ids=FAILING)
def test_a_function_that_fails_on_the_way_is_named(function, told):
    result = judged(find("two_layer_net"), {"two_layer_net_loss": function})
    assert (result.status, result.points) == ("wrong", 0)
    assert any(told in sentence for sentence in result.sentences), result.sentences


def test_a_whole_is_not_written_while_one_of_its_functions_is_not():
    def unwritten(*_):
        raise NotImplementedError

    assert judged(find("conv_then_pool"), {"pool_backward": unwritten}).status == "not written"


def test_a_notebook_hands_over_all_functions_of_a_whole():
    check, task = Check(), find("two_layer_net")
    check.open("two-layer-net")
    assert check.two_layer_net(*map(reference, task.of), points=1).points == 1


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_whole_stands_behind_the_last_of_its_functions(lesson):
    order = list(checked(lesson))
    assert [stem for stem in order if stem in tasks(lesson)] == list(tasks(lesson))
    if lesson in WHOLES:
        place = order.index(WHOLES[lesson].stem)
        assert order[place - 1] in WHOLES[lesson].of and set(WHOLES[lesson].of) <= set(order[:place])
