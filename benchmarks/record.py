"""Keep what a benchmark has measured: the figures, the commit, and a line on the machine."""

import json
import os
import platform
import subprocess
from pathlib import Path

import numpy as np

from course.files import write

ROOT = Path(__file__).resolve().parent.parent


def record(name, figures, *, measured):
    """Write benchmarks/<name>.json; measured: the files and folders that the figures depend on."""
    content = {"commit": commit(measured), "machine": machine(), **figures}
    write(ROOT / "benchmarks" / f"{name}.json", (json.dumps(content, indent=2) + "\n").encode())


def commit(paths):
    """Return the last commit that changed one of the paths, and whether they have been changed since."""
    last = git("log", "-1", "--format=%h", "--", *paths)
    return last + (", changed since" if git("status", "--porcelain", "--", *paths) else "")


def git(*arguments):
    """Return what git says."""
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def machine():
    """Return a line on the machine that tells nobody's name."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    system = f"{platform.system()} on {platform.machine()}, {cores} cores"
    return f"{system}, Python {platform.python_version()}, NumPy {np.__version__}"
