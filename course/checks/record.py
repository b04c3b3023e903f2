"""Writes a lesson's recorded cases; the reference and the bank of mistakes must be there."""

import io
import json
from pathlib import Path

import numpy as np

from .. import files
from .answer import Local
from .fingerprint import twins
from .lessons import checked
from .oracle import Fresh, reference, traces
from .recorded import MAX_BYTES, read

AGREE = 1e-12  # matrix products differ in their last bits from one processor to the next
AGREE_TRACES = 1e-4


def write(lesson, points, path):
    """Record a lesson's visible cases, right values and traces of known mistakes into a file.

    points: {stem: points}, in the order of the lesson. A file that agrees with the new values within
    rounding stays as it is. Returns True when the file was written.
    Raises ValueError when it would be larger than 200 kB, or no case tells two known answers apart.
    """
    path = Path(path)
    manifest, arrays = collect(lesson, points)
    if agrees(path, manifest, arrays):
        return False
    buffer = io.BytesIO()
    text = np.frombuffer(json.dumps(manifest, separators=(",", ":")).encode(), dtype=np.uint8)
    np.savez_compressed(buffer, manifest=text, **arrays)
    if buffer.tell() > MAX_BYTES:
        raise ValueError(f"{path.name} would have {buffer.tell():,} bytes, at most {MAX_BYTES:,} are allowed")
    files.write(path, buffer.getvalue())
    return True


def collect(lesson, points):
    """Return (manifest, {dtype: array}) of a lesson, from the fresh oracle."""
    oracle, arrays, cases, mistakes = Fresh(), {}, {}, {}
    for stem, task in checked(lesson).items():
        cases[stem] = [
            {
                "name": case.name,
                "group": case.group,
                "rule": case.rule,
                "reg": case.reg,
                "inputs": fold(case.inputs, arrays),
                "dout": fold(case.dout, arrays),
                "cache": fold(case.cache, arrays),
                "expected": fold(expected, arrays),
            }
            for case, expected in oracle.solved(task)
        ]
        known = oracle.known(task)
        require_differences(task, known)
        for name, left in known.items():
            told = oracle.named(task, name)
            mistakes[name] = {
                "stem": stem,
                "fault": told.fault,
                "sentence": told.sentence,
                "hints": list(told.hints),
                "reads": told.reads,
                "traces": left,
            }
    manifest = {
        "lesson": lesson,
        "points": points,
        "dtypes": list(arrays),
        "cases": cases,
        "mistakes": mistakes,
    }
    joined = {kind: np.concatenate(parts) for kind, parts in arrays.items()}
    return json.loads(json.dumps(manifest)), joined


def require_differences(task, known):
    """Raise ValueError when a known mistake answers every case as another one does, or as the reference."""
    right = {f"the reference of {task.stem}": traces(task, Local(reference(task.stem)))} if known else {}
    for one, other in twins(right | known):
        raise ValueError(f"{one} and {other} answer every case alike: add a case that tells them apart")


def agrees(path, manifest, arrays):
    """Return True when a file holds the same cases, up to rounding."""
    try:
        recording = read(path)
    except (OSError, ValueError):
        return False
    return (
        close(recording.manifest, manifest)
        and list(recording.arrays) == list(arrays)
        and all(close_arrays(recording.arrays[kind], arrays[kind]) for kind in arrays)
    )


def close_arrays(one, other):
    """Return True when two arrays agree within rounding."""
    if one.shape != other.shape or one.dtype != other.dtype:
        return False
    return np.allclose(one, other, rtol=AGREE if one.dtype != np.float32 else 1e-5, atol=AGREE)


def close(one, other):
    """Return True when two trees of plain data agree, floats within the precision of a trace."""
    if isinstance(one, float) and isinstance(other, float):
        return bool(np.isclose(one, other, rtol=AGREE_TRACES, atol=AGREE_TRACES, equal_nan=True))
    if isinstance(one, dict) and isinstance(other, dict):
        return list(one) == list(other) and all(close(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(close, one, other))
    return type(one) is type(other) and one == other


def fold(value, arrays):
    """Return plain data for a value; its arrays are added to the list `arrays` of their dtype."""
    if isinstance(value, np.ndarray):
        kind = value.dtype.str.lstrip("<=|")
        stored = arrays.setdefault(kind, [])
        stored.append(value.ravel())
        return {"array": [kind, sum(map(len, stored)) - value.size, list(value.shape)]}
    if isinstance(value, tuple):
        return [fold(item, arrays) for item in value]
    if isinstance(value, dict):
        return {"items": {key: fold(item, arrays) for key, item in value.items()}}
    return value
