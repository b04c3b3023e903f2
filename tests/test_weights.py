"""Weights that students hand in: collected, judged on the trusted side, recorded, told."""

import os

import nbformat
import pytest

from autograder import collect
from autograder.demo import __main__ as demo
from autograder.demo import weights
from autograder.grade import grade, recorded
from autograder.sandbox import Limits
from autograder.weights import Weights, judged
from course.checks.lessons import WEIGHED
from course.submission.weights import FILE, MAX_BYTES

LESSON = "convnet-cifar10"
CELL = f"test-{WEIGHED}"


@pytest.fixture(scope="module")
def honest():
    return weights.random_filters(32)


@pytest.fixture(scope="module")
def folder(tmp_path_factory, honest):
    """A course in which seven students hand in the blank notebook, and seven kinds of weights."""
    os.environ.pop("CIFAR10_DIR", None)
    folder = demo.furnish(tmp_path_factory.mktemp("course"), LESSON)
    secret = folder.root / "secret.npz"
    secret.write_bytes(honest)
    handed_in = {
        "ada": {FILE: honest},
        "ben": {},
        "cleo": {"weights (1).npz": honest},
        "dan": {FILE: bytes(MAX_BYTES + 1)},
        "eva": {FILE: weights.hostile()["python objects"][0]},
        "finn": {"a.npz": honest, "b.npz": honest},
        "gina": {},
    }
    for student, files in handed_in.items():
        place = folder.submitted / student / LESSON
        place.mkdir(parents=True)
        nbformat.write(folder.release, place / f"{LESSON}.ipynb")
        for name, content in files.items():
            (place / name).write_bytes(content)
    (folder.submitted / "gina" / LESSON / FILE).symlink_to(secret)
    grade(folder, limits=Limits(cell_seconds=5, call_seconds=3))
    return folder


@pytest.fixture(scope="module")
def verdicts(folder):
    results, _ = recorded(folder)
    return {result.student: result.verdicts[CELL] for result in results}


EXPECTED = {
    "ada": (True, "Right on "),
    "ben": (False, f"{FILE} is not beside the notebook"),
    "cleo": (True, "Right on "),
    "dan": (False, f"{FILE}, too large: larger than the 20 MB"),
    "eva": (False, f"{FILE}, pickled: 0.b holds Python objects"),
    "finn": (False, f"{FILE}, several files: none of them is named {FILE}: a.npz, b.npz"),
    "gina": (False, f"{FILE}, link outside: a link that leads out"),
}


@pytest.mark.parametrize("student", EXPECTED)
def test_each_file_of_weights_gets_its_points_or_its_state(folder, verdicts, student):
    has_points, said = EXPECTED[student]
    assert verdicts[student]["sentences"][0].startswith(said)
    assert (verdicts[student]["points"] > 0) == has_points
    _, entries = recorded(folder)
    assert entries[student].scores[CELL].points == verdicts[student]["points"]
    assert said.partition(":")[0] in folder.page(student).read_text(encoding="utf-8")


def test_the_command_says_which_weights_are_there(folder):
    told = {
        each.student: each.has_weights for each in collect.collect(folder.submitted, LESSON, folder.release)
    }
    assert (told["ada"], told["ben"], told["cleo"]) == (f"with {FILE}", "", f"with {FILE}")
    assert told["gina"].startswith(f"{FILE}: a link")


def test_new_weights_beside_the_same_notebook_are_graded_and_nothing_else_is(folder, honest):
    place = folder.submitted / "ben" / LESSON
    (place / FILE).write_bytes(honest)
    try:
        outcome = grade(folder, limits=Limits(cell_seconds=5, call_seconds=3))
    finally:
        (place / FILE).unlink()
    assert [result.student for result in outcome.graded] == ["ben"]
    assert outcome.graded[0].verdicts[CELL]["points"] > 0


def test_the_same_seed_gives_the_same_accuracy_and_another_one_other_pictures(honest):
    one, again, other = (judged(Weights(honest), 10, seed).sentences for seed in (5, 5, 6))
    assert one == again != other


def test_a_wide_gap_is_told_to_the_teacher(monkeypatch, folder, honest):
    from autograder import engine
    from course.submission import ladder

    score = ladder.Score(
        "CIFAR-10", 10_000, {"test images of CIFAR-10": 0.99, "changed copies of them": 0.61}
    )
    monkeypatch.setattr(ladder, "best", lambda *_: score)
    notebook = (folder.submitted / "ada" / LESSON / f"{LESSON}.ipynb").read_bytes()
    result = engine.grade(engine.Job("ada", folder.bundle, notebook, 1, weights=Weights(honest)))
    assert (
        "free_convnet: The accuracies are 38 points apart: was it trained on the test images?"
        in result.reason
    )
    assert result.verdicts[CELL]["points"] < 10
