"""Find what students handed in, as nbgrader lays it out: submitted/<student>/<lesson>/."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from nbformat import NotebookNode
from nbgrader.utils import parse_utc

from autograder import scoring
from autograder.errors import AutograderError
from autograder.sanitise import MAX_BYTES, Unreadable, is_answer, is_test, read, released_ids
from autograder.weights import Weights
from course.submission.weights import FILE
from course.submission.weights import MAX_BYTES as MAX_WEIGHTS

MAX_NOTEBOOKS = 20  # looked into in one folder
WEIGHTS = ".npz"  # in a name: browsers add " (1)" and endings of their own
FOUND = ("found", "renamed")


@dataclass(frozen=True)
class Submission:
    """One student's folder for a lesson, and the notebook in it when there is one to grade.

    state: "found", "renamed", or what is wrong in two words.  remark: one line, empty when all is well.
    """

    student: str
    lesson: str
    state: str
    remark: str = ""
    notebook: bytes = b""
    weights: Weights | None = None
    timestamp: datetime | None = None  # UTC, without a time zone, as nbgrader keeps it

    @property
    def has_weights(self) -> str:
        """Return what there is to say of the file of weights, empty when there is none."""
        if self.weights is None:
            return ""
        return f"{FILE}: {self.weights.trouble}" if self.weights.trouble else f"with {FILE}"

    @property
    def gradable(self) -> bool:
        """Tell whether there is a notebook to grade."""
        return self.state in FOUND


def folders(submitted: Path, lesson: str) -> list[Path]:
    """Return each student's folder of a lesson, by student.

    Raises: AutograderError when there is no folder of submissions.
    """
    if not submitted.is_dir():
        raise AutograderError(f"no folder {submitted}: submissions lie in {submitted}/<student>/{lesson}/")
    students = sorted(entry for entry in submitted.iterdir() if not entry.name.startswith("."))
    return [student / lesson for student in students if os.path.lexists(student / lesson)]


def collect(submitted: Path, lesson: str, release: NotebookNode) -> Iterator[Submission]:
    """Yield each student's submission of a lesson, readable or not; no content of theirs raises."""
    for folder in folders(submitted, lesson):
        yield look_into(folder, release)


def look_into(folder: Path, release: NotebookNode) -> Submission:
    """Return the submission that lies in a student's folder of a lesson."""
    # A name that is not UTF-8 on the disk still has to fit into a database and a report.
    student = folder.parent.name.encode("utf-8", "backslashreplace").decode()
    lesson = folder.name
    try:
        _inside(folder, folder.parent.parent.resolve() / folder.parent.name / folder.name)
        state, remark, notebook = _choose(folder, release)
        weights = _weights(folder) if wants_weights(release, lesson) else None
        timestamp, damage = _timestamp(folder / "timestamp.txt")
    except Unreadable as problem:
        return Submission(student, lesson, problem.state, str(problem))
    except OSError as error:
        return Submission(student, lesson, "not readable", f"{folder.name}: {error.strerror or error}")
    remark = "; ".join(filter(None, (remark, damage)))
    return Submission(student, lesson, state, remark, notebook, weights, timestamp)


def wants_weights(release: NotebookNode, lesson: str) -> bool:
    """Tell whether a test of the lesson asks for a file of weights."""
    return any(not cell.names for cell in scoring.graded_cells(release, lesson))


