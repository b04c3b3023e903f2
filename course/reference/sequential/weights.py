"""The weights of a model as an HDF5 file, read back without believing it."""

import io
from pathlib import Path

import h5py
import numpy as np

from ...files import write

FORMAT = np.bytes_("course.reference.sequential weights 1")  # of a fixed length
OVERHEAD = 1_000_000  # bytes of a file besides its numbers


class WeightsError(ValueError):
    """A file that holds no weights for this model; the message says what is wrong."""


def save(path, layers):
    """Write the parameters of layers, a group for each layer that has some; a file is replaced as a whole."""
    stream = io.BytesIO()
    with h5py.File(stream, "w") as file:
        file.attrs["format"] = FORMAT
        for layer in with_parameters(layers):
            group = file.create_group(layer.name)
            for name, value in layer.parameters.items():
                group.create_dataset(name, data=value, track_times=False)
    write(Path(path), stream.getvalue())


def load(path, layers):
    """Put the parameters in a file into layers, all or none; nothing in the file is executed.

    Raises FileNotFoundError when there is no such file, WeightsError when it is damaged or not for these
    layers; the message names the layer, what came and what was expected.
    """
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"no file {path}: save_weights writes one")
    room = OVERHEAD + 2 * 8 * sum(layer.size for layer in layers)
    if path.stat().st_size > room:
        size = path.stat().st_size / 1e6
        raise WeightsError(
            f"{path.name} has {size:,.1f} MB, expected at most {room / 1e6:,.1f} for this model"
        )
    try:
        with h5py.File(path, "r") as file:
            found = read(file, path.name, with_parameters(layers))
    except WeightsError:
        raise
    except (OSError, RuntimeError, KeyError, ValueError, TypeError, UnicodeError, MemoryError) as error:
        reason = " ".join(str(error).split())[:80]
        raise WeightsError(f"{path.name} is no whole HDF5 file ({reason}): save the weights again") from None
    for layer, parameters in found:
        layer.parameters = parameters


def read(file, filename, layers):
    """Return [(layer, {name: array})] of an open file."""
    if "format" not in file.attrs or not is_format(file.attrs.get_id("format"), file):
        raise WeightsError(f"{filename} was not written by save_weights of this course")
    require_names(filename, "the layers", file, [layer.name for layer in layers])
    found = []
    for layer in layers:
        group = inside(file, layer.name, h5py.Group, layer.name)
        require_names(layer.name, "the parameters", group, list(layer.parameters))
        found.append((layer, {name: array(group, layer, name) for name in layer.parameters}))
    return found


def is_format(attribute, file):
    """Return True when an attribute is FORMAT; other text could claim any length, and is not read."""
    return attribute.dtype == FORMAT.dtype and attribute.shape == () and file.attrs["format"] == FORMAT


def require_names(place, what, group, names):
    """Raise WeightsError unless a group holds exactly these names."""
    if len(group) > len(names) or set(group) != set(names):
        held = f"{len(group)} entries" if len(group) > 20 else ", ".join(map(short, group)) or "nothing"
        raise WeightsError(f"{place}: expected {what} {', '.join(names) or 'none'}, got {held}")


def inside(group, name, kind, place):
    """Return what lies under a name, when it lies in the file itself and is of this kind."""
    link = group.get(name, getlink=True)
    if not isinstance(link, h5py.HardLink) or group.get(name, getclass=True) is not kind:
        raise WeightsError(f"{place}: expected {name} as a {kind.__name__.lower()} in the file itself")
    return group[name]


def array(group, layer, name):
    """Return a parameter from the file: plain float64 numbers of the right shape, stored as they are."""
    place, shape = f"{layer.name}, {name}", layer.parameters[name].shape
    data = inside(group, name, h5py.Dataset, place)
    if data.shape != shape:
        raise WeightsError(f"{place}: expected shape {shape}, got {data.shape}")
    if data.dtype != np.float64:
        raise WeightsError(f"{place}: expected float64, got {short(data.dtype)}")
    if data.chunks or data.external or data.is_virtual or data.id.get_create_plist().get_nfilters():
        raise WeightsError(f"{place}: expected numbers stored in the file as they are")
    value = data[()]
    if not np.isfinite(value).all():
        raise WeightsError(f"{place}: expected finite numbers, got nan or infinity")
    return value


def with_parameters(layers):
    """Return the layers that have parameters."""
    return [layer for layer in layers if layer.parameters]


def short(value):
    """Return something from a file as a short printable word."""
    return "".join(letter if letter.isprintable() else "?" for letter in str(value))[:40]
