"""Training from the command line, interrupted and gone on with."""

import json
import subprocess
import sys

import numpy as np
import pytest

from course import train
from course.checkpoint import Checkpoint, CheckpointError
from course.reference.models import two_layer_net
from course.reference.nets import init_two_layer_model
from course.reference.trainer import ClassifierTrainer

RULES = ("sgd", "momentum", "nesterov", "rmsprop", "adam")


def fit(epochs, update="adam", **options):
    """Train a small net on points drawn from a seed."""
    rng = np.random.default_rng(3)
    X, y = rng.standard_normal((45, 6)), rng.integers(0, 3, 45)
    model = {name: 1e4 * value for name, value in init_two_layer_model(6, 5, 3, rng=rng).items()}
    settings = {"learning_rate": 0.05, "momentum": 0.9, "batch_size": 10, "reg": 0.01, "acc_frequency": 3}
    data = (X[:35], y[:35], X[35:], y[35:])
    return ClassifierTrainer().train(
        *data, model, two_layer_net, update=update, num_epochs=epochs, rng=rng, **settings, **options
    )


@pytest.mark.parametrize("update", RULES)
def test_a_training_that_was_interrupted_ends_with_the_same_bits(tmp_path, update):
    def killed(step):
        return step.epoch == 4 and step.iteration % 3 == 2  # in the middle of the fourth epoch

    kept = Checkpoint(tmp_path / "here" / "training.npz", {"seed": 3})
    whole = fit(7, update)
    fit(7, update, callback=[kept, killed])
    assert kept.read().epochs == 3
    gone_on = fit(7, update, start=kept.read())
    assert gone_on[1:] == whole[1:]
    assert all(np.array_equal(gone_on[0][name], value) for name, value in whole[0].items())


def test_a_checkpoint_of_other_settings_is_refused_with_both(tmp_path):
    path = tmp_path / "training.npz"
    fit(1, callback=Checkpoint(path, {"seed": 3, "reg": 0.01}))
    with pytest.raises(CheckpointError, match=r"with reg 0.01, not 0.5: delete it"):
        Checkpoint(path, {"seed": 3, "reg": 0.5}).read()


@pytest.mark.parametrize(("first", "last"), [(0, 0), (0, -100), (900, None), (0, 1)])
def test_a_damaged_checkpoint_ends_in_one_line(tmp_path, first, last):
    kept = Checkpoint(tmp_path / "training.npz", {})
    fit(1, callback=kept)
    kept.path.write_bytes(kept.path.read_bytes()[first:last])
    with pytest.raises(CheckpointError, match="delete it to begin anew") as caught:
        kept.read()
    assert "\n" not in str(caught.value)


def test_a_checkpoint_with_python_objects_runs_nothing(tmp_path):
    path = tmp_path / "training.npz"
    np.savez(path, manifest=np.array([{"settings": {}}], dtype=object))
    with pytest.raises(CheckpointError, match="delete it to begin anew"):
        Checkpoint(path, {}).read()


def test_without_a_file_there_is_nothing_to_go_on_from(tmp_path):
    assert Checkpoint(tmp_path / "training.npz", {}).read() is None


@pytest.fixture
def pictures_only(monkeypatch, tmp_path):
    monkeypatch.delenv("CIFAR10_DIR", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))


@pytest.mark.parametrize("model", train.RECIPES)
def test_each_model_of_a_lesson_trains_with_one_command(model, tmp_path, pictures_only, capsys, monkeypatch):
    monkeypatch.setattr(train, "load_cifar10", small(train.load_cifar10))
    figures = tmp_path / "figures.json"
    assert train.main([model, "--epochs", "1", "--seed", "5", "--json", str(figures)]) == 0
    said = capsys.readouterr().out.splitlines()[-1]
    assert said.startswith(f"{model}, seed 5, stand-in: right on ")
    done = json.loads(figures.read_text())
    assert (done["seed"], done["num_epochs"], done["images"]) == (5, 1, 49_000)
    assert 0 <= done["test"] <= 1 and f"{done['test']:.1%} of 100 test images" in said


def small(load):
    """Return the loader, but for fewer images."""
    return lambda folder, **_: load(folder, num_training=200, num_validation=50, num_test=100, progress=False)


def test_the_same_command_goes_on_from_its_checkpoint(tmp_path, pictures_only, monkeypatch):
    monkeypatch.setattr(train, "load_cifar10", small(train.load_cifar10))

    def figures(name, *arguments):
        assert train.main(["lenet", "--json", str(tmp_path / name), *arguments]) == 0
        return json.loads((tmp_path / name).read_text()) | {"seconds": 0}

    kept = ["--checkpoint", str(tmp_path / "lenet.npz")]
    figures("half", "--epochs", "1", *kept)
    assert figures("two steps", "--epochs", "3", *kept) == figures("at once", "--epochs", "3")


def test_a_training_that_lost_its_patience_has_nothing_to_go_on_with(tmp_path, pictures_only, monkeypatch):
    monkeypatch.setattr(train, "load_cifar10", small(train.load_cifar10))
    kept = ["--checkpoint", str(tmp_path / "lenet.npz"), "--json", str(tmp_path / "figures.json")]
    stuck = ["--learning-rate", "0", "--patience", "2", "--epochs", "6"]  # never better than before training
    figures = []
    for _ in range(2):
        assert train.main(["lenet", *stuck, *kept]) == 0
        figures.append(json.loads((tmp_path / "figures.json").read_text()) | {"seconds": 0})
    assert figures[0] == figures[1] and figures[0]["iterations"] == 2 * 200 // 50


def test_a_checkpoint_of_another_seed_ends_in_one_line(tmp_path, pictures_only, monkeypatch, capsys):
    monkeypatch.setattr(train, "load_cifar10", small(train.load_cifar10))
    kept = ["--checkpoint", str(tmp_path / "lenet.npz")]
    train.main(["lenet", "--epochs", "1", *kept])
    assert train.main(["lenet", "--epochs", "1", "--seed", "1", *kept]) == 1
    assert "is of a training with seed 0, not 1" in capsys.readouterr().err.splitlines()[-1]


def test_an_interrupt_says_how_to_go_on(monkeypatch, capsys, tmp_path):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(train, "load_cifar10", interrupted)
    assert train.main(["lenet", "--checkpoint", str(tmp_path / "a.npz")]) == train.INTERRUPTED
    assert "the same command goes on from" in capsys.readouterr().err


def test_a_folder_without_the_photographs_ends_in_one_line(tmp_path, capsys):
    assert train.main(["lenet", "--data", str(tmp_path)]) == 1
    said = capsys.readouterr()
    assert said.out == "" and "data_batch_1 is not in" in said.err and "Traceback" not in said.err


def test_help_says_what_can_be_trained():
    asked = [sys.executable, "-m", "course.train", "--help"]
    told = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
    assert all(model in told for model in train.RECIPES) and "--checkpoint" in told
