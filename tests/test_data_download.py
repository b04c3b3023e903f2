"""Fetching CIFAR-10: from a server on this machine that breaks off, lies, or is not there."""

import gzip
import io
import socket
import sys
import tarfile
import threading
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest

from course.data import batches, cifar10, download, load_cifar10
from tests.cifar10_files import CONTENT, FILES, archive, md5, official_archive, small_cifar10, written

__all__ = ["small_cifar10"]

ARCHIVE = official_archive()
FEW = {"num_training": 30, "num_validation": 8, "num_test": 5, "progress": False}


class Handler(BaseHTTPRequestHandler):
    """Answers as the server's plan says; `breaks` has for each answer in turn where it breaks off."""

    def do_GET(self):
        plan = self.server.plan
        asked = self.headers.get("Range")
        plan.asked.append(asked)
        if plan.status:
            return self.send_error(plan.status)
        start = int(asked.removeprefix("bytes=").removesuffix("-")) if asked and plan.ranges else 0
        if start >= len(plan.content):
            return self.send_error(416)
        self.send_response(206 if start else 200)
        if plan.says_length:
            self.send_header("Content-Length", str(len(plan.content) - start))
        self.end_headers()
        stop = plan.breaks.pop(0) if plan.breaks else len(plan.content)
        self.wfile.write(plan.content[start:stop])

    def log_message(self, *arguments):
        """Say nothing."""


class Plan:
    def __init__(self):
        self.content, self.breaks, self.asked = ARCHIVE, [], []
        self.ranges, self.says_length, self.status = True, True, None


