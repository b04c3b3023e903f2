"""The official files of CIFAR-10, "python version": 10,000 images each."""

import hashlib
from pathlib import Path

import numpy as np

from .progress import bar
from .unpickle import LIMIT_BYTES, unpickle

FOLDER = "cifar-10-batches-py"
CLASS_NAMES = (
    "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck",
)
IMAGES = 10_000
# Computed from the files of the official archive, whose own md5 stands in download.py.
MD5 = {
    "data_batch_1": "c99cafc152244af753f735de768cd75f",
    "data_batch_2": "d4bba439e000b95fd0a9bffe97cbabec",
    "data_batch_3": "54ebc095f3ab1f0389bbae665268c751",
    "data_batch_4": "634d18415352ddfa80567beed471001a",
    "data_batch_5": "482c414d41f54cd18b22e5b47cb7c3cb",
    "test_batch": "40351d587109b95175f43aff81a1287e",
}
TRAINING, TEST = tuple(MD5)[:-1], tuple(MD5)[-1:]


def missing(folder):
    """Return the names of the official files that are not in a folder."""
    return [name for name in MD5 if not (Path(folder) / name).is_file()]


def read_batches(folder, names, num_images, *, progress=False):
    """Return the first images of some official files, and their labels.

    Files that are not needed for num_images are not opened.
    Returns images: (num_images, 3, 32, 32) uint8, and labels: (num_images,) int64.
    Raises FileNotFoundError when a file is not there; ValueError when it is not the official one.
    """
    images = np.empty((num_images, 3, 32, 32), dtype=np.uint8)
    labels = np.empty(num_images, dtype=np.int64)
    with bar(num_images, "reading CIFAR-10", unit=" images", shown=progress) as shown:
        for name, start in zip(names, range(0, num_images, IMAGES), strict=False):
            stop = min(start + IMAGES, num_images)
            some, their_labels = batch(verified(Path(folder) / name, MD5[name]))
            images[start:stop], labels[start:stop] = some[: stop - start], their_labels[: stop - start]
            shown.update(stop - start)
    return images, labels


def verified(path, md5):
    """Return the bytes of a file that has this md5. Raises FileNotFoundError and ValueError."""
    if not path.is_file():
        raise FileNotFoundError(
            f"{path.name} is not in {path.parent}: name the folder that holds data_batch_1 and the others, "
            f"usually {FOLDER}, or call load_cifar10(download=True)"
        )
    with path.open("rb") as file:
        raw = file.read(LIMIT_BYTES + 1)
    found = hashlib.md5(raw, usedforsecurity=False).hexdigest()
    if found != md5:
        size = f"{len(raw):,}" if len(raw) <= LIMIT_BYTES else f"more than {LIMIT_BYTES:,}"
        raise ValueError(
            f"{path} is damaged or not CIFAR-10's: expected md5 {md5}, got {found} ({size} bytes): "
            "delete the file and call load_cifar10(download=True)"
        )
    return raw


def batch(raw):
    """Return the images (10000, 3, 32, 32) uint8 and labels (10000,) int64 of one file's bytes.

    Raises ValueError when they are anything else.
    """
    data = unpickle(raw)
    keys = {b"batch_label", b"data", b"filenames", b"labels"}
    if type(data) is not dict or set(data) != keys:
        raise ValueError(f"a batch of CIFAR-10 is a dictionary with the keys {words(keys)}: this is not one")
    images, labels = data[b"data"], data[b"labels"]
    if not isinstance(images, np.ndarray) or images.shape != (IMAGES, 3072):
        raise ValueError(f"data: expected {IMAGES:,} images of 3,072 bytes, got {what(images)}")
    if type(labels) is not list or len(labels) != IMAGES:
        raise ValueError(f"labels: expected a list of {IMAGES:,}, got {what(labels)}")
    if not all(type(label) is int and 0 <= label < len(CLASS_NAMES) for label in labels):
        raise ValueError(f"labels: expected whole numbers from 0 to {len(CLASS_NAMES) - 1}")
    return images.reshape(IMAGES, 3, 32, 32), np.array(labels, dtype=np.int64)


def words(keys):
    """Return names in one line."""
    return ", ".join(sorted(key.decode() for key in keys))


def what(thing):
    """Return in a few words what a value is."""
    if isinstance(thing, np.ndarray):
        return f"an array of shape {thing.shape}"
    if isinstance(thing, list):
        return f"a list of {len(thing):,}"
    return f"{thing!r:.40}"
