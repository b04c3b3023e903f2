"""What the jail costs a submission, and what one call of a student's function costs."""

import time
from statistics import median

import numpy as np
from tqdm.auto import tqdm

from autograder.bundle import unpacked
from autograder.sandbox import Session, levels

CELL = "def same(x):\n    return x"
NUMBERS = (8, 128)  # float64 in a call's argument: 64 bytes, 1 kB


def measure(wheel, sessions=60, calls=2000):
    """Return milliseconds of a session with and without a jail, of a call, and the level of the jail."""
    package, jailed = unpacked(wheel).path, levels.choose()
    seconds = {jailed: [], levels.NONE: []}
    for level in seconds:
        one_session(package, level)  # the first one loads what all others are forked from
    for _ in tqdm(range(sessions), "sessions"):
        for level in seconds:
            seconds[level].append(one_session(package, level))
    with Session(package, level=jailed) as session:
        session.run_cell(CELL)
        asked = {8 * n: [one_call(session.answer("same"), n) for _ in range(calls)] for n in NUMBERS}
    return {
        "level": jailed,
        "session_ms": milliseconds(seconds[jailed]),
        "session_without_jail_ms": milliseconds(seconds[levels.NONE]),
        "call_ms": {f"{size} bytes": milliseconds(each) for size, each in asked.items()},
    }


def one_session(package, level):
    """Return the seconds from nothing to the end of a session of one cell."""
    start = time.perf_counter()
    with Session(package, level=level) as session:
        session.run_cell(CELL)
    return time.perf_counter() - start


def one_call(answer, numbers):
    """Return the seconds of one call with so many numbers."""
    argument = np.zeros(numbers)
    start = time.perf_counter()
    answer.call((argument,))
    return time.perf_counter() - start


def milliseconds(seconds):
    """Return the middle one of some times."""
    return round(1000 * median(seconds), 3)
