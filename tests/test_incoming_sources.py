"""Folders and zips that nobody vouches for."""

import os
import stat
import tracemalloc
import zipfile

import pytest

from autograder.errors import AutograderError
from autograder.incoming import sources
from autograder.incoming.sources import entries
from autograder.sanitise import Unreadable
from tests.handed_in import crowded_zip, zip_bomb, zipped


def names(source):
    with entries(source) as found:
        return [entry.name for entry in found]


def read(source, name, most=100):
    with entries(source) as found:
        return next(entry.read(most) for entry in found if entry.name == name)


def make(root, files):
    for name, data in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(data)
    return root


@pytest.fixture(params=["folder", "zip"])
def source(request, tmp_path):
    files = {
        "b/x.ipynb": b"12345",
        "a.txt": b"",
        ".DS_Store": b"",
        "__MACOSX/b/._x.ipynb": b"",
        "b/.git/y": b"",
    }
    return make(tmp_path / "in", files) if request.param == "folder" else zipped(tmp_path / "in.zip", files)


def test_files_are_listed_by_name_without_what_computers_add(source):
    assert names(source) == ["a.txt", "b/x.ipynb"]


def test_a_file_is_read_up_to_a_limit_and_one_byte_more_tells_that_there_is_more(source):
    assert [read(source, "b/x.ipynb", most) for most in (100, 5, 4, 2)] == [
        b"12345",
        b"12345",
        b"12345",
        b"123",
    ]


def test_what_is_not_there_or_no_zip_is_said_in_one_line(tmp_path):
    (tmp_path / "text.zip").write_bytes(b"<html>log in first</html>")
    for path, said in (("nothing", "is not there"), ("text.zip", "not a whole zip")):
        with pytest.raises(AutograderError, match=said) as failure:
            names(tmp_path / path)
        assert "\n" not in str(failure.value)


@pytest.mark.parametrize("name", ["/etc/x.ipynb", "../x.ipynb", "a/../../x", "..\\x", "\\\\host\\x", ".."])
def test_a_zip_with_a_name_that_leads_out_is_refused_as_a_whole(tmp_path, name):
    with pytest.raises(AutograderError, match="leads out of it: nothing was taken"):
        names(zipped(tmp_path / "in.zip", {"ann/x.ipynb": b"", name: b""}))


def test_folders_of_a_zip_made_on_windows_are_folders(tmp_path):
    assert names(zipped(tmp_path / "in.zip", {"ann\\x.ipynb": b""})) == ["ann/x.ipynb"]


def test_a_million_files_cost_neither_memory_nor_time(tmp_path):
    path = crowded_zip(tmp_path / "in.zip", 1_000_000)
    tracemalloc.start()
    try:
        with pytest.raises(AutograderError, match="lists too many files"):
            names(path)
        assert tracemalloc.get_traced_memory()[1] < 20e6
    finally:
        tracemalloc.stop()


def test_more_files_than_a_class_hands_in_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(sources, "MAX_ENTRIES", 10)
    assert len(names(crowded_zip(tmp_path / "in.zip", 10))) == 10
    with pytest.raises(AutograderError, match="more than 10 files"):
        names(crowded_zip(tmp_path / "in.zip", 11))


def test_a_zip_bomb_is_unpacked_up_to_the_limit(tmp_path):
    path = tmp_path / "in.zip"
    path.write_bytes(zip_bomb("a_1_2_x.ipynb", 200_000_000))
    assert path.stat().st_size < 1_000_000
    tracemalloc.start()
    try:
        assert len(read(path, "a_1_2_x.ipynb", 1_000_000)) == 1_000_001
        assert tracemalloc.get_traced_memory()[1] < 10e6
    finally:
        tracemalloc.stop()


def test_files_of_the_same_name_in_a_zip_are_both_read(tmp_path):
    with pytest.warns(UserWarning, match="Duplicate name"):
        path = zipped(tmp_path / "in.zip", [("a/x", b"1"), ("a/x", b"2")])
    with entries(path) as found:
        assert sorted(entry.read(9) for entry in found) == [b"1", b"2"]