@pytest.fixture
def plan(small_cifar10, monkeypatch):
    """Run a server on this machine; return its plan, with its address."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr(download, "AGAIN", 0)
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.plan = Plan()
        server.plan.address = f"http://127.0.0.1:{server.server_port}/{download.ARCHIVE}"
        running = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        running.start()
        yield server.plan
        server.shutdown()
        running.join()


@pytest.fixture
def fetch(plan, tmp_path):
    """Return a function that downloads from the server into a new folder."""
    return partial(
        download.download_batches, tmp_path / "cache", address=plan.address, md5=md5(ARCHIVE), progress=False
    )


def files(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()} if folder.exists() else {}


def test_the_archive_is_fetched_checked_and_unpacked(fetch, plan, tmp_path):
    fetch()
    assert files(tmp_path / "cache") == FILES
    assert plan.asked == [None]


def test_load_cifar10_downloads_once_when_asked(fetch, plan, tmp_path, monkeypatch):
    monkeypatch.setattr(cifar10, "cache_folder", lambda: tmp_path / "cache")
    monkeypatch.setattr(cifar10, "download_batches", lambda folder, progress: fetch())
    for _ in range(2):
        data = load_cifar10(**FEW, download=True, subtract_mean=False)
        assert data.source == "CIFAR-10"
        assert np.array_equal(data.X_test, CONTENT["test_batch"][0][:5])
    assert load_cifar10(**FEW).source == "CIFAR-10"
    assert len(plan.asked) == 1


def test_files_that_are_there_are_not_downloaded(plan, tmp_path, monkeypatch):
    monkeypatch.setattr(cifar10, "download_batches", lambda *_, **__: pytest.fail("a download was started"))
    assert load_cifar10(written(tmp_path / "here"), **FEW, download=True).source == "CIFAR-10"


def test_a_download_goes_to_the_folder_that_was_named(tmp_path, plan, monkeypatch):
    started = []
    monkeypatch.setattr(cifar10, "download_batches", lambda folder, progress: started.append(written(folder)))
    load_cifar10(tmp_path / "mine", **FEW, download=True)
    assert started == [tmp_path / "mine"]


def test_a_broken_download_goes_on_by_itself_where_it_stopped(fetch, plan, tmp_path, monkeypatch):
    monkeypatch.setattr(download, "AGAIN", 1)
    plan.breaks = [200_000]
    fetch()
    assert files(tmp_path / "cache") == FILES
    assert plan.asked[0] is None and len(plan.asked) == 2
    assert 0 < int(plan.asked[1].removeprefix("bytes=").removesuffix("-")) <= 200_000


def test_a_download_given_up_goes_on_when_it_is_called_again(fetch, plan, tmp_path):
    plan.breaks = [100_000, 250_000]
    for _ in range(2):
        with pytest.raises(ConnectionError, match="MB are there already"):
            fetch()
    [(name, kept)] = files(tmp_path / "cache").items()
    assert name.endswith(".part") and ARCHIVE.startswith(kept) and 100_000 < len(kept) <= 250_000
    fetch()
    assert files(tmp_path / "cache") == FILES
    assert plan.asked[2] == f"bytes={len(kept)}-"


def test_a_server_that_can_t_go_on_sends_all_again(fetch, plan, tmp_path):
    plan.ranges, plan.breaks = False, [100_000]
    with pytest.raises(ConnectionError):
        fetch()
    fetch()
    assert files(tmp_path / "cache") == FILES


def test_a_server_that_does_not_say_how_much_comes_is_good_enough(fetch, plan, tmp_path):
    plan.says_length = False
    fetch()
    assert files(tmp_path / "cache") == FILES


def test_a_part_with_nothing_left_to_fetch_is_fetched_anew(fetch, plan, tmp_path):
    written(tmp_path / "cache", {f"{download.ARCHIVE}.part": ARCHIVE + b"more"})
    with pytest.raises(ConnectionError, match="416"):
        fetch()
    fetch()
    assert files(tmp_path / "cache") == FILES


@pytest.mark.parametrize("start", [b"", b"another file's beginning"])
def test_something_else_than_the_archive_is_refused_and_thrown_away(start, fetch, plan, tmp_path):
    plan.content = b"<html>please log in</html>" if not start else ARCHIVE
    if start:
        written(tmp_path / "cache", {f"{download.ARCHIVE}.part": start})
    with pytest.raises(ValueError, match="sent something else: .* Call again, or get") as refusal:
        fetch()
    text = str(refusal.value)
    assert "\n" not in text and md5(ARCHIVE) in text and plan.address in text and "CIFAR10_DIR" in text
    assert files(tmp_path / "cache") == {}
    plan.content = ARCHIVE
    fetch()
    assert files(tmp_path / "cache") == FILES


def test_without_network_one_line_says_what_to_do(small_cifar10, tmp_path, monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr(download, "AGAIN", 0)
    with socket.socket() as unused:  # bound and not listening: nobody answers there
        unused.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{unused.getsockname()[1]}/{download.ARCHIVE}"
        with pytest.raises(ConnectionError) as failure:
            download.download_batches(tmp_path / "cache", address=address, md5=md5(ARCHIVE), progress=False)
    text = str(failure.value)
    assert "\n" not in text and "Traceback" not in text
    for words in (address, "check the network", "0 MB", "unpack it and set CIFAR10_DIR"):
        assert words in text
    assert failure.value.__suppress_context__


@pytest.mark.parametrize(("status", "words"), [(404, "404 Not Found"), (503, "503 Service Unavailable")])
def test_a_server_s_refusal_is_passed_on(status, words, fetch, plan, tmp_path):
    plan.status = status
    with pytest.raises(ConnectionError, match=words):
        fetch()
    assert files(tmp_path / "cache") == {}


@pytest.mark.parametrize("says_length", [True, False])
def test_a_server_that_sends_too_much_is_cut_off(says_length, fetch, plan, tmp_path, monkeypatch):
    plan.says_length = says_length
    monkeypatch.setattr(download, "LIMIT_ARCHIVE", 150_000)
    with pytest.raises(ConnectionError, match="sends over 150,000 bytes; or get"):
        fetch()
    assert all(len(content) == 0 for content in files(tmp_path / "cache").values())


def test_progress_is_shown_on_request(fetch, plan, capfd):
    fetch(progress=True)
    assert "fetching CIFAR-10" in capfd.readouterr().err


def test_no_progress_is_shown_otherwise(fetch, plan, capfd):
    fetch()
    assert "fetching CIFAR-10" not in capfd.readouterr().err


def test_a_progress_bar_starts_where_the_download_starts(fetch, plan, monkeypatch):
    shown, begins = download.bar, []

    def bar(total, what, *, initial, **options):
        assert total == len(ARCHIVE)
        begins.append(initial)
        return shown(total, what, initial=initial, **options)

    monkeypatch.setattr(download, "bar", bar)
    plan.breaks = [100_000]
    with pytest.raises(ConnectionError):
        fetch()
    fetch()
    assert begins[0] == 0 and plan.asked[1] == f"bytes={begins[1]}-"


def link(name, target, kind=tarfile.SYMTYPE):
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return name, info


INSIDE = f"{batches.FOLDER}/"
GOOD = [(INSIDE + name, raw) for name, raw in FILES.items()]
BUT_LAST = GOOD[:-1]
LAST = GOOD[-1][0]
# What is in the archive, and the words of the refusal; None: the strange part is passed over.
STRANGE = {
    "a path upwards": ([("../evil", b"x"), *GOOD], None),
    "a path from the root": ([("/tmp/evil", b"x"), *GOOD], None),
    "a path upwards from inside": ([(INSIDE + "../evil", b"x"), *GOOD], None),
    "another file": ([(INSIDE + "evil", b"x"), *GOOD], None),
    "a link to elsewhere": ([link(INSIDE + "evil", "/etc/passwd"), *GOOD], None),
    "official files upwards": ([("../" + LAST, b"x"), *BUT_LAST], "lacks test_batch"),
    "a link in place of a file": ([*BUT_LAST, link(LAST, "/etc/passwd")], "plain file"),
    "a hard link in place of a file": ([*BUT_LAST, link(LAST, GOOD[0][0], tarfile.LNKTYPE)], "plain file"),
    "a pipe in place of a file": ([*BUT_LAST, link(LAST, "", tarfile.FIFOTYPE)], "plain file"),
    "a folder in place of a file": ([*BUT_LAST, link(LAST, "", tarfile.DIRTYPE)], "plain file"),
    "a file missing": (BUT_LAST, "lacks test_batch"),
    "nothing": ([], "lacks data_batch_1"),
}


@pytest.mark.parametrize("what", STRANGE)
def test_nothing_in_an_archive_decides_where_a_file_goes(what, small_cifar10, tmp_path):
    members, refusal = STRANGE[what]
    folder = written(tmp_path / "a" / "cache", {"strange.tar.gz": archive(members)})
    if refusal:
        with pytest.raises(ValueError, match=refusal):
            download.unpack(folder / "strange.tar.gz", folder)
    else:
        download.unpack(folder / "strange.tar.gz", folder)
    (folder / "strange.tar.gz").unlink()
    assert files(folder) == ({} if refusal else FILES)
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["cache"]


BROKEN = {
    "cut off": ARCHIVE[: len(ARCHIVE) // 2],
    "no archive": b"<html>",
    "empty": b"",
    "packed nonsense": gzip.compress(b"nonsense" * 200),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_archive_is_refused_in_one_line_and_leaves_nothing(what, small_cifar10, tmp_path):
    (tmp_path / "broken.tar.gz").write_bytes(BROKEN[what])
    with pytest.raises(ValueError, match=r"broken.tar.gz (is damaged|is not CIFAR-10's)") as refusal:
        download.unpack(tmp_path / "broken.tar.gz", tmp_path)
    assert "\n" not in str(refusal.value)
    assert files(tmp_path) == {"broken.tar.gz": BROKEN[what]}


def test_old_files_stay_when_a_new_archive_is_broken(small_cifar10, tmp_path):
    folder = written(tmp_path / "cache", {"data_batch_1": b"old"})
    (tmp_path / "broken.tar.gz").write_bytes(archive(BUT_LAST))
    with pytest.raises(ValueError, match="lacks"):
        download.unpack(tmp_path / "broken.tar.gz", folder)
    assert files(folder) == {"data_batch_1": b"old"}


@pytest.mark.parametrize("name", [INSIDE + "data_batch_1", "padding"])
def test_an_archive_that_unpacks_to_far_too_much_is_refused(name, small_cifar10, tmp_path, monkeypatch):
    bomb = archive([(name, bytes(5_000_000)), *GOOD])
    assert len(bomb) < len(ARCHIVE) + 10_000
    (tmp_path / "bomb.tar.gz").write_bytes(bomb)
    monkeypatch.setattr(download, "LIMIT_UNPACKED", 4_000_000)
    with pytest.raises(ValueError, match="unpacks to over 4,000,000 bytes"):
        download.unpack(tmp_path / "bomb.tar.gz", tmp_path)
    monkeypatch.setattr(download, "LIMIT_UNPACKED", 40_000_000)
    monkeypatch.setattr(download, "LIMIT_BYTES", 4_000_000)
    if name.startswith(INSIDE):
        with pytest.raises(ValueError, match="at most 4,000,000 bytes"):
            download.unpack(tmp_path / "bomb.tar.gz", tmp_path)


def test_a_stream_is_capped_by_what_was_asked_of_it(monkeypatch):
    monkeypatch.setattr(download, "LIMIT_UNPACKED", 10)
    stream = download.Capped(io.BytesIO(b"a" * 100))
    assert stream.read(4) + stream.read(6) == b"a" * 10
    with pytest.raises(ValueError, match="over 10 bytes"):
        stream.read(1)


@pytest.mark.skipif(sys.platform != "linux", reason="XDG_CACHE_HOME is a custom of Linux")
def test_the_cache_lies_where_this_platform_keeps_such_things(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert download.cache_folder() == tmp_path / "neural-networks-course" / batches.FOLDER
