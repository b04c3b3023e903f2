"""What is kept of the record's runs."""

import json

import pytest

from benchmarks import record_runs


@pytest.fixture
def invented(tmp_path, monkeypatch):
    """Put invented runs in the place of trainings; return the file, and the list of what was trained."""
    asked = []

    def trained(tflop, seed):
        asked.append((tflop, seed))
        return {"tflop": tflop, "seed": seed, "widths": [4, 4, 4], "test": {"all": 0.9 + seed / 100}}

    monkeypatch.setattr(record_runs, "FILE", tmp_path / "record.json")
    monkeypatch.setattr(record_runs, "trained", trained)
    monkeypatch.setattr(record_runs, "beside", lambda widths: {"torch_seconds_an_epoch": None})
    monkeypatch.setattr(record_runs, "commit", lambda paths: "abc")
    return tmp_path / "record.json", asked


def test_the_median_of_each_budget_stands_in_the_file_and_nothing_for_one_that_was_not_run(invented, capsys):
    file, _ = invented
    record_runs.main(tflop=175, seeds=3)
    said = json.loads(file.read_text())
    assert said["accuracy_175_tflop"] == pytest.approx(0.91) and said["accuracy_1050_tflop"] is None
    assert [run["seed"] for run in said["runs"]] == [0, 1, 2]
    assert capsys.readouterr().out == "accuracy_175_tflop: 91.00%\naccuracy_1050_tflop: not run yet\n"


def test_runs_that_stand_there_are_made_again_only_for_changed_code(invented, monkeypatch):
    file, asked = invented
    record_runs.main(tflop=175, seeds=1)
    record_runs.main(tflop=175, seeds=2)
    assert asked == [(175, 0), (175, 1)]
    monkeypatch.setattr(record_runs, "commit", lambda paths: "def")
    record_runs.main(tflop=175, seeds=1)
    assert len(asked) == 3 and len(json.loads(file.read_text())["runs"]) == 2


def test_a_run_counts_for_the_smallest_budget_that_it_keeps_to(invented):
    file, _ = invented
    for tflop in (22, 175, 700):
        record_runs.main(tflop=tflop, seeds=1)
    said = json.loads(file.read_text())
    assert said["accuracy_175_tflop"] == said["accuracy_1050_tflop"] == 0.9 and len(said["runs"]) == 3
    record_runs.main(tflop=1050, seeds=3)
    record_runs.main(tflop=1051, seeds=3)
    assert json.loads(file.read_text())["accuracy_1050_tflop"] == pytest.approx(0.905)  # of 0, 0, 1 and 2
