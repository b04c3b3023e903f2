"""Small changes of the references: that they are made, told apart and noticed."""

import json

import pytest

from benchmarks import mutants
from benchmarks.equal_mutants import EQUAL
from benchmarks.mutants import Mutant
from course.checks import tasks
from course.mistakes import LESSONS

SMALL = list(tasks("perceptron-xor"))
RELU = '''def relu_backward(dout, cache):
    """..."""
    x = cache
    {work}
    return dx
'''


def fate(work):
    return mutants.outcome(Mutant("relu_backward", work, RELU.format(work=work)))


@pytest.mark.parametrize("stem", SMALL)
def test_no_small_change_of_a_short_lesson_goes_unnoticed(stem):
    made = mutants.mutants(stem)
    assert len(made) >= 4
    assert [mutant.change for mutant in made if mutants.outcome(mutant) == "survives"] == []


def test_only_lines_between_the_markers_are_changed():
    source = (
        "def f(x):\n    y = 1\n    ### BEGIN SOLUTION\n    z = 2\n    ### END SOLUTION\n    return y + z\n"
    )
    assert mutants.answer_lines(source) == {3, 4}
    assert {mutant.change for mutant in mutants.mutants("relu_backward")} == {
        "dx = dout * (x > 1)",
        "dx = dout * (x >= 0)",
        "dx = dout / (x > 0)",
        "dx = None",
    }


FATES = {
    "dx = dout * (x > 0)": "survives",  # the reference itself
    "dx = dout * (x > 1)": "killed",
    "dout *= x > 0; dx = dout": "killed",
    "dx = (dout * (x > 0)).astype(float)": "noted",
    "dx = 1 / 0": "killed",
}


@pytest.mark.parametrize("work", FATES)
def test_a_change_fares_as_its_check_says(work):
    assert fate(work) == FATES[work]


def test_a_change_without_end_is_killed(monkeypatch):
    monkeypatch.setattr(mutants, "SECONDS", 0.2)
    assert fate("while True: dx = 1") == "killed"


def test_the_whole_net_notices_what_the_check_of_one_part_cannot():
    (without,) = (
        mutant for mutant in mutants.mutants("two_layer_convnet_scores") if mutant.change == "cache = None"
    )
    assert mutants.outcome(without) == "killed"


def test_every_reason_is_about_a_change_that_was_made_and_went_unnoticed():
    measured = json.loads(mutants.FILE.read_text(encoding="utf-8"))["tasks"]
    counted = {stem: made["equal"] for stem, made in measured.items() if made["equal"]}
    assert counted == {stem: len(reasons) for stem, reasons in EQUAL.items()}


def test_the_figures_are_of_all_tasks_and_nothing_survived():
    figures = json.loads(mutants.FILE.read_text(encoding="utf-8"))
    assert list(figures["tasks"]) == [stem for lesson in LESSONS for stem in tasks(lesson)]
    for key in ("mutants", "killed", "noted", "equal"):
        assert figures[key] == sum(made[key] for made in figures["tasks"].values()) > 0
    assert figures["survivors"] == 0 == sum(len(made["survivors"]) for made in figures["tasks"].values())
    assert figures["mutants"] == figures["killed"] + figures["noted"] + figures["equal"]
