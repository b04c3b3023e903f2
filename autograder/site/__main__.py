"""`python -m autograder.site`: write the site for everyone, or with --teachers the teacher's."""

import typer

from autograder import site
from autograder.errors import AutograderError


def main(teachers: bool = typer.Option(False, "--teachers", help="With guide and sample answers.")):
    """Write the course's site."""
    try:
        folder = site.make(teachers)
    except AutograderError as error:
        typer.echo(f"site: {error}", err=True)
        raise typer.Exit(1) from None
    whose = "the teacher's alone" if teachers else "for everyone: publish this folder"
    typer.echo(f"{folder / 'index.html'} is {whose}")


typer.run(main)
