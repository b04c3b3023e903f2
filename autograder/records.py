"""What is kept of a grading besides nbgrader's database: the executed notebook, and a record of how it went.

The record holds what the database has no place for: state, reason, verdicts, sandbox level, and the seed of
the hidden cases. It lies beside nbgrader's folder of the submission and not in it, because nbgrader copies
every file of that folder to the feedback that students get. It is written last: a submission without one, or
whose record names other bytes, was not graded to the end and is graded again.
"""

import hashlib
import json
from dataclasses import asdict, fields
from datetime import datetime
from pathlib import Path

from autograder.engine import Bundle, Result
from course import files


def digest(handed_in: bytes, weights: bytes, bundle: Bundle) -> str:
    """Return what names a submission to a lesson as it is released now.

    handed_in: the notebook, or why there is none.  weights: the file beside it, or why it cannot be read.
    """
    parts = (handed_in, weights, bundle.lesson.encode(), bundle.release)
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()


def write_notebook(autograded: Path, result: Result, timestamp: datetime | None) -> None:
    """Write the executed notebook and the time of submission where nbgrader's formgrader looks for them."""
    folder = autograded / result.student / result.lesson
    if timestamp is None:
        (folder / "timestamp.txt").unlink(missing_ok=True)
    else:
        files.write(folder / "timestamp.txt", f"{timestamp} UTC\n".encode())
    files.write(folder / f"{result.lesson}.ipynb", result.notebook)


def write_record(autograded: Path, result: Result, name: str) -> None:
    """Write the record of a Result under the digest of its submission, readable by its owner alone."""
    values = {key: value for key, value in asdict(result).items() if key != "notebook"}
    text = json.dumps({"digest": name, **values}, indent=1)
    files.write(_path(autograded, result.student, result.lesson), text.encode(), mode=0o600)


def read(autograded: Path, student: str, lesson: str) -> tuple[Result, str] | None:
    """Return the Result of a submission's last grading, and its digest; None without a whole record."""
    try:
        values = json.loads(_path(autograded, student, lesson).read_bytes())
        name = values.pop("digest")
        notebook = (autograded / student / lesson / f"{lesson}.ipynb").read_bytes()
        values["notes"] = tuple(values["notes"])
        complete = set(values) == {field.name for field in fields(Result)} - {"notebook"}
        return (Result(**values, notebook=notebook), name) if complete else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _path(autograded: Path, student: str, lesson: str) -> Path:
    return autograded / student / f"{lesson}.json"
