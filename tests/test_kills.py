"""Whatever writes a gradebook may be killed between any two statements."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from nbgrader import api
from sqlalchemy import text

from autograder.gradebook import Gradebook
from tests.killed import COURSE, LESSON, WRITES
from tests.test_gradebook import RELEASE, result


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def killed(request, tmp_path_factory):
    """Return a database in which every write was killed at each of its statements, and what that left."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('killed')}/gradebook.db"
    else:
        url = request.getfixturevalue("postgresql").create("killed")
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "tests.killed", url],
        cwd=Path(__file__).parents[1], capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return url, json.loads(done.stdout)


@pytest.mark.parametrize("write", ["a new gradebook", *WRITES])
def test_a_write_that_is_killed_leaves_nothing_or_all_of_it(killed, write):
    states, _ = killed[1][write]
    assert set(states[:-2]) == {"nothing"} and states[-1] == "all"


def test_kills_come_between_all_statements_and_before_and_after_the_commit(killed):
    for write in WRITES:
        states, steps = killed[1][write]
        assert states[-3:] == ["nothing", "all", "all"] and len(states) == len(steps) + 1
        assert steps[-2:] == ["commit", "left"]


def test_what_is_killed_writes_to_every_table_that_a_submission_stands_in(killed):
    written = [step.split("(")[0].strip() for step in killed[1]["a new submission"][1]]
    for table in ("student", "submitted_assignment", "submitted_notebook", "grade", "comment"):
        assert f"INSERT INTO {table}" in written


def test_after_all_kills_the_gradebook_can_be_used(killed):
    url, _ = killed
    with Gradebook(url, COURSE, LESSON, RELEASE) as book:
        book.record(result("four"))
        assert list(book.entries()) == ["four", "one", "two"]  # the third was only given longer
        assert list(book.dates().extensions) == ["three", "two"]
    with api.Gradebook(url, COURSE) as book:
        assert book.db.execute(text("SELECT count(*) FROM alembic_version")).scalar() == 1
