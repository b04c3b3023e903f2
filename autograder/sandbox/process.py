"""A student's process: what it finds when it starts, how bytes go to and fro, how it ends.

The process must not see the project, so it runs copies of the worker's files out of its own folder. It is
started without `site`: no .pth file is read, so no editable install puts the project onto its path. What it
imports from is spelt out in PYTHONPATH instead: the student package, the worker, the standard library, the
installed packages, and last the notebook's folder, where a file named numpy.py can't stand before NumPy.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import tempfile
import time
from pathlib import Path, PurePosixPath

from matplotlib import font_manager

WORKER_FILES = ("cells.py", "wire.py", "worker.py")
FOLDERS = ("home", "notebook", "temporary", "matplotlib", "worker/sandbox")
POLL_SECONDS = 0.2  # how soon it is seen that the process has ended while a child of its keeps the connection
END_SECONDS = 1.0  # how long a process may take to end after it has closed the connection
THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


class SessionDied(Exception):
    """Tell that a student's process is gone, and why, in one line."""

    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = reason


class Process:
    """A running worker in a private folder, with a group and a connection of its own.

    Raises SessionDied when it ends or hangs up, TimeoutError at a deadline, a value of time.monotonic().
    """

    def __init__(self, package: Path, files: dict[str, bytes]):
        self._folder = tempfile.TemporaryDirectory(prefix="notebook-", ignore_cleanup_errors=True)
        try:
            folder = Path(self._folder.name).resolve()
            furnish(folder, files)
            self._connection, theirs = socket.socketpair()
            with theirs:
                self._process = start(folder, environment(folder, package), theirs)
        except BaseException:
            self._folder.cleanup()
            raise

    def send(self, frame: bytes, deadline: float) -> None:
        """Send all of a frame."""
        view = memoryview(frame)
        while view:
            view = view[self._step(self._connection.send, view, deadline) :]

    def read(self, count: int, deadline: float) -> bytearray:
        """Read exactly so many bytes."""
        data = bytearray(count)
        view = memoryview(data)
        while view:
            view = view[self._step(self._connection.recv_into, view, deadline) :]
        return data

    def complaint(self) -> str:
        """Return the last line on stderr of a process that has ended before it was ready."""
        os.set_blocking(self._process.stderr.fileno(), False)
        text = (self._process.stderr.read(1 << 16) or b"").decode("utf-8", "replace")
        return text.strip().rpartition("\n")[2][:300]

    def close(self) -> None:
        """Kill the process and its group, reap it, remove its folder."""
        self._kill()
        self._process.wait()
        self._process.stderr.close()
        self._connection.close()
        for _ in range(5):  # a killed child may still be at its last write
            remove(self._folder)
            if not os.path.exists(self._folder.name):
                return
            time.sleep(0.05)

    def _step(self, move, view: memoryview, deadline: float) -> int:
        """Move some bytes, and return how many."""
        while True:
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError
            self._connection.settimeout(min(left, POLL_SECONDS))
            try:
                moved = move(view)
            except TimeoutError:
                if self._process.poll() is None:
                    continue
                moved = 0
            except OSError:
                moved = 0
            if not moved:
                raise SessionDied(self._ending())
            return moved

    def _ending(self) -> str:
        """Return how the process has ended."""
        try:
            code = self._process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            return "the process closed its connection and was stopped"
        if code >= 0:
            return f"the process ended with exit code {code}"
        return f"the process was killed by signal {-code} ({str(signal.strsignal(-code)).lower()})"

    def _kill(self) -> None:
        try:
            os.killpg(self._process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):  # the group is empty, or all of it is dead
            self._process.kill()


def start(folder: Path, variables: dict[str, str], connection: socket.socket) -> subprocess.Popen:
    """Start the worker with one inherited descriptor; a jail is put around this call."""
    descriptor = connection.fileno()
    return subprocess.Popen(
        [sys.executable, "-B", "-P", "-S", "-m", "sandbox.worker", str(descriptor)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,  # until the worker is ready: then it turns to /dev/null
        pass_fds=(descriptor,),
        start_new_session=True,
        cwd=folder / "notebook",
        env=variables,
    )


def furnish(folder: Path, files: dict[str, bytes]) -> None:
    """Make the process's folders; put the worker, Matplotlib's list of fonts and the notebook's files there.

    Raises ValueError for a file's name that leads out of the notebook's folder or can't be written.
    """
    for name in FOLDERS:
        (folder / name).mkdir(parents=True)
    for name in WORKER_FILES:
        shutil.copyfile(Path(__file__).with_name(name), folder / "worker" / "sandbox" / name)
    fonts = f"fontlist-v{font_manager.FontManager.__version__}.json"  # to find the fonts takes seconds
    font_manager.json_dump(font_manager.fontManager, folder / "matplotlib" / fonts)
    for name, data in files.items():
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts or "\0" in name:
            raise ValueError(f"a file beside the notebook needs a relative path without '..', got {name!r}")
        try:
            (folder / "notebook" / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / "notebook" / path).write_bytes(data)
        except OSError as error:
            raise ValueError(f"{name!r} can't be written beside the notebook: {error.strerror}") from None


def environment(folder: Path, package: Path) -> dict[str, str]:
    """Return all environment variables of the process: none is inherited."""
    library = sysconfig.get_path("stdlib")
    installed = [p for p in sys.path if p.startswith(library) or Path(p).name.endswith("-packages")]
    places = [package, folder / "worker", *installed, folder / "notebook"]
    return {
        "PATH": os.defpath,
        "LANG": "C.UTF-8",
        "HOME": str(folder / "home"),
        "TMPDIR": str(folder / "temporary"),
        "IPYTHONDIR": str(folder / "home" / "ipython"),
        "MPLCONFIGDIR": str(folder / "matplotlib"),
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "PYTHONPATH": os.pathsep.join(map(str, places)),
        "PYTHONHASHSEED": "0",
        **dict.fromkeys(THREADS, "1"),
    }


def remove(folder: tempfile.TemporaryDirectory) -> None:
    """Remove a folder, however deep it is."""
    try:
        folder.cleanup()
    except RecursionError:  # Python before 3.13 removes a folder within a folder by recursion
        subprocess.run(["rm", "-rf", folder.name], check=False)
