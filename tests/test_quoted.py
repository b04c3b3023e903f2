"""The page of honest numbers is that of the runs, and the texts quote what it says."""

import json
import re
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from benchmarks import quoted, record_pace, trainings
from benchmarks.quoted import Figure


@pytest.fixture(scope="module")
def figures():
    return quoted.measured()


@pytest.fixture(scope="module")
def said():
    return quoted.read()


@pytest.fixture(scope="module")
def sources():
    return quoted.texts()


def test_every_percentage_of_a_text_is_measured_or_said_to_be_something_else(sources, said, figures):
    assert quoted.problems(sources, *said, figures) == []


def test_the_page_is_what_the_runs_make(said, figures):
    assert quoted.PAGE.read_text(encoding="utf-8") == quoted.page(*said, figures)


def test_the_picture_is_that_of_the_runs(said, figures):
    assert quoted.fingerprint(said[0], figures).encode() in quoted.PICTURE.read_bytes()  # its description


def test_a_figure_that_has_changed_is_found(sources, said, figures):
    rows, others = said
    name = "xor/1000"
    worse = {**figures, name: replace(figures[name], values=tuple(2 * v for v in figures[name].values))}
    found = quoted.problems(sources, rows, others, worse)
    assert len(found) == 1 and found[0].startswith("perceptron-xor: expected the words '| 1,000 | 100 of 100")


def test_a_percentage_without_a_row_is_found(sources, said, figures):
    changed = {**sources, "two-layer-net": sources["two-layer-net"] + " It gets 97.3 % right."}
    found = quoted.problems(changed, *said, figures)
    assert len(found) == 1 and "It gets 97.3 % right." in found[0]


def test_a_row_for_runs_that_are_not_there_is_refused(sources, figures):
    row = {"lesson": "README.md", "text": "{0.median}", "runs": ["astrology/CIFAR-10/test"]}
    with pytest.raises(KeyError, match="astrology"):
        quoted.problems(sources, [row], [], figures)


def test_a_figure_says_its_median_and_its_range():
    figure = Figure("a net", "stand-in", (50.0, 52.0, 51.0), "make it")
    assert (figure.seeds, figure.low, figure.median, figure.mean, figure.high) == (3, 50, 51, 51, 52)
    assert quoted.line(figure) == "| a net | stand-in | 3 | 50.0 | 50.5 | 51.0 | 51.5 | 52.0 % |"


def test_each_other_percentage_has_a_reason(said):
    assert all(other["why"] for other in said[1])


def test_the_runs_that_stand_were_made_with_the_settings_of_today():
    now = {name: json.loads(json.dumps(training.told())) for name, training in trainings.TRAININGS.items()}
    kept = json.loads(trainings.FILE.read_text(encoding="utf-8"))["runs"]
    assert trainings.kept(now) == kept
    changed = now | {"bold": now["bold"] | {"learning_rate": 1.0}}
    assert {run["name"] for run in kept} - {run["name"] for run in trainings.kept(changed)} == {"bold"}


@pytest.mark.parametrize("name", ["two-layer net, all images", "bold, adam", "bold, mirrored"])
def test_a_run_of_a_training_gives_accuracies_from_its_seed_alone(name):
    rng = np.random.default_rng(0)
    sizes = {"train": 100, "val": 20, "test": 20}
    images = {f"X_{part}": rng.standard_normal((n, 3, 32, 32), np.float32) for part, n in sizes.items()}
    labels = {f"y_{part}": rng.integers(0, 10, n) for part, n in sizes.items()}
    training = trainings.TRAININGS[name]
    training = replace(training, settings=replace(training.settings, num_epochs=1))
    once, again = (trainings.run(training, SimpleNamespace(**images, **labels), 3) for _ in range(2))
    assert once | {"seconds": 0} == again | {"seconds": 0}
    assert all(0 <= once[part] <= 1 for part in ("training", "validation", "test"))


def test_no_seed_counts_twice():
    kept = json.loads(trainings.FILE.read_text(encoding="utf-8"))["runs"]
    which = [(run["name"], run["source"], run["seed"]) for run in kept]
    assert len(set(which)) == len(which)


def test_mirroring_changes_images_in_training_alone():
    seen = []
    mirrored = trainings.mirroring(lambda X, *rest: seen.append(X), np.random.default_rng(0))
    X = np.arange(64 * 2.0).reshape(64, 1, 1, 2)
    mirrored(X, {}, np.zeros(64, int))
    mirrored(X, {})
    turned = seen[0][:, 0, 0, 0] > seen[0][:, 0, 0, 1]
    assert 10 < turned.sum() < 54 and np.array_equal(seen[1], X)
    np.testing.assert_array_equal(np.sort(seen[0], axis=3), X)


def test_the_pace_is_told_round_by_round_without_the_first():
    ticks = iter(np.cumsum([0, 1, 0, 9, 0, 1, 0, 2, 0, 1, 0, 3.0]))
    assert record_pace.in_turn(lambda: None, lambda: None, lambda: next(ticks), rounds=2) == [2, 3]


def test_the_page_names_commands_that_there_are(said, figures):
    page = quoted.page(*said, figures)
    for module in set(re.findall(r"python -m benchmarks\.(\w+)", page)):
        assert (quoted.ROOT / "benchmarks" / f"{module}.py").is_file(), module
