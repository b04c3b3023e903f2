"""A short trace of what an answer did with a case, by which a known mistake is recognised."""

import zlib

import numpy as np

PROJECTIONS = 4  # random directions for each output, so 12 numbers at most for a case
DIGITS = 6


def fingerprint(result):
    """Return the trace of a Result: a small dictionary of plain data.

    raised: the exception, or the fault when nothing comparable came.  shapes: of the outputs.
    changed: the arguments overwritten.  dtypes: of the outputs.
    numbers: each output projected on random directions, fixed for its size.
    """
    if result.values is None:
        return {"raised": raised(result)}
    return {
        "shapes": [list(value.shape) for value in result.values],
        "changed": sorted({fault.output for fault in result.faults if fault.kind == "overwritten"}),
        "dtypes": [value.dtype.str.lstrip("<>|=") for value in result.values],
        "numbers": [float(f"{number:.{DIGITS}g}") for value in result.values for number in project(value)],
    }


def raised(result):
    """Return what stands for an exception, or for a reply of another structure.

    It is the kind and a number made of the message. The kind alone says little: a wrong shape ends
    in a ValueError wherever it happens.
    """
    error = result.reply.error or result.faults[0]
    return f"{error.kind} {zlib.crc32(error.message.encode()):08x}"


def project(value):
    """Return the products of an array with a few random directions."""
    directions = np.random.default_rng(value.size).standard_normal((PROJECTIONS, value.size))
    with np.errstate(all="ignore"):
        flat = np.asarray(value, dtype=np.float64).ravel()
        return (directions * flat).sum(axis=1) / np.sqrt(max(1, value.size))


def alike(one, other, dtypes=False):
    """Return True when two traces of the same case show the same behaviour."""
    keys = ("raised", "shapes", "changed", *(["dtypes"] if dtypes else []))
    if any(one.get(key) != other.get(key) for key in keys):
        return False
    numbers, others = np.array(one.get("numbers", [])), np.array(other.get("numbers", []))
    scale = 1e-3 + np.abs(np.nan_to_num(others, posinf=0, neginf=0)).max(initial=0)
    return bool(np.allclose(numbers, others, rtol=2e-4, atol=2e-5 * scale, equal_nan=True))


def recognise(results, known):
    """Return the name of the known mistake whose traces equal those of the results, or None.

    results: the visible Results.  known: {name: list of traces, case by case}. Types count only
    when every value is right, because a known mistake may be made in either precision. A wrong answer that
    follows another agreement as well is recognised by the cases in which agreements do not differ.
    """
    traces = [fingerprint(result) for result in results]
    free = not any(result.costs for result in results)
    name = first_alike(traces, known, range(len(results)), free)
    if name is None and not all(result.right for result in results):
        agreed = [n for n, result in enumerate(results) if not follows_another_agreement(result)]
        name = first_alike(traces, known, agreed, dtypes=False)
    return name


def first_alike(traces, known, cases, dtypes):
    """Return the first known mistake that leaves the same traces in these cases, or None."""
    for name, others in known.items():
        if all(alike(traces[case], others[case], dtypes) for case in cases):
            return name
    return None


def follows_another_agreement(result):
    """Return True when a Result is right by another agreement than the text's."""
    return any(fault.fault == "convention" for fault in result.faults)
