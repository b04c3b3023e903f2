"""The zip that Gradescope makes a grader of: our packages, the locked list of others, one lesson."""

import io
import zipfile
from pathlib import Path

from autograder.bundle import Bundle
from autograder.errors import AutograderError
from autograder.root import ROOT

FILES = Path(__file__).parent / "files"
PROGRAMS = ("setup.sh", "run_autograder")
LOCK = "requirements.lock"
TRUSTED = "trusted.txt"  # there when code is to be run without a sandbox too
PACKAGES = ("course", "autograder")
DATE = (2020, 1, 1, 0, 0, 0)  # of every file: the same bytes whenever it is packed


def pack(bundle: Bundle, trusted: bool = False) -> bytes:
    """Return the zip for a lesson. It holds the answers: it is for Gradescope and the teacher alone.

    trusted: let students' code run even where Gradescope's machine has no sandbox.
    Raises: AutograderError when the list of packages is not there, as in an installed package.
    """
    if not (ROOT / LOCK).is_file():
        raise AutograderError(f"{ROOT / LOCK} is missing: pack the autograder from the course's repository")
    files = {name: (FILES / name).read_bytes() for name in PROGRAMS}
    files[LOCK] = (ROOT / LOCK).read_bytes()
    files[f"lesson/{bundle.lesson}.ipynb"] = bundle.release
    files["lesson/students.whl"] = bundle.wheel
    if trusted:
        files[f"lesson/{TRUSTED}"] = b"students' code is run without a sandbox too\n"
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                files[f"grader/{path.relative_to(ROOT).as_posix()}"] = path.read_bytes()
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            info = zipfile.ZipInfo(name, DATE)
            info.external_attr = (0o755 if name in PROGRAMS else 0o644) << 16
            archive.writestr(info, content, zipfile.ZIP_DEFLATED)
    return data.getvalue()
