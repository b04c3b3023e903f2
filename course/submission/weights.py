"""The file weights.npz of a trained ConvNet, read without believing or running anything in it."""

import io
import json
import math
import zipfile
import zlib

import numpy as np
from numpy.lib import format as npy

from ..reference.architecture import ArchitectureError, said
from ..reference.network import Network

FILE = "weights.npz"
ARCHITECTURE = "architecture"
MAX_BYTES = 20_000_000  # of the file, and of the arrays in it
MAX_MULTIPLY_ADDS = 50_000_000  # for one image: 5e9 for 100
MAX_WORKING = 4_000_000  # numbers that its layers lay out for one image
MAX_UNPACKED = 24_000_000  # bytes
MAX_MEMBERS = 400
MAX_JSON = 20_000  # characters
MAX_HEADER = 1_000  # bytes of an array's header
ENCRYPTED = 1  # a flag of a file in an archive
CLASSES = 10


class Refused(ValueError):
    """A weights file that is not evaluated: `state` says why in a word or two, the message in one line."""

    def __init__(self, state, reason):
        super().__init__(reason)
        self.state = state


def unpack(content):
    """Return the Network and the model in the bytes of a weights file; nothing in it is executed.

    Raises Refused when it is too large, damaged, holds anything but the arrays that its architecture asks
    for, or its network costs too much.
    """
    if len(content) > MAX_BYTES:
        raise Refused(
            "too large", f"it has {len(content) / 1e6:.1f} MB, at most {MAX_BYTES / 1e6:.0f} are read"
        )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = members(archive)
            network = read_network(read_member(archive, entries, ARCHITECTURE))
            require_names(set(entries), {ARCHITECTURE, *network.shapes})
            model = {
                name: as_parameter(name, read_member(archive, entries, name), shape)
                for name, shape in network.shapes.items()
            }
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError) as error:
        if isinstance(error, Refused):
            raise
        raise Refused("damaged", f"it is no whole .npz file ({str(error)[:80]}): pack it again") from None
    return network, model


def members(archive):
    """Return {name of an array: its entry in the archive}, if they are few, plain and small together."""
    entries = archive.infolist()
    if len(entries) > MAX_MEMBERS:
        raise Refused("too large", f"it holds {len(entries):,} files, at most {MAX_MEMBERS} are read")
    total = sum(entry.file_size for entry in entries)
    if total > MAX_UNPACKED:
        raise Refused(
            "too large", f"it unpacks to {total / 1e6:,.0f} MB, at most {MAX_UNPACKED / 1e6:.0f} are read"
        )
    plain = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
    if any(entry.compress_type not in plain or entry.flag_bits & ENCRYPTED for entry in entries):
        raise Refused("damaged", "it is compressed or encrypted in another way than np.savez does")
    found = {entry.filename.removesuffix(".npy"): entry for entry in entries}
    if len(found) < len(entries):
        raise Refused("wrong names", "an array stands in it twice")
    return found


def read_member(archive, entries, name):
    """Return one array, its header checked before its numbers are made room for."""
    if name not in entries:
        raise Refused("wrong names", f"the array {name!r} is missing: write the file with submission.pack")
    content = archive.read(entries[name])
    stream = io.BytesIO(content)
    if npy.read_magic(stream) != (1, 0):
        raise Refused("damaged", f"{name} is in another version of the .npy format than np.savez writes")
    shape, _, dtype = npy.read_array_header_1_0(stream, max_header_size=MAX_HEADER)
    if dtype.hasobject:
        raise Refused(
            "pickled", f"{name} holds Python objects, which are never unpickled: float32 is expected"
        )
    if math.prod(shape) * dtype.itemsize != len(content) - stream.tell():
        raise Refused(
            "damaged", f"{name} says that it has the shape {said(shape)}, its numbers say otherwise"
        )
    return np.load(io.BytesIO(content), allow_pickle=False)


def read_network(array):
    """Return the Network that an array of JSON text describes, if it is one that can be evaluated."""
    if array.dtype != np.uint8 or array.ndim != 1 or array.size > MAX_JSON:
        raise Refused("architecture", f"expected at most {MAX_JSON:,} bytes of JSON text in {ARCHITECTURE!r}")
    try:
        network = Network(json.loads(array.tobytes().decode()))
    except (ArchitectureError, ValueError, RecursionError) as error:
        raise Refused("architecture", f"its layers make no network: {str(error)[:200]}") from None
    layers = network.layers
    if layers[-1].output_shape != (CLASSES,):
        raise Refused(
            "architecture", f"expected {CLASSES} scores at its end, got the shape {layers[-1].output_shape}"
        )
    cost = sum(layer.multiply_adds for layer in layers)
    if cost > MAX_MULTIPLY_ADDS:
        raise Refused(
            "too costly", f"{cost:,} multiply-adds an image, at most {MAX_MULTIPLY_ADDS:,} are allowed"
        )
    if working(network) > MAX_WORKING:
        raise Refused(
            "too costly",
            f"{working(network):,} numbers in its layers for an image, at most {MAX_WORKING:,} are allowed",
        )
    return network


def require_names(came, expected):
    """Raise Refused unless the arrays are those that the architecture asks for."""
    missing, unknown = sorted(expected - came), sorted(came - expected)
    if missing:
        raise Refused("wrong names", f"its architecture asks for {missing[0]!r}, which is not there")
    if unknown:
        raise Refused("wrong names", f"its architecture has no {said(unknown[0])}")


def as_parameter(name, array, shape):
    """Return one parameter, if it is of the right type and shape and its numbers can be calculated with."""
    if array.dtype != np.float32:
        raise Refused("wrong type", f"{name} is {said(str(array.dtype))}, expected float32")
    if array.shape != shape:
        raise Refused(
            "wrong shape", f"{name} has the shape {said(array.shape)}, its architecture asks for {shape}"
        )
    if not np.isfinite(array).all():
        raise Refused("not finite", f"{name} holds nan or infinity: the training has diverged")
    if name.endswith(".var") and array.min() < 0:
        raise Refused("not finite", f"{name} holds a negative variance, which has no root")
    return array


def working(network):
    """Return how many numbers the layers of a network lay out for one image."""
    return sum(laid_out(layer) for layer in network.layers)


def laid_out(layer):
    """Return how many numbers a layer lays out for one image: windows and output."""
    window = (
        math.prod(layer.parameters["w"][1:]) if layer.kind == "conv" else layer.settings.get("size", 0) ** 2
    )
    places = math.prod(layer.output_shape[1:]) if layer.kind == "conv" else math.prod(layer.output_shape)
    return window * places + math.prod(layer.output_shape)
