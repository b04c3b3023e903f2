"""The students' wheel: the course package without what stays with the teacher."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from autograder.build import BuildError, leaks, version

from . import reference
from .needs import LIBRARIES, requirements

EPOCH = "1577836800"  # the date of every file in the wheel: the same bytes whenever it is built
PYPROJECT = """\
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "course"
version = "{version}"
description = "What the notebooks of the course import."
requires-python = ">=3.11"
dependencies = {dependencies}

[tool.hatch.build]
ignore-vcs = true

[tool.hatch.build.targets.wheel]
packages = ["course"]
"""


def make_wheel(course, lessons, number, into):
    """Write the wheel for the lesson of this number into a folder; return its path.

    course: the teacher's package folder.  lessons: every Lesson, earlier and later ones too.
    Raises BuildError when hatchling fails or recorded cases are missing.
    """
    current = next(lesson for lesson in lessons if lesson.number == number)
    with TemporaryDirectory() as folder:
        stage(course, lessons, number, Path(folder) / "course")
        dependencies = str(requirements(LIBRARIES)).replace("'", '"')
        text = PYPROJECT.format(version=version(current), dependencies=dependencies)
        (Path(folder) / "pyproject.toml").write_text(text, encoding="utf-8")
        done = subprocess.run(
            [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(into)],
            cwd=folder,
            env={**os.environ, "SOURCE_DATE_EPOCH": EPOCH},
            capture_output=True,
            text=True,
        )
    if done.returncode:
        raise BuildError(f"hatchling could not build the wheel: {done.stderr.strip().splitlines()[-1]}")
    return Path(into) / f"course-{version(current)}-py3-none-any.whl"


def stage(course, lessons, number, into):
    """Copy the parts of the course package that ship with the lesson of this number."""
    shutil.copytree(course, into, ignore=stays(course))
    for module, text in reference.modules(course / "reference", lessons, number).items():
        write(into / "reference" / f"{module}.py", text)
    for lesson in lessons:
        recorded = Path("checks") / "recorded" / f"{lesson.lesson}.npz"
        if lesson.number <= number:
            if not (course / recorded).is_file():
                raise BuildError(f"{lesson.lesson}: course/{recorded} is missing: run `autograder build`")
            write(into / recorded, (course / recorded).read_bytes())
        if lesson.number == number:
            write(into / "version.py", with_version(course / "version.py", version(lesson)))


def stays(course):
    """Return a test, as shutil.copytree wants it, of what is not copied as it is."""
    kept = {course: {*leaks.KEPT, "reference"}, course / "checks": {"recorded"}}

    def ignored(folder, names):
        hidden = {name for name in names if name.startswith(".") or name in ("__pycache__",)}
        return hidden | kept.get(Path(folder), set())

    return ignored


def with_version(path, number):
    """Return the text of course/version.py with another version."""
    return re.sub(r'^VERSION = ".*"$', f'VERSION = "{number}"', path.read_text(encoding="utf-8"), flags=re.M)


def write(path, content):
    """Write text or bytes to a file, in a folder that is made when it is not there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
