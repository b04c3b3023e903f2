"""Turn templates into pages that need nothing from outside."""

import re
from functools import cache
from html import escape

from jinja2 import Environment, PackageLoader, StrictUndefined

from .clean import one_line

LEVELS = {
    "": "not run",
    "A": "graded in a jail that has files, processes and a network of its own",
    "B": "graded in a jail that can write no file and start no process",
    "UNSANDBOXED": "graded UNSANDBOXED, without a jail around it: no protection against hostile code",
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
