"""JupyterLab on the student package, as a student sees it."""

import os
import sys

from autograder import student
from autograder.build import ROOT


def start(arguments=()):
    """Become a JupyterLab in dist/student/, which is made when it is not there.

    `course` is the unpacked wheel there: a folder on PYTHONPATH comes before all that is installed, and
    a package is looked for in one place only, so nothing of the teacher's own `course` can be imported.
    """
    folder = ROOT / "dist" / "student"
    wheels = sorted(folder.glob("course-*.whl"))
    wheel = wheels[-1] if wheels else student.release()
    environment = {**os.environ, "PYTHONPATH": str(student.unpack(wheel, ROOT / "dist" / "lab"))}
    as_root = ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    os.chdir(folder)
    os.execve(sys.executable, [sys.executable, "-m", "jupyterlab", *as_root, *arguments], environment)
