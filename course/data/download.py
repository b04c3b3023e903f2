"""Fetch the official archive of CIFAR-10, go on where an earlier try stopped, and unpack its files.

pooch and requests are imported when something is to be fetched: a browser's Python may have neither.
"""

import gzip
import os
import tarfile
import zlib
from pathlib import Path
from tempfile import TemporaryDirectory

from . import batches
from .batches import FOLDER
from .progress import bar
from .unpickle import LIMIT_BYTES

ADDRESS = "https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz"
ARCHIVE_MD5 = "c58f30108f718f92721af3b95e74349a"
ARCHIVE = "cifar-10-python.tar.gz"
LIMIT_ARCHIVE = 180_000_000  # the official archive has 170.5 million bytes
LIMIT_UNPACKED = 200_000_000  # and unpacked 186.2 million
AGAIN = 2  # tries after the first one
PIECE = 1 << 16
SILENCE_SECONDS = 30
OTHERWISE = f"or get {ARCHIVE} another way, unpack it and set CIFAR10_DIR to its folder {FOLDER}"


def cache_folder():
    """Return where a download puts the files on this computer, None where there is no pooch to say so."""
    try:
        import pooch
    except ImportError:
        return None
    return pooch.os_cache("neural-networks-course") / FOLDER


def download_batches(folder, *, address=ADDRESS, md5=ARCHIVE_MD5, progress=True):
    """Fetch the archive and put its files into a folder, which is made when it is not there.

    What an interrupted download has brought stays in the folder, and the next call goes on from there.
    Raises ConnectionError when the archive can't be fetched; ValueError when it is not the expected one.
    """
    archive = fetch(Path(folder), address, md5, progress)
    unpack(archive, Path(folder))
    archive.unlink()


def fetch(folder, address, md5, progress):
    """Return the path of the archive with this md5, fetched into a folder."""
    import pooch
    import requests

    part = folder / f"{ARCHIVE}.part"
    keeper = pooch.create(
        folder, base_url="", registry={ARCHIVE: f"md5:{md5}"}, urls={ARCHIVE: address}, retry_if_failed=AGAIN
    )
    try:
        return Path(keeper.fetch(ARCHIVE, downloader=Resuming(part, progress)))
    except requests.RequestException as error:
        raise ConnectionError(
            f"{address} could not be fetched ({reason(error)}): check the network and call again, "
            f"{size_of(part) / 1e6:.0f} MB are there already; {OTHERWISE}"
        ) from None
    except ValueError as error:
        raise ValueError(f"{address} sent something else: {error} Call again, {OTHERWISE}") from None


class Resuming:
    """Fetch a file for pooch over HTTP; what came before the connection broke is not fetched again."""

    def __init__(self, part, progress):
        self.part, self.progress = part, progress

    def __call__(self, url, output_file, _pooch):
        """Write what url sends to output_file; until all of it is there, it lies in `part`.

        Raises requests.RequestException when it can't be had; ConnectionError when it is too much.
        """
        import requests

        have = size_of(self.part)
        headers = {"Accept-Encoding": "identity", **({"Range": f"bytes={have}-"} if have else {})}
        with requests.get(url, headers=headers, stream=True, timeout=SILENCE_SECONDS) as answer:
            if answer.status_code == requests.codes.requested_range_not_satisfiable:
                self.part.unlink(missing_ok=True)  # nothing comes after it: the next try starts anew
            answer.raise_for_status()
            self.keep(answer, have if answer.status_code == requests.codes.partial_content else 0)
        os.replace(self.part, output_file)

    def keep(self, answer, start):
        """Write an answer's bytes into `part`, from `start` on."""
        total = start + int(answer.headers.get("Content-Length", 0)) or None
        size = {"unit": "B", "unit_scale": True, "initial": start}
        with (
            self.part.open("ab") as file,
            bar(total, "fetching CIFAR-10", shown=self.progress, **size) as shown,
        ):
            file.truncate(start)
            for piece in answer.iter_content(PIECE):
                start += len(piece)
                if start > LIMIT_ARCHIVE:
                    file.truncate(0)
                    raise ConnectionError(f"{answer.url} sends over {LIMIT_ARCHIVE:,} bytes; {OTHERWISE}")
                file.write(piece)
                shown.update(len(piece))


def reason(error):
    """Return in a few words why a request failed."""
    answer = error.response
    return type(error).__name__ if answer is None else f"{answer.status_code} {answer.reason}"


def size_of(path):
    """Return how many bytes a file has, 0 when there is none."""
    return path.stat().st_size if path.exists() else 0


def unpack(archive, folder):
    """Put the official files out of an archive into a folder: all of them, or none.

    Only files with the official names are taken, so nothing that an archive says decides on a path.
    Raises ValueError when one is missing, is no plain file or is too large, or the archive is damaged.
    """
    with TemporaryDirectory(dir=folder, prefix=".unpacking-") as beside:
        try:
            with gzip.open(archive) as stream, tarfile.open(fileobj=Capped(stream), mode="r|") as tar:
                for member in tar:
                    place, _, name = member.name.rpartition("/")
                    if place == FOLDER and name in batches.MD5:
                        (Path(beside) / name).write_bytes(content(tar, member))
        except (tarfile.TarError, EOFError, OSError, zlib.error) as error:
            raise ValueError(f"{archive} is damaged ({error}): delete it and download it again") from None
        if lacking := batches.missing(beside):
            raise ValueError(f"{archive} is not CIFAR-10's: it lacks {', '.join(lacking)}")
        for name in batches.MD5:
            os.replace(Path(beside) / name, folder / name)


def content(tar, member):
    """Return the bytes of one file in an archive."""
    if not member.isreg() or member.size > LIMIT_BYTES:
        raise ValueError(f"{member.name}: expected a plain file of at most {LIMIT_BYTES:,} bytes")
    return tar.extractfile(member).read()


class Capped:
    """A stream that ends with an error when it is far longer than the unpacked archive."""

    def __init__(self, stream):
        self.stream, self.left = stream, LIMIT_UNPACKED

    def read(self, size):
        """Return the next bytes, at most `size`. Raises ValueError when there are too many."""
        self.left -= size
        if self.left < 0:
            raise ValueError(f"the archive is not CIFAR-10's: it unpacks to over {LIMIT_UNPACKED:,} bytes")
        return self.stream.read(size)