def with_bytes(path, old, new):
    data = path.read_bytes()
    assert data.count(old) >= 1
    path.write_bytes(data.replace(old, new))


def test_a_damaged_or_locked_zip_is_refused_when_it_is_read(tmp_path):
    whole = zipped(tmp_path / "in.zip", {"a/x": os.urandom(3000)}).read_bytes()
    damaged, locked, unknown = (tmp_path / name for name in ("damaged.zip", "locked.zip", "unknown.zip"))
    damaged.write_bytes(whole[:900] + b"?" + whole[901:])
    locked.write_bytes(
        whole[:6] + b"\1" + whole[7:].replace(b"PK\1\2\x14\x03\x14\0\0", b"PK\1\2\x14\x03\x14\0\1")
    )
    unknown.write_bytes(
        whole[:8]
        + b"\x63"
        + whole[9:].replace(b"PK\1\2\x14\x03\x14\0\0\0\x08", b"PK\1\2\x14\x03\x14\0\0\0\x63")
    )
    for path in (damaged, locked, unknown):
        with pytest.raises(AutograderError, match="damaged or locked"):
            read(path, "a/x", 10_000)
    cut = tmp_path / "cut.zip"
    cut.write_bytes(whole[:-30])
    with pytest.raises(AutograderError, match="not a whole zip"):
        names(cut)


def test_a_link_in_a_zip_is_not_followed_and_not_made(tmp_path):
    info = zipfile.ZipInfo("a/x.ipynb")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    with pytest.raises(Unreadable, match="a link"):
        read(zipped(tmp_path / "in.zip", [(info, b"/etc/passwd")]), "a/x.ipynb")


def test_links_pipes_and_devices_in_a_folder_are_named_and_not_read(tmp_path):
    root = make(tmp_path / "in", {"a/x": b"secret", "b/y": b""})
    (root / "b" / "file").symlink_to(root / "a" / "x")
    (root / "b" / "folder").symlink_to(root / "a")
    (root / "c").symlink_to(root / "a")
    os.mkfifo(root / "b" / "pipe")
    assert names(root) == ["a/x", "b/file", "b/folder", "b/pipe", "b/y", "c"]
    for name in ("b/file", "b/folder", "b/pipe", "c"):
        with pytest.raises(Unreadable):
            read(root, name)


def test_a_folder_that_becomes_a_link_before_it_is_read_is_not_followed(tmp_path):
    root = make(tmp_path / "in", {"a/x": b"secret", "b/x": b"own"})
    with entries(root) as found:
        (root / "b").rename(root / "was")
        (root / "b").symlink_to(root / "a")
        with pytest.raises(Unreadable, match="a link"):
            found[1].read(9)


def test_a_name_without_end_is_refused(tmp_path):
    with pytest.raises(AutograderError, match="a name of 60,005 characters"):
        names(zipped(tmp_path / "in.zip", {"a/x": b"", "+/" * 30_000 + "1+a/x": b""}))


def test_a_folder_that_cannot_be_looked_into_is_named(tmp_path, monkeypatch):
    root = make(tmp_path / "in", {"a/x": b"", "b/y": b""})
    scandir = os.scandir

    def closed(path):
        if os.path.basename(path) == "b":  # not even root may look into it
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", closed)
    assert names(root) == ["a/x", "b/closed folder"]
    with pytest.raises(Unreadable):
        read(root, "b/closed folder")


def test_one_folder_of_very_many_files_or_long_names_costs_the_others_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(sources, "MAX_IN_FOLDER", 5)
    deep = "c/" + "/".join(["d" * 200] * 4) + "/x"
    files = {f"a/{i}/{j}": b"" for i in range(4) for j in range(4)} | {"b/x": b"here", "top": b"", deep: b""}
    root = make(tmp_path / "in", files)
    found = names(root)
    assert len([name for name in found if name.startswith("a/")]) == 5
    assert "top" in found and read(root, "b/x") == b"here"
    (long,) = (name for name in found if name.startswith("c/"))
    assert len(long) <= sources.MAX_NAME
    with pytest.raises(Unreadable, match="a path of 807 characters"):
        read(root, long)
