"""Write a trained ConvNet to the file that is handed in, and say what it is worth."""

import io
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..files import write
from ..reference.network import Network
from .accuracy import correct
from .weights import ARCHITECTURE, FILE, MAX_BYTES, MAX_MULTIPLY_ADDS, unpack


@dataclass(frozen=True)
class Packed:
    """What a weights file holds: its size, what its network costs, how it does on validation images."""

    path: Path
    size: int
    network: Network
    accuracy: float
    images: int

    def __repr__(self):
        cost = sum(layer.multiply_adds for layer in self.network.layers)
        return (
            f"{self.path.name}: {self.size / 1e6:.2f} of {MAX_BYTES / 1e6:.0f} MB, {cost / 1e6:.1f} of "
            f"{MAX_MULTIPLY_ADDS / 1e6:.0f} million multiply-adds an image, right on {self.accuracy:.1%} of "
            f"{self.images:,} validation images"
        )


def pack(model, network, data, *, divided_by=1, path=FILE):
    """Write a trained network to a file, read it back, and say what it is worth on validation images.

    model: {"<i>.<parameter>": array}, as Network.init makes it.  network: the Network of the model.
    data: the Dataset it was trained on.  divided_by: what the pixels were divided by in training; the first
    weights are divided by it instead, because the file is evaluated on pixels less the mean image.
    path: where to write.  Returns a Packed, which says size, cost and accuracy.
    Raises Refused, and writes nothing, when the file would not be accepted.
    """
    content = packed(model, network, divided_by)
    network, arrays = unpack(content)
    path = Path(path)
    write(path, content)
    right = correct(network, arrays, data.X_val, data.y_val, progress=True)
    return Packed(path, len(content), network, float(right.mean()), len(right))


def packed(model, network, divided_by=1):
    """Return a trained network as the bytes of a file."""
    arrays = {name: np.asarray(value, dtype=np.float32) for name, value in model.items()}
    if divided_by != 1:
        first = next(i for i, layer in enumerate(network.layers) if layer.parameters)
        if network.layers[first].kind == "batchnorm":
            raise ValueError(f"layer {first} is a batchnorm: let it do what divided_by={divided_by} does")
        arrays[f"{first}.w"] = arrays[f"{first}.w"] / np.float32(divided_by)
    text = json.dumps(network.architecture).encode()
    stream = io.BytesIO()
    np.savez_compressed(stream, **{ARCHITECTURE: np.frombuffer(text, dtype=np.uint8)}, **arrays)
    return stream.getvalue()
