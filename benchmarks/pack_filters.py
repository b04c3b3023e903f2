"""Put trained filters into course/data: `python -m benchmarks.pack_filters convnet.npz lenet.npz`.

The two files come from `python -m course.train`, of two-layer-convnet and of lenet, with --filters.
"""

import sys
from pathlib import Path

import numpy as np

from autograder.build import ROOT

FILE = ROOT / "course" / "data" / "filters.npz"


def pack(convnet, lenet, into=FILE):
    """Write the first filters of the ConvNet and all convolutions of LeNet into one file."""
    with np.load(convnet, allow_pickle=False) as one, np.load(lenet, allow_pickle=False) as other:
        np.savez_compressed(into, convnet=one["W1"], **{name: other[name] for name in other.files})
    return into


if __name__ == "__main__":
    print(pack(*map(Path, sys.argv[1:])))
