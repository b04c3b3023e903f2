"""What a handed-in network is scored on: pictures and photographs that were not in its training."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from ..data import batches, cifar10, stand_in

FRESH = 4_000  # generated pictures: their accuracy is known to about 0.8 points
AT_HOME, HOME_SEED = 1_000, 2
MEAN_IMAGES = 5_000  # the mean of so many images is that of all within a grey level
SHIFT, BRIGHTER = 1, 6  # pixels, grey levels: what an honest network hardly minds


@dataclass(frozen=True, repr=False)
class Exam:
    """Images of one source that a network is scored on.

    source: "CIFAR-10" or "stand-in".  views: {what they are: images (N, 3, 32, 32), grey levels less the mean
    image}, all of the same photographs; the lowest accuracy counts.  y: (N,).
    """

    source: str
    views: dict[str, np.ndarray]
    y: np.ndarray


def at_home():
    """Return the Exams that a student can take: 1,000 images that no lesson trains on."""
    images, y = stand_in.generate(AT_HOME, seed=HOME_SEED)
    exams = [Exam("stand-in", {"generated pictures": less_mean(images, mean_of_pictures())}, y)]
    folder = photographs()
    if folder:
        images, y, mean_image = last_training_file(folder)
        view = {"validation images of CIFAR-10": less_mean(images[-AT_HOME:], mean_image)}
        exams.append(Exam("CIFAR-10", view, y[-AT_HOME:]))
    return exams


def in_grading(seed):
    """Return the Exams of one submission: pictures drawn from a secret seed, and the photographs' test set.

    The test set is public, so a network may have been trained on it. A copy of it, mirrored, shifted and made
    brighter, shows this: a network that has learnt to recognise photographs does nearly as well on it.
    """
    apart = np.random.SeedSequence(seed, spawn_key=(2,)).generate_state(1)[0]  # no seed of a lesson's own
    images, y = stand_in.generate(FRESH, seed=int(apart) + 1_000)
    exams = [Exam("stand-in", {"fresh generated pictures": less_mean(images, mean_of_pictures())}, y)]
    folder = photographs()
    return [*exams, test_set(folder)] if folder else exams


def photographs():
    """Return the folder of CIFAR-10's files, None where there is none."""
    where = cifar10.place()
    return None if where is None or batches.missing(where) else where


@lru_cache(maxsize=1)
def test_set(folder):
    """Return the Exam on CIFAR-10's 10,000 test images and their changed copy."""
    images, y = batches.read_batches(folder, batches.TEST, batches.IMAGES)
    _, _, mean_image = last_training_file(folder)
    views = {"test images of CIFAR-10": images, "changed copies of them": changed(images)}
    return Exam("CIFAR-10", {name: less_mean(view, mean_image) for name, view in views.items()}, y)


@lru_cache(maxsize=1)
def last_training_file(folder):
    """Return images and labels of the last file of training images, and the mean image."""
    images, y = batches.read_batches(folder, batches.TRAINING[-1:], batches.IMAGES)
    return images, y, images[:MEAN_IMAGES].mean(axis=0, dtype=np.float64).astype(np.float32)


@lru_cache(maxsize=1)
def mean_of_pictures():
    """Return the mean image of generated pictures: (3, 32, 32) float32."""
    images, _ = stand_in.generate(MEAN_IMAGES, seed=cifar10.TRAINING_SEED)
    return images.mean(axis=0, dtype=np.float64).astype(np.float32)


def changed(images):
    """Return images mirrored, shifted right and down, and made brighter: (N, 3, 32, 32) uint8."""
    mirrored = images[:, :, :, ::-1]
    edged = np.pad(mirrored, ((0, 0), (0, 0), (SHIFT, 0), (SHIFT, 0)), mode="edge")[:, :, :32, :32]
    return np.minimum(edged.astype(np.int16) + BRIGHTER, 255).astype(np.uint8)


def less_mean(images, mean_image):
    """Return images as networks take them: (N, 3, 32, 32) float32, less the mean image."""
    return np.subtract(images, mean_image, dtype=np.float32)
