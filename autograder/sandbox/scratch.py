"""Folders for the time of a process: removed when it ends, or by a later process when it was killed."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
from multiprocessing.util import Finalize
from pathlib import Path

try:
    import fcntl
except ImportError:  # no such locks, so nothing is known of other processes
    fcntl = None

PREFIX = "autograder-"
LOCK = "in-use"


class Scratch:
    """A new folder, which its owner holds a lock in; `path` is for whatever is to lie there."""

    def __init__(self):
        sweep(Path(tempfile.gettempdir()))
        self._folder = Path(tempfile.mkdtemp(prefix=PREFIX)).resolve()
        self._lock = os.open(self._folder / "new", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        if fcntl:
            fcntl.flock(self._lock, fcntl.LOCK_EX)
        os.rename(self._folder / "new", self._folder / LOCK)  # nobody finds it without the lock
        self.path = self._folder / "files"
        self.path.mkdir()
        self._folder.chmod(0o755)
        self.close = Finalize(self, _remove, (self._folder, self._lock, os.getpid()), exitpriority=0)


def sweep(folder: Path) -> None:
    """Remove what killed processes of this user have left."""
    if not fcntl:
        return
    for left in folder.glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):
            if left.stat().st_uid != os.geteuid() or left.is_symlink():
                continue
            lock = os.open(left / LOCK, os.O_RDWR | os.O_CLOEXEC)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                remove(left)
            finally:
                os.close(lock)


def remove(folder: Path) -> None:
    """Remove a folder, however deep it is."""
    try:
        shutil.rmtree(folder)
    except FileNotFoundError:
        return
    except (OSError, RecursionError):  # before Python 3.13 it goes down by calling itself
        subprocess.run(["rm", "-rf", "--", folder], check=False, stderr=subprocess.DEVNULL)


def _remove(folder: Path, lock: int, owner: int) -> None:
    if os.getpid() == owner:
        remove(folder)
        os.close(lock)
