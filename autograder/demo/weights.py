"""Weights files of the class: networks that see something, and files that are no network."""

import io
import json
import warnings
import zipfile

import numpy as np

from course.data import stand_in
from course.reference.network import Network
from course.submission.exams import less_mean, mean_of_pictures
from course.submission.pack import packed
from course.submission.weights import ARCHITECTURE, MAX_BYTES

LINEAR = [{"layer": "affine", "units": 10}]
PICTURES, SEED = 3_000, 7
RIDGE = 0.1  # of the mean squared feature: how strongly large weights are held down


def random_filters(count):
    """Return the file of a ConvNet whose filters are random and whose last layer is fitted to pictures."""
    layers = [
        {"layer": "conv", "filters": count, "size": 5, "stride": 2, "pad": 2},
        {"layer": "relu"},
        {"layer": "avg_pool", "size": 4, "stride": 4},
    ]
    network = Network([*layers, *LINEAR])
    model = network.init(rng=np.random.default_rng(SEED))
    model["0.w"] = model["0.w"] / 64  # pixels go from 0 to 255
    X, y = pictures()
    w, b = fitted(Network(layers)(X, model), y)
    return packed(model | {"3.w": w, "3.b": b}, network)


def pictures():
    """Return generated pictures less their mean, and labels."""
    images, y = stand_in.generate(PICTURES, seed=SEED)
    return less_mean(images, mean_of_pictures()), y


def fitted(features, y):
    """Return weights and bias of the ridge regression from features to classes."""
    rows = features.reshape(len(features), -1).astype(np.float64)
    centre, wanted = rows.mean(axis=0), np.eye(10)[y] - 0.1
    gram = (rows - centre).T @ (rows - centre)
    gram += RIDGE * np.trace(gram) / len(gram) * np.eye(len(gram))
    w = np.linalg.solve(gram, (rows - centre).T @ wanted)
    return w.astype(np.float32), (-centre @ w).astype(np.float32)


def archive(arrays, compression=zipfile.ZIP_DEFLATED):
    """Return an .npz file of (name, value) pairs; bytes stand in it as they are, a name may stand twice."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as file:
        for name, value in arrays:
            content = value if isinstance(value, bytes) else as_npy(value)
            with warnings.catch_warnings(action="ignore", category=UserWarning):
                file.writestr(f"{name}.npy", content)
    return stream.getvalue()


def as_npy(value):
    """Return an array as the bytes of an .npy file, Python objects pickled."""
    stream = io.BytesIO()
    np.lib.format.write_array(stream, np.asanyarray(value), allow_pickle=True)
    return stream.getvalue()


def promising(shape):
    """Return an .npy file whose header promises this shape, with two numbers behind it."""
    stream = io.BytesIO()
    np.lib.format.write_array_header_1_0(stream, {"descr": "<f4", "fortran_order": False, "shape": shape})
    return stream.getvalue() + bytes(8)


def text(architecture):
    """Return an architecture as it stands in a file."""
    return np.frombuffer(json.dumps(architecture).encode(), dtype=np.uint8)


def changed(**changes):
    """Return the file of a linear classifier with these arrays in place of its own."""
    arrays = {ARCHITECTURE: text(LINEAR), "0.w": np.zeros((3072, 10), "f4"), "0.b": np.zeros(10, "f4")}
    return archive((arrays | changes).items())


def hostile():
    """Return {what it is: (the file, the state that it must end in)}."""
    wide = {"layer": "conv", "filters": 64, "size": 3, "pad": 1}
    return {
        "cut off": (changed()[:-100], "damaged"),
        "empty": (b"", "damaged"),
        "text": (b"accuracy: 99 %\n", "damaged"),
        "python objects": (changed(**{"0.b": np.array([print, None])}), "pickled"),
        "a zip bomb": (changed(**{"0.w": np.zeros(30_000_000, "f4")}), "too large"),
        "20 MB and more": (bytes(MAX_BYTES + 1), "too large"),
        "an absurd shape": (changed(**{"0.w": promising((2**40, 2**20))}), "damaged"),
        "a wrong shape": (changed(**{"0.b": np.zeros(11, "f4")}), "wrong shape"),
        "a wrong name": (changed(**{"weights": np.zeros(10, "f4")}), "wrong names"),
        "nan": (changed(**{"0.b": np.full(10, np.nan, "f4")}), "not finite"),
        "float64": (changed(**{"0.b": np.zeros(10)}), "wrong type"),
        "an unknown layer": (changed(architecture=text([{"layer": "eval"}])), "architecture"),
        "a slow network": (changed(architecture=text([wide, wide, wide, *LINEAR])), "too costly"),
    }
