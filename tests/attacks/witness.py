"""What must not be harmed, and whether it was."""

import contextlib
import hashlib
import os
import resource
import secrets
import socket
import subprocess
import tempfile
import threading
from pathlib import Path

import nbformat

from autograder.reports import feedback
from autograder.sandbox import servers
from autograder.sandbox.jail import memory

SAMPLE_SECONDS = 0.05


class Witness:
    """Files, sockets and a process beside the grader, inside a `with` statement."""

    def __enter__(self):
        self.token, self.mark = f"TOKEN{secrets.token_hex(8)}", f"7{secrets.randbelow(10**6):06}.5"
        self._held = tempfile.TemporaryDirectory(prefix="witness-")
        self.folder = folder = Path(self._held.name) / "files"
        self._usual, tempfile.tempdir = tempfile.tempdir, str(Path(self._held.name) / "temporary")
        for each in (tempfile.tempdir, folder):
            os.mkdir(each)
        os.chmod(self._held.name, 0o755)
        os.chmod(tempfile.tempdir, 0o755)
        folder.chmod(0o777)
        for name in ("secret", "open", "gradebook.db", "submitted/bob/x.ipynb"):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(self.token)
            (folder / name).chmod(0o666)
        self._sockets = [self._listening(*each) for each in (
            (socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", 0)),
            (socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", 0)),
            (socket.AF_UNIX, socket.SOCK_STREAM, f"\0{self.token[5:]}"),
            (socket.AF_UNIX, socket.SOCK_STREAM, str(folder / "stream")),
            (socket.AF_UNIX, socket.SOCK_DGRAM, str(folder / "letters")),
        )]  # fmt: skip
        os.environ["SECRET"] = self.token
        self._sleeper = subprocess.Popen(["sleep", "100000"], env={"SLEEPER": "1", "SECRET": self.token})
        self._before = self._state()
        return self

    def __exit__(self, *_error):
        self._sleeper.kill()
        self._sleeper.wait()
        for each in self._sockets:
            each.close()
        del os.environ["SECRET"]
        tempfile.tempdir = self._usual
        self._held.cleanup()

    @property
    def words(self):
        """Return what the words in capitals stand for."""
        return {
            "FOLDER": str(self.folder),
            "STREAM": str(self.folder / "stream"),
            "LETTERS": str(self.folder / "letters"),
            "ABSTRACT": self.token[5:],
            "PORT": str(self._sockets[0].getsockname()[1]),
            "UDP": str(self._sockets[1].getsockname()[1]),
            "PIDS": repr([os.getpid(), self._sleeper.pid]),
            "MARK": self.mark,
        }

    def harm(self, result, server):
        """Return what a submission has done, once it has been graded."""
        told = result.notebook.decode() + repr(result.verdicts) + repr(result.notes) + result.reason
        before, self._before = self._before, self._state()
        found = {
            "it read a secret": self.token in told,
            "it reached what it must not": "LEARNED" in printed(result),
            "it changed files": self._before["files"] != before["files"],
            "it changed the grader": self._before["own"] != before["own"],
            "it reached the network": sum(map(reached, self._sockets)) > 0,
            "it stopped a process": self._sleeper.poll() is not None or state(self._sleeper.pid) == "T",
            "it left a process": is_running(self.mark) or memory.family(server.pid) != [server.pid],
            "a script of its reaches readers": "<script>evil" in feedback(result),
        }
        return [what for what, is_true in found.items() if is_true]

    def _listening(self, family, kind, address):
        made = socket.socket(family, kind)
        made.bind(address)
        made.setblocking(False)
        if kind == socket.SOCK_STREAM:
            made.listen()
        return made

    def _state(self):
        paths = [self.folder, *sorted(self.folder.rglob("*"))]
        files = [
            (str(path), path.lstat().st_mode, path.lstat().st_uid, path.lstat().st_mtime_ns) for path in paths
        ]
        contents = [path.read_bytes() for path in paths if path.is_file()]
        own = [resource.getrlimit(resource.RLIMIT_NOFILE), os.getpriority(0, 0), os.sched_getaffinity(0)]
        others = [each for each in os.listdir(tempfile.gettempdir()) if not each.startswith("autograder-")]
        return {"files": (files, contents, sorted(others)), "own": own}


class Meter:
    """Watch the memory of what fork servers have started, inside a `with` statement; `most` is in bytes."""

    def __init__(self):
        self._is_over, self.most = threading.Event(), 0

    def __enter__(self):
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()
        return self

    def __exit__(self, *_error):
        self._is_over.set()
        self._thread.join()

    def _watch(self):
        while not self._is_over.wait(SAMPLE_SECONDS):
            family = set(memory.family(os.getpid()))
            own = {pid for pid in family if parent(pid) in (None, os.getppid(), os.getpid())}
            self.most = max(self.most, sum(map(memory.shared_out, family - own)))


def printed(result):
    """Return what a submission has printed."""
    cells = nbformat.reads(result.notebook.decode(), as_version=4).cells
    outputs = [output for cell in cells for output in cell.get("outputs", ())]
    return "".join(str(output.get("text", "")) for output in outputs)


def reached(listener):
    """Tell whether anything has come to a socket, and forget it."""
    came = False
    with contextlib.suppress(BlockingIOError):
        while True:
            if listener.type == socket.SOCK_STREAM:
                listener.accept()[0].close()
            else:
                listener.recv(10)
            came = True
    return came


def parent(pid):
    """Return the parent of a process, None when it has ended."""
    with contextlib.suppress(OSError):
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    return None


def state(pid):
    """Return the state of a process, as one letter."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


def is_running(mark):
    """Tell whether a process has the mark in its command line."""
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            if mark.encode() in path.read_bytes():
                return True
    return False


def fingerprint(folder):
    """Return a digest of all files below a folder."""
    made = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        made.update(f"{path}{path.stat().st_mode}".encode())
        made.update(path.read_bytes() if path.is_file() else b"")
    return made.hexdigest()


def idle():
    """Return the server that was used last in this process."""
    return servers.POOL._idle[-1]
