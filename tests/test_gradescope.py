"""Gradescope: results.json, and the zip that grades one submission in Gradescope's folders."""

import json
import os
import runpy
import stat
import subprocess
import sys
import zipfile

import pytest
from typer.testing import CliRunner

from autograder import engine
from autograder.__main__ import app
from autograder.engine import Result
from autograder.errors import NoSandbox
from autograder.exports.grades import Grade
from autograder.exports.gradescope import results, run
from autograder.gradebook import Entry, Score
from tests import small_lesson
from tests.small_lesson import LESSON, RIGHT, as_bytes, make_course

VERDICT = {
    "stem": "affine_forward", "status": "wrong", "points": 1.5, "max_points": 3.0, "notes": ["It prints."],
    "sentences": ["The bias is\nmissing."], "mistake": {"reads": "Affine layers"}, "html": "<b>1.5</b>",
}  # fmt: skip


def grade(by_hand=False, penalty=0.0):
    scores = {
        "test-affine_forward": Score(2.0 if by_hand else 1.5, 3.0, by_hand, "Nearly." if by_hand else ""),
        "written-1": Score(None, 3.0, False, ""),
    }
    result = Result("lee", LESSON, "graded", "", b"", {"test-affine_forward": VERDICT}, seed=7, level="B")
    return Grade(Entry("lee", "", "", None, penalty, scores), result)


def test_each_question_is_a_test_and_what_waits_has_no_points_yet():
    made = results(grade(), LESSON)
    tested, waiting = made["tests"]
    assert tested == {
        "name": "affine_forward", "score": 1.5, "max_score": 3.0,
        "output": "wrong\nThe bias is missing.\nIt prints.\nTo read again: Affine layers",
    }  # fmt: skip
    assert waiting["name"] == "written-1 (3 points)" and "waits for your teacher" in waiting["output"]
    assert not {"score", "max_score"} & set(waiting)
    assert made["score"] == 1.5 and "1.5 of 6 points so far" in made["output"]
    assert made["extra_data"] == {"state": "graded", "level": "B", "seed": 7, "waiting": ["written-1"]}
    assert "jail" in made["output"]


