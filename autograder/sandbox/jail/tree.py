"""The files that a student's process can see: the system's programs, Python, the course of its lesson.

A tree is plain data: {shown: {path inside: path outside}, links: {path: text}, hidden: [path inside]}.
Where there are mounts it becomes a read-only root, where there are none a list of what Landlock lets pass.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable

from . import calls

INSIDE, OWN = "/grader", "/tmp"  # where the server's folders appear; what a submission may write to
SYSTEM = (
    "/usr /bin /sbin /lib /lib32 /lib64 /libx32 /etc/ld.so.cache /etc/alternatives /etc/fonts /etc/localtime"
).split()
DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")
LINKS = {"/dev/fd": "/proc/self/fd"}
EMPTY = ("/proc", "/tmp", "/dev/shm")
OWN_TEMPORARY = "size=64m,mode=1777"  # of the server itself; each submission has another one


def describe(folders: dict[str, str], packages: Iterable[str], hidden: Iterable[str]) -> dict:
    """Return the tree of this machine.

    folders: of the server, path inside -> path on this machine.  packages: where Python finds packages.
    hidden: folders on this machine that must not be seen even if they lie in one that is shown.
    """
    links = {path: os.readlink(path) for path in SYSTEM if os.path.islink(path) and path.count("/") == 1}
    shown = {path: path for path in SYSTEM if os.path.exists(path) and path not in links}
    for path in (sys.base_prefix, sys.base_exec_prefix):
        if not _lies_in(path, shown):
            shown[path] = path
    for path in packages:
        if not _lies_in(path, shown):
            shown[f"{INSIDE}/packages/{len(shown)}"] = path
    shown |= folders
    return {"shown": shown, "links": {**links, **LINKS}, "hidden": _inside(hidden, shown)}


def inside(tree: dict, path: str) -> str:
    """Return where a path on this machine is in the tree; itself where it is not."""
    return next(iter(_inside([path], tree["shown"])), path)


def build(tree: dict, root: str) -> None:
    """Make the tree the root of this process's mounts, read-only but for an empty /tmp.

    root: an empty folder, for the time of building.
    """
    calls.mount("tmpfs", root, "tmpfs", calls.NO_SUID, "size=1m,mode=755")
    for path in EMPTY:
        os.makedirs(root + path)
    for target, source in [*tree["shown"].items(), *((path, path) for path in DEVICES)]:
        _place(source, root + target)
        calls.mount(source, root + target, flags=calls.BIND | calls.RECURSIVE)
    for path, text in tree["links"].items():
        os.symlink(text, root + path)
    for path in tree["hidden"]:
        calls.mount("tmpfs", root + path, "tmpfs", calls.NO_SUID, "size=4k,mode=755")
    calls.set_read_only(root)
    calls.mount("/proc", f"{root}/proc", flags=calls.BIND | calls.RECURSIVE)
    calls.mount("tmpfs", f"{root}/tmp", "tmpfs", calls.NO_SUID | calls.NO_DEV, OWN_TEMPORARY)
    calls.change_root(root)


def allowed(tree: dict) -> dict[str, list[str]]:
    """Return what Landlock lets pass of a tree, as paths on this machine: {readable, listed, written}."""
    hidden = [os.path.realpath(outside(tree, path)) for path in tree["hidden"]]
    readable, listed = [], []
    for path in tree["shown"].values():
        _split(os.path.realpath(path), hidden, readable, listed)
    return {"readable": [*readable, *DEVICES[1:]], "listed": listed, "written": ["/dev/null"]}


def outside(tree: dict, path: str) -> str:
    """Return where a path of the tree is on this machine."""
    for target, source in tree["shown"].items():
        if _lies_in(path, [target]):
            return source + path[len(target) :]
    return path


def _split(path: str, hidden: list[str], readable: list[str], listed: list[str]) -> None:
    """Sort a folder into what may be read as a whole and, around what is hidden, what may be listed."""
    if path in hidden:
        return
    if not any(_lies_in(place, [path]) for place in hidden):
        readable.append(path)
        return
    listed.append(path)
    for entry in os.scandir(path):
        if not entry.is_symlink():
            _split(entry.path, hidden, readable, listed)


def _inside(paths: Iterable[str], shown: dict[str, str]) -> list[str]:
    return [
        target + path[len(source) :]
        for path in paths
        for target, source in shown.items()
        if _lies_in(path, [source])
    ]


def _lies_in(path: str, folders: Iterable[str]) -> bool:
    return any(path == folder or path.startswith(folder.rstrip("/") + "/") for folder in folders)


def _place(source: str, target: str) -> None:
    """Make an empty folder or file to mount a source on."""
    if os.path.isdir(source):
        os.makedirs(target, exist_ok=True)
    else:
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with open(target, "x"):
            pass
