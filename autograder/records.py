"""What is kept of a grading besides nbgrader's database: the executed notebook, and a record of how it went.

The record holds what the database has no place for: state, reason, verdicts, sandbox level, and the seed of
the hidden cases. It lies beside nbgrader's folder of the submission and not in it, because nbgrader copies
every file of that folder to the feedback that students get. It is written last, and names the notebook that
it is about: a submission without one, or whose record is about other bytes, was not graded to the end and is
graded again.
"""

import hashlib
import json
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from pathlib import Path

from autograder.bundle import Bundle
from autograder.collect import Submission
from autograder.engine import Result
from course import files


@dataclass(frozen=True)
class Graded:
    """What was graded: digests of what was handed in, and of the lesson as it was released then."""

    submission: str
    lesson: str


def graded(submission: Submission, bundle: Bundle) -> Graded:
    """Return what grading this submission now would grade."""
    # What cannot be graded is told apart by why.
    handed_in = submission.notebook or submission.remark.encode()
    weights = submission.weights.name if submission.weights else b""
    return Graded(digest(handed_in, weights), digest(bundle.lesson.encode(), bundle.release))


def digest(*parts: bytes) -> str:
    """Return what names these bytes."""
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()


def write_notebook(autograded: Path, result: Result, timestamp: datetime | None) -> None:
    """Write the executed notebook and the time of submission where nbgrader's formgrader looks for them."""
    folder = autograded / result.student / result.lesson
    sweep(autograded, result.student, result.lesson)
    if timestamp is None:
        (folder / "timestamp.txt").unlink(missing_ok=True)
    else:
        files.write(folder / "timestamp.txt", f"{timestamp} UTC\n".encode())
    files.write(_notebook(autograded, result.student, result.lesson), result.notebook)


def write_record(autograded: Path, result: Result, what: Graded) -> None:
    """Write the record of a Result, readable by its owner alone."""
    values = {**vars(result), "notebook": digest(result.notebook)}
    text = json.dumps({"graded": asdict(what), **values})
    files.write(_path(autograded, result.student, result.lesson), text.encode(), mode=0o600)


def read(autograded: Path, student: str, lesson: str) -> tuple[Result, Graded] | None:
    """Return the Result of a submission's last grading, and what was graded; None without a whole record."""
    try:
        values = json.loads(_path(autograded, student, lesson).read_bytes())
        what, written = Graded(**values.pop("graded")), values.pop("notebook")
        notebook = _notebook(autograded, student, lesson).read_bytes()
        values["notes"] = tuple(values["notes"])
        is_complete = set(values) == {field.name for field in fields(Result)} - {"notebook"}
        is_whole = is_complete and digest(notebook) == written
        return (Result(**values, notebook=notebook), what) if is_whole else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def sweep(autograded: Path, student: str, lesson: str) -> None:
    """Remove what a grading that was killed has left: nbgrader would give it to the student as feedback."""
    for path in (_path(autograded, student, lesson), _notebook(autograded, student, lesson)):
        files.sweep(path)


def seed(autograded: Path, student: str, lesson: str, submission: str) -> int | None:
    """Return the seed by which a submission was graded before, whole or not; None when it never was."""
    try:
        values = json.loads(_path(autograded, student, lesson).read_bytes())
        return int(values["seed"]) if values["graded"]["submission"] == submission else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _path(autograded: Path, student: str, lesson: str) -> Path:
    return autograded / student / f"{lesson}.json"


def _notebook(autograded: Path, student: str, lesson: str) -> Path:
    return autograded / student / lesson / f"{lesson}.ipynb"
