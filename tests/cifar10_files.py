"""Files as CIFAR-10's are, but small: made byte by byte, as Python 2 pickled the official ones."""

import hashlib
import io
import struct
import tarfile

import numpy as np
import pytest

from course.data import batches

IMAGES = 20  # in each file
NAMES = tuple(batches.MD5)


def string(text):
    if len(text) < 256:
        return b"U" + bytes([len(text)]) + text
    return b"T" + struct.pack("<i", len(text)) + text


def number(value):
    return b"K" + bytes([value]) if 0 <= value < 256 else b"J" + struct.pack("<i", value)


def listed(items):
    return b"](" + b"".join(items) + b"e"


def dictionary(**items):
    return b"}(" + b"".join(string(key.encode()) + value for key, value in items.items()) + b"u"


def array(shape, content, kind=b"u1"):
    made = b"cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\x00\x85U\x01b\x87R"
    state = b"(K\x03U\x01|NNN" + number(-1) + number(-1) + b"K\x00t"
    dtype = b"cnumpy\ndtype\n" + string(kind) + b"K\x00K\x01\x87R" + state + b"b"
    size = number(shape[0]) + number(shape[1]) + b"\x86"
    return made + b"(K\x01" + size + dtype + b"\x89" + string(content) + b"tb"


def pickled(value):
    return b"\x80\x02" + value + b"."


def fields(images, labels):
    return {
        "batch_label": string(b"some batch"),
        "labels": listed(map(number, labels)),
        "data": array((len(images), 3072), images.tobytes()),
        "filenames": listed([string(b"a.png")] * len(labels)),
    }


def some(seed):
    rng = np.random.default_rng(seed)
    return rng.integers(0, 256, (IMAGES, 3, 32, 32), dtype=np.uint8), rng.integers(0, 10, IMAGES)


CONTENT = {name: some(seed) for seed, name in enumerate(NAMES)}
FILES = {name: pickled(dictionary(**fields(*CONTENT[name]))) for name in NAMES}


@pytest.fixture
def small_cifar10(monkeypatch):
    """Let FILES be the official files."""
    monkeypatch.setattr(batches, "IMAGES", IMAGES)
    monkeypatch.setattr(batches, "MD5", {name: md5(raw) for name, raw in FILES.items()})
    monkeypatch.delenv("CIFAR10_DIR", raising=False)


def md5(raw):
    return hashlib.md5(raw, usedforsecurity=False).hexdigest()


def written(folder, files=FILES):
    """Write files into a new folder; return it."""
    folder.mkdir(parents=True)
    for name, raw in files.items():
        (folder / name).write_bytes(raw)
    return folder


def archive(members):
    """Return the bytes of a .tar.gz of (name, bytes or a TarInfo)."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as tar:
        for name, content in members:
            info = content if isinstance(content, tarfile.TarInfo) else tarfile.TarInfo(name)
            if info is content:
                tar.addfile(info)
            else:
                info.size = len(content)
                tar.addfile(info, io.BytesIO(content))
    return stream.getvalue()


def official_archive(files=FILES):
    return archive([(f"{batches.FOLDER}/{name}", raw) for name, raw in files.items()])
