"""What holds for all tests."""

import pytest
from hypothesis import HealthCheck, settings

# A busy machine is no failure: no test measures time.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")


@pytest.fixture(scope="session")
def teacher(tmp_path_factory):
    """Return a copy of the course from which the student package was made."""
    from autograder import student  # late: most tests need neither the builder nor nbgrader
    from tests.packaged import LESSON, teachers_copy

    root = teachers_copy(tmp_path_factory.mktemp("teacher"))
    student.release(LESSON, root)
    return root


@pytest.fixture(scope="session")
def package(teacher):
    """Return the student package."""
    return teacher / "dist" / "student"


@pytest.fixture(scope="session")
def the_wheel(package):
    """Return the students' wheel."""
    return next(package.glob("*.whl"))


@pytest.fixture(scope="session")
def installed(the_wheel, tmp_path_factory):
    """Return a folder in which Python finds the students' course."""
    from autograder import student

    return student.unpack(the_wheel, tmp_path_factory.mktemp("installed") / "course")
