"""A training on disk: what is needed to go on from the end of an epoch, to the last bit."""

import io
import json
import zipfile
from pathlib import Path

import numpy as np

from .files import write
from .reference.trainer import Training

MANIFEST = "manifest"
HISTORIES = ("loss_history", "train_acc_history", "val_acc_history")


class CheckpointError(ValueError):
    """A checkpoint that a training cannot go on from; the message says why and what to do."""


class Checkpoint:
    """A callback that writes the training to a file at the end of each epoch.

    settings: plain data that says what is trained and how; a file of other settings is refused.
    """

    def __init__(self, path, settings):
        self.path, self.settings = Path(path), settings

    def __call__(self, step):
        """Write the training, if an epoch ends with this step."""
        if step.training is not None:
            self.write(step.training)

    def write(self, training):
        """Write a training; a file that was there stays whole until the new one is."""
        arrays, manifest = {"few": training.few}, {"settings": self.settings}
        for group in ("model", "best_model", "states"):
            manifest[group] = {
                key: fold(f"{group}.{key}", value, arrays) for key, value in getattr(training, group).items()
            }
        manifest |= {name: getattr(training, name) for name in (*HISTORIES, "epochs", "learning_rate")}
        manifest["rng"] = training.rng.bit_generator.state
        text = np.frombuffer(json.dumps(manifest).encode(), dtype=np.uint8)
        stream = io.BytesIO()
        np.savez(stream, **{MANIFEST: text}, **arrays)
        write(self.path, stream.getvalue())

    def read(self):
        """Return the Training in the file, None when there is no file.

        Raises CheckpointError when the file is damaged, or of other settings.
        """
        if not self.path.is_file():
            return None
        try:
            with np.load(io.BytesIO(self.path.read_bytes()), allow_pickle=False) as stored:
                manifest = json.loads(stored[MANIFEST].tobytes())
                training = unfolded(manifest, stored)
        except (zipfile.BadZipFile, KeyError, ValueError, TypeError, EOFError, AttributeError) as error:
            raise CheckpointError(
                f"{self.path} is no checkpoint that can be read ({str(error)[:80]}): delete it to begin anew"
            ) from None
        differ = [
            name
            for name in {**manifest["settings"], **self.settings}
            if manifest["settings"].get(name) != self.settings.get(name)
        ]
        if differ:
            name = differ[0]
            raise CheckpointError(
                f"{self.path} is of a training with {name} {manifest['settings'].get(name)}, not "
                f"{self.settings.get(name)}: delete it to begin anew, or name another file"
            )
        return training


def fold(name, value, arrays):
    """Return a value as JSON holds it, with its arrays put among `arrays` under this name."""
    if isinstance(value, np.ndarray):
        arrays[name] = value
        return {"array": name}
    if isinstance(value, (tuple, list)):
        return [fold(f"{name}.{place}", part, arrays) for place, part in enumerate(value)]
    return value


def unfold(value, arrays):
    """Return what `fold` has folded."""
    if isinstance(value, dict):
        return arrays[value["array"]]
    return tuple(unfold(part, arrays) for part in value) if isinstance(value, list) else value


def unfolded(manifest, arrays):
    """Return the Training that a manifest and its arrays describe."""
    groups = {
        group: {key: unfold(value, arrays) for key, value in manifest[group].items()}
        for group in ("model", "best_model", "states")
    }
    rng = np.random.default_rng()
    rng.bit_generator.state = manifest["rng"]
    numbers = {name: manifest[name] for name in (*HISTORIES, "epochs", "learning_rate")}
    return Training(**groups, **numbers, few=arrays["few"], rng=rng)
