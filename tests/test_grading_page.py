"""docs/grading.md is run like code: its commands in their order, its configuration."""

import csv
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from autograder import build
from autograder.__main__ import app
from autograder.configuration import configuration
from tests import small_lesson
from tests.small_lesson import LESSON, RIGHT, as_bytes
from tests.test_grade_command import hand_in, make_course

PAGE = (build.ROOT / "docs" / "grading.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
COMMANDS = "".join(text for kind, text in BLOCKS if kind == "sh").splitlines()
PLUGIN, ADDRESS = (text for kind, text in BLOCKS if kind == "python")
CLASS = {
    "ann": small_lesson.right(written_1="The chain rule."),
    "bob": small_lesson.right(affine_forward=RIGHT["affine_forward"].replace(" + b", "")),
}


def nbgrader(root, line):
    """Run one of nbgrader's own commands as the page writes it; return what it said."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    words = shlex.split(line.split("nbgrader ", 1)[1])
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", *words], cwd=root, env={**os.environ, "PATH": path},
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stderr


@pytest.fixture(scope="module")
def said(tmp_path_factory):
    """Return the course in which every command of the page was called, and {command: what it said}."""
    root, said = make_course(tmp_path_factory.mktemp("page") / "course"), {}
    with (root / "nbgrader_config.py").open("a") as config:
        config.write(PLUGIN)
    for student, notebook in CLASS.items():
        hand_in(root, student, as_bytes(notebook))
        when = root / "submitted" / student / LESSON / "timestamp.txt"
        when.write_text("2026-03-02 23:59:00 UTC")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("autograder.root.ROOT", root)
        patch.chdir(root)
        for line in COMMANDS:
            _, is_ours, words = line.partition("autograder ")
            if not is_ours:
                said[line] = nbgrader(root, line)
                continue
            done = CliRunner().invoke(app, shlex.split(words))
            assert done.exit_code == 0, f"{line}: {done.output}"
            said[words] = done.stdout.splitlines()
    return root, said


def test_every_command_of_the_page_works(said):
    root, said = said
    assert said[f"extend {LESSON} ann --days 2"] == [
        "ann: 2026-03-03 23:59:00 UTC, 2 days longer",
        f"{LESSON}: due 2026-03-01 23:59:00 UTC, 1 have longer",
    ]
    assert said[f"grade {LESSON}"][-1].startswith(f"{LESSON}: 2 graded, 0 partly graded, 0 failed")
    assert said[f"regrade {LESSON} --table changes.csv"][-1] == "nothing recorded: --record does it"
    assert said[f"regrade {LESSON} --record"][-1] == f"{LESSON}: 2 of 2 recorded"
    assert (root / "changes.csv").read_text().splitlines() == [
        '"student","question","before","after","change","why"'
    ]


def test_the_rule_of_the_page_takes_ten_percent_off_who_is_a_day_late_and_has_no_longer(said):
    root, _ = said
    lines = (root / "grades.csv").read_text().splitlines()
    ann, bob = sorted(csv.DictReader(lines), key=lambda row: row["student_id"])
    assert (ann["student_id"], float(ann["late_submission_penalty"])) == ("ann", 0)
    points, taken_off = float(bob["raw_score"]), float(bob["late_submission_penalty"])
    assert points > 0 and taken_off == pytest.approx(0.1 * points)


def test_the_address_on_the_page_is_one_that_nbgraders_configuration_takes(tmp_path):
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\n" + ADDRESS)
    found = configuration(tmp_path).CourseDirectory.db_url
    assert found.startswith("postgresql+psycopg://")
