"""Which packages of others a student needs, in the words of pyproject.toml."""

import re
import tomllib

from autograder.build import ROOT

# what the wheel imports
LIBRARIES = ("numpy", "matplotlib", "ipywidgets", "anywidget", "traitlets", "ipython")
# where it is used
NOTEBOOK = ("ipykernel", "jupyterlab")


def requirements(names):
    """Return the requirement lines of these packages.

    Raises KeyError when pyproject.toml does not list one.
    """
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = {re.match(r"[\w-]+", line)[0]: line for line in project["dependencies"]}
    return [lines[name] for name in names]
