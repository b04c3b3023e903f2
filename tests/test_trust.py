"""Where a machine has no sandbox: every command that runs students' code refuses, unless it is trusted."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from typer.testing import CliRunner

from autograder import batch, records, workers
from autograder.__main__ import app
from autograder.folder import Folder
from autograder.sandbox import levels
from tests import small_lesson
from tests.handed_in import exchange
from tests.small_lesson import LESSON, as_bytes, make_course

TRUST = "--i-trust-this-code"
NOTEBOOK = {f"{LESSON}.ipynb": as_bytes(small_lesson.right())}
TIMES = ("2026-03-01 09:00:00 UTC", "2026-03-01 10:00:00 UTC")
RUNS_CODE = {  # what it says at its end when it was trusted
    ("grade", "--dry-run", "1"): f"{LESSON}: 1 tried, nothing recorded",
    ("grade",): f"{LESSON}: 1 graded, 0 partly graded, 0 failed; ",
    ("regrade", "--record"): f"{LESSON}: 1 of 1 recorded",
    ("collect", "--from", "exchange", "--keep", "best"): f"{LESSON}: 1 submission, 1 can be graded; ",
}


class Here(ThreadPoolExecutor):
    """A pool that works in this process."""

    def __init__(self, _workers, _beginning=None):
        super().__init__(1)

    def start(self):
        """Have nothing to start."""


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """Return a folder with one submission, and with two of the same student in an exchange."""
    root = make_course(tmp_path_factory.mktemp("trust") / "course")
    exchange(root / "exchange", *(("ann", time, NOTEBOOK) for time in TIMES))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("autograder.root.ROOT", root)
        patch.chdir(root)
        patch.setattr(levels, "find", lambda: levels.Found("D", {"A": "no namespaces", "B": "no Landlock"}))
        for module in (batch, workers):  # in this process, where there is no sandbox
            patch.setattr(module, "Pool", Here)
        assert call("collect", "--from", "exchange").exit_code == 0
        yield root


def call(command, *arguments):
    return CliRunner().invoke(app, [command, LESSON, *arguments])


@pytest.mark.parametrize("command", RUNS_CODE, ids=" ".join)
def test_without_a_sandbox_a_command_runs_only_what_is_trusted(course, command):
    refused = call(*command)
    if command == ("regrade", "--record"):
        assert call("grade", TRUST).exit_code == 0
        refused = call(*command)
    assert refused.exit_code == 3, refused.output
    (line,) = refused.stderr.splitlines()[-1:]
    assert line.startswith("autograder: no sandbox on this machine") and TRUST in line
    trusted = call(*command, TRUST)
    assert trusted.exit_code == 0, trusted.output
    assert trusted.stdout.splitlines()[-1].startswith(RUNS_CODE[command])
    record = records.read(Folder(course, LESSON).autograded, "ann", LESSON)
    if command[0] in ("grade", "regrade") and "--dry-run" not in command:
        assert record[0].level == "UNSANDBOXED"
