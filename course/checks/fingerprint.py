"""A short trace of what an answer did with a case, by which a known mistake is recognised."""

import math
import re
import zlib
from functools import lru_cache
from itertools import combinations

import numpy as np

PROJECTIONS = 4  # random directions for each output, so 12 numbers at most for a case
DIGITS = 6
RTOL = 2e-4


def fingerprint(result):
    """Return the trace of a Result: a small dictionary of plain data.

    raised: the exception, or the fault when nothing comparable came.  shapes: of the outputs.
    changed: the arguments overwritten.  dtypes: of the outputs.  printed: whether it prints.
    numbers: each output projected on random directions, fixed for its size.
    """
    if result.values is None:
        return {"raised": raised(result)}
    return {
        **({"printed": True} if result.reply.printed else {}),
        "shapes": [list(value.shape) for value in result.values],
        "changed": sorted({fault.output for fault in result.faults if fault.kind == "overwritten"}),
        "dtypes": [value.dtype.str.lstrip("<>|=") for value in result.values],
        "numbers": [float(f"{number:.{DIGITS}g}") for value in result.values for number in project(value)],
    }


def raised(result):
    """Return what stands for an exception, or for a reply of another structure.

    It is the kind and two numbers: one made of the whole message, one of what it says apart from names and
    sizes. The kind alone says little: a wrong shape ends in a ValueError wherever it happens.
    """
    error = result.reply.error or result.faults[0]
    return [error.kind, checksum(error.message), checksum(gist(error.message))]


def checksum(text):
    """Return a short number made of a text."""
    return f"{zlib.crc32(text.encode()):08x}"


def gist(message):
    """Return what a message says apart from names and sizes; NumPy has several for shapes that do not fit."""
    if "broadcast" in message:
        return "broadcast"
    return re.sub(r"'[^']*'|\d+|, ?", "", message)


def project(value):
    """Return the products of an array with a few random directions."""
    with np.errstate(all="ignore"):
        flat = np.asarray(value, dtype=np.float64).ravel()
        return (directions(value.size) * flat).sum(axis=1) / np.sqrt(max(1, value.size))


@lru_cache(maxsize=256)
def directions(size):
    """Return random directions in so many dimensions, always the same."""
    return np.random.default_rng(size).standard_normal((PROJECTIONS, size))


def alike(one, other, free=False, roughly=False):
    """Return True when two traces of the same case show the same behaviour.

    free: types and prints count too.  roughly: a message counts without its names and sizes.
    """
    keys = ("shapes", "changed", *(["dtypes", "printed"] if free else []))
    if any(one.get(key) != other.get(key) for key in keys):
        return False
    ours, theirs = one.get("raised"), other.get("raised")
    if roughly and ours and theirs:
        return (ours[0], ours[2]) == (theirs[0], theirs[2])
    if ours != theirs:
        return False
    numbers, others = one.get("numbers", []), other.get("numbers", [])
    scale = 1e-3 + max((abs(number) for number in others if math.isfinite(number)), default=0)
    return all(close(*pair, 2e-5 * scale) for pair in zip(numbers, others, strict=True))


def close(number, other, atol):
    """Return True when two numbers are nearly equal, or both infinite, or both not a number."""
    if number == other or (number != number and other != other):
        return True
    return abs(number - other) <= atol + RTOL * abs(other) < math.inf


def recognise(results, known):
    """Return the name of the known mistake whose traces equal those of the results, or None.

    results: the visible Results.  known: {name: list of traces, case by case}. Types and prints count only
    when every value is right by the text's own agreement: a wrong answer may be made in either precision, and
    be looked into with prints. One that follows another agreement as well is recognised by the cases in which
    agreements do not differ. Where the same fault ends in an error of other words, as with loops in another
    order, no other known mistake may raise in the same cases.
    """
    traces = [fingerprint(result) for result in results]
    agreed = [n for n, result in enumerate(results) if not follows_another_agreement(result)]
    free = len(agreed) == len(results) and not any(result.costs for result in results)
    found = all_alike(traces, known, range(len(results)), free=free)
    if not found and not all(result.right for result in results):
        found = all_alike(traces, known, agreed) or alone(all_alike(traces, known, agreed, roughly=True))
    return found[0] if found else None


def alone(names):
    """Return a list of one name as it is, any other one empty."""
    return names if len(names) == 1 else []


def all_alike(traces, known, cases, **strictness):
    """Return the names of the known mistakes that leave the same traces in these cases."""
    return [
        name
        for name, others in known.items()
        if all(alike(traces[case], others[case], **strictness) for case in cases)
    ]


def twins(known):
    """Return the pairs of names that leave the same traces in every case, so that none can be told apart.

    known: {name: list of traces, case by case}.
    """
    return [
        (one, other)
        for one, other in combinations(known, 2)
        if all(alike(*pair, free=True) for pair in zip(known[one], known[other], strict=True))
    ]


def follows_another_agreement(result):
    """Return True when a Result is right by another agreement than the text's."""
    return any(fault.fault == "convention" for fault in result.faults)
