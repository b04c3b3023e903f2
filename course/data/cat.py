"""A photograph of a cat, to look at through filters."""

from importlib import resources

import numpy as np


def cat():
    """Return the picture of a cat, in colour: (3, 150, 225), float64 whole numbers from 0 to 255.

    Source: Chelsea the cat, photographed by Stefan van der Walt, CC0; scikit-image's data.chelsea() without
    its last column, at half its size.
    """
    return read("cat.npz")["cat"].astype(float)


def trained():
    """Return filters trained on CIFAR-10's 49,000 photographs, seed 0, float32.

    "convnet": (32, 3, 5, 5), the first layer of the two-layer ConvNet.  "0.w" (6, 3, 5, 5), "0.b" (6,),
    "3.w" (16, 6, 5, 5), "3.b" (16,): the convolutions of LeNet, whose pixels are divided by 64.
    Made by `python -m course.train two-layer-convnet --filters convnet.npz`, the same with lenet, and
    `python -m benchmarks.pack_filters convnet.npz lenet.npz`.
    """
    return read("filters.npz")


def read(name):
    """Return {name: array} of a file beside this one."""
    with resources.as_file(resources.files("course.data") / name) as path:
        with np.load(path, allow_pickle=False) as arrays:
            return {array: arrays[array] for array in arrays.files}
