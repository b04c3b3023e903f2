"""`python -m autograder.demo`: invent a class, grade it as any class is graded, count what came of it."""

import json
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer
from nbformat import NotebookNode

from autograder import build, files
from autograder.build import ROOT
from autograder.demo import tally
from autograder.demo.handins import Handin, invent
from autograder.demo.table import table
from autograder.errors import AutograderError
from autograder.folder import Folder
from autograder.grade import grade, recorded
from autograder.reports import class_report
from autograder.sandbox import Limits
from autograder.student.needs import requirements
from autograder.student.wheel import make_wheel, stage

LESSON = "modular-layers"
LIMITS = Limits(
    cell_seconds=5, call_seconds=3
)  # the class has endless loops, and nobody wants to wait for them
MARK = "README.txt"
SAYS = "An invented class and its grades. `make demo` deletes this folder and makes it again.\n"


def main(into: Annotated[Path, typer.Argument(help="The folder, made anew.")] = ROOT / "demo"):
    """Grade an invented class, and count what grading found against what was handed in."""
    start = time.monotonic()
    try:
        typer.echo(f"building {LESSON}")
        build.build(LESSON)
        folder, handins = run(into)
    except AutograderError as error:
        typer.echo(f"demo: {error}", err=True)
        raise typer.Exit(1) from None
    counts, problems = account(folder, handins)
    problems += tally.too_few(counts)
    typer.echo(f"\n{time.monotonic() - start:.0f} s; look at {into / 'report.html'} and {folder.feedback}/")
    typer.echo(closing(counts, problems))
    raise typer.Exit(1 if problems else 0)


def run(into: Path, invite: Callable = invent) -> tuple[Folder, list[Handin]]:
    """Grade a class in a folder that is made anew; return the folder, and what was handed in.

    invite: makes the class from the lesson's name and its released notebook.
    Raises: AutograderError when the folder holds something else, or the lesson cannot be graded.
    """
    clear(into)
    folder = furnish(into)
    handins = invite(LESSON, folder.release)
    hand_in(folder, handins)
    grade(folder, limits=LIMITS)
    return folder, handins


def clear(into: Path) -> None:
    """Delete what an earlier demo has left.

    Raises: AutograderError when the folder holds something else.
    """
    if into.is_dir() and any(into.iterdir()) and not (into / MARK).is_file():
        raise AutograderError(f"{into} is no folder of the demo's: move it away, or name another folder")
    shutil.rmtree(into, ignore_errors=True)
    files.write(into / MARK, SAYS.encode())


def furnish(into: Path) -> Folder:
    """Make a course folder that holds the lesson and the students' wheel."""
    built = build.make(LESSON)
    for path, text in build.files(built, into).items():
        files.write(path, text.encode())
    lessons = [build.read(name) for name in build.lessons()]
    with TemporaryDirectory() as staging:
        package = stage(ROOT / "course", lessons, built.lesson, Path(staging) / "course")
        make_wheel(package, build.version(built.lesson), requirements(package), into / "source" / LESSON)
    return Folder(into, LESSON)


def hand_in(folder: Folder, handins: list[Handin]) -> None:
    """Write what each student hands in to where submissions are collected."""
    for handin in handins:
        path = folder.submitted / handin.student / folder.lesson / handin.filename
        files.write(path, as_bytes(handin.notebook))


def as_bytes(notebook: NotebookNode) -> bytes:
    """Return a notebook as a file holds it, with ids that stand twice left as they are."""
    return json.dumps(notebook, indent=1).encode()


def account(folder: Folder, handins: list[Handin]) -> tuple[dict[str, int], list[str]]:
    """Count what was recorded, print the table, write report and summary; return counts and what is amiss."""
    results, entries = recorded(folder)
    found, endings = tally.records(results, entries)
    counts = tally.count(handins, found, endings)
    typer.echo("\n" + "\n".join(table(handins, found, endings)))
    files.write(folder.root / "report.html", class_report(folder.lesson, results, entries).encode())
    files.write(folder.root / "summary.json", (json.dumps(counts, indent=1) + "\n").encode())
    typer.echo("\n" + "\n".join(f"{count:>6} {name.replace('_', ' ')}" for name, count in counts.items()))
    return counts, tally.broken(counts) + tally.faults(handins, found, endings)


def closing(counts: dict[str, int], problems: list[str]) -> str:
    """Return the last words: what is amiss, loudly, and one line that sums up."""
    loud = (
        ["", "THE DEMO FOUND FAULTS IN GRADING:", *(f"  {line}" for line in problems), ""] if problems else []
    )
    sums = f"demo: {counts['submissions']} submissions, {counts['graded']} graded, {counts['lost']} lost"
    return "\n".join([*loud, sums])


if __name__ == "__main__":
    typer.run(main)
