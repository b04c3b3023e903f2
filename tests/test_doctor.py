import sqlite3

import pytest
from typer.testing import CliRunner

from autograder import doctor
from autograder.__main__ import app
from autograder.sandbox import levels
from tests.small_lesson import LESSON
from tests.test_grade_command import hand_in, make_course


def test_doctor_says_the_level_the_versions_and_the_database():
    done = CliRunner().invoke(app, ["doctor"])
    assert done.exit_code == 0
    first, *rest = done.stdout.splitlines()
    assert first.startswith(f"sandbox level {levels.find().level}: ")
    assert any(line.startswith("Python ") for line in rest) and "nbgrader" in done.stdout
    assert rest[-1].startswith("gradebook sqlite:///")


def test_doctor_says_why_a_level_is_missing_and_what_to_do(monkeypatch, tmp_path):
    monkeypatch.setattr(levels, "find", lambda: levels.Found("D", {"A": "unshare: no", "B": "too old"}))
    said = doctor.lines(tmp_path)
    assert "refuses with exit code 3" in said[0]
    assert said[1] == "no level A: unshare: no" and said[2].startswith("  to mend it: ")
    assert "no level B: too old" in said


@pytest.mark.parametrize("name, value", [(name, bad) for name, (bad, _) in doctor.SETTINGS.items()])
def test_a_setting_that_forbids_namespaces_is_named(tmp_path, name, value):
    (tmp_path / name).parent.mkdir()
    (tmp_path / name).write_text(value + "\n")
    assert doctor.advise("A", tmp_path) == [doctor.SETTINGS[name][1]]


def test_a_gradebook_is_reached_or_not_and_none_is_made(tmp_path):
    assert "not there yet" in doctor.database(tmp_path)
    path = tmp_path / "gradebook.db"
    assert not path.exists()
    sqlite3.connect(path).close()
    path.touch()
    assert doctor.database(tmp_path).endswith("can be reached")
    text = 'c = get_config()\nc.CourseDirectory.db_url = "postgresql+nothing://me:secret@nowhere/x"\n'
    (tmp_path / "nbgrader_config.py").write_text(text)
    assert "secret" not in doctor.database(tmp_path) and "cannot be reached" in doctor.database(tmp_path)


def test_without_a_sandbox_grading_is_refused_with_its_own_exit_code(monkeypatch, tmp_path):
    found = levels.Found("D", {"A": "no namespaces", "B": "no Landlock"})
    monkeypatch.setattr(levels, "find", lambda: found)
    root = make_course(tmp_path / "course")
    hand_in(root, "ann", b"")
    monkeypatch.setattr("autograder.root.ROOT", root)
    done = CliRunner().invoke(app, ["grade", LESSON])
    assert done.exit_code == 3
    assert "no sandbox on this machine" in done.stderr and "--i-trust-this-code" in done.stderr
    assert len(done.stderr.splitlines()) == 1
