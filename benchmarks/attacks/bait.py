"""What an attack must not read, change, reach or leave behind, and whether it did."""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import select
import signal
import socket
import subprocess
import threading
import time
from pathlib import Path

from autograder.sandbox.jail import memory

SHARED = (
    "/tmp",
    "/var/tmp",
    "/dev/shm",
    "/run/lock",
)  # where attacks leave files, by names with MARK in them
MARK = "attack-mark"
SECRET_VARIABLE = "GRADER_TOKEN"
GRACE_SECONDS = 3  # for processes and files to go
TICK_SECONDS = 0.2


class Bait:
    """A course's folder, sockets and processes that everybody may use who can reach them."""

    def __init__(self, root: Path):
        self.secrets = {name: secrets.token_hex(16) for name in ("file", "solution", "variable")}
        os.environ[SECRET_VARIABLE] = self.secrets["variable"]
        self._folder = root / "bait"
        self._folder.mkdir()
        self._lay()
        self._watched = [self._folder, root / "source", root / "release"]
        self._sockets = {}
        self._listen()
        self._victim = subprocess.Popen(["sleep", "36000"])
        self._peak = Peak()

    def _lay(self) -> None:
        """Write files that everybody may read and change."""
        for name, text in {
            "canary.txt": self.secrets["file"],
            "solution.py": f"# {self.secrets['solution']}",
            "gradebook.db": f"SQLite format 3 {self.secrets['file']}",
            "submitted/other/notebook.ipynb": self.secrets["file"],
        }.items():
            path = self._folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        for path in [self._folder, *self._folder.rglob("*")]:
            path.chmod(0o777 if path.is_dir() else 0o666)

    def _listen(self) -> None:
        name = f"{MARK}-{os.getpid()}"
        places = {
            "tcp": (socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", 0)),
            "udp": (socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", 0)),
            "abstract": (socket.AF_UNIX, socket.SOCK_STREAM, f"\0{name}"),
            "path": (socket.AF_UNIX, socket.SOCK_STREAM, str(self._folder / "stream")),
            "datagrams": (socket.AF_UNIX, socket.SOCK_DGRAM, str(self._folder / "datagrams")),
        }
        for kind, (family, how, address) in places.items():
            made = self._sockets[kind] = socket.socket(family, how)
            made.bind(address)
            if how == socket.SOCK_STREAM:
                made.listen()
        for kind in ("path", "datagrams"):
            os.chmod(places[kind][2], 0o777)

    def told(self, workers: list[int]) -> dict:
        """Return what an attack is told: addresses, and no secret."""
        return {
            "folder": str(self._folder),
            "canary": str(self._folder / "canary.txt"),
            "gradebook": str(self._folder / "gradebook.db"),
            "tcp": self._sockets["tcp"].getsockname()[1],
            "udp": self._sockets["udp"].getsockname()[1],
            "abstract": f"{MARK}-{os.getpid()}",
            "stream": str(self._folder / "stream"),
            "datagrams": str(self._folder / "datagrams"),
            "pids": [os.getpid(), *workers, self._victim.pid],
            "mark": MARK,
        }

    def begin(self, workers: list[int]) -> None:
        """Note how everything is before an attack."""
        self._workers, self._before = workers, self._state()
        self._there = set(memory.family(os.getpid()))
        self._peak.start(workers)

    def harm(self, most_bytes: int) -> list[str]:
        """Return what an attack has done, a line each; all is as before when it returns."""
        found = []
        used = self._peak.stop()
        if used > most_bytes:
            found.append(f"memory: {used / 2**30:.2g} GB of it in use at a time")
        if self._state() != self._before:
            found.append("files: something outside was changed")
        found += [f"network: {kind} was reached" for kind in self._reached()]
        found += self._hurt()
        found += _until_empty(self._left)
        return found

    def close(self) -> None:
        """Let everything go."""
        self._victim.kill()
        self._victim.wait()
        for each in self._sockets.values():
            each.close()

    def _state(self) -> str:
        """Return a digest of the names, contents, modes and owners of all files that are watched."""
        digest = hashlib.sha256()
        for path in sorted(each for folder in self._watched for each in folder.rglob("*")):
            status = path.lstat()
            digest.update(f"{path} {status.st_mode} {status.st_uid} {status.st_mtime_ns}".encode())
            if path.is_file():
                digest.update(path.read_bytes())
        return digest.hexdigest()

    def _reached(self) -> list[str]:
        ready = select.select(list(self._sockets.values()), [], [], 0)[0]
        kinds = [kind for kind, each in self._sockets.items() if each in ready]
        for kind in kinds:
            with contextlib.suppress(OSError):
                self._sockets[kind].accept()[0].close() if kind in ("tcp", "abstract", "path") else (
                    self._sockets[kind].recv(100)
                )
        return kinds

    def _hurt(self) -> list[str]:
        """Return whether processes outside were ended or stopped; those that were go on."""
        found = []
        for name, pid in [("a bystander", self._victim.pid), *(("the grader", pid) for pid in self._workers)]:
            state = _state_of(pid)
            if state in ("", "Z", "X"):
                found.append(f"processes: {name} was ended")
            elif state in ("T", "t"):
                found.append(f"processes: {name} was stopped")
                os.kill(pid, signal.SIGCONT)
        if self._victim.poll() is not None:
            self._victim = subprocess.Popen(["sleep", "36000"])
        return found

    def _left(self) -> list[str]:
        """Return processes and files that are still there."""
        found = []
        for pid in set(memory.family(os.getpid())) - self._there:
            command, parent = _command(pid), _parent(pid)
            is_server = "sandbox.forkserver" in command or "sandbox.start" in command
            if command and not (is_server and parent in self._workers):
                found.append(f"processes: {command[:60]} is left")
        for folder in SHARED:
            with contextlib.suppress(OSError):
                found += [f"files: {e.path} is left" for e in os.scandir(folder) if MARK in e.name]
        return found


class Peak:
    """Measure how much memory processes and their families use, from now and then."""

    def start(self, pids: list[int]) -> None:
        """Begin to look."""
        self._pids, self._is_over = pids, threading.Event()
        self._base = self._most = self._now()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def stop(self) -> int:
        """Return the most bytes that were in use beyond those at the start."""
        self._is_over.set()
        self._thread.join()
        return self._most - self._base

    def _watch(self) -> None:
        while not self._is_over.wait(TICK_SECONDS):
            self._most = max(self._most, self._now())

    def _now(self) -> int:
        return sum(memory.shared_out(each) for pid in self._pids for each in memory.family(pid))


def _until_empty(look) -> list[str]:
    """Return what is still found after a while."""
    until = time.monotonic() + GRACE_SECONDS
    while (found := look()) and time.monotonic() < until:
        time.sleep(0.05)
    return found


def _state_of(pid: int) -> str:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    return ""


def _parent(pid: int) -> int:
    with contextlib.suppress(OSError):
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    return 0


def _command(pid: int) -> str:
    """Return a process's command line, "" when it is gone or only waits to be reaped."""
    if _state_of(pid) in ("", "Z", "X"):
        return ""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace") or "?"
    return ""
