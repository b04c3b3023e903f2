"""What a fork server and its submissions find: files of their own, and their environment.

At level A they see the system's programs, Python and these files, nothing else of the machine. A server is
started without `site`: no .pth file is read, so no editable install puts the project onto its path. What it
imports from is spelt out in PYTHONPATH instead: the student package, the worker, the standard library, the
installed packages, and last the notebook's folder, where a file named numpy.py can't stand before NumPy.
"""

from __future__ import annotations

import os
import shutil
import sys
import sysconfig
from importlib.util import find_spec
from pathlib import Path

from .jail import tree

HERE = Path(__file__).parent
PROGRAM = (
    "loading.py", "cells.py", "wire.py", "worker.py", "start.py", "forkserver.py", "preloaded.py",
    "kernel.py", "driver.py",
)  # fmt: skip
SERVER_FOLDERS = ("worker", "package", "matplotlib", "ipython", "root")
SUBMISSION_FOLDERS = ("notebook", "home", "temporary")  # not used at level A, where each has a /tmp
THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
ANSWER = "course.checks.answer"
OURS = ("course", "autograder")  # packages that no submission may see, should they be installed


def furnish(folder: Path, package: Path | None) -> None:
    """Fill a server's folder, readable for every user whatever the modes of the originals are."""
    for name in SERVER_FOLDERS:
        (folder / name).mkdir()
    program = folder / "worker" / "sandbox"
    shutil.copytree(HERE / "jail", program / "jail", ignore=shutil.ignore_patterns("__pycache__"))
    for name in PROGRAM:
        shutil.copyfile(HERE / name, program / name)
    if package is not None:
        shutil.copytree(package, folder / "package", dirs_exist_ok=True)
        # The worker's other half: of the grader's age, whenever the student package was made.
        answer = folder.joinpath("package", *ANSWER.split(".")).with_suffix(".py")
        shutil.copyfile(find_spec(ANSWER).origin, answer)
        list_fonts(folder / "matplotlib")
    for path in [folder, *folder.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)


def list_fonts(folder: Path) -> None:
    """Write down which fonts there are, for Matplotlib: to find them takes it seconds."""
    from matplotlib import font_manager  # late: to try a jail takes no fonts

    name = f"fontlist-v{font_manager.FontManager.__version__}.json"
    font_manager.json_dump(font_manager.fontManager, folder / name)


def own_tree(folder: Path, level: str) -> dict:
    """Return the tree of what a server and its submissions see."""
    shown = {f"{tree.INSIDE}/{name}": str(folder / name) for name in SERVER_FOLDERS if name != "root"}
    if level != "A":
        shown |= {f"{tree.INSIDE}/{name}": str(folder / name) for name in SUBMISSION_FOLDERS}
    places = [str(place) for name in OURS for place in find_spec(name).submodule_search_locations]
    return tree.describe(shown, installed(), places)


def installed() -> list[str]:
    """Return the folders of the standard library and of installed packages."""
    library = sysconfig.get_path("stdlib")
    return [path for path in sys.path if path.startswith(library) or Path(path).name.endswith("-packages")]


def environment(shown: dict, folder: Path, level: str) -> dict[str, str]:
    """Return all environment variables of a server and its submissions: none is inherited."""
    packages = installed()
    base, own, temporary, settings = str(folder), str(folder), f"{folder}/temporary", f"{folder}/ipython"
    if level == "A":
        packages = [tree.inside(shown, path) for path in packages]
        base, own, temporary, settings = tree.INSIDE, tree.OWN, tree.OWN, f"{tree.OWN}/ipython"
    places = [f"{base}/package", f"{base}/worker", *packages, f"{own}/notebook"]
    return {
        "PATH": os.defpath,
        "LANG": "C.UTF-8",
        "HOME": f"{own}/home",
        "TMPDIR": temporary,
        "IPYTHONDIR": settings,
        "MPLCONFIGDIR": f"{base}/matplotlib",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "PYTHONPATH": os.pathsep.join(places),
        "PYTHONHASHSEED": "0",
        **dict.fromkeys(THREADS, "1"),
    }
