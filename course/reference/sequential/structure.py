"""The structure of a model as JSON, read back without believing it."""

import json
import reprlib

from .activation import Activation
from .dense import Dense
from .layer import Layer, size_of

KINDS = {kind.__name__: kind for kind in (Dense, Activation)}
MOST_CHARACTERS = 100_000
MOST_LAYERS = 200
MOST_PARAMETERS = 20_000_000


class ModelError(ValueError):
    """A text that describes no model; the message says what is wrong, and in which layer."""


def write(layers):
    """Return the structure of layers as JSON text: kinds and settings, no weights."""
    described = [{"class_name": type(layer).__name__, "config": layer.settings()} for layer in layers]
    shape = list(layers[0].input_shape) if layers else None
    config = {"input_shape": shape, "layers": described}
    return json.dumps({"class_name": "Sequential", "config": config})


def read(text):
    """Return (layers, not yet built; the shape of a sample) of a JSON text; nothing in it is executed.

    Raises ModelError when it is no text that `write` could have made, or the model would be too large.
    """
    config = config_of(parsed(text))
    layers = [layer_of(number, described) for number, described in enumerate(config["layers"], 1)]
    shape = shape_of(config["input_shape"], bool(layers))
    require_size(layers, shape)
    return layers, shape


def parsed(text):
    """Return what a JSON text says."""
    if not isinstance(text, str):
        raise ModelError(f"expected JSON text from to_json(), got {type(text).__name__}")
    if len(text) > MOST_CHARACTERS:
        raise ModelError(f"the text has {len(text):,} characters, at most {MOST_CHARACTERS:,} are read")
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        reason = "its brackets nest too deep" if isinstance(error, RecursionError) else short(error)
        raise ModelError(f"this is no JSON: {reason}") from None


def config_of(said):
    """Return the configuration of a model: a dictionary with input_shape and layers."""
    if not isinstance(said, dict) or said.get("class_name") != "Sequential":
        raise ModelError(f"expected a dictionary with class_name 'Sequential', got {short(said)}")
    config = said.get("config")
    if not isinstance(config, dict) or set(config) != {"input_shape", "layers"}:
        raise ModelError(f"expected a config with input_shape and layers, got {short(config)}")
    if not isinstance(config["layers"], list) or len(config["layers"]) > MOST_LAYERS:
        raise ModelError(f"expected a list of at most {MOST_LAYERS} layers, got {short(config['layers'])}")
    return config


def layer_of(number, described):
    """Return one layer, counted from 1."""
    if not isinstance(described, dict) or set(described) != {"class_name", "config"}:
        raise ModelError(f"layer {number}: expected class_name and config, got {short(described)}")
    kind, settings = described["class_name"], described["config"]
    if not isinstance(kind, str) or kind not in KINDS:
        raise ModelError(f"layer {number}: a layer is one of {', '.join(KINDS)}; got {short(kind)}")
    if not isinstance(settings, dict):
        raise ModelError(f"layer {number} ({kind}): expected a dictionary as config, got {short(settings)}")
    try:
        layer: Layer = KINDS[kind](**settings)
    except (TypeError, ValueError) as error:
        raise ModelError(f"layer {number} ({kind}): {short(error)}") from None
    if layer.settings() != settings:
        raise ModelError(
            f"layer {number} ({kind}): expected {short(layer.settings())}, got {short(settings)}"
        )
    return layer


def shape_of(value, needed):
    """Return the shape of a sample as a tuple, None for a model without layers."""
    if value is None and not needed:
        return None
    listed = isinstance(value, list) and 1 <= len(value) <= 8
    if not listed or not all(type(size) is int and 1 <= size <= MOST_PARAMETERS for size in value):
        raise ModelError(f"input_shape must be a list of 1 to 8 whole numbers above 0, got {short(value)}")
    return tuple(value)


def require_size(layers, shape):
    """Raise ModelError when layers do not fit together or would have too many parameters."""
    total = 0
    for number, layer in enumerate(layers, 1):
        try:
            total += size_of(layer.shapes(shape))
        except ValueError as error:
            raise ModelError(f"layer {number} ({type(layer).__name__}): {error}") from None
        if total > MOST_PARAMETERS:
            raise ModelError(f"layer {number}: the model has more than {MOST_PARAMETERS:,} parameters")
        shape = layer.shape_after(shape)


def short(value):
    """Return a value or an error from a file as one short printable line."""
    text = str(value) if isinstance(value, Exception) else reprlib.repr(value)
    text = "".join(letter if letter.isprintable() else "?" for letter in text)
    return text if len(text) <= 80 else text[:77] + "..."
