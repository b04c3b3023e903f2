"""What holds for all tests."""

from functools import cache
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, settings

LESSONS = Path(__file__).resolve().parent.parent / "course" / "lessons"
NAMES = sorted(path.stem for path in LESSONS.glob("*.py"))

# A busy machine is no failure: no test measures time.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Keep the tests of one lesson in one process, and else those of one file.

    What such tests share, an executed notebook or a graded class, is then made once and not in each process.
    """
    from xdist.scheduler import LoadScopeScheduling  # late: it is there only where tests are distributed

    class ByLesson(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            file, _, test = nodeid.partition("::")
            return next((lesson for lesson in NAMES if f"[{lesson}" in test), file)

    return ByLesson(config, log)


@pytest.fixture(scope="session", params=NAMES)
def lesson(request):
    """Return the lesson whose student package a test is about; each one in turn."""
    return request.param


@pytest.fixture(scope="session")
def once(tmp_path_factory):
    """Return functions that make something of a lesson, once in a process in whatever order tests come."""
    from autograder import student  # late: most tests need neither the builder nor nbgrader
    from autograder.build import run
    from tests.packaged import notebook, teachers_copy

    @cache
    def teacher(lesson):
        root = teachers_copy(tmp_path_factory.mktemp("teacher"))
        student.release(lesson, root)
        return root

    @cache
    def installed(wheel):
        return student.unpack(wheel, tmp_path_factory.mktemp("installed") / "course")

    @cache
    def executed(lesson, package, installed, answered, skip):
        made = notebook(package, lesson, answered)
        return run.run(made, path=[installed], skip=skip, CIFAR10_DIR="")

    return SimpleNamespace(teacher=teacher, installed=installed, executed=executed)


@pytest.fixture(scope="session")
def teacher(lesson, once):
    """Return a copy of the course from which the student package was made."""
    return once.teacher(lesson)


@pytest.fixture(scope="session")
def package(teacher):
    """Return the student package."""
    return teacher / "dist" / "student"


@pytest.fixture(scope="session")
def the_wheel(package):
    """Return the students' wheel."""
    return next(package.glob("*.whl"))


@pytest.fixture(scope="session")
def installed(the_wheel, once):
    """Return a folder in which Python finds the students' course."""
    return once.installed(the_wheel)


@pytest.fixture(scope="session")
def executed(lesson, package, installed, once):
    """Return what runs the students' notebook, once in each way: answered or blank, without cells of a tag.

    Where there are photographs it runs without them: the figures of a text are those of generated pictures.
    """

    def of(answered, skip=""):
        return once.executed(lesson, package, installed, answered, skip)

    return of


@pytest.fixture(scope="session")
def postgresql():
    """Return a running PostgreSQL server."""
    from tests import postgres

    if reason := postgres.missing():
        pytest.skip(reason)
    with postgres.server() as running:
        yield running


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database(request, tmp_path):
    """Return the address of an empty database of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/empty.db"
        return
    server = request.getfixturevalue("postgresql")
    yield server.create("empty")
    server.drop("empty")


@pytest.fixture(scope="module")
def browser():
    """Return one Chromium for the tests of a file; while it is there, asyncio.run does not work."""
    from tests import explorer_pages  # late: most tests need no browser

    if not explorer_pages.CHROMIUM:
        pytest.skip("no chromium: install it or set CHROMIUM to its path")
    with explorer_pages.chromium() as running:
        yield running


@pytest.fixture
def show(browser):
    """Return a function that shows an explorer on a page without a kernel (explorer_pages.py)."""
    from tests import explorer_pages

    with explorer_pages.showing(browser) as shower:
        yield shower
