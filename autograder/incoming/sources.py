"""Where submissions come from: a folder, or a zip that nobody vouches for. Names first, bytes on demand."""

import io
import os
import stat
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import AutograderError
from autograder.sanitise import Unreadable

MAX_ENTRIES = 200_000
MAX_IN_FOLDER = 200  # files in one folder of a folder, and below it
MAX_NAME = 500  # characters in a file's path
MAX_DIRECTORY = 4_000_000  # bytes of a zip's table of contents, which is read whole and held in memory
PIECE = 65_536  # bytes that are unpacked at a time
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)
NOT_HANDED_IN = ("__MACOSX", "Thumbs.db", "desktop.ini")


@dataclass(frozen=True)
class Entry:
    """A file in a source: its name with "/" between the parts, and how to read it.

    read: gives at most so many bytes, and one more where there are more. It raises Unreadable for what is no
    file of bytes, and AutograderError where the source is damaged.
    """

    name: str
    read: Callable[[int], bytes]


@contextmanager
def entries(source: Path) -> Iterator[list[Entry]]:
    """Give the files in a folder or a zip, by name; what computers add of their own is left out.

    Raises: AutograderError when it is neither, is damaged, holds too much, or names that lead elsewhere.
    """
    if source.is_dir():
        yield listed(source, _in_folder(source))
    elif source.is_file():
        with _Bounded(source) as file:
            yield listed(source, _in_zip(source, _opened(source, file)))
    else:
        raise AutograderError(f"{source} is not there: expected a folder or a zip of submissions")


def listed(source: Path, found: Iterator[Entry]) -> list[Entry]:
    """Return the entries that students handed in, by name, if they are not too many."""
    kept = []
    for entry in found:
        parts = entry.name.split("/")
        if not any(part.startswith(".") or part in NOT_HANDED_IN for part in parts):
            kept.append(entry)
        if len(kept) > MAX_ENTRIES:
            raise AutograderError(f"{source} holds more than {MAX_ENTRIES:,} files: expected one lesson's")
    return sorted(kept, key=lambda entry: entry.name)


class _Bounded(io.FileIO):
    """A file that gives no more in one piece than a table of contents may hold."""

    def read(self, size: int = -1, /) -> bytes:
        if size > MAX_DIRECTORY:
            raise AutograderError(f"{self.name} lists too many files: expected one lesson's submissions")
        return super().read(size)


def _opened(source: Path, file: _Bounded) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(file)
    except DAMAGED as error:
        raise AutograderError(f"{source} is not a folder and not a whole zip ({error})") from None


def _in_zip(source: Path, archive: zipfile.ZipFile) -> Iterator[Entry]:
    for info in archive.infolist():
        name = info.filename.replace("\\", "/")
        if name.startswith("/") or ".." in name.split("/"):
            shown = "".join(letter if letter.isprintable() else "?" for letter in name[:60])
            raise AutograderError(f"{source} holds {shown}, which leads out of it: nothing was taken")
        if len(name) > MAX_NAME:
            raise AutograderError(f"{source} holds a name of {len(name):,} characters: nothing was taken")
        if not info.is_dir():
            yield Entry(name, lambda most, info=info: _unpacked(source, archive, info, most))


def _unpacked(source: Path, archive: zipfile.ZipFile, info: zipfile.ZipInfo, most: int) -> bytes:
    if stat.S_ISLNK(info.external_attr >> 16):
        raise Unreadable("link", "a link, which is not followed")
    data = bytearray()
    try:
        with archive.open(info) as stream:
            while len(data) <= most and (piece := stream.read(PIECE)):
                data += piece
    except DAMAGED as error:
        raise AutograderError(f"{source} is damaged or locked ({error}): download it again") from None
    return bytes(data[: most + 1])


def _in_folder(root: Path) -> Iterator[Entry]:
    """Yield the files below a folder; what cannot be looked into is a file that cannot be read.

    Each folder in it, perhaps one student's, has its own limits: nobody can crowd out the others.
    """
    closed: list[OSError] = []
    counts: Counter[str] = Counter()
    for folder, inner, names in os.walk(root, onerror=closed.append):
        links = [name for name in inner if os.path.islink(os.path.join(folder, name))]
        place = Path(folder).relative_to(root)
        whose = place.parts[0] if place.parts else ""
        for name in sorted([*names, *links])[: MAX_IN_FOLDER - counts[whose] if whose else None]:
            counts[whose] += 1
            yield _on_disk(root, (place / name).as_posix())
        if whose and counts[whose] >= MAX_IN_FOLDER:
            inner.clear()
    for error in closed:
        yield _on_disk(root, f"{Path(error.filename).relative_to(root).as_posix()}/closed folder")


def _on_disk(root: Path, path: str) -> Entry:
    if len(path) <= MAX_NAME:
        return Entry(path, lambda most: _from_disk(root, path, most))

    def refuse(_most: int) -> bytes:
        raise Unreadable("name too long", f"a path of {len(path):,} characters")

    return Entry(path[:MAX_NAME].rstrip("/"), refuse)


def _from_disk(root: Path, path: str, most: int) -> bytes:
    """Return the bytes of a regular file; no part of its path may be a link, even one made just now."""
    *folders, name = path.split("/")
    here = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    try:
        for folder in folders:
            inner = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=here)
            os.close(here)
            here = inner
        file = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=here)
    except OSError as error:
        raise Unreadable("not readable", f"a link, or not readable ({error.strerror})") from None
    finally:
        os.close(here)
    with os.fdopen(file, "rb") as stream:
        if not stat.S_ISREG(os.fstat(file).st_mode):  # a pipe or a device would never end
            raise Unreadable("no file", "not a regular file")
        return stream.read(most + 1)
