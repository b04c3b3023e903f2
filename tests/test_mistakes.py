"""The bank of known mistakes: each is one, can be told from the others, and is said without spoiling."""

import re
from collections import Counter
from dataclasses import replace
from functools import cache
from itertools import chain, combinations
from pathlib import Path

import pytest

from course.mistakes import FAULTS, LESSONS, find, mistakes
from course.reference.layers import affine_forward
from tests.modular_inputs import careful, inputs, ordinary, same, same_values, see, single

ROOT = Path(__file__).parents[1]
LESSON = "modular-layers"
BANK = mistakes(LESSON)
EVERY = [mistake for lesson in LESSONS for mistake in mistakes(lesson)]
STEMS = (
    "affine_forward affine_backward relu_forward relu_backward softmax_loss svm_loss conv_forward_naive "
    "conv_backward_naive max_pool_forward_naive max_pool_backward_naive avg_pool_forward_naive "
    "avg_pool_backward_naive conv_forward_im2col conv_backward_im2col"
).split()


@cache
def sight(function, stem):
    """Everything seen of a function on ordinary, careful and float32 inputs."""
    kinds = ordinary(stem), careful(stem), single(stem)
    return [[see(function, stem, inputs(stem, case)) for case in cases] for cases in kinds]


for_every_mistake = pytest.mark.parametrize("mistake", EVERY, ids=lambda mistake: mistake.name)


def test_every_todo_has_at_least_six_mistakes():
    assert list(dict.fromkeys(mistake.stem for mistake in BANK)) == STEMS
    assert min(Counter(mistake.stem for mistake in BANK).values()) >= 6
    assert len(BANK) >= 95


def test_every_mistake_is_found_by_its_name():
    assert [find(mistake.name) for mistake in EVERY] == EVERY
    assert len({mistake.name for mistake in EVERY}) == len(EVERY)
    with pytest.raises(KeyError, match=r"affine_forward\.no_such_thing"):
        find("affine_forward.no_such_thing")


def test_a_lesson_without_a_bank_is_refused_with_the_lessons_that_have_one():
    with pytest.raises(ValueError, match=f"'no-lesson'.*{LESSON}"):
        mistakes("no-lesson")


def test_an_edit_that_does_not_fit_the_reference_is_refused_with_the_count():
    mistake = find("affine_forward.bias_forgotten")
    assert mistake.reference is affine_forward
    for old, count in (("no such text", 0), ("expect_array", 3)):
        with pytest.raises(ValueError, match=f"bias_forgotten: expected '{old}' once.* {count} times"):
            _ = replace(mistake, edits=((old, ""),)).source


@for_every_mistake
def test_a_mistake_is_named_said_and_hinted_at_without_giving_the_line_away(mistake):
    assert re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", mistake.slug)
    assert mistake.fault in FAULTS
    assert mistake.reads
    assert re.fullmatch(r"[A-Z`].*[.?]", mistake.sentence)
    assert len(set(mistake.hints)) == 3
    assert all(re.fullmatch(r"\S.*[.?]", hint) for hint in mistake.hints)
    for line in "\n".join(text for edit in mistake.edits for text in edit).split("\n"):
        assert len(line.strip()) < 8 or line.strip() not in " ".join(mistake.hints)


def test_every_mistake_points_to_a_heading_of_the_lesson():
    text = (ROOT / f"course/lessons/{LESSON}.py").read_text(encoding="utf-8")
    headings = re.findall(r"^# #+ (?:\d+\. )?(.*)$", text, flags=re.MULTILINE)
    assert {mistake.reads for mistake in BANK} <= set(headings)


@pytest.mark.parametrize("mistake", BANK, ids=lambda mistake: mistake.name)
def test_a_mistake_is_of_its_class(mistake):
    seen, right = sight(mistake.function, mistake.stem), sight(mistake.reference, mistake.stem)
    pairs = [list(zip(ours, theirs, strict=True)) for ours, theirs in zip(seen, right, strict=True)]
    right_values = [all(same_values(one, other) for one, other in cases) for cases in pairs]
    right_dtypes = [all(one.dtypes == other.dtypes for one, other in cases) for cases in pairs]
    untouched = not any(one.changed for one in chain(*seen))
    if mistake.fault == "wrong":
        assert not right_values[0]
    elif mistake.fault == "care":
        assert right_values[0] and not (right_values[1] and right_dtypes[1] and untouched)
    else:
        assert all(right_values) and untouched
        assert not right_dtypes[2] or seen[0][0].printed


@pytest.mark.parametrize("stem", STEMS)
def test_two_mistakes_of_one_todo_answer_differently(stem):
    seen = {
        mistake.name: list(chain(*sight(mistake.function, stem))) for mistake in BANK if mistake.stem == stem
    }
    alike = [pair for pair in combinations(seen, 2) if all(map(same, *(seen[name] for name in pair)))]
    assert alike == []
