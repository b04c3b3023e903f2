"""The course's site: lectures, explorers that answer without a kernel, the reference, the teacher's guide.

It asks no other host for anything. There are two of it: one for everyone, and the teacher's, which also holds
the guide, sample answers and known mistakes.
"""

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from autograder import web
from autograder.errors import AutograderError
from autograder.root import ROOT
from autograder.site import pages
from course import files


class SiteError(AutograderError):
    """The site cannot be made."""


def make(teachers: bool, root: Path = ROOT) -> Path:
    """Write dist/site/, or dist/teacher/site/ with what is the teacher's alone; return its folder.

    Raises: BuildError when a lecture fails; WebError when something that pages load is not to be had;
    SiteError when Sphinx is missing or warns of anything.
    """
    if not importlib.util.find_spec("sphinx_book_theme"):
        raise SiteError('Sphinx is missing: .venv/bin/python -m pip install -e ".[site]"')
    into = root / "dist" / "teacher" / "site" if teachers else root / "dist" / "site"
    into.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=into.parent, prefix=".site-") as folder:
        source, made = Path(folder) / "source", Path(folder) / "site"
        lay_out(source, teachers, root)
        sphinx(source, made)
        shutil.rmtree(into, ignore_errors=True)
        made.rename(into)
    return into


def lay_out(source: Path, teachers: bool, root: Path = ROOT) -> None:
    """Write everything that Sphinx reads into a folder."""
    shutil.copytree(root / "docs" / "_static", source / "_static")
    shutil.copy(root / "docs" / "conf.py", source)
    for name in ("formulas", "widgets", "modules"):
        web.put(name, source / "_static")
    module = Path(importlib.util.find_spec("anywidget").origin).parent / "nbextension" / "index.js"
    shutil.copy(module, source / "_static" / "anywidget.js")  # of the anywidget that has run the explorers
    pages.slides(source / "_extra" / "slides", root)
    for path, text in pages.texts(teachers, root).items():
        files.write(source / path, text.encode())


def sphinx(source: Path, into: Path) -> None:
    """Let Sphinx write the site.

    Raises: SiteError at its first warning.
    """
    command = [sys.executable, "-m", "sphinx", "-q", "-E", "-W", "--keep-going", "-b", "html"]
    ran = subprocess.run([*command, str(source), str(into)], capture_output=True, text=True)
    if ran.returncode:
        said = [line for line in ran.stderr.splitlines() if "WARNING" in line or "rror" in line]
        raise SiteError(f"Sphinx: {(said or ran.stderr.splitlines() or ['failed'])[0]}")
    for left in (".doctrees", ".buildinfo"):
        shutil.rmtree(into / left, ignore_errors=True)
        (into / left).unlink(missing_ok=True)
