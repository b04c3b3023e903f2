"""load_cifar10: where it looks, what it returns, what it refuses."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from course.data import batches, cifar10, load_cifar10, stand_in
from course.data.unpickle import unpickle
from tests.cifar10_files import (
    CONTENT,
    FILES,
    IMAGES,
    array,
    dictionary,
    fields,
    listed,
    md5,
    number,
    pickled,
    small_cifar10,
    some,
    string,
    written,
)

__all__ = ["small_cifar10"]

REAL = os.environ.get("CIFAR10_DIR")
needs_photos = pytest.mark.skipif(not REAL, reason="CIFAR10_DIR is not set: no photographs to test with")
FEW = {"num_training": 30, "num_validation": 8, "num_test": 5, "progress": False}
ALL_IMAGES = np.concatenate([CONTENT[name][0] for name in batches.TRAINING])
ALL_LABELS = np.concatenate([CONTENT[name][1] for name in batches.TRAINING])


@pytest.fixture
def cache(small_cifar10, tmp_path, monkeypatch):
    """Let an empty folder be the cache; return its path."""
    monkeypatch.setattr(cifar10, "cache_folder", lambda: tmp_path / "cache")
    return tmp_path / "cache"


def test_the_first_images_are_for_training_the_next_for_validation(cache, tmp_path):
    data = load_cifar10(written(tmp_path / "here"), **FEW, subtract_mean=False)
    assert np.array_equal(data.X_train, ALL_IMAGES[:30])
    assert np.array_equal(data.X_val, ALL_IMAGES[30:38])
    assert np.array_equal(data.X_test, CONTENT["test_batch"][0][:5])
    assert np.array_equal(data.y_train, ALL_LABELS[:30])
    assert np.array_equal(data.y_val, ALL_LABELS[30:38])
    assert np.array_equal(data.y_test, CONTENT["test_batch"][1][:5])
    assert data.class_names[3] == "cat" and len(data.class_names) == 10
    assert data.source == "CIFAR-10"
    assert repr(data) == "<CIFAR-10: 30 training, 8 validation, 5 test images>"


@pytest.mark.parametrize("source", ["CIFAR-10", "stand-in"])
def test_the_mean_of_the_training_images_is_subtracted_from_all(source, cache, tmp_path):
    folder = written(tmp_path / "here") if source == "CIFAR-10" else None
    raw, data = load_cifar10(folder, **FEW, subtract_mean=False), load_cifar10(folder, **FEW)
    assert raw.source == data.source == source
    mean = raw.X_train.astype(np.float64).mean(axis=0)
    assert np.allclose(data.mean_image, mean, atol=1e-4)
    assert np.array_equal(data.mean_image, raw.mean_image)
    for part in ("X_train", "X_val", "X_test"):
        assert np.allclose(getattr(data, part), getattr(raw, part) - mean, atol=1e-4)


@pytest.mark.parametrize("source", ["CIFAR-10", "stand-in"])
def test_arrays_have_the_same_types_and_shapes_from_everywhere(source, cache, tmp_path):
    data = load_cifar10(written(tmp_path / "here") if source == "CIFAR-10" else None, **FEW)
    for part, count in (("train", 30), ("val", 8), ("test", 5)):
        X, y = getattr(data, f"X_{part}"), getattr(data, f"y_{part}")
        assert (X.shape, X.dtype) == ((count, 3, 32, 32), np.float32)
        assert (y.shape, y.dtype) == ((count,), np.int64)
        assert 0 <= y.min() and y.max() < len(data.class_names) == 10
    assert (data.mean_image.shape, data.mean_image.dtype) == ((3, 32, 32), np.float32)


# The folders that hold the files, the arguments, and which of the folders counts.
LOOK_UP = [
    ({"argument", "environment", "cache"}, {"argument", "environment"}, "argument"),
    ({"environment", "cache"}, {"environment"}, "environment"),
    ({"cache", "environment"}, set(), "cache"),
]


@pytest.mark.parametrize(("there", "named", "counts"), LOOK_UP)
def test_argument_counts_before_environment_before_cache(there, named, counts, cache, tmp_path, monkeypatch):
    for place in there:
        files = dict(FILES)
        files["test_batch"] = pickled(dictionary(**fields(*some(seed=len(place)))))
        written(tmp_path / place, files)
        if place == counts:
            monkeypatch.setitem(batches.MD5, "test_batch", md5(files["test_batch"]))
    if "environment" in named:
        monkeypatch.setenv("CIFAR10_DIR", str(tmp_path / "environment"))
    argument = tmp_path / "argument" if "argument" in named else None
    data = load_cifar10(argument, **FEW, subtract_mean=False)
    assert np.array_equal(data.X_test, some(seed=len(counts))[0][:5])


@pytest.mark.parametrize("how", ["argument", "environment"])
def test_a_named_folder_without_the_files_is_an_error_and_no_stand_in(how, cache, tmp_path, monkeypatch):
    if how == "environment":
        monkeypatch.setenv("CIFAR10_DIR", str(tmp_path / "nowhere"))
    with pytest.raises(FileNotFoundError, match="data_batch_1 is not in .*nowhere: name the folder") as error:
        load_cifar10(tmp_path / "nowhere" if how == "argument" else None, **FEW)
    assert "\n" not in str(error.value)


def test_only_files_that_are_needed_are_opened(cache, tmp_path):
    folder = written(tmp_path / "here", {name: FILES[name] for name in ("data_batch_1", "test_batch")})
    (folder / "data_batch_2").write_bytes(b"damaged")
    assert len(load_cifar10(folder, num_training=15, num_validation=5, num_test=1, progress=False).X_val) == 5
    with pytest.raises(ValueError, match="data_batch_2 is damaged"):
        load_cifar10(folder, num_training=16, num_validation=5, num_test=1, progress=False)


def test_without_a_download_one_line_says_that_images_are_generated(cache, capsys):
    data = load_cifar10(**FEW)
    out, err = capsys.readouterr()
    assert out.count("\n") == 1 and err == ""
    assert "generated" in out and "load_cifar10(download=True)" in out and "CIFAR10_DIR" in out
    assert (data.source, data.class_names) == ("stand-in", stand_in.CLASS_NAMES)


def test_nothing_is_said_when_the_photographs_are_there(cache, tmp_path, capsys):
    load_cifar10(written(tmp_path / "here"), **FEW)
    assert capsys.readouterr() == ("", "")


def test_progress_is_shown_on_request(cache, tmp_path, capsys):
    load_cifar10(written(tmp_path / "here"), **{**FEW, "progress": True})
    load_cifar10(**{**FEW, "progress": True})
    err = capsys.readouterr().err
    assert "reading CIFAR-10" in err and "0/38" in err and "drawing pictures" in err


def test_test_images_are_not_training_images_in_the_stand_in(cache):
    data = load_cifar10(num_training=100, num_validation=0, num_test=20, subtract_mean=False, progress=False)
    same = (data.X_train[:, None] == data.X_test[None, :]).all(axis=(2, 3, 4))
    assert not same.any()


@pytest.mark.parametrize("sizes", [
    {"num_training": 0}, {"num_training": -5}, {"num_validation": -1},
    {"num_training": 99, "num_validation": 2}, {"num_test": -1}, {"num_test": 21},
])
@pytest.mark.parametrize("source", ["CIFAR-10", "stand-in"])
def test_a_number_out_of_range_is_refused_with_the_number(sizes, source, cache, tmp_path):
    folder = written(tmp_path / "here") if source == "CIFAR-10" else None
    with pytest.raises(ValueError, match=f"expected num_.* got .*{list(sizes.values())[-1]}") as refusal:
        load_cifar10(folder, **{**FEW, **sizes})
    assert "\n" not in str(refusal.value)


HARM = b"\x80\x02cposix\nsystem\nU\x0ctouch harmed\x85R."
WHOLE = FILES["data_batch_1"]
DAMAGED = {
    "empty": b"",
    "cut off": WHOLE[:-100],
    "longer": WHOLE + b"\0",
    "one bit wrong": WHOLE[:5000] + bytes([WHOLE[5000] ^ 1]) + WHOLE[5001:],
    "another batch": FILES["data_batch_2"],
    "a page": b"<html>404 Not Found</html>",
    "code": HARM,
}


@pytest.mark.parametrize("what", DAMAGED)
def test_a_damaged_file_is_refused_before_it_is_read(what, cache, tmp_path, monkeypatch):
    folder = written(tmp_path / "here", {**FILES, "data_batch_1": DAMAGED[what]})
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(batches, "unpickle", lambda raw: pytest.fail("a damaged file was read"))
    with pytest.raises(ValueError, match="data_batch_1 is damaged") as refusal:
        load_cifar10(folder, **FEW)
    text = str(refusal.value)
    assert "\n" not in text and f"{len(DAMAGED[what]):,} bytes" in text and "delete" in text
    assert md5(WHOLE) in text and md5(DAMAGED[what]) in text
    assert not (tmp_path / "harmed").exists()


def test_a_far_too_large_file_is_not_read_to_its_end(cache, tmp_path, monkeypatch):
    folder = written(tmp_path / "here", {**FILES, "data_batch_1": b"\0" * 5000})
    monkeypatch.setattr(batches, "LIMIT_BYTES", 1000)
    with pytest.raises(ValueError, match="more than 1,000 bytes"):
        load_cifar10(folder, **FEW)


def test_a_folder_in_place_of_a_file_is_not_a_file(cache, tmp_path):
    folder = written(tmp_path / "here", {name: FILES[name] for name in FILES if name != "data_batch_1"})
    (folder / "data_batch_1").mkdir()
    with pytest.raises(FileNotFoundError, match="data_batch_1 is not in"):
        load_cifar10(folder, **FEW)


def test_code_in_a_file_with_the_right_md5_is_not_run(cache, tmp_path, monkeypatch):
    folder = written(tmp_path / "here", {**FILES, "data_batch_1": HARM})
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(batches.MD5, "data_batch_1", md5(HARM))
    with pytest.raises(ValueError, match="asks for 'posix.system'"):
        load_cifar10(folder, **FEW)
    assert not (tmp_path / "harmed").exists()


IMAGES_AND_LABELS = fields(*CONTENT["data_batch_1"])
WRONG_BATCHES = {
    "no dictionary": (b"]", "dictionary"),
    "a key missing": ({"labels": None}, "dictionary with the keys batch_label, data, filenames, labels"),
    "a key too many": ({"more": b"N"}, "dictionary with the keys"),
    "no array": ({"data": string(b"abc")}, "data: expected 20 images of 3,072 bytes, got b'abc'"),
    "too few images": ({"data": array((19, 3072), bytes(19 * 3072))}, r"got an array of shape \(19, 3072\)"),
    "too small images": ({"data": array((20, 3071), bytes(20 * 3071))}, r"shape \(20, 3071\)"),
    "too few labels": ({"labels": listed([number(1)] * 19)}, "expected a list of 20, got a list of 19"),
    "no list": ({"labels": number(7)}, "labels: expected a list of 20, got 7"),
    "a label too large": ({"labels": listed([number(10)] * 20)}, "whole numbers from 0 to 9"),
    "a negative label": ({"labels": listed([number(-1)] * 20)}, "whole numbers from 0 to 9"),
    "a text as a label": ({"labels": listed([string(b"1")] * 20)}, "whole numbers from 0 to 9"),
    "no label": ({"labels": listed([b"N"] * 20)}, "whole numbers from 0 to 9"),
    "false as a label": ({"labels": listed([b"\x89"] * 20)}, "whole numbers from 0 to 9"),
}


@pytest.mark.parametrize("what", WRONG_BATCHES)
def test_a_batch_with_other_content_is_refused_in_one_line(what, small_cifar10):
    change, words = WRONG_BATCHES[what]
    if isinstance(change, dict):
        items = {**IMAGES_AND_LABELS, **change}
        change = dictionary(**{key: value for key, value in items.items() if value is not None})
    with pytest.raises(ValueError, match=words) as refusal:
        batches.batch(pickled(change))
    assert "\n" not in str(refusal.value)


def test_a_right_batch_is_read(small_cifar10):
    images, labels = batches.batch(pickled(dictionary(**IMAGES_AND_LABELS)))
    assert images.shape == (IMAGES, 3, 32, 32) and labels.dtype == np.int64


def test_without_pooch_there_is_a_stand_in_and_no_download(monkeypatch, capsys):
    monkeypatch.delenv("CIFAR10_DIR", raising=False)
    monkeypatch.setitem(sys.modules, "pooch", None)
    assert load_cifar10(**FEW).source == "stand-in"
    with pytest.raises(ImportError, match="a download needs pooch: install it, or set CIFAR10_DIR"):
        load_cifar10(**FEW, download=True)


IN_A_BROWSER = """
import socket, sys, threading
def forbidden(*arguments, **options):
    raise RuntimeError("not in a browser")
