"""The whole way, as a teacher walks it: `autograder collect`, `grade`, `report`, `export`."""

import csv
import json
import os
import shutil
import signal
import subprocess
import sys
import time

import nbformat
import pytest
from nbgrader import api
from typer.testing import CliRunner

from autograder import grade as grading
from autograder.__main__ import app
from autograder.errors import AutograderError
from autograder.folder import Folder
from autograder.sandbox import Limits
from tests import small_lesson
from tests.small_lesson import LESSON, RIGHT, as_bytes, cell, make_course

NO_BIAS = RIGHT["affine_forward"].replace(" + b", "")
SCRIPT = "%%after relu_forward\nfrom IPython.display import HTML\nHTML('<b>bold</b><script>evil()</script>')"
CLASS = {
    "ann": as_bytes(
        small_lesson.right(written_1="The chain <img src=x onerror=evil()> rule.", modular_layers_9=SCRIPT)
    ),
    "=bob, jr": as_bytes(small_lesson.right(affine_forward=NO_BIAS)),
    "eve": b"<html>log in first</html>",
}

TEMPLATES = {
    "canvas": f"""Student,ID,SIS User ID,SIS Login ID,Section,{LESSON} (5)
    Points Possible,,,,,11
"Lee, Ann",1,,ann,A,
"Jr, Bob",2,"=bob, jr",,A,3
"Zed, Zoe",3,,zoe,A,4
""",
    "moodle": """Identifier,Full name,Username,Grade,Maximum Grade,Feedback comments
Participant 7,Ann Lee,ann,,11.00,
Participant 8,=bob jr,bob,,11.00,
""",
    "gradescope": "",
}


def hand_in(root, student, notebook, name=f"{LESSON}.ipynb"):
    folder = root / "submitted" / student / LESSON
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(notebook)


class Walked:
    """A course folder in which the commands were called one after the other, and what they said."""

    def __init__(self, root):
        self.root, self.said = make_course(root), {}

    def call(self, *arguments):
        return CliRunner().invoke(app, [arguments[0], LESSON, *arguments[1:]])

    def folder(self):
        return Folder(self.root, LESSON)


@pytest.fixture(scope="module")
def walked(tmp_path_factory):
    walked = Walked(tmp_path_factory.mktemp("course"))
    for student, notebook in CLASS.items():
        name = "downloaded (1).ipynb" if student == "ann" else f"{LESSON}.ipynb"
        hand_in(walked.root, student, notebook, name)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("autograder.root.ROOT", walked.root)
        patch.chdir(walked.root)
        walked.said["collect"] = walked.call("collect")
        walked.said["first"] = walked.call("grade", "--workers", "2")
        walked.said["second"] = walked.call("grade")
        grade_by_hand(walked.root, "ann", 2.5)
        hand_in(walked.root, "eve", CLASS["=bob, jr"])
        walked.said["third"] = walked.call("grade")
        walked.said["report"] = walked.call("report")
        walked.said["export"] = walked.call("export")
        for form, template in TEMPLATES.items():
            (walked.root / "template.csv").write_text(template)
            arguments = ("--template", "template.csv") if template else ()
            walked.said[form] = walked.call("export", "--format", form, *arguments)
    return walked


def grade_by_hand(root, student, points):
    with api.Gradebook(f"sqlite:///{root}/gradebook.db", "neural-networks") as book:
        grade = book.find_grade("written-1", LESSON, LESSON, student)
        grade.manual_score, grade.needs_manual_grade = points, False
        book.find_comment("written-1", LESSON, LESSON, student).manual_comment = "Nearly."
        book.db.commit()
        book.engine.dispose()


def table(root):
    lines = (root / f"points-{LESSON}.csv").read_text().splitlines()
    return {line["student"]: line for line in csv.DictReader(lines)}


def test_collect_says_what_is_there(walked):
    lines = walked.said["collect"].output.splitlines()
    assert lines == [
        "=bob, jr: found",
        "ann: renamed (named downloaded (1).ipynb)",
        f"eve: not JSON ({LESSON}.ipynb: the file is not JSON (JSONDecodeError))",
        f"{LESSON}: 3 submissions, 2 can be graded",
    ]


