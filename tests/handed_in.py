"""What learning platforms and nbgrader's exchange give a teacher, made in a folder."""

import io
import struct
import zipfile
import zlib

from tests.small_lesson import LESSON


def zipped(path, files):
    """Write a zip of {name: bytes}, or of pairs where a name is there twice; return its path."""
    pairs = files.items() if isinstance(files, dict) else files
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in pairs:
            archive.writestr(name, data)
    return path


def exchange(root, *submissions, course="neural-networks", lesson=LESSON):
    """Make nbgrader's exchange with (student, time, {file: bytes}) submissions; return its folder."""
    (root / course / "outbound").mkdir(parents=True, exist_ok=True)
    for number, (student, time, files) in enumerate(submissions):
        folder = root / course / "inbound" / f"{student}+{lesson}+{time}+r{number}"
        folder.mkdir(parents=True)
        for name, data in {**files, "timestamp.txt": b"2020-01-01 00:00:00 UTC"}.items():
            (folder / name).write_bytes(data)
    return root


def crowded_zip(path, count):
    """Write a zip whose table of contents lists one small file this often; return its path."""
    data, name = b"x", b"a_1_2_x.ipynb"
    common = struct.pack("<HHHHHIIIHH", 20, 0, 0, 0, 0, zlib.crc32(data), 1, 1, len(name), 0)
    local = b"PK\3\4" + common + name + data
    record = b"PK\1\2" + struct.pack("<H", 20) + common + struct.pack("<HHHII", 0, 0, 0, 0, 0) + name
    few = min(count, 0xFFFF)
    end = b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, few, few, len(record) * count, len(local), 0)
    path.write_bytes(local + record * count + end)
    return path


def zip_bomb(name, size):
    """Return the bytes of a zip with one file of so many zeros."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive, archive.open(name, "w") as stream:
        for _ in range(size // 1_000_000):
            stream.write(bytes(1_000_000))
    return data.getvalue()
