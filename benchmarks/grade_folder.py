"""The command `grade` for a course folder anywhere: `python -m benchmarks.grade_folder FOLDER [OPTIONS]`.

As in the command itself, the workers get ready while this process loads nbgrader, and do not load it.
"""

from pathlib import Path

import typer

from autograder import bundle
from autograder.sandbox import loading
from autograder.workers import workers_of

LESSON = "modular-layers"


def main(root: Path, pages: bool = True, scheduler: str | None = None, workers: int | None = None):
    """Grade what was handed in, and say what came of it."""
    root = root.resolve()
    with workers_of(bundle.usual(root, LESSON), scheduler, workers) as team:
        with loading.once():
            from autograder.folder import Folder
            from autograder.grade import grade

        print("\n".join(grade(Folder(root, LESSON), pages=pages, team=team).lines()))


if __name__ == "__main__":
    typer.run(main)
