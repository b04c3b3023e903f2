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

from autograder import build
from autograder.build import ROOT
from autograder.demo import tally
from autograder.demo.handins import Handin, invent
from autograder.demo.table import table
from autograder.errors import AutograderError
from autograder.folder import Folder
from autograder.grade import grade, recorded
from autograder.reports.course_report import course_report
from autograder.sandbox import Limits
from autograder.student.needs import requirements
from autograder.student.wheel import make_wheel, stage
from course import files
from course.submission.weights import FILE

LIMITS = Limits(
    cell_seconds=5, call_seconds=3
)  # the class has endless loops, and nobody wants to wait for them
MARK = "README.txt"
SAYS = "An invented class and its grades. `make demo` deletes this folder and makes it again.\n"


def main(
    into: Annotated[Path, typer.Argument(help="The folder, made anew.")] = ROOT / "demo",
    lesson: Annotated[list[str] | None, typer.Option(help="A lesson, by default every one.")] = None,
):
    """Grade an invented class, and count what grading found against what was handed in."""
    start, of_lessons, problems = time.monotonic(), {}, []
    try:
        clear(into)
        for name in lesson or build.lessons():
            typer.echo(f"\nbuilding {name}")
            build.build(name)
            folder, handins = run(into, name)
            of_lessons[name], amiss = account(folder, handins)
            problems += [f"{name}: {line}" for line in amiss]
    except AutograderError as error:
        typer.echo(f"demo: {error}", err=True)
        raise typer.Exit(1) from None
    counts = summarise(into, of_lessons)
    problems += [] if lesson else tally.too_few(counts)  # a lesson has as many mistakes as its bank
    typer.echo(f"\n{time.monotonic() - start:.0f} s; look at {into / 'report.html'} and {folder.feedback}/")
    typer.echo(closing(counts, problems))
    raise typer.Exit(1 if problems else 0)


def run(into: Path, lesson: str, invite: Callable = invent) -> tuple[Folder, list[Handin]]:
    """Grade a class in a lesson; return the course's folder, and what was handed in.

    invite: makes the class from the lesson's name and its released notebook.
    Raises: AutograderError when the lesson cannot be graded.
    """
    folder = furnish(into, lesson)
    handins = invite(lesson, folder.release)
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


def furnish(into: Path, lesson: str) -> Folder:
    """Put a lesson and its students' wheel into a course folder."""
    built = build.make(lesson)
    for path, text in build.files(built, into).items():
        files.write(path, text.encode())
    lessons = [build.read(name) for name in build.lessons()]
    with TemporaryDirectory() as staging:
        package = stage(ROOT / "course", lessons, built.lesson, Path(staging) / "course")
        make_wheel(package, build.version(built.lesson), requirements(package), into / "source" / lesson)
    return Folder(into, lesson)


def hand_in(folder: Folder, handins: list[Handin]) -> None:
    """Write what each student hands in to where submissions are collected."""
    for handin in handins:
        path = folder.submitted / handin.student / folder.lesson / handin.filename
        files.write(path, as_bytes(handin.notebook))
        if handin.weights is not None:
            files.write(path.with_name(FILE), handin.weights)


def as_bytes(notebook: NotebookNode) -> bytes:
    """Return a notebook as a file holds it, with ids that stand twice left as they are."""
    return json.dumps(notebook, indent=1).encode()


def account(folder: Folder, handins: list[Handin]) -> tuple[dict[str, int], list[str]]:
    """Count what was recorded and print it; return counts and what is amiss."""
    results, entries = recorded(folder)
    found, endings = tally.records(results, entries)
    counts = tally.count(handins, found, endings)
    typer.echo("\n" + "\n".join(table(handins, found, endings)))
    typer.echo("\n" + "\n".join(f"{count:>6} {name.replace('_', ' ')}" for name, count in counts.items()))
    return counts, tally.broken(counts) + tally.faults(handins, found, endings)


def summarise(into: Path, of_lessons: dict[str, dict[str, int]]) -> dict[str, int]:
    """Write the counts of all lessons and the page on the course; return the sums."""
    sums = tally.together(list(of_lessons.values()))
    summary = {**sums, "lessons": of_lessons}
    files.write(into / "summary.json", (json.dumps(summary, indent=1) + "\n").encode())
    graded = {lesson: recorded(Folder(into, lesson)) for lesson in of_lessons}
    files.write(into / "report.html", course_report(graded).encode())
    return sums


def closing(counts: dict[str, int], problems: list[str]) -> str:
    """Return the last words: what is amiss, loudly, and one line that sums up."""
    loud = (
        ["", "THE DEMO FOUND FAULTS IN GRADING:", *(f"  {line}" for line in problems), ""] if problems else []
    )
    sums = f"demo: {counts['submissions']} submissions, {counts['graded']} graded, {counts['lost']} lost"
    return "\n".join([*loud, sums])


if __name__ == "__main__":
    typer.run(main)
