"""Turn templates into pages that need nothing from outside, and write them in one step."""

import os
import re
import tempfile
from functools import cache
from html import escape
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from .clean import one_line

LEVELS = {
    "process": "graded in a separate process that is stopped at its limits, without a jail around it",
}


@cache
def environment():
    """Return the templates, which escape whatever is not marked as HTML."""
    found = Environment(
        loader=PackageLoader("autograder.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters.update(line=one_line, points=points, breakable=breakable, prose=prose)
    return found


def render(template, **values):
    """Return a page."""
    return environment().get_template(template).render(values)


def points(number):
    """Return points in the shortest form: 3, 2.5."""
    return f"{number:g}"


def breakable(name):
    """Return a name as HTML that may be broken after its underscores."""
    return escape(name).replace("_", "_<wbr>")


def prose(text):
    """Return a sentence as HTML, with what stands between backticks as code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))


def level(name):
    """Return what a sandbox level means."""
    return LEVELS.get(name, f"graded at sandbox level {one_line(name, 40)}")


def write(path, text):
    """Write a page so that a reader sees the old one or the new one, never half of it."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise
