"""The teacher's page of a lesson."""

import re

import pytest

from autograder import build, teaching
from autograder.build import ROOT, BuildError
from course.mistakes import mistakes


@pytest.fixture(scope="module", params=build.lessons())
def page(request):
    """Return (a Lesson, its teacher's page)."""
    lesson = build.read(request.param)
    samples = (ROOT / "docs" / "teaching" / f"{request.param}.md").read_text(encoding="utf-8")
    return lesson, teaching.page(lesson, samples)


def test_it_says_what_the_lesson_takes(page):
    lesson, said = page
    assert f"about {lesson.hours} hours" in said
    assert re.search(r"\| \*\*in all\*\* \| \*\*\d+\*\* \| \*\*about \d+ hours\*\* \|", said)


def test_the_written_question_has_a_rubric_and_answers_at_three_levels(page):
    lesson, said = page
    (written,) = lesson.of_kind("written")
    places = [said.index(part) for part in (
        "| points | for |", "### The model answer, worth 3 points", written.source,
        "### Worth 1 of 3 points", "### Worth 2 of 3 points", "## Mistakes to expect",
    )]  # fmt: skip
    assert places == sorted(places)
    for level in ("### Worth 1 of 3 points", "### Worth 2 of 3 points"):
        sample = said.split(level)[1].split("###")[0]
        quoted = [line for line in sample.splitlines() if line.startswith(">")]
        assert len(quoted) >= 2 and len(sample.splitlines()) > len(quoted) + 2  # an answer, and what it lacks


def test_every_known_mistake_stands_in_it_with_what_it_costs(page):
    lesson, said = page
    for mistake in mistakes(lesson.lesson):
        name = mistake.name.partition(".")[2]
        assert f"- **{name}** {teaching.COSTS[mistake.fault]}. {mistake.sentence}" in said


@pytest.mark.parametrize(
    ("name", "message"), [("knitting", "no lesson 'knitting'"), ("how-convolution-works", "no lesson 'how-")]
)
def test_a_page_of_what_is_no_assignment_is_refused(name, message):
    with pytest.raises(BuildError, match=message):
        teaching.write(name)
