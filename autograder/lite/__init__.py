"""The course in a browser, nothing installed: JupyterLite with the students' package inside.

Python itself, Pyodide with NumPy and matplotlib, comes from its own host when the course is opened for the
first time. This needs the internet; everything else lies in the folder.
"""

import hashlib
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat
from nbformat import NotebookNode

from autograder import student
from autograder.errors import AutograderError
from autograder.root import ROOT
from course import files

HERE = Path(__file__).parent
LOCK = HERE / "packages.lock"
PURE = ("anywidget", "ipywidgets", "platformdirs", "pooch", "psygnal")  # what Pyodide has not, as wheels
FRONT = ("anywidget", "jupyterlab-widgets")  # with these JupyterLab shows the explorers
PYODIDE = ("3.14", "any")  # Python's version there, and whose wheels it takes
INSTALL = "%pip install -q course"
NEWS = "@jupyterlab/apputils-extension:announcements"  # asks another host
HASHED = ("--quiet", "--only-binary", ":all:", "--require-hashes")


class LiteError(AutograderError):
    """The course in a browser cannot be made."""


def make(root: Path = ROOT) -> Path:
    """Write dist/lite/: a folder that any web server can hand out; return it.

    Raises: LiteError when JupyterLite or a wheel is not to be had, or JupyterLite fails.
    """
    wheel = student.release(root=root)
    jupyter = environment()
    into = root / "dist" / "lite"
    with TemporaryDirectory(dir=into.parent, prefix=".lite-") as folder:
        source, made = Path(folder) / "source", Path(folder) / "lite"
        lay_out(source, wheel)
        run([jupyter, "lite", "build", "--lite-dir", source, "--output-dir", made], source)
        shutil.rmtree(into, ignore_errors=True)
        made.rename(into)
    return into


def lay_out(source: Path, wheel: Path) -> None:
    """Write everything that JupyterLite reads into a folder.

    Raises: LiteError when a wheel is not to be had.
    """
    for path in sorted(wheel.parent.glob("*.ipynb")):
        notebook = in_browser(nbformat.read(path, as_version=4))
        files.write(source / "files" / path.name, nbformat.writes(notebook).encode())
    wheels = source / "wheels"
    download(PURE, wheels)
    shutil.copy(wheel, wheels)
    for name, content in configuration(sorted(path.name for path in wheels.iterdir())).items():
        files.write(source / name, json.dumps(content, indent=2).encode())


def configuration(wheels: list[str]) -> dict[str, dict]:
    """Return {file name: content} of what JupyterLite is told: what to build, and what the page is called."""
    return {
        "jupyter_lite_config.json": {
            "LiteBuildConfig": {"contents": ["files"], "apps": ["lab"], "no_sourcemaps": True},
            "PipliteAddon": {"piplite_urls": [f"wheels/{name}" for name in wheels]},
        },
        "jupyter-lite.json": {
            "jupyter-lite-schema-version": 0,
            "jupyter-config-data": {
                "appName": "Neural networks from scratch",
                "disabledExtensions": [NEWS],
            },
        },
    }


def in_browser(notebook: NotebookNode) -> NotebookNode:
    """Return a student's notebook whose first cell gets the course from the page it was opened on."""
    notebook = nbformat.from_dict(notebook)
    setup = next(cell for cell in notebook.cells if cell.id == "setup")
    comment, rest = setup.source.split("\n", 1)
    setup.source = f"{comment}\n{INSTALL}\n\n{rest}"
    return notebook


def environment() -> Path:
    """Return the command `jupyter` of a virtual environment with JupyterLite, made when it is not there.

    Raises: LiteError when its packages are not to be had.
    """
    wanted = LOCK.read_bytes() + locked(FRONT).encode()
    folder = ROOT / ".cache" / f"lite-{hashlib.sha256(wanted).hexdigest()[:12]}"
    if not (folder / "complete").is_file():
        shutil.rmtree(folder, ignore_errors=True)
        run([sys.executable, "-m", "venv", folder], ROOT)
        pip = [folder / "bin" / "python", "-m", "pip", "install", "--disable-pip-version-check"]
        run([*pip, *HASHED, "--requirement", LOCK], ROOT)
        with TemporaryDirectory() as chosen:
            run([*pip, *HASHED, "--no-deps", "--requirement", written(FRONT, chosen)], ROOT)
        (folder / "complete").touch()
    return folder / "bin" / "jupyter"


def download(names: tuple[str, ...], into: Path) -> None:
    """Put the wheels of these packages into a folder, those that run on any machine.

    Raises: LiteError when one is not to be had.
    """
    into.mkdir(parents=True, exist_ok=True)
    version, platform = PYODIDE
    pip = [sys.executable, "-m", "pip", "download", "--disable-pip-version-check", *HASHED, "--no-deps"]
    with TemporaryDirectory() as chosen:
        run([*pip, "--python-version", version, "--platform", platform, "--dest", into,
             "--requirement", written(names, chosen)], ROOT)  # fmt: skip


def written(names: tuple[str, ...], folder: str) -> Path:
    """Write what requirements.lock says of these packages into a file in a folder; return its path."""
    path = Path(folder) / "chosen.lock"
    path.write_text(locked(names), encoding="utf-8")
    return path


def locked(names: tuple[str, ...]) -> str:
    """Return the lines of requirements.lock about these packages."""
    entries = re.split(r"^(?=[a-z0-9])", (ROOT / "requirements.lock").read_text(encoding="utf-8"), flags=re.M)
    return "".join(entry for entry in entries if entry.partition("==")[0] in names)


def run(command: list, folder: Path) -> None:
    """Run a command in a folder.

    Raises: LiteError with its last line when it fails.
    """
    done = subprocess.run(list(map(str, command)), cwd=folder, capture_output=True, text=True)
    if done.returncode:
        said = (done.stderr.strip() or done.stdout.strip() or "failed").splitlines()[-1]
        raise LiteError(f"{' '.join(Path(str(word)).name for word in command[:4])}: {said}")
