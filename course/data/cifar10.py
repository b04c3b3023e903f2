"""CIFAR-10 as the lessons use it, or generated pictures where it is not at hand."""

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from . import batches, stand_in
from .download import cache_folder, download_batches

ENVIRONMENT = "CIFAR10_DIR"
TRAINING_SEED, TEST_SEED = 0, 1
NOT_HERE = (
    "CIFAR-10 is not on this computer: these are generated pictures of shapes, about as hard to tell apart. "
    "For the photos call load_cifar10(download=True), 170 MB, or set CIFAR10_DIR to a folder that has them."
)


@dataclass(frozen=True, repr=False)
class Dataset:
    """Images for training, validation and test.

    X_train, X_val, X_test: (N, 3, 32, 32) float32, grey levels 0 to 255, less mean_image when that was asked.
    y_train, y_val, y_test: (N,) int64, places in class_names.
    mean_image: (3, 32, 32) float32, the mean of the training images before anything was subtracted.
    source: "CIFAR-10" or "stand-in".
    """

    X_train: np.ndarray
    y_train: np.ndarray
    X_val: np.ndarray
    y_val: np.ndarray
    X_test: np.ndarray
    y_test: np.ndarray
    mean_image: np.ndarray
    class_names: tuple[str, ...]
    source: str

    def __repr__(self):
        sizes = f"{len(self.y_train):,} training, {len(self.y_val):,} validation, {len(self.y_test):,} test"
        return f"<{self.source}: {sizes} images>"


def load_cifar10(
    folder=None,
    *,
    num_training=49_000,
    num_validation=1_000,
    num_test=10_000,
    subtract_mean=True,
    download=False,
    progress=True,
):
    """Return CIFAR-10: its first training images, the next ones for validation, and its first test images.

    The official files of the "python version" are looked for in `folder`, otherwise in the folder that the
    environment variable CIFAR10_DIR names, otherwise where an earlier download put them. Where they are not
    there, `download` fetches them; a later call then finds them. Without a folder, files and download, the
    images are generated ones (course.data.stand_in), and one line says so.

    folder: holds data_batch_1 to data_batch_5 and test_batch, or None.
    num_training, num_validation, num_test: how many images; the first two at most 50,000 together,
        num_test at most 10,000.
    subtract_mean: whether to subtract mean_image from all images.  download: whether 170 MB may be fetched.
    progress: whether to show progress bars.
    Returns a Dataset.
    Raises ValueError when a number is out of range, or a file is damaged or foreign; FileNotFoundError when
    `folder` or CIFAR10_DIR lacks a file; ConnectionError when a download fails, ImportError without pooch.
    """
    require_sizes(num_training, num_validation, num_test)
    found = find(folder, download, progress)
    pool = num_training + num_validation
    if found:
        names, source = batches.CLASS_NAMES, "CIFAR-10"
        images, labels = batches.read_batches(found, batches.TRAINING, pool, progress=progress)
        test_images, test_labels = batches.read_batches(found, batches.TEST, num_test, progress=progress)
    else:
        names, source = stand_in.CLASS_NAMES, "stand-in"
        print(NOT_HERE)  # noqa: T201 (whoever works on must know)
        images, labels = stand_in.generate(pool, seed=TRAINING_SEED, progress=progress)
        test_images, test_labels = stand_in.generate(num_test, seed=TEST_SEED, progress=progress)
    mean_image = images[:num_training].mean(axis=0, dtype=np.float64).astype(np.float32)
    offset = mean_image if subtract_mean else np.float32(0)
    return Dataset(
        X_train=np.subtract(images[:num_training], offset, dtype=np.float32),
        y_train=labels[:num_training],
        X_val=np.subtract(images[num_training:], offset, dtype=np.float32),
        y_val=labels[num_training:],
        X_test=np.subtract(test_images, offset, dtype=np.float32),
        y_test=test_labels,
        mean_image=mean_image,
        class_names=names,
        source=source,
    )


def find(folder, download, progress):
    """Return the folder that holds the official files, or None where generated images take their place."""
    where = place(folder)
    if download and where is None:
        raise ImportError(f"a download needs pooch: install it, or set {ENVIRONMENT} to a folder of files")
    if where is None or batches.missing(where):
        if download:
            download_batches(where, progress=progress)
        elif not named(folder):
            return None
    return where


def place(folder=None):
    """Return where the official files are looked for, None where no folder is named and there is no pooch."""
    asked = named(folder)
    return Path(asked).expanduser() if asked else cache_folder()


def named(folder):
    """Return the folder that a user has named, by an argument or by CIFAR10_DIR."""
    return folder or os.environ.get(ENVIRONMENT)


def require_sizes(num_training, num_validation, num_test):
    """Raise ValueError unless CIFAR-10 has that many images."""
    most = batches.IMAGES * len(batches.TRAINING)
    if num_training < 1 or num_validation < 0 or num_training + num_validation > most:
        raise ValueError(
            f"expected num_training of at least 1 and num_training + num_validation of at most {most:,}, "
            f"got {num_training:,} and {num_validation:,}"
        )
    if not 0 <= num_test <= batches.IMAGES:
        raise ValueError(f"expected num_test from 0 to {batches.IMAGES:,}, got {num_test:,}")
