"""Fork servers of this process: started when they are first needed, kept for the next submission.

A server serves one submission at a time. What it sees is a folder of its own: copies of the worker's files
and of the student package, and Matplotlib's list of fonts; at level A with the system's programs and nothing
else of the machine. It is started without `site`: no .pth file is read, so no editable install puts the
project onto its path. What it imports from is spelt out in PYTHONPATH instead: the student package, the
worker, the standard library, the installed packages, and last the notebook's folder, where a file named
numpy.py can't stand before NumPy.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import sysconfig
import threading
import time
from importlib.util import find_spec
from multiprocessing.util import Finalize
from pathlib import Path

from matplotlib import font_manager

from .jail import tree, user
from .scratch import Scratch, remove

HERE = Path(__file__).parent
PROGRAM = ("cells.py", "wire.py", "worker.py", "start.py", "forkserver.py", "preloaded.py")
START_SECONDS, END_SECONDS = 60, 20
IDLE = 2  # servers that are kept; each holds some 100 MB
SERVER_FOLDERS = ("worker", "package", "matplotlib", "ipython", "root")
SUBMISSION_FOLDERS = ("notebook", "home", "temporary")  # not used at level A, where each has a /tmp
THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
OURS = ("course", "autograder")  # packages that no submission may see, should they be installed


class SessionDied(Exception):
    """Tell that a student's process is gone, and why, in one line."""

    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = reason


class ServerGone(Exception):
    """Tell that a fork server has ended: whatever it served can be begun again with another one."""


class JailBroken(Exception):
    """Tell that the walls around a process could not be put up, and why."""


