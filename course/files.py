"""Write files in one step: a reader, or whoever comes after a crash, finds the old one or the new one."""

import glob
import os
import tempfile
from pathlib import Path


def write(path: Path, data: bytes, mode: int = 0o644) -> None:
    """Put these bytes into a file, in a folder that is made when it is not there."""
    write_all({path: data}, mode)


def write_all(contents: dict[Path, bytes], mode: int = 0o644) -> None:
    """Write {path: bytes}; a failure before the last step leaves every file as it was."""
    beside = {}
    try:
        for path, data in contents.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, beside[path] = tempfile.mkstemp(prefix=_beside(path), dir=path.parent)
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            os.chmod(beside[path], mode)
        for path in contents:
            os.replace(beside[path], path)
            del beside[path]
    except BaseException:
        for left in beside.values():
            os.unlink(left)
        raise


def sweep(path: Path) -> None:
    """Remove what a writer of this file that was killed has left beside it; nobody else may be writing it."""
    for left in path.parent.glob(f"{glob.escape(_beside(path))}*"):
        left.unlink(missing_ok=True)


def _beside(path: Path) -> str:
    return f".{path.name[:40]}."