def test_what_a_person_gave_and_what_being_late_costs_count():
    made = results(grade(by_hand=True, penalty=0.5), LESSON)
    assert made["score"] == 1.5 and made["tests"][0]["score"] == 2.0
    assert made["tests"][0]["output"] == "graded by hand\nNearly."


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory):
    """Return a folder as Gradescope makes it of the zip that `autograder export` writes."""
    root = make_course(tmp_path_factory.mktemp("course"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("autograder.root.ROOT", root)
        said = CliRunner().invoke(app, ["export", LESSON, "--format", "gradescope-zip"])
    path = root / "dist" / f"gradescope-{LESSON}.zip"
    assert said.output == (
        f"{LESSON}: autograder in {path}: it holds the answers, for Gradescope and you alone\n"
    )
    base = tmp_path_factory.mktemp("autograder")
    for folder in ("results", "submission"):
        (base / folder).mkdir()
    with zipfile.ZipFile(path) as archive:
        archive.extractall(base / "source")
        modes = {info.filename: stat.S_IMODE(info.external_attr >> 16) for info in archive.infolist()}
    assert modes["run_autograder"] == modes["setup.sh"] == 0o755
    return base


def test_the_zip_holds_programs_lock_grader_and_lesson_at_its_top(unpacked):
    assert {path.name for path in (unpacked / "source").iterdir()} == {
        *("setup.sh", "run_autograder", "requirements.lock", "grader", "lesson")
    }
    assert {path.name for path in (unpacked / "source" / "lesson").iterdir()} == {
        *(f"{LESSON}.ipynb", "students.whl")
    }
    assert (unpacked / "source" / "grader" / "course" / "reference" / "layers.py").is_file()
    assert not list(unpacked.rglob("__pycache__"))


@pytest.mark.parametrize("program", ["setup.sh", "run_autograder"])
def test_the_programs_are_shell_scripts_without_a_fault_of_syntax(unpacked, program):
    path = unpacked / "source" / program
    assert path.read_text().startswith("#!/usr/bin/env bash\n")
    subprocess.run(["bash", "-n", path], check=True)


APT = """#!/bin/sh
case "$*" in update|*"$OFFERED"*) exit 0;; *) exit 1;; esac
"""
PYTHON = """#!/bin/sh
[ "$2" = venv ] || exit 1
mkdir -p "$3/bin"
printf '#!/bin/sh\\necho "$0 $*"\\n' > "$3/bin/python"
chmod +x "$3/bin/python"
"""


def set_up(unpacked, folder, offered):
    """Run setup.sh where apt offers one Python, and what it calls only says what it was asked."""
    for name, text in {"apt-get": APT, "python3.12": PYTHON}.items():
        (folder / name).write_text(text)
        (folder / name).chmod(0o755)
    environment = {"PATH": f"{folder}:{os.environ['PATH']}", "AUTOGRADER": str(unpacked), "OFFERED": offered}
    command = ["bash", unpacked / "source" / "setup.sh"]
    return subprocess.run(command, env=environment, capture_output=True, text=True)


def test_setup_takes_the_newest_tested_python_and_installs_the_lock_with_its_hashes(unpacked, tmp_path):
    done = set_up(unpacked, tmp_path, "python3.12")
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == (
        f"{unpacked}/venv/bin/python -m pip install --only-binary :all: --require-hashes "
        f"--requirement {unpacked}/source/requirements.lock"
    )


def test_setup_says_so_when_there_is_no_python_for_it(unpacked, tmp_path):
    done = set_up(unpacked, tmp_path, "python3.10")
    assert done.returncode == 1 and "choose Ubuntu 22.04 or newer" in done.stderr


def hand_in(base, **files):
    for path in (base / "submission").iterdir():
        path.unlink()
    for name, data in files.items():
        (base / "submission" / name.replace("_ipynb", ".ipynb")).write_bytes(data)
    (base / "results" / "results.json").unlink(missing_ok=True)


def test_run_autograder_grades_one_submission_as_gradescope_calls_it(unpacked, tmp_path):
    wrong = RIGHT["affine_forward"].replace(" + b", "")
    notebook = as_bytes(small_lesson.right(affine_forward=wrong, written_1="The chain rule."))
    hand_in(unpacked, my_copy_ipynb=notebook, timestamp=b"yesterday")
    environment = {**os.environ, "AUTOGRADER": str(unpacked), "PYTHON": sys.executable}
    done = subprocess.run(
        ["bash", unpacked / "source" / "run_autograder"], cwd=tmp_path, env=environment, capture_output=True,
        text=True, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    made = json.loads((unpacked / "results" / "results.json").read_text())
    points = {test["name"]: test.get("score") for test in made["tests"]}
    assert points.pop("affine_forward") < 3
    assert points == {"affine_backward": 3.0, "relu_forward": 2.0, "written-1 (3 points)": None}
    assert "bias" in made["tests"][0]["output"] and "7.0" not in made["output"]
    assert made["score"] == sum(test.get("score", 0) for test in made["tests"])
    assert made["extra_data"]["state"] == "graded" and made["extra_data"]["level"] in ("A", "B")
    assert made["output"].startswith(f"{LESSON}: {made['score']:g} of 11 points so far; written-1 waits")


def test_a_submission_without_a_notebook_gets_a_reason(unpacked):
    hand_in(unpacked, essay=b"")
    run.main(unpacked)
    made = json.loads((unpacked / "results" / "results.json").read_text())
    assert made["score"] == 0 and "failed (no notebook: only essay)" in made["output"]


def test_where_grading_fails_nobody_gets_a_zero_that_is_not_theirs(unpacked, monkeypatch, capsys):
    def no_sandbox(*_):
        raise NoSandbox("no sandbox on this machine")

    hand_in(unpacked, x_ipynb=as_bytes(small_lesson.right()))
    monkeypatch.setattr(engine, "sandbox_level", no_sandbox)
    monkeypatch.setattr(sys, "argv", ["run", str(unpacked)])
    monkeypatch.delitem(sys.modules, run.__name__)  # to be the main one
    with pytest.raises(SystemExit) as ended:
        runpy.run_module(run.__name__, run_name="__main__")
    assert ended.value.code == 3 and capsys.readouterr().err == "autograder: no sandbox on this machine\n"
    assert not (unpacked / "results" / "results.json").exists()


def test_code_runs_without_a_sandbox_only_when_the_zip_says_so(unpacked, monkeypatch):
    asked = []
    monkeypatch.setattr(run, "graded", lambda submission, bundle, trusted: asked.append(trusted) or grade())
    trusted = unpacked / "source" / "lesson" / "trusted.txt"
    run.main(unpacked)
    trusted.write_text("")
    run.main(unpacked)
    trusted.unlink()
    assert asked == [False, True]
