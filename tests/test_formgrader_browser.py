"""nbgrader's formgrader in a real browser, on a class that was graded here."""

import os
import socket
import subprocess
import sys
from contextlib import contextmanager
from datetime import datetime

import pytest
from playwright.sync_api import expect, sync_playwright

from autograder import grade as grading
from autograder import records
from autograder.engine import Job, failed, grade
from autograder.folder import Folder
from autograder.grade import Pending
from autograder.harmless import harmless
from tests import small_lesson
from tests.small_lesson import LESSON, RIGHT, as_bytes
from tests.test_explorer_browser import CHROMIUM, MOST_MS, QUIET, START_SECONDS, wait_for
from tests.test_grade_command import make_course

WHEN = datetime(2026, 3, 1, 12, 30)
NO_BIAS = RIGHT["affine_forward"].replace(" + b", "")
HOSTILE = "See <img src=x onerror='document.title=1'> and <script>document.title = 2</script>"

pytestmark = pytest.mark.skipif(not CHROMIUM, reason="no chromium: install it or set CHROMIUM to its path")


@pytest.fixture(scope="module")
def results():
    """Return Results of three submissions, two of which were run."""
    notebooks = {
        "ann": as_bytes(small_lesson.right(written_1="The chain rule.")),
        "bob": as_bytes(small_lesson.right(affine_forward=NO_BIAS, written_1=HOSTILE)),
    }
    jobs = [Job(name, small_lesson.bundle(), notebook, seed=3) for name, notebook in notebooks.items()]
    lost = failed(Job("eve", small_lesson.bundle(), b"", seed=3), "the file is empty")
    return [*map(grade, jobs), lost]


@pytest.fixture
def course(tmp_path, empty_database, results):
    """Return the folder of a course with a gradebook of these Results, in each kind of database."""
    root = make_course(tmp_path / "course")
    with (root / "nbgrader_config.py").open("a") as config:
        config.write(f"\nc.CourseDirectory.db_url = {empty_database!r}\n")
    folder = Folder(root, LESSON)
    with folder.gradebook() as book:
        for result in results:
            what = records.Graded(result.student, LESSON)
            pending = Pending(WHEN, what, is_changed=True)
            grading.record(folder, book, harmless(result, folder.release), pending, pages=False)
    return folder


@contextmanager
def formgrader(folder, aside):
    """Serve a course with nbgrader's formgrader; yield its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    own = {f"JUPYTER_{name}_DIR": str(aside / name.lower()) for name in ("CONFIG", "DATA", "RUNTIME")}
    command = [sys.executable, "-m", "jupyter_server", "--no-browser", "--allow-root", f"--port={port}",
               "--ServerApp.port_retries=0", "--IdentityProvider.token=",
               f"--ServerApp.root_dir={folder}"]  # fmt: skip
    aside.mkdir()
    with open(aside / "log", "wb") as log:
        server = subprocess.Popen(command, cwd=folder, env=os.environ | own, stdout=log, stderr=log)
    try:
        wait_for(f"http://127.0.0.1:{port}/api", server, aside / "log")
        yield f"http://127.0.0.1:{port}/formgrader"
    finally:
        server.terminate()
        server.wait(START_SECONDS)


@contextmanager
def page_of(address):
    """Yield a page at this address."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        page = browser.new_page(viewport={"width": 1280, "height": 1000})
        page.set_default_timeout(MOST_MS)
        page.goto(address)
        yield page
        browser.close()


def rows(page):
    """Return the cells of the table on a page, once it has three rows."""
    expect(page.locator("table tbody tr")).to_have_count(3, timeout=MOST_MS)
    return [row.locator("td").all_inner_texts() for row in page.locator("table tbody tr").all()]


def test_a_person_finds_the_class_grades_by_hand_and_the_gradebook_keeps_it(course, tmp_path):
    with formgrader(course.root, tmp_path / "jupyter") as address:
        with page_of(f"{address}/manage_submissions/{LESSON}") as page:
            listed = {row[1]: (row[3], row[4]) for row in rows(page)}
            assert listed == {
                "ann": ("needs manual grading", "8 / 11"),
                "bob": ("needs manual grading", "5 / 11"),
                "eve": ("graded", "0 / 11"),
            }
            page.goto(f"{address}/gradebook/{LESSON}/{LESSON}")
            rows(page)
            page.get_by_role("row", name="5 / 11").get_by_role("link").first.click()
            expect(page.get_by_text("affine_forward: wrong, 0 of 3 points")).to_be_visible(timeout=MOST_MS)
            expect(page.get_by_text("The bias is never added.")).to_be_visible()
            expect(page.locator("#test-affine_forward")).to_have_attribute("placeholder", "0")
            assert page.title() not in ("1", "2") and page.locator("img[onerror]").count() == 0
            for field, value in (("#written-1", "2.5"), ("#written-1-comment", "Nearly.")):
                page.locator(field).fill(value)
                with page.expect_response(lambda answer: answer.request.method == "PUT"):
                    page.locator(field).blur()
    with course.gradebook() as book:
        entry = book.entries()["bob"]
    written = entry.scores["written-1"]
    assert (written.points, written.by_hand, written.comment) == (2.5, True, "Nearly.")
    assert [score.points for score in entry.scores.values()] == [0, 3, 2, 2.5]
