"""Every check against every known answer: right ones get full marks, wrong ones are caught and named."""

import re
from pathlib import Path

import numpy as np
import pytest

import course
from course.checks import examine, tasks, verdict, with_hidden
from course.checks.answer import Local
from course.checks.fingerprint import twins
from course.checks.oracle import Fresh, Recorded, reference
from course.mistakes import LESSONS, define, mistakes, right_ways

MISTAKES = [mistake for lesson in LESSONS for mistake in mistakes(lesson)]
WAYS = [
    (lesson, stem, way, source)
    for lesson in LESSONS
    for stem, ways in right_ways(lesson).items()
    for way, source in ways.items()
]
LAYERS = """conv_forward_fast conv_backward_fast max_pool_forward_fast max_pool_backward_fast
affine_forward affine_backward relu_forward relu_backward im2col col2im""".split()
GIVEN = {"np": np, **{name: reference(name) for name in LAYERS}}  # what notebooks define before
TASKS = [task for lesson in LESSONS for task in tasks(lesson).values()]
COURSE = Path(course.__file__).parent
WRITTEN = [lesson for lesson in LESSONS if (COURSE / f"lessons/{lesson}.py").exists()]
RECORDED = [lesson for lesson in LESSONS if (COURSE / f"checks/recorded/{lesson}.npz").exists()]


def task_of(stem):
    return next(task for task in TASKS if task.stem == stem)


def oracles(lesson):
    """Return where a lesson's right answers come from; building its text records them."""
    return (Fresh(), Recorded()) if lesson in RECORDED else (Fresh(),)


def judged(stem, names, seed, oracle):
    """Return the verdict on the function `stem` among names, with its own forward pass where it has one."""
    task = task_of(stem)
    answer = Local(names[stem])
    forward = Local(names.get(task.forward) or reference(task.forward)) if task.forward else None
    visible = examine(task, answer, forward, oracle=oracle)
    home = verdict(task, 4, visible, forward, oracle)
    return with_hidden(home, examine(task, answer, forward, seed, oracle=Fresh()))


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.name)
def test_each_known_mistake_is_named_and_costs_what_its_class_says(mistake):
    for oracle in oracles(task_of(mistake.stem).lesson):
        result = judged(mistake.stem, {mistake.stem: mistake.function}, 11, oracle)
        assert result.mistake is not None and result.mistake.name == mistake.name, str(result)
        assert {
            "wrong": result.points < 4 and result.status == "wrong",
            "care": result.groups == {"core": True, "geometry": True, "care": False},
            "note": result.points == 4 and result.status == "right",
            "convention": result.points == 4 and result.status == "right",
        }[mistake.fault], str(result)


@pytest.mark.parametrize("lesson, stem, way, source", WAYS, ids=[f"{stem}-{way}" for _, stem, way, _ in WAYS])
def test_each_other_right_way_gets_full_marks(lesson, stem, way, source):
    names = define(source, way, GIVEN)
    for seed in (1, 2, 3):
        result = judged(stem, names, seed, oracles(lesson)[-1])
        assert (result.status, result.points) == ("right", 4), str(result)


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.stem)
def test_no_two_known_mistakes_leave_the_same_trace(task):
    assert twins(Fresh().known(task)) == []  # else: add a case between them


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.stem)
def test_each_todo_has_enough_known_answers(task):
    wrong = [mistake for mistake in MISTAKES if mistake.stem == task.stem]
    right = [way for _, stem, way, _ in WAYS if stem == task.stem]
    assert len(wrong) >= 5 and len(right) >= 3


@pytest.mark.parametrize("lesson", WRITTEN)
def test_each_mistake_sends_its_reader_to_a_heading_of_the_lesson(lesson):
    text = (COURSE / f"lessons/{lesson}.py").read_text(encoding="utf-8")
    headings = set(re.findall(r"^# #+ (?:\d+\. )?(.+)$", text, re.MULTILINE))
    assert {mistake.reads for mistake in mistakes(lesson)} <= headings
