"""What a lesson gives to each of its submissions."""

import hashlib
import io
import json
import zipfile
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from autograder.errors import AutograderError
from autograder.sandbox.scratch import Scratch


@dataclass(frozen=True)
class Bundle:
    """A lesson's released notebook, and the students' wheel."""

    lesson: str
    release: bytes
    wheel: bytes

    @cached_property
    def name(self) -> str:
        """Return what tells this content from any other."""
        parts = self.lesson.encode(), self.release, self.wheel
        return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()

    @cached_property
    def needs_kernel(self) -> bool:
        """Tell whether the lesson's cells are to be run in an IPython kernel."""
        return json.loads(self.release)["metadata"].get("course", {}).get("needs_kernel", False)


def bundle_in(release: Path, source: Path, lesson: str) -> Bundle:
    """Return a lesson's Bundle, given nbgrader's folders of released and of source assignments.

    Raises: AutograderError when the released notebook or the students' wheel is not there.
    """
    notebook = release / lesson / f"{lesson}.ipynb"
    wheels = sorted((source / lesson).glob("course-*.whl"))
    if not notebook.is_file():
        raise AutograderError(f"{notebook} is missing: run `autograder build {lesson}`")
    if len(wheels) != 1:
        raise AutograderError(
            f"expected one students' wheel in {source / lesson}, found {len(wheels)}: "
            f"run `autograder release {lesson}`"
        )
    return Bundle(lesson, notebook.read_bytes(), wheels[0].read_bytes())


def usual(root: Path, lesson: str) -> Bundle | None:
    """Return the Bundle in the folders that nbgrader uses by default, None where there is none."""
    try:
        return bundle_in(root / "release", root / "source", lesson)
    except AutograderError:
        return None


@cache
def unpacked(wheel: bytes) -> Scratch:
    """Return a folder with the students' package, unpacked once in each process."""
    scratch = Scratch()
    with zipfile.ZipFile(io.BytesIO(wheel)) as archive:
        archive.extractall(scratch.path)
    return scratch