def test_grade_ends_with_remarks_the_sandbox_level_where_to_look_and_a_sum(walked):
    done = walked.said["first"]
    assert done.exit_code == 0, done.output
    assert "eve: failed (" in done.output and "sandbox level A: graded in a jail" in done.output
    assert str(walked.folder().report) in done.stdout
    assert done.stdout.splitlines()[-1].startswith(f"{LESSON}: 2 graded, 0 partly graded, 1 failed; ")


def test_a_second_run_grades_nothing_again_and_says_why(walked):
    last = walked.said["second"].stdout.splitlines()[-1]
    assert "0 graded, 0 partly graded, 0 failed, 3 skipped, already graded and unchanged" in last


def test_a_changed_submission_is_graded_again_and_no_other(walked):
    last = walked.said["third"].stdout.splitlines()[-1]
    assert "1 graded, 0 partly graded, 0 failed, 2 skipped" in last


def test_the_table_of_points_has_every_submission_with_grades_by_hand(walked):
    lines = table(walked.root)
    assert set(lines) == {"ann", "'=bob, jr", "eve"}
    ann = lines["ann"]
    assert (ann["total"], ann["written-1"], ann["state"]) == ("10.5", "2.5", "graded")
    for student in ("'=bob, jr", "eve"):
        assert lines[student]["test-affine_backward"] == "3"
        assert float(lines[student]["test-affine_forward"]) < 3
    assert [lines[student]["level"] for student in ("ann", "'=bob, jr", "eve")] == ["A", "A", "A"]


def filled(walked, form):
    assert walked.said[form].exit_code == 0, walked.said[form].output
    rows = csv.reader((walked.root / f"points-{LESSON}-{form}.csv").read_text().splitlines())
    return list(rows), walked.said[form].output.splitlines()


def test_canvas_gets_its_table_back_and_the_console_says_what_is_not_in_it(walked):
    rows, said = filled(walked, "canvas")
    assert [row[-1] for row in rows] == [f"{LESSON} (5)", "11", "10.5", said_points(walked), "4"]
    assert "eve: not exported, no row of the template is this student's: is the roster imported?" in said
    assert said[-3].startswith("sandbox level A: graded in a jail")
    assert said[-1] == f"{LESSON}: 3 submissions in points-{LESSON}-canvas.csv"


def said_points(walked):
    return table(walked.root)["'=bob, jr"]["total"]


def test_moodle_gets_its_worksheet_back_with_points_and_the_sandbox_level(walked):
    rows, said = filled(walked, "moodle")
    assert rows[1][3] == "10.5"
    assert rows[1][-1].startswith(f"{LESSON}: 10.5 of 11 points; graded; graded in a jail")
    assert said[0].startswith("=bob, jr: not exported") and rows[2][3] == ""


def test_gradescope_gets_results_of_each_submission(walked):
    assert walked.said["gradescope"].exit_code == 0, walked.said["gradescope"].output
    folder = walked.root / f"points-{LESSON}-gradescope"
    assert {path.name for path in folder.iterdir()} == set(CLASS)
    made = json.loads((folder / "ann" / "results.json").read_text())
    assert made["score"] == 10.5 and made["extra_data"]["level"] == "A"


@pytest.mark.parametrize("form", ["canvas", "moodle"])
def test_a_platforms_own_table_must_be_named(walked, monkeypatch, form):
    monkeypatch.setattr("autograder.root.ROOT", walked.root)
    done = walked.call("export", "--format", form)
    assert done.exit_code == 1 and "--template FILE" in done.output


def test_the_report_says_who_is_more_alike_than_usual(walked):
    assert str(walked.folder().similarity) in walked.said["report"].output
    assert "A reason to talk, not a proof." in walked.folder().similarity.read_text()


def test_each_student_has_a_page_and_the_class_a_report(walked):
    folder = walked.folder()
    page = folder.page("ann").read_text()
    assert "Nearly." in page and "log in first" not in page
    assert all(folder.page(student).is_file() for student in CLASS)
    assert "=bob, jr" in folder.report.read_text()


def test_what_came_with_a_submission_is_not_where_students_look(walked):
    (walked.root / "autograded" / "ann" / f"{LESSON}.json").read_text()
    for folder in ("feedback", "autograded"):
        kept = {path.name for path in (walked.root / folder / "ann" / LESSON).iterdir()}
        assert kept <= {f"{LESSON}.html", f"{LESSON}.ipynb", "timestamp.txt"}