def _choose(folder: Path, release: NotebookNode) -> tuple[str, str, bytes]:
    """Return the state, a remark and the bytes of the one notebook in a folder that is of this lesson."""
    lesson = folder.name
    names = sorted(entry.name for entry in folder.iterdir())
    # Browsers add " (1)", ".txt" and ".json"; the lesson's own name is the first to look at.
    candidates = [name for name in names if ".ipynb" in name.lower() and not name.startswith(".")]
    candidates.sort(key=lambda name: name != f"{lesson}.ipynb")
    if not candidates:
        there = f"only {', '.join(names[:3])}" if names else "the folder is empty"
        raise Unreadable("no notebook", f"no notebook: {_short(there)}")
    good, problems = {}, []
    for name in candidates[:MAX_NOTEBOOKS]:
        try:
            good[name] = _notebook_of_lesson(folder / name, release)
        except Unreadable as problem:
            problems.append(Unreadable(problem.state, f"{_short(name)}: {problem}"))
    if not good:
        raise problems[0]
    name, *others = good
    if name == f"{lesson}.ipynb":
        others = [_short(other) for other in others if good[other] != good[name]]
        return "found", f"also there, not graded: {', '.join(others)}" if others else "", good[name]
    if len(set(good.values())) > 1:
        several = ", ".join(_short(each) for each in good)
        raise Unreadable("several notebooks", f"none of them is named {lesson}.ipynb: {_short(several)}")
    return "renamed", f"named {_short(name)}", good[name]


def _weights(folder: Path) -> Weights | None:
    """Return the weights that lie beside the notebook, under their own name or the only ones that do."""
    names = sorted(entry.name for entry in folder.iterdir() if WEIGHTS in entry.name.lower())
    if FILE in names:
        names = [FILE]
    if not names:
        return None
    if len(names) > 1:
        several = _short(", ".join(names))
        return Weights(None, "several files", f"none of them is named {FILE}: {several}")
    try:
        return Weights(_read_file(folder / names[0], MAX_WEIGHTS))
    except Unreadable as problem:
        return Weights(None, problem.state, str(problem))
    except OSError as error:
        return Weights(None, "not readable", error.strerror or str(error))


def _notebook_of_lesson(path: Path, release: NotebookNode) -> bytes:
    """Return a notebook's bytes, if it holds a test or an answer cell of the lesson."""
    data = _read_file(path)
    known = released_ids(release)
    wanted = {name for name, cell in known.items() if is_test(cell) or is_answer(cell)}
    for cell in read(data)["cells"]:
        if wanted & set(_names(cell)):
            return data
    raise Unreadable("another notebook", "not of this lesson: it has none of its test and answer cells")


def _names(cell: dict) -> list[str]:
    """Return the cell id and the grade id of a cell as it stands in the file, where they are texts."""
    metadata = cell.get("metadata")
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    grade_id = nbgrader.get("grade_id") if isinstance(nbgrader, dict) else None
    return [name for name in (cell.get("id"), grade_id) if isinstance(name, str)]


def _read_file(path: Path, most: int = MAX_BYTES) -> bytes:
    """Return the bytes of a regular file that lies in its folder, if they are not too many."""
    _inside(path, path.parent.resolve())
    if not path.is_file():  # a pipe or a device would never end
        raise Unreadable("no file", "not a regular file")
    with path.open("rb") as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise Unreadable("too large", f"larger than the {most / 1e6:.0f} MB that are read")
    return data


def _inside(path: Path, folder: Path) -> None:
    """Refuse a link that leads elsewhere: to a secret, or to what another student handed in."""
    try:
        real = path.resolve()
        inside = real.is_relative_to(folder) and not real.is_symlink()  # a link still: a loop of links
    except (OSError, RuntimeError):  # what Python before 3.13 makes of a loop
        inside = False
    if not inside:
        raise Unreadable("link outside", "a link that leads out of the student's folder is not followed")


def _timestamp(path: Path) -> tuple[datetime | None, str]:
    """Return the time of submission from nbgrader's timestamp.txt, and a remark when it cannot be read."""
    if not os.path.lexists(path):
        return None, ""
    try:
        return parse_utc(_read_file(path)[:100].decode().strip()), ""
    except (ValueError, OverflowError, TypeError):  # Unreadable is a ValueError
        return None, "timestamp.txt is not a date, so no time of submission is kept"


def _short(text: str) -> str:
    """Return a name from a student's disk as one short printable line."""
    text = "".join(letter if letter.isprintable() else "?" for letter in text)
    return text if len(text) <= 80 else text[:77] + "..."
