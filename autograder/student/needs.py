"""Which packages of others students need, in the words of pyproject.toml."""

import ast
import re
import tomllib
from functools import cache
from importlib.metadata import packages_distributions

from autograder.build import ROOT

NOTEBOOK = ("ipykernel", "jupyterlab")  # where the course is used


def requirements(folder):
    """Return the requirement lines of all that the modules in a folder import."""
    return declared({name for module in imported(folder) for name in installed().get(module, ())})


@cache
def installed():
    """Return {module: names of the packages that bring it}."""
    return packages_distributions()


def declared(names):
    """Return the lines of pyproject.toml that require these packages."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = {plain(name) for name in names}
    return [line for line in project["dependencies"] if plain(re.match(r"[\w.-]+", line)[0]) in wanted]


def plain(name):
    """Return a package's name as it is compared with another."""
    return re.sub(r"[-_.]+", "-", name).lower()


def imported(folder):
    """Return the first parts of the names of all modules that the Python files in a folder import."""
    return set().union(*(imported_by(path.read_text(encoding="utf-8")) for path in folder.rglob("*.py")))


@cache
def imported_by(text):
    """Return the first parts of the names of all modules that a module's text imports."""
    found = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.add(node.module.partition(".")[0])
    return found
