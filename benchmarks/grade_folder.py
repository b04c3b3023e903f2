"""The command `grade` for a course folder anywhere: `python -m benchmarks.grade_folder FOLDER [OPTIONS]`."""

from pathlib import Path

import typer

from autograder.folder import Folder
from autograder.grade import grade
from benchmarks.honest import LESSON


def main(root: Path, pages: bool = True, scheduler: str | None = None, workers: int | None = None):
    """Grade what was handed in, and say what came of it."""
    outcome = grade(Folder(root.resolve(), LESSON), workers, scheduler=scheduler, pages=pages)
    print("\n".join(outcome.lines()))


if __name__ == "__main__":
    typer.run(main)