threading.Thread.start = socket.socket.connect = socket.socket.bind = forbidden
sys.modules["pooch"] = sys.modules["requests"] = sys.modules["ssl"] = None
from course.data import load_cifar10
print(load_cifar10(num_training=100, num_validation=0, num_test=10, progress=True))
"""


def test_it_runs_where_there_are_no_threads_no_sockets_and_no_pooch():
    environment = {name: value for name, value in os.environ.items() if name != "CIFAR10_DIR"}
    command = [sys.executable, "-W", "error", "-c", IN_A_BROWSER]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "<stand-in: 100 training, 0 validation, 10 test images>"


def test_importing_it_does_not_import_what_only_a_download_needs():
    code = "import sys, course.data; print({'pooch', 'requests', 'urllib3'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


@pytest.fixture(scope="module")
def photos():
    return load_cifar10(REAL, subtract_mean=False, progress=False)


@needs_photos
def test_the_photographs_are_split_as_usual(photos):
    assert (len(photos.X_train), len(photos.X_val), len(photos.X_test)) == (49_000, 1_000, 10_000)
    assert np.bincount(np.concatenate([photos.y_train, photos.y_val])).tolist() == [5_000] * 10
    assert np.bincount(photos.y_test).tolist() == [1_000] * 10
    assert photos.X_train.dtype == np.float32 and photos.X_train.min() == 0 and photos.X_train.max() == 255


@needs_photos
def test_class_names_are_those_of_the_official_files():
    names = unpickle((Path(REAL) / "batches.meta").read_bytes())[b"label_names"]
    assert [name.decode() for name in names] == list(batches.CLASS_NAMES)


@needs_photos
@pytest.mark.parametrize("name", batches.MD5)
def test_official_files_are_read_as_python_s_pickle_reads_them(name):
    import pickle  # noqa: TID251 (a second opinion on official files)

    path = Path(REAL) / name
    raw = batches.verified(path, batches.MD5[name])
    theirs = pickle.loads(raw, encoding="bytes")  # noqa: S301 (its md5 is right)
    assert {key: value for key, value in unpickle(raw).items() if key != b"data"} == {
        key: value for key, value in theirs.items() if key != b"data"
    }
    assert np.array_equal(unpickle(raw)[b"data"], theirs[b"data"])
