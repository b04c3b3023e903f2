"""The command line: one function a command, which calls one module.

Each imports what it needs when it is called: to load nbgrader takes seconds, and every process that grades
loads this file first.
"""

import sys
from pathlib import Path

import typer
from typer.core import TyperGroup

from autograder.choices import Format, Keep
from autograder.errors import AutograderError

LESSON = typer.Argument(help="The lesson's name, such as modular-layers.")
SUBMITTED = typer.Option(None, help="Folder of submissions, <student>/<lesson>/; the course's submitted/.")
WORKERS = typer.Option(None, min=1, help="Submissions graded at the same time; as many as there are cores.")
SCHEDULER = typer.Option(None, help="A Dask cluster that grades, such as tcp://127.0.0.1:8786.")
AGAIN = typer.Option(False, "--again", help="Grade also what is already graded and unchanged.")
TRUST = typer.Option(False, "--i-trust-this-code", help="Run it even where this machine has no sandbox.")
STUDENTS = typer.Option([], "--student", help="Only this one; may be given several times.")
TABLE = typer.Option(None, help="A CSV file to write, with every change and its reason.")
OUTPUT = typer.Option(None, help="The file to write; points-<lesson>.csv, -canvas.csv and so on.")
SOURCE = typer.Option(None, "--from", help="nbgrader's exchange, a Canvas or Moodle download, or a folder.")
KEEP = typer.Option(Keep.LAST, help="Which of several attempts counts; the best is found by grading them.")
ROSTER = typer.Option(None, help="CSV of students: id, first_name, last_name, email, lms_user_id.")
FORMAT = typer.Option(Format.CSV, "--format", help="For whom; docs/collect-and-export.md says more.")
PAGES = typer.Option(True, help="Write feedback and the report on the class; else the command report does.")
TEMPLATE = typer.Option(None, help="What Canvas or Moodle has exported, to be filled in.")


class OneLineErrors(TyperGroup):
    """Commands whose failures are one line on stderr and exit code 1; 3 where there is no sandbox."""

    def invoke(self, ctx):
        """Run the command that was asked for."""
        try:
            return super().invoke(ctx)
        except AutograderError as error:
            typer.echo(f"autograder: {error}", err=True)
            raise typer.Exit(error.exit_code) from None


