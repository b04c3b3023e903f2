"""docs/collect-and-export.md is run like code: every command in it, in its order, on a class as it says."""

import re

import pytest
from typer.testing import CliRunner

from autograder import build
from autograder.__main__ import app
from tests import small_lesson
from tests.handed_in import zipped
from tests.small_lesson import LESSON, as_bytes, make_course

PAGE = build.ROOT / "docs" / "collect-and-export.md"
BLOCKS = re.findall(r"^```sh\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
COMMANDS = [line.removeprefix(".venv/bin/autograder ") for block in BLOCKS for line in block.splitlines()]
FILES = {
    "roster.csv": "id,first_name,last_name,email,lms_user_id\nal1,Ann,Lee,ann@x.org,12\nbo2,Bob,Poe,,\n",
    "gradebook.csv": "Student,ID,SIS Login ID,Section,Modular layers (7)\nPoints Possible,,,,11\nx,12,,A,\n",
    "worksheet.csv": "Identifier,Full name,Grade,Maximum Grade,Comments\nParticipant 5,Bob Poe,,11,\n",
}


@pytest.fixture(scope="module")
def said(tmp_path_factory):
    """Return {command: what it said} of every command on the page."""
    root = make_course(tmp_path_factory.mktemp("course"))
    for name, text in FILES.items():
        (root / name).write_text(text)
    notebook = as_bytes(small_lesson.right())
    files = {f"leeann_12_1_{LESSON}-2.ipynb": notebook, f"poebob_LATE_13_2_{LESSON} (1).ipynb": notebook}
    zipped(root / "submissions.zip", files)
    said, at = {}, COMMANDS.index(f"export {LESSON}")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("autograder.root.ROOT", root)
        patch.chdir(root)
        for command in [*COMMANDS[:at], f"grade {LESSON}", *COMMANDS[at:]]:
            done = CliRunner().invoke(app, command.split())
            assert done.exit_code == 0, f"{command}: {done.output}"
            said[command] = done.output.splitlines()
    return root, said


def test_every_command_of_the_page_does_what_the_page_says(said):
    root, said = said
    assert len(COMMANDS) == 11
    first, taken, there = (said[command] for command in COMMANDS[1:4])
    assert first[-1].endswith("2 new; nothing was written") and taken[-1].endswith("2 new")
    assert there == ["al1: found", f"bo2: renamed (named {LESSON} (1).ipynb)", taken[-1].partition(";")[0]]
    assert "handed in late, says Canvas" in taken[2]
    assert said[f"grade {LESSON} --dry-run 3"][-1] == f"{LESSON}: 2 tried, nothing recorded"
    made = {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}
    assert made >= {
        f"points-{LESSON}.csv",
        f"points-{LESSON}-canvas.csv",
        f"points-{LESSON}-moodle.csv",
        f"points-{LESSON}-gradescope/al1/results.json",
        f"dist/gradescope-{LESSON}.zip",
        f"report-{LESSON}-similarity.html",
    }
    assert '"x","12","","A","8"' in (root / f"points-{LESSON}-canvas.csv").read_text()
    assert '"Participant 5","Bob Poe","8","11"' in (root / f"points-{LESSON}-moodle.csv").read_text()


@pytest.mark.parametrize("name", sorted(set(re.findall(r"--[a-z][a-z-]+", PAGE.read_text(encoding="utf-8")))))
def test_every_option_on_the_page_is_there(name):
    helped = [
        CliRunner().invoke(app, [command, "--help"], terminal_width=200).output
        for command in ("collect", "grade", "export", "publish")
    ]
    assert any(re.search(rf"{name}\b", text) for text in helped)


def test_what_the_page_says_of_limits_is_so():
    from autograder.incoming.attempts import MAX_FILES, MAX_TOTAL
    from autograder.sanitise import MAX_BYTES

    text = " ".join(PAGE.read_text(encoding="utf-8").split())
    assert f"At most {MAX_FILES} files and {MAX_TOTAL / 1e6:.0f} MB of an attempt" in text
    assert f"{MAX_BYTES / 1e6:.0f} MB of one file" in text
