"""A ConvNet as plain data: a list of layers, what each may hold, the shapes between them, what they cost."""

import math
from dataclasses import dataclass

# layer -> setting -> (smallest, largest, default); a default of None: the setting must be given.
SETTINGS = {
    "conv": {"filters": (1, 1024, None), "size": (1, 15, None), "stride": (1, 8, 1), "pad": (0, 7, 0)},
    "relu": {},
    "max_pool": {"size": (1, 32, None), "stride": (1, 32, None)},
    "avg_pool": {"size": (1, 32, None), "stride": (1, 32, None)},
    "batchnorm": {},
    "dropout": {"p": (0, 1, None)},
    "flatten": {},
    "affine": {"units": (1, 4096, None)},
}
MOST_LAYERS = 64


class ArchitectureError(ValueError):
    """A list of layers that makes no network; the message names the layer."""


@dataclass(frozen=True)
class Layer:
    """One layer with what follows from its place: shapes without the N of the batch, and its cost.

    kind: a key of SETTINGS.  parameters: {name: shape}.  multiply_adds: for one image.
    """

    kind: str
    settings: dict
    input_shape: tuple[int, ...]
    output_shape: tuple[int, ...]
    parameters: dict[str, tuple[int, ...]]
    multiply_adds: int

    @property
    def size(self):
        """Return how many numbers the parameters hold."""
        return sum(map(math.prod, self.parameters.values()))


def plan(architecture, input_shape=(3, 32, 32)):
    """Return the Layers of an architecture, with all shapes and costs worked out.

    architecture: a list of dictionaries such as {"layer": "conv", "filters": 32, "size": 5, "pad": 2}, with
        the settings of SETTINGS; filters and windows are square.  dropout's p is the probability to keep.
    input_shape: (C, H, W) of an image.
    Raises ArchitectureError naming the layer, counted from 0, where something is unknown or does not fit.
    """
    if not isinstance(architecture, list) or not 1 <= len(architecture) <= MOST_LAYERS:
        raise ArchitectureError(f"expected a list of 1 to {MOST_LAYERS} layers, got {said(architecture)}")
    layers, shape = [], tuple(input_shape)
    for number, described in enumerate(architecture):
        try:
            layers.append(planned(described, shape))
        except ArchitectureError as error:
            raise ArchitectureError(f"layer {number}: {error}") from None
        shape = layers[-1].output_shape
    return layers


def planned(described, shape):
    """Return one Layer for an input of this shape."""
    if not isinstance(described, dict) or described.get("layer") not in tuple(SETTINGS):
        raise ArchitectureError(f"expected 'layer' to be one of {', '.join(SETTINGS)}, got {said(described)}")
    kind = described["layer"]
    settings = checked(kind, {name: value for name, value in described.items() if name != "layer"})
    output, parameters, multiply_adds = SHAPES.get(kind, unchanged)(shape, **settings)
    return Layer(kind, settings, shape, output, parameters, multiply_adds)


def checked(kind, given):
    """Return a layer's settings with defaults filled in.

    Raises ArchitectureError for a setting that is unknown, missing, of another type or out of its range.
    """
    known = SETTINGS[kind]
    unknown = [name for name in given if name not in known]
    if unknown:
        raise ArchitectureError(f"{kind} has {', '.join(known) or 'no settings'}, got {said(unknown[0])}")
    settings = {name: given.get(name, default) for name, (_, _, default) in known.items()}
    for name, value in settings.items():
        low, high, _ = known[name]
        number = (int, float) if name == "p" else int
        if isinstance(value, bool) or not isinstance(value, number) or not low <= value <= high:
            raise ArchitectureError(f"{kind} needs {name} from {low} to {high}, got {said(value)}")
    return settings


def unchanged(shape, **_settings):
    """Return what follows for a layer that keeps the shape and has no parameters."""
    return shape, {}, 0


def conv(shape, filters, size, stride, pad):
    """Return output shape (F, H_out, W_out), parameters and multiply-adds of a convolution."""
    C, H_out, W_out = windows("conv", shape, size, stride, pad)
    parameters = {"w": (filters, C, size, size), "b": (filters,)}
    return (filters, H_out, W_out), parameters, filters * C * size**2 * H_out * W_out


def pool(shape, size, stride):
    """Return what follows for a pooling layer."""
    return windows("pooling", shape, size, stride, 0), {}, 0


def windows(kind, shape, size, stride, pad):
    """Return (C, H_out, W_out) for windows of this size: floor((H + 2 pad - size) / stride) + 1 rows."""
    if len(shape) != 3:
        raise ArchitectureError(f"{kind} needs images (C, H, W), got {shape}: it cannot come after affine")
    C, H, W = shape
    if size > min(H, W) + 2 * pad:
        raise ArchitectureError(f"{kind} of size {size} does not fit into {H} x {W} pixels with pad {pad}")
    return C, (H + 2 * pad - size) // stride + 1, (W + 2 * pad - size) // stride + 1


def batchnorm(shape):
    """Return what follows for a batch normalisation: two learnt numbers a channel, two measured ones."""
    return shape, dict.fromkeys(("gamma", "beta", "mean", "var"), shape[:1]), math.prod(shape)


def flatten(shape):
    """Return what follows for laying an image out as a row."""
    return (math.prod(shape),), {}, 0


def affine(shape, units):
    """Return what follows for an affine layer, which takes images too."""
    D = math.prod(shape)
    return (units,), {"w": (D, units), "b": (units,)}, D * units


SHAPES = {
    "conv": conv,
    "max_pool": pool,
    "avg_pool": pool,
    "batchnorm": batchnorm,
    "flatten": flatten,
    "affine": affine,
}


def said(value):
    """Return a value from a file as one short printable line."""
    text = "".join(letter if letter.isprintable() else "?" for letter in repr(value))
    return text if len(text) <= 80 else text[:77] + "..."


def table(layers):
    """Return the layers as lines of text: what each gives, its parameters and its multiply-adds an image."""
    rows = [("layer", "output", "parameters", "multiply-adds")]
    rows += [
        (name(layer), times(layer.output_shape), f"{layer.size:,}", f"{layer.multiply_adds:,}")
        for layer in layers
    ]
    sums = sum(layer.size for layer in layers), sum(layer.multiply_adds for layer in layers)
    rows.append(("in all", "", *(f"{total:,}" for total in sums)))
    return "\n".join(f"{what:24}{output:>13}{numbers:>12}{cost:>16}" for what, output, numbers, cost in rows)


def name(layer):
    """Return a layer in a few words: conv 6 of 5 x 5, pad 2."""
    s = layer.settings
    words = {
        "conv": "conv {filters} of {size} x {size}",
        "max_pool": "max pool {size} x {size}",
        "avg_pool": "average pool {size} x {size}",
        "dropout": "dropout, keep {p}",
        "affine": "affine {units}",
    }.get(layer.kind, layer.kind).format(**s)
    return words + (f", pad {s['pad']}" if s.get("pad") else "")


def times(shape):
    """Return a shape as people write it: 3 x 32 x 32."""
    return " x ".join(map(str, shape))