app = typer.Typer(
    cls=OneLineErrors,
    help="Build the course's lessons, give them to students, grade what comes back.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.command()
def build(lesson: str = typer.Argument(None, help="Its name, or a lecture's; all when left out.")):
    """Make source/ and release/ notebooks and docs/course.md from the lessons' texts."""
    from autograder import build as building

    for name in [lesson] if lesson else building.in_order():
        changed = building.build(name)
        typer.echo(f"{name}: {'built' if changed else 'is what its text makes already'}")
    if building.build_page():
        typer.echo("docs/course.md: built")


@app.command()
def release(lesson: str = typer.Argument(None, help="Its name; the last lesson when left out.")):
    """Make dist/student/, the folder for students, up to this lesson."""
    from autograder import student

    typer.echo(f"{student.release(lesson).parent} is ready to be given to students")


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def lab(context: typer.Context):
    """Open dist/student/ in JupyterLab; arguments are handed on to it."""
    from autograder import lab as laboratory

    laboratory.start(context.args)


@app.command()
def collect(
    lesson: str = LESSON,
    source: Path = SOURCE,
    keep: Keep = KEEP,
    roster: Path = ROSTER,
    dry_run: int = typer.Option(None, min=1, help="Say so of the first N students; write nothing."),
    submitted: Path = SUBMITTED,
    trusted: bool = TRUST,
):
    """Bring submissions in, and say which are there and what is wrong with those that cannot be graded."""
    from autograder import incoming
    from autograder.folder import Folder
    from autograder.root import ROOT

    folder = Folder(ROOT, lesson, submitted)
    typer.echo("\n".join(incoming.collected(folder, source, keep, roster, dry_run, trusted)))


@app.command()
def grade(
    lesson: str = LESSON,
    submitted: Path = SUBMITTED,
    workers: int = WORKERS,
    again: bool = AGAIN,
    scheduler: str = SCHEDULER,
    pages: bool = PAGES,
    dry_run: int = typer.Option(None, min=1, help="Grade the first N submissions; record nothing."),
    trusted: bool = TRUST,
):
    """Grade what was handed in: write the gradebook, each student's feedback, the report on the class."""
    from autograder import bundle
    from autograder.root import ROOT
    from autograder.sandbox import loading
    from autograder.workers import workers_of

    if dry_run:
        from autograder import jobs
        from autograder.folder import Folder

        results = jobs.dry_run(Folder(ROOT, lesson, submitted), dry_run, workers, trusted)
        typer.echo("\n".join([*map(jobs.line, results), f"{lesson}: {len(results)} tried, nothing recorded"]))
        return
    with workers_of(bundle.usual(ROOT, lesson), scheduler, workers, trusted) as team:
        with loading.once():  # this takes a second, in which the workers get ready
            from autograder import grade as grading
            from autograder.folder import Folder

        folder = Folder(ROOT, lesson, submitted)
        outcome = grading.grade(folder, again=again, pages=pages, trusted=trusted, team=team)
    if pages and not outcome.is_interrupted:
        typer.echo(f"feedback in {folder.feedback}, the class in {folder.report}")
    typer.echo("\n".join(outcome.lines()))
    if outcome.is_interrupted:
        raise typer.Exit(130)


@app.command()
def regrade(
    lesson: str = LESSON,
    student: list[str] = STUDENTS,
    record: bool = typer.Option(False, "--record", help="Record it without asking."),
    table: Path = TABLE,
    submitted: Path = SUBMITTED,
    workers: int = WORKERS,
    scheduler: str = SCHEDULER,
    trusted: bool = TRUST,
):
    """Grade again what was graded, as after a changed check: show who gains and loses, then ask to record."""
    from autograder import regrade as regrading
    from autograder.folder import Folder
    from autograder.root import ROOT
    from course import files

    folder = Folder(ROOT, lesson, submitted)
    with regrading.regraded(folder, student, workers, scheduler=scheduler, trusted=trusted) as again:
        typer.echo("\n".join(again.preview.lines()))
        if again.preview.is_interrupted:
            raise typer.Exit(130)
        if table:
            files.write(table, again.preview.table().encode())
        asks = sys.stdin.isatty() and again.preview.graded
        if record or asks and typer.confirm("Record this?"):
            typer.echo(f"{lesson}: {again.record()} of {len(again.preview.graded)} recorded")
        else:
            typer.echo("nothing recorded: --record does it")


@app.command()
def extend(
    lesson: str = LESSON,
    student: str = typer.Argument(None, help="Whom to give longer."),
    days: float = typer.Option(None, help="From the due date on, for what was given before; 0: no longer."),
    hours: float = typer.Option(None, help="Besides the days."),
):
    """Give one student longer than the due date, before or after something is handed in; say who has it."""
    from datetime import timedelta

    from autograder import extend as extending
    from autograder.folder import Folder
    from autograder.root import ROOT

    given = student and (days, hours) != (None, None)
    extension = timedelta(days=days or 0, hours=hours or 0) if given else None
    typer.echo("\n".join(extending.extended(Folder(ROOT, lesson), student, extension)))


@app.command()
def report(lesson: str = LESSON):
    """Write each student's feedback and the reports anew, with what was graded by hand, and on likeness."""
    from autograder import grade as grading
    from autograder.folder import Folder
    from autograder.root import ROOT

    folder = Folder(ROOT, lesson)
    count = grading.report(folder)
    typer.echo(f"{lesson}: {count} students: feedback in {folder.feedback}, the class in {folder.report}")
    typer.echo(f"pairs that are more alike than usual in {folder.similarity}: a reason to talk, not a proof")


@app.command()
def export(
    lesson: str = LESSON,
    form: Format = FORMAT,
    template: Path = TEMPLATE,
    column: str = typer.Option(None, help="The assignment in Canvas; found by the lesson's name."),
    output: Path = OUTPUT,
    trusted: bool = TRUST,
):
    """Write points for people and for learning platforms; what a person still has to grade is "waiting"."""
    from autograder.exports.command import export as exporting
    from autograder.folder import Folder
    from autograder.root import ROOT

    folder = Folder(ROOT, lesson)
    typer.echo("\n".join(exporting(folder, form, template, column, output, trusted)))


@app.command()
def doctor():
    """Say which sandbox this machine has for students' code, and what could be mended."""
    from autograder import doctor as doctors
    from autograder.root import ROOT

    typer.echo("\n".join(doctors.lines(ROOT)))


@app.command()
def publish(
    lesson: str = LESSON,
    quick: bool = typer.Option(False, "--quick", help="Leave out pictures and training, as grading does."),
):
    """Write the answered notebook and its page to dist/published/, for students after the deadline."""
    from autograder import build as building
    from autograder import publish as publishing

    folder = publishing.publish(lesson, building.ROOT, quick)
    typer.echo(f"{lesson}: answered notebook and page in {folder}")


@app.command()
def teach(lesson: str = typer.Argument(help="The lesson's name, or a lecture's.")):
    """Write the teacher's page of a lesson: time, rubric, mistakes to expect; of a lecture, its slides."""
    from autograder import build as building
    from autograder import slides, teaching

    if lesson in building.lectures():
        typer.echo(f"{lesson}: slides in {slides.write(lesson, building.ROOT / 'dist' / 'slides')}")
    else:
        typer.echo(f"{lesson}: {teaching.write(lesson)}")


if __name__ == "__main__":
    app()
