"""What a training shows while it runs."""

import html
import re
import subprocess
import sys

import nbformat
import numpy as np
import pytest

from autograder.build import ROOT, run
from course import live
from course.reference.trainer import Step

TRAIN = """
import numpy as np
from course import live
from course.reference.models import two_layer_net
from course.reference.nets import init_two_layer_model
from course.reference.trainer import ClassifierTrainer

rng = np.random.default_rng(0)
X, y = rng.standard_normal((60, 4)), rng.integers(0, 3, 60)
shown = [live.Progress("Training"), live.Plot(seconds=0)]
for _ in range({trainings}):
    ClassifierTrainer().train(
        X, y, X, y, init_two_layer_model(4, 5, 3, rng=rng), two_layer_net,
        num_epochs=2, batch_size=10, rng=rng, callback=shown,
    )
print("done")
"""


def steps(count, start=1, stop=None):
    """Return the steps of a training of `count` iterations in epochs of 5, from `start` to `stop`."""
    for i in range(start, (stop or count) + 1):
        measured = 0.1 + i / 1000 if i == 1 or i % 5 == 0 else None
        yield Step(i, count, 1 + (i - 1) // 5, 2.0 / i, 0.1, measured, measured, {}, None)


@pytest.fixture
def notebook(monkeypatch):
    """Return what a notebook would show: a list of lists, each the pictures in one place."""
    places = []

    class Handle:
        def __init__(self, picture):
            self.pictures = [picture]
            places.append(self.pictures)

        def update(self, picture, raw):
            assert raw
            self.pictures.append(picture)

    monkeypatch.setattr(live, "in_notebook", lambda: True)
    monkeypatch.setattr(live, "display", lambda picture, raw, display_id: Handle(picture))
    return places


@pytest.fixture
def clock(monkeypatch):
    """Return a clock that the test moves: clock[0] is the time in seconds."""
    now = [0.0]
    monkeypatch.setattr(live, "monotonic", lambda: now[0])
    return now


def test_the_plot_is_drawn_in_one_place_no_more_often_than_asked_and_at_the_end(notebook, clock):
    plot = live.Plot(seconds=2)
    for step in steps(10):
        clock[0] += 0.5
        assert plot(step) is not True
    assert [len(place) for place in notebook] == [3]  # at 2.5 and 4.5 seconds, and the last step at 5
    assert "The loss of 10 of 10 iterations, from 2.000 to 0.200" in notebook[0][-1]["text/plain"]
    assert "training 11.0%, validation 11.0%" in notebook[0][-1]["text/plain"]


def test_the_pictures_that_take_each_others_place_have_one_size_and_a_description(notebook, clock):
    plot = live.Plot(seconds=0)
    for step in steps(10):
        plot(step)
    tags = [picture["text/html"] for picture in notebook[0]]
    assert len(tags) == 10
    assert len({re.search(r'width="\d+" height="\d+"', tag)[0] for tag in tags}) == 1
    for picture in notebook[0]:
        assert html.unescape(re.search('alt="([^"]*)"', picture["text/html"])[1]) == picture["text/plain"]


def test_a_second_training_begins_a_picture_of_its_own(notebook, clock):
    plot = live.Plot()
    for _ in range(2):
        for step in steps(10):
            plot(step)
    assert [len(place) for place in notebook] == [1, 1]
    assert [place[0]["text/plain"].split(",")[0] for place in notebook] == [
        "The loss of 10 of 10 iterations"
    ] * 2


def test_a_training_that_something_else_ended_can_be_drawn(notebook, clock):
    plot = live.Plot()
    for step in steps(10, stop=7):
        plot(step)
    assert notebook == []
    plot.draw()
    assert "The loss of 7 of 10 iterations" in notebook[0][0]["text/plain"]


def test_a_training_that_goes_on_is_shown_from_where_it_goes_on(notebook, clock, capsys):
    plot, bar = live.Plot(), live.Progress()
    for count, start in ((10, 1), (20, 11)):
        for step in steps(count, start):
            plot(step)
            bar(step)
    assert "The loss of 20 of 20 iterations, from 0.182 to 0.100" in notebook[1][0]["text/plain"]
    assert (len(notebook), bar.bar.initial, bar.bar.n) == (2, 10, 20)


def test_a_loss_that_is_no_number_is_drawn_all_the_same(notebook, clock):
    plot = live.Plot()
    plot(Step(1, 1, 1, float("nan"), 0.1, 0.1, 0.1, {}, None))
    assert "from nan to nan" in notebook[0][0]["text/plain"]


def test_nothing_is_drawn_before_there_is_something_to_draw(notebook):
    live.Plot().draw()
    assert notebook == []


def test_the_bar_counts_the_steps_and_says_the_last_figures(capsys):
    bar = live.Progress("Learning")
    for step in steps(10):
        bar(step)
    assert (bar.bar.n, bar.bar.total) == (10, 10)
    last = capsys.readouterr().err.split("\r")
    assert any(re.search(r"Learning: +\d+%.*.*10/10 .*loss 0.200, validation 11.0%", line) for line in last)


def test_the_bar_begins_anew_with_each_training(capsys):
    bar = live.Progress()
    seen = []
    for _ in range(2):
        for step in steps(10):
            bar(step)
        seen.append(bar.bar)
    assert seen[0] is not seen[1] and [one.n for one in seen] == [10, 10]


def test_in_a_terminal_a_training_shows_its_bar_and_no_picture():
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", TRAIN.format(trainings=1)],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout) == (0, "done\n")
    assert "12/12" in done.stderr and "Warning" not in done.stderr


def test_in_a_notebook_each_training_leaves_a_bar_and_a_picture():
    cell = nbformat.v4.new_code_cell(TRAIN.format(trainings=2))
    executed = run.run(nbformat.v4.new_notebook(cells=[cell]), path=[ROOT])
    assert run.faults(executed) == []
    outputs = executed.cells[0].outputs
    kinds = [
        "bar" if "application/vnd.jupyter.widget-view+json" in output.data else "picture"
        for output in outputs
        if output.output_type == "display_data"
    ]
    assert kinds == ["bar", "picture"] * 2
    pictures = [output.data["text/plain"] for output in outputs if "text/html" in output.get("data", {})]
    assert all("The loss of 12 of 12 iterations" in text for text in pictures if "loss" in text)
    assert np.count_nonzero(["The loss" in text for text in pictures]) == 2
