"""The students' wheel: the course package without what stays with the teacher."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from autograder.build import BuildError, leaks, version

from . import reference

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


def make_wheel(staged, number, requirements, into):
    """Write the wheel of a staged package into a folder, with this version and these needs; return its path.

    Raises BuildError when hatchling fails.
    """
    text = PYPROJECT.format(version=number, dependencies=json.dumps(requirements))
    write(staged.parent / "pyproject.toml", text)
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(into)],
        cwd=staged.parent,
        env={**os.environ, "SOURCE_DATE_EPOCH": EPOCH},
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise BuildError(f"hatchling could not build the wheel: {done.stderr.strip().splitlines()[-1]}")
    return into / f"course-{number}-py3-none-any.whl"


def stage(course, lessons, current, into):
    """Copy what of the course package ships with a lesson into a new folder, which must be called course.

    lessons: every Lesson, earlier and later ones too.
    Raises BuildError when recorded cases are missing.
    """
    shipped = reference.modules(course / "reference", lessons, current.number)
    shutil.copytree(course, into, ignore=stays(course, reference.early(course, shipped)))
    for module, text in shipped.items():
        write(into / "reference" / f"{module}.py", text)
    for lesson in lessons:
        if lesson.points and lesson.number <= current.number:
            recorded = Path("checks") / "recorded" / f"{lesson.lesson}.npz"
            if not (course / recorded).is_file():
                raise BuildError(f"course/{recorded} is missing: run `autograder build {lesson.lesson}`")
            write(into / recorded, (course / recorded).read_bytes())
    write(into / "version.py", with_version(course / "version.py", version(current)))
    return into


def stays(course, early):
    """Return a test, as shutil.copytree wants it, of what is not copied as it is.

    early: what of the folder needs a part of the reference that does not ship yet.
    """
    kept = {course: {*leaks.KEPT, "reference", *early}, course / "checks": {"recorded"}}

    def ignored(folder, names):
        hidden = {name for name in names if name.startswith(".") or name == "__pycache__"}
        return hidden | kept.get(Path(folder), set())

    return ignored


def with_version(path, number):
    """Return the text of course/version.py with another version."""
    return re.sub(r'^VERSION = ".*"$', f'VERSION = "{number}"', path.read_text(encoding="utf-8"), flags=re.M)


def write(path, content):
    """Write text or bytes to a file, in a folder that is made when it is not there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
