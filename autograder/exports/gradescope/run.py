"""Grade the one submission in Gradescope's folder: python -m autograder.exports.gradescope.run FOLDER.

Where grading itself fails, no results.json is written: Gradescope then tells student and teacher that the
autograder failed, and nobody gets a 0 that is not theirs.
"""

import secrets
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat
from nbformat import NotebookNode
from nbgrader.utils import determine_grade, is_grade

from autograder import engine
from autograder.bundle import Bundle
from autograder.collect import look_into
from autograder.engine import Result
from autograder.errors import AutograderError
from autograder.gradebook import Entry, Score
from autograder.incoming.attempts import unpack
from autograder.incoming.schemes import FOLDERS, Claim
from autograder.incoming.sources import entries
from autograder.jobs import job_of
from autograder.sandbox import Limits
from course import files

from ..grades import Grade
from .pack import TRUSTED
from .results import as_json

STUDENT = "student"  # Gradescope knows who it is


def main(base: Path) -> None:
    """Grade what lies in submission/ and write results/results.json."""
    bundle = read_bundle(base / "source" / "lesson")
    trusted = (base / "source" / "lesson" / TRUSTED).is_file()
    grade = graded(base / "submission", bundle, trusted)
    files.write(base / "results" / "results.json", as_json(grade, bundle.lesson).encode())


def read_bundle(folder: Path) -> Bundle:
    """Return the lesson that was packed."""
    (notebook,) = folder.glob("*.ipynb")
    return Bundle(notebook.stem, notebook.read_bytes(), (folder / "students.whl").read_bytes())


def graded(submission: Path, bundle: Bundle, trusted: bool) -> Grade:
    """Return the Grade of the files in a folder, with hidden cases from a fresh seed.

    trusted: run them even where there is no sandbox.
    """
    engine.sandbox_level(trusted, bundle.needs_kernel)
    release = nbformat.reads(bundle.release.decode(), as_version=4)
    with TemporaryDirectory() as aside:
        folder = Path(aside, STUDENT, bundle.lesson)
        with entries(submission) as found:
            unpack(folder, [(Claim(STUDENT, entry.name), entry) for entry in found], FOLDERS)
        found = look_into(folder, release)
    result = engine.grade(job_of(found, bundle, secrets.randbits(63), Limits(), trusted))
    cells = nbformat.reads(result.notebook.decode(), as_version=4).cells
    scores = {cell.id: score(cell, result) for cell in cells if is_grade(cell)}
    return Grade(Entry(STUDENT, "", "", None, 0.0, scores), result)


def score(cell: NotebookNode, result: Result) -> Score:
    """Return the points of a graded cell: a test's; of a written answer 0 when it was left as released."""
    verdict = result.verdicts.get(cell.id)
    points = verdict["points"] if verdict else determine_grade(cell)[0]
    return Score(points, float(cell.metadata.nbgrader.points), by_hand=False, comment="")


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]))
    except AutograderError as error:
        sys.stderr.write(f"autograder: {error}\n")
        sys.exit(error.exit_code)
