"""Files of weights that are no weights: read by the grader itself, outside of any sandbox."""

import numpy as np

from autograder.demo import weights
from benchmarks.attacks.attack import CONVNET, Attack
from course.submission.weights import FILE

WORTH = {"conv_size": 3, "free_convnet": 0}
HOSTILE = ("a zip bomb", "an absurd shape", "20 MB and more", "an unknown layer", "a slow network")


class Payload:
    """Write into a file when it is unpickled."""

    def __init__(self, path):
        self._path = path

    def __reduce__(self):
        return open, (self._path, "w")


def pickled(folder, told):
    """Lay a file of weights that changes a file of the grader's as soon as it is unpickled."""
    held = np.empty(1, object)
    held[0] = Payload(told["canary"])
    (folder / FILE).write_bytes(weights.changed(**{"0.b": held}))


def linked(folder, told):
    """Lay a link to somebody else's file."""
    (folder / FILE).symlink_to(told["canary"])


def lying(name):
    """Return what lays one of the demo's hostile files."""
    return lambda folder, told: (folder / FILE).write_bytes(weights.hostile()[name][0])


def attack(name, lay):
    """Return the attack of a file of weights."""
    return Attack(f"weights: {name}", "weights", lay=lay, worth=WORTH, lesson=CONVNET)


ATTACKS = (
    attack("a pickle that writes", pickled),
    attack("a link to a file of the grader's", linked),
    *(attack(name, lying(name)) for name in HOSTILE),
)