def test_no_script_of_a_student_runs_where_a_person_looks(walked):
    notebook = nbformat.read(walked.root / "autograded" / "ann" / LESSON / f"{LESSON}.ipynb", as_version=4)
    written = cell(notebook, "written-1").source
    assert "onerror" in written and "<img" not in written
    shown = cell(notebook, "modular-layers-9").outputs[0].data["text/html"]
    assert "<b>bold</b>" in shown and "script" not in shown
    page = walked.folder().page("ann").read_text()
    assert "<script>evil" not in page and "<img src=x" not in page


def seeds(folder):
    results, _ = grading.recorded(folder)
    return {result.student: result.seed for result in results}


def test_hidden_cases_are_drawn_anew_for_each_submission_and_again_the_same_for_the_same(walked):
    folder, before = walked.folder(), seeds(walked.folder())
    assert len(set(before.values())) == 3
    outcome = grading.grade(folder, workers=2, again=True)
    assert len(outcome.graded) == 3 and seeds(folder) == before
    assert table(walked.root)["ann"]["total"] == "10.5"


def test_a_lost_gradebook_is_filled_again(walked, tmp_path):
    root = tmp_path / "copy"
    shutil.copytree(walked.root, root)
    (root / "gradebook.db").unlink()
    shutil.rmtree(root / "submitted" / "ann")
    outcome = grading.grade(Folder(root, LESSON), workers=1)
    assert len(outcome.graded) == 2 and not outcome.unchanged


def test_what_is_missing_is_said_in_one_line(tmp_path):
    with pytest.raises(AutograderError, match="autograder build"):
        Folder(tmp_path, LESSON).release  # noqa: B018
    root = make_course(tmp_path / "course")
    with pytest.raises(AutograderError, match="no folder"):
        grading.grade(Folder(root, LESSON))
    (root / "submitted").mkdir()
    with pytest.raises(AutograderError, match=f"no submissions of {LESSON}"):
        grading.grade(Folder(root, LESSON))
    next((root / "source" / LESSON).glob("*.whl")).unlink()
    with pytest.raises(AutograderError, match="autograder release"):
        Folder(root, LESSON).release  # noqa: B018


def test_a_layout_other_than_nbgraders_usual_one_is_refused(tmp_path):
    other = "{nbgrader_step}/{assignment_id}/{student_id}"
    text = f"c = get_config()\nc.CourseDirectory.directory_structure = {other!r}\n"
    (tmp_path / "nbgrader_config.py").write_text(text)
    with pytest.raises(AutograderError, match="directory_structure"):
        Folder(tmp_path, LESSON)


INTERRUPTED = """
import sys
from pathlib import Path
from autograder import grade as grading
from autograder.folder import Folder
from autograder.sandbox import Limits

if __name__ == "__main__":
    outcome = grading.grade(Folder(Path(sys.argv[1]), "modular-layers"), 1, limits=Limits(cell_seconds=60))
    print(*outcome.lines(), sep="\\n")
"""


def test_ctrl_c_keeps_what_was_recorded_and_the_next_run_goes_on(tmp_path):
    root = make_course(tmp_path / "course")
    hand_in(root, "a", CLASS["ann"])
    hand_in(root, "b", as_bytes(small_lesson.right(relu_forward="import time; time.sleep(50)")))
    script = tmp_path / "interrupted.py"
    script.write_text(INTERRUPTED)
    process = subprocess.Popen(
        [sys.executable, script, root], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        start_new_session=True,
    )  # fmt: skip
    first = root / "autograded" / "a" / f"{LESSON}.json"
    deadline = time.monotonic() + 120
    while not first.exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    os.killpg(process.pid, signal.SIGINT)
    said, complaints = process.communicate(timeout=45)
    assert "interrupted: run it again to go on with the rest" in said, complaints
    assert "Traceback" not in complaints and process.returncode == 0
    hand_in(root, "b", as_bytes(small_lesson.release()))
    folder = Folder(root, LESSON)
    outcome = grading.grade(folder, workers=1, limits=Limits(cell_seconds=5), pages=False)
    assert ([r.student for r in outcome.graded], [r.student for r in outcome.unchanged]) == (["b"], ["a"])
    assert folder.page("a").exists() and not folder.page("b").exists() and not folder.report.exists()
