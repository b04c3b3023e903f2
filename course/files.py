"""Write files in one step: a reader, or whoever comes after a crash, finds the old one or the new one."""

import glob
import os
import tempfile
from pathlib import Path


def write(path: Path, data: bytes, mode: int = 0o644) -> None:
    """Put these bytes into a file, in a folder that is made when it is not there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, beside = tempfile.mkstemp(prefix=_beside(path), dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(beside, mode)
        os.replace(beside, path)
    except BaseException:
        os.unlink(beside)
        raise


def sweep(path: Path) -> None:
    """Remove what a writer of this file that was killed has left beside it; nobody else may be writing it."""
    for left in path.parent.glob(f"{glob.escape(_beside(path))}*"):
        left.unlink(missing_ok=True)


def _beside(path: Path) -> str:
    return f".{path.name[:40]}."