class Server:
    """A running fork server.

    package: the student package, None for a server that loads nothing.
    """

    def __init__(self, package: Path | None, level: str):
        self.key, self.level, self.owner = (package, level), level, os.getpid()
        self.is_started = False
        self._scratch = Scratch()
        self._folder = self._scratch.path
        try:
            furnish(self._folder, package)
            self._tree = own_tree(self._folder, level)
            self._control, theirs = socket.socketpair()
            with theirs:
                self._process = self._start(theirs, loads=package is not None)
        except BaseException:
            self._scratch.close()
            raise
        self.user = user.passing(self._process.pid) if os.geteuid() == 0 else os.geteuid()
        for name in ("matplotlib", "ipython"):  # Matplotlib refuses a folder of another user's
            os.chown(self._folder / name, self.user, -1)

    @property
    def pid(self) -> int:
        """Return the number of its process."""
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """Tell whether it can be asked."""
        return self.owner == os.getpid() and self._process.poll() is None

    @property
    def variables(self) -> dict[str, str]:
        """Return all environment variables of what it starts."""
        return environment(self._tree, self._folder, self.level)

    def fork(self, descriptors: tuple[int, ...], memory_bytes: int, question: dict | None = None) -> None:
        """Start a process for a submission, which inherits these descriptors and no others.

        Raises ServerGone when the server has ended, SessionDied when it never came to its start.
        """
        self._await_start()
        for name in SUBMISSION_FOLDERS if self.level != "A" else ():
            (self._folder / name).mkdir()
            os.chown(self._folder / name, self.user, -1)
        folder = Path(tree.OWN if self.level == "A" else self._folder) / "notebook"
        request = {
            "do": "fork",
            "level": self.level,
            "user": self.user,
            "has_own_user": self.level != "D" and self.user != os.geteuid(),
            "folder": str(folder),
            "rules": tree.allowed(self._tree) if self.level == "B" else None,
            "memory_bytes": memory_bytes,
            "snapshots": copies(self.level),
            "question": question,
        }
        try:
            socket.send_fds(self._control, [json.dumps(request).encode() + b"\n"], descriptors)
        except OSError:
            raise ServerGone("the fork server has ended") from None
        self._ask(END_SECONDS)

    def end(self) -> None:
        """Kill the process of the last fork with all that it has started; wait until it is gone.

        Raises ServerGone when the server has ended; it has taken the process with it.
        """
        try:
            self._control.sendall(b'{"do": "end"}\n')
        except OSError:
            raise ServerGone("the fork server has ended") from None
        self._ask(END_SECONDS)
        self._tidy()

    def close(self) -> None:
        """End the server, and remove its folder."""
        if self.owner != os.getpid():
            return
        self._control.close()
        try:
            self._process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stderr.close()
        self._scratch.close()

    def _start(self, theirs: socket.socket, loads: bool) -> subprocess.Popen:
        descriptor, python = theirs.fileno(), os.path.realpath(sys.executable)
        flags = ["-B", "-P", "-S", "-m"]
        options = [
            *(["preload"] if loads and sys.platform == "linux" else []),  # elsewhere it makes a fork unsafe
            *(["dies"] if threading.current_thread() is threading.main_thread() else []),
        ]
        process = subprocess.Popen(
            [python, *flags, "sandbox.start", str(descriptor)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,  # until the server is ready: then it turns to /dev/null
            pass_fds=(descriptor,),
            start_new_session=True,
            cwd=self._folder,
            env={"PYTHONPATH": str(self._folder / "worker"), "LANG": "C.UTF-8"},
        )
        plan = {
            "level": self.level,
            "root": str(self._folder / "root"),
            "tree": self._tree,
            "command": [python, *flags, "sandbox.forkserver", str(descriptor), *options],
            "environment": self.variables,
        }
        with contextlib.suppress(OSError):  # it has ended: who asks it next learns why
            self._control.sendall(json.dumps(plan).encode() + b"\n")
        return process

    def _await_start(self) -> None:
        if self.is_started:
            return
        try:
            self._ask(START_SECONDS)
        except ServerGone:
            code = self._process.wait()
            if code == -9:
                raise
            text = self._process.stderr.read(1 << 16).decode("utf-8", "replace")
            complaint = text.strip().rpartition("\n")[2][:300] or "nothing on stderr"
            reason = f"the process ended with exit code {code} while it started: {complaint}"
            raise SessionDied(reason) from None
        self.is_started = True

    def _ask(self, seconds: float) -> None:
        """Wait for the server's answer."""
        answer, deadline = b"", time.monotonic() + seconds
        while not answer.endswith(b"\n"):
            self._control.settimeout(max(0.01, deadline - time.monotonic()))
            try:
                part = self._control.recv(1 << 12)
            except TimeoutError:
                self._process.kill()
                part = b""
            except OSError:
                part = b""
            if not part:
                raise ServerGone("the fork server has ended")
            answer += part
        error = json.loads(answer)["error"]
        if error:
            raise JailBroken(error)

    def _tidy(self) -> None:
        """Remove what a submission has left, where that was not in memory."""
        if self.level != "A":
            for name in SUBMISSION_FOLDERS:
                remove(self._folder / name)


class Pool:
    """The servers of this process that serve nothing at the moment."""

    def __init__(self):
        self._idle: list[Server] = []
        self._lock = threading.Lock()

    def take(self, package: Path, level: str) -> Server:
        """Return a server for a student package, a waiting one where there is one."""
        with self._lock:
            for server in reversed(self._idle):
                if server.key == (package, level) and server.is_alive:
                    self._idle.remove(server)
                    return server
        return Server(package, level)

    def give_back(self, server: Server) -> None:
        """Keep a server for the next submission; end those that have waited longest."""
        with self._lock:
            self._idle.append(server)
            surplus = [each for each in self._idle if not each.is_alive]
            living = [each for each in self._idle if each.is_alive]
            surplus += living[:-IDLE]
            self._idle = living[-IDLE:]
        for each in surplus:
            each.close()

    def close(self) -> None:
        """End all waiting servers."""
        with self._lock:
            idle, self._idle = self._idle, []
        for server in idle:
            server.close()


POOL = Pool()
Finalize(None, POOL.close, exitpriority=0)  # unlike atexit also at the end of a process of multiprocessing


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
    fonts = f"fontlist-v{font_manager.FontManager.__version__}.json"  # to find the fonts takes seconds
    font_manager.json_dump(font_manager.fontManager, folder / "matplotlib" / fonts)
    for path in [folder, *folder.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)


def own_tree(folder: Path, level: str) -> dict:
    """Return the tree of what a server and its submissions see."""
    shown = {f"{tree.INSIDE}/{name}": str(folder / name) for name in SERVER_FOLDERS if name != "root"}
    if level != "A":
        shown |= {f"{tree.INSIDE}/{name}": str(folder / name) for name in SUBMISSION_FOLDERS}
    places = [str(place) for name in OURS for place in find_spec(name).submodule_search_locations]
    return tree.describe(shown, installed(), places)


def copies(level: str) -> bool:
    """Tell whether a process at this level can be copied: it may fork, and that is safe."""
    return level != "B" and sys.platform == "linux"


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
