"""Databases that are not as they should be, or not there."""

import gc
import os
import sqlite3
import sys
import sysconfig
from contextlib import closing

import pytest
from nbgrader import api
from sqlalchemy import inspect

from autograder import database
from autograder.errors import AutograderError
from autograder.gradebook import Gradebook
from tests.small_lesson import LESSON
from tests.test_gradebook import RELEASE, result


def test_a_new_gradebook_is_of_the_version_that_nbgrader_names_itself(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", sysconfig.get_path("scripts"), prepend=os.pathsep)  # nbgrader starts alembic
    url = f"sqlite:///{tmp_path}/gradebook.db"
    with Gradebook(url, "a-course", LESSON, RELEASE):
        pass
    with closing(sqlite3.connect(tmp_path / "gradebook.db")) as connection:
        versions = connection.execute("SELECT version_num FROM alembic_version").fetchall()
    assert versions == [(api.get_alembic_version(),)]


def test_a_gradebook_of_nbgraders_gets_indices_and_stays_one_of_nbgraders(empty_database, monkeypatch):
    monkeypatch.setattr(api, "get_alembic_version", lambda: "a version")  # a process of its own, and seconds
    api.Gradebook(empty_database, "a-course").close()
    for _ in range(2):
        with Gradebook(empty_database, "a-course", LESSON, RELEASE) as book:
            book.record(result())
    with api.Gradebook(empty_database, "a-course") as stock:
        for table, column in database.SOUGHT.items():
            indices = inspect(stock.engine).get_indexes(table)
            assert [column] in [each["column_names"] for each in indices]
        assert stock.find_submission(LESSON, "lee").score == 5.5


# nbgrader leaves the connection open when it cannot use the database, of which Python 3.13 warns.
@pytest.mark.filterwarnings("ignore:unclosed database:ResourceWarning")
def test_a_database_that_cannot_be_used_is_one_line_without_its_password(tmp_path):
    (tmp_path / "gradebook.db").write_bytes(b"this is no database, and long enough to be seen as none" * 100)
    with pytest.raises(AutograderError, match="gradebook .* cannot be used") as caught:
        Gradebook(f"sqlite:///{tmp_path}/gradebook.db", "a-course", LESSON, RELEASE)
    assert "\n" not in str(caught.value)
    del caught
    gc.collect()


def test_a_server_that_is_not_there_is_one_line_without_its_password(tmp_path):
    url = f"postgresql+psycopg://teacher:secret@/gradebook?host={tmp_path}"
    with pytest.raises(AutograderError, match="gradebook .* cannot be used: .*connection") as caught:
        Gradebook(url, "a-course", LESSON, RELEASE)
    assert "\n" not in str(caught.value) and "secret" not in str(caught.value)


def test_a_driver_that_is_not_installed_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(AutograderError, match=r'psycopg.*pip install "psycopg\[binary\]"'):
        Gradebook("postgresql+psycopg://teacher@/gradebook", "a-course", LESSON, RELEASE)
