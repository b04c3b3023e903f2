"""The command line: one function a command, which calls one module."""

import typer
from typer.core import TyperGroup

from autograder import build as building
from autograder import lab as laboratory
from autograder import student
from autograder.errors import AutograderError


class OneLineErrors(TyperGroup):
    """Commands whose failures are one line on stderr and exit code 1."""

    def invoke(self, ctx):
        """Run the command that was asked for."""
        try:
            return super().invoke(ctx)
        except AutograderError as error:
            typer.echo(f"autograder: {error}", err=True)
            raise typer.Exit(1) from None


app = typer.Typer(
    cls=OneLineErrors,
    help="Build the course's lessons, give them to students, grade what comes back.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.command()
def build(lesson: str = typer.Argument(None, help="Its name; all lessons when left out.")):
    """Make source/ and release/ notebooks from the lessons' texts."""
    for name in [lesson] if lesson else building.lessons():
        changed = building.build(name)
        typer.echo(f"{name}: {'built' if changed else 'is what its text makes already'}")


@app.command()
def release(lesson: str = typer.Argument(None, help="Its name; the last lesson when left out.")):
    """Make dist/student/, the folder for students, up to this lesson."""
    typer.echo(f"{student.release(lesson).parent} is ready to be given to students")


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def lab(context: typer.Context):
    """Open dist/student/ in JupyterLab; arguments are handed on to it."""
    laboratory.start(context.args)


if __name__ == "__main__":
    app()
