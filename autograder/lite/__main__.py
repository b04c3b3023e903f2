"""`python -m autograder.lite`: write the course for the browser."""

import typer

from autograder import lite
from autograder.errors import AutograderError


def main():
    """Write dist/lite/."""
    try:
        folder = lite.make()
    except AutograderError as error:
        typer.echo(f"lite: {error}", err=True)
        raise typer.Exit(1) from None
    typer.echo(f"{folder} is ready: give it to a web server; a first visit needs the internet, for Pyodide")


typer.run(main)
