"""The training dashboard: it steps the learner's own training, which can be paused and steered meanwhile."""

import asyncio
import itertools
import shutil
import subprocess
from pathlib import Path

import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient

from course.explorers import Dashboard
from course.explorers.dashboard import MOST_POINTS, pictures, thinned
from course.reference.models import two_layer_net
from course.reference.trainer import ClassifierTrainer

JS = Path(__file__).parent / "js"
RNG = np.random.default_rng(0)
X, Y = RNG.standard_normal((40, 12)), RNG.integers(3, size=40)
MODEL = {"W1": RNG.standard_normal((12, 6)), "b1": np.zeros(6), "W2": RNG.standard_normal((6, 3)),
         "b2": np.zeros(3)}


def steps(num_epochs=3, loss_function=two_layer_net, **settings):
    settings = {"batch_size": 10, "rng": np.random.default_rng(0), "learning_rate": 0.1} | settings
    return ClassifierTrainer().steps(X, Y, X, Y, MODEL, loss_function, num_epochs=num_epochs, **settings)


def hidden(model):
    return np.maximum(0, X @ model["W1"] + model["b1"])


async def until(condition):
    for _ in range(10_000):
        if condition():
            return
        await asyncio.sleep(0.001)
    raise AssertionError("it never came about")


def test_a_dashboard_trains_to_the_same_result_as_train():
    dashboard = Dashboard(steps()).run()
    best, *histories = dashboard.result()
    settings = {"num_epochs": 3, "batch_size": 10, "learning_rate": 0.1, "rng": np.random.default_rng(0)}
    expected, *others = ClassifierTrainer().train(X, Y, X, Y, MODEL, two_layer_net, **settings)
    assert histories == others and all(np.array_equal(best[name], expected[name]) for name in best)
    assert dashboard.state == "finished" and dashboard.iteration == dashboard.iterations == 12


def test_it_shows_losses_accuracies_sizes_of_updates_and_dead_units():
    models = [step.model.copy() for step in steps()]
    dashboard = Dashboard(steps(), units=hidden, seconds=0).run()
    curves = dashboard.curves
    assert [value for _, value in curves["loss"]] == dashboard.result()[1]
    assert [value for _, value in curves["validation"]] == dashboard.result()[3]
    ratio = np.linalg.norm(models[-1]["W1"] - models[-2]["W1"]) / np.linalg.norm(models[-2]["W1"])
    assert curves["update/W1"][-1] == [12, pytest.approx(ratio)]
    assert curves["dead"][-1] == [12, 0.0]
    assert "loss" in dashboard.alt and "finished" in dashboard.alt


def test_units_that_no_sample_wakes_are_dead():
    dashboard = Dashboard(steps(1), units=lambda model: hidden(model) * [1, 0, 1, 0, 1, 1]).run()
    assert dashboard.curves["dead"][-1][1] == pytest.approx(2 / 6)
    maps = np.zeros((5, 4, 3, 3))
    maps[2, 1, 0, 2] = 1
    assert Dashboard(steps(1), units=lambda model: maps).run().curves["dead"][-1][1] == pytest.approx(3 / 4)


def test_pause_learning_rate_and_go_on_while_it_trains():
    async def steer():
        dashboard = Dashboard(steps(100_000), seconds=0).run()
        await until(lambda: dashboard.iteration > 3)
        dashboard.paused = True
        await until(lambda: dashboard.state == "paused")
        rested = dashboard.iteration
        await asyncio.sleep(0.1)
        assert dashboard.iteration == rested
        dashboard.learning_rate = 0.0123
        dashboard.run()
        await until(lambda: dashboard.iteration > rested)
        assert dashboard._taken.learning_rate <= 0.0123
        dashboard.stopped = True
        await dashboard
        return dashboard

    dashboard = asyncio.run(steer())
    assert dashboard.state == "stopped" and len(dashboard.result()[1]) == dashboard.iteration < 400_000


def test_a_new_learning_rate_holds_from_the_next_step_on():
    taken, boards = [], []

    def watched():
        running, sent = steps(2, learning_rate_decay=1), None
        for _ in range(8):
            step = running.send(sent)
            taken.append(step.learning_rate)
            if len(taken) == 3:
                boards[0].learning_rate = 0.5
            sent = yield step

    async def steer():
        boards.append(Dashboard(watched(), seconds=0))
        await boards[0].run().task
        assert boards[0].learning_rate == 0.5

    asyncio.run(steer())
    assert taken == [0.1] * 3 + [0.5] * 5


def test_a_function_that_is_not_written_yet_ends_the_cell():
    def empty(X, model, y=None, reg=0.0):
        raise NotImplementedError("two_layer_net")

    with pytest.raises(NotImplementedError):
        Dashboard(steps(loss_function=empty)).run()


def test_what_the_learners_function_raises_is_shown_and_raised_by_the_result():
    calls = itertools.count()

    def broken(X, model, y=None, reg=0.0):
        if next(calls) > 4:
            raise ZeroDivisionError("no such thing")
        return two_layer_net(X, model, y, reg)

    dashboard = Dashboard(steps(loss_function=broken)).run()
    assert (dashboard.state, dashboard.error) == ("failed", "ZeroDivisionError: no such thing")
    with pytest.raises(ZeroDivisionError, match="no such thing"):
        dashboard.result()


def test_before_the_first_step_there_is_no_result():
    assert Dashboard().run().state == "ready"
    with pytest.raises(RuntimeError, match="call run"):
        Dashboard(steps()).result()


def test_long_curves_are_thinned_and_keep_both_ends():
    points = [[i, 1.0] for i in range(10_001)]
    few = thinned(points)
    assert len(few) <= MOST_POINTS + 1 and few[0] == points[0] and few[-1] == points[-1]
    assert thinned(points[:7]) == points[:7] and thinned([]) == []


def test_a_loss_that_is_no_number_has_no_point():
    def exploding(X, model, y=None, reg=0.0):
        out = two_layer_net(X, model, y, reg)
        return out if y is None else (float("nan"), out[1])

    assert Dashboard(steps(1, exploding)).run().curves["loss"][-1] == [4, None]


def test_filters_become_pictures_from_dark_to_bright():
    data, shape = pictures(np.arange(2 * 3 * 2 * 2).reshape(2, 3, 2, 2))
    assert shape == [2, 2, 2] and len(data) == 2 * 2 * 2 * 3
    assert data[0] == data[12] == 0 and data[11] == data[23] == 255
    with pytest.raises(ValueError, match="1 or 3 channels"):
        pictures(np.zeros((2, 5, 3, 3)))


def test_in_a_notebook_it_trains_while_cells_run_and_ends_by_itself():
    cells = ["from tests.test_dashboard_explorer import *\n"
             "dashboard = Dashboard(steps(20), units=hidden)\ndashboard.run()",
             "best, losses, *_ = await dashboard\nlen(losses), dashboard.state"]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    NotebookClient(notebook, timeout=60, kernel_name="python3").execute()
    assert notebook.cells[1].outputs[0].data["text/plain"] == "(80, 'finished')"


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
def test_the_javascript_tests_pass():
    command = ["node", "--test", JS / "dashboard.test.mjs"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stdout[-4000:]
