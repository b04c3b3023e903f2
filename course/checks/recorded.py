"""Recorded cases: one .npz file a lesson, plain arrays and a JSON manifest, no code and no hidden case."""

import io
import json
import math
import zipfile

import numpy as np

from .task import Case

MAX_BYTES = 200_000


class Recording:
    """The content of a recorded file."""

    def __init__(self, manifest, arrays):
        self.manifest, self.arrays = manifest, arrays

    @property
    def points(self):
        """Return {stem: points} of the lesson's TODOs, in their order."""
        return self.manifest["points"]

    def cases(self, stem):
        """Return [(case, right values)] of a TODO."""
        return [self.case(entry) for entry in self.manifest["cases"][stem]]

    def case(self, entry):
        """Return (case, right values) of one entry of the manifest."""
        folded = {key: unfold(entry[key], self.arrays) for key in ("inputs", "dout", "cache")}
        told = {key: entry[key] for key in ("name", "group", "rule", "reg")}
        return Case(**told, **folded), unfold(entry["expected"], self.arrays)

    def known(self, stem):
        """Return {name: traces} of the known mistakes of a TODO."""
        return {
            name: told["traces"] for name, told in self.manifest["mistakes"].items() if told["stem"] == stem
        }

    def mistake(self, name):
        """Return what is told of a known mistake."""
        return self.manifest["mistakes"][name]


def unfold(value, arrays):
    """Return the value that record.fold has folded; what was a tuple is one again."""
    if isinstance(value, list):
        return tuple(unfold(item, arrays) for item in value)
    if isinstance(value, dict):
        if "array" in value:
            kind, start, shape = value["array"]
            return arrays[kind][start : start + math.prod(shape)].reshape(shape)
        return {key: unfold(item, arrays) for key, item in value["items"].items()}
    return value


def read(path):
    """Return the Recording in a file.

    Raises OSError when it is missing, ValueError when it is too large or damaged.
    """
    content = path.read_bytes()
    if len(content) > MAX_BYTES:
        raise ValueError(f"{path.name} has {len(content):,} bytes, at most {MAX_BYTES:,} are allowed")
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as stored:
            manifest = json.loads(stored["manifest"].tobytes())
            return Recording(manifest, {kind: stored[kind] for kind in manifest["dtypes"]})
    except (zipfile.BadZipFile, KeyError, EOFError, ValueError, TypeError) as error:
        raise ValueError(f"{path.name} is damaged: {error}") from error
