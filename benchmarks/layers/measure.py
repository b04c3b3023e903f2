"""What is measured at one number of threads: times in turn, peak memory, growth."""

import time
import tracemalloc
from statistics import median

import numpy as np

from . import by_torch, ours
from .workloads import CONVOLUTIONS, GROWTH, POOLS, STEPS

SQUARE = 1024  # of the matrices whose product shows what the processor can do
WITH_LOOPS = CONVOLUTIONS | POOLS | {"E": STEPS["E"]}
WORKS = {  # name: what makes its ways, and the workload
    **{name: ("convolution", work) for name, work in CONVOLUTIONS.items()},
    **{name: ("pool", work) for name, work in POOLS.items()},
    "E": ("convnet_step", STEPS["E"]),
    "F": ("two_layer_step", STEPS["F"]),
}
NAIVE_IMAGES = 2  # loops take as long for every image


def everything(threads, measured):
    """Return {"times": {workload: {way: milliseconds}}, "growth": ..., "memory_bytes": ...} as plain data.

    measured: what measures one part, such as the workload "E"; a process of its own for each is best. The
    memory that one workload has given back changes by a third how long another one takes to get some.
    """
    found = {"torch": measured("torch"), "times": {name: measured(name) for name in WORKS}}
    if threads == 1:
        found |= {name: measured(name) for name in ("naive", "growth", "memory_bytes")}
    return found


def part(name, threads, repeats):
    """Return what is found of one part: a workload, or what everything else calls by this name."""
    torch = by_torch.load(threads)
    match name:
        case "torch":
            return torch and torch.__version__
        case "naive":
            return {name: loops(work) for name, work in WITH_LOOPS.items()}
        case "growth":
            return {along: growth(works, torch, repeats) for along, works in GROWTH.items()}
        case "memory_bytes":
            return {name: memory(work) for name, work in CONVOLUTIONS.items()}
    return times(*WORKS[name], torch, repeats)


def times(kind, work, torch, repeats):
    """Return the milliseconds of every way to run a workload, measured in turn, and its floor.

    The floor is the time its additions and multiplications would take in a product of large matrices.
    """
    ways = getattr(ours, kind)(work)
    if torch:
        ways |= getattr(by_torch, kind)(torch, work)
    found = in_turn(ways | {"product": product()}, repeats)
    milliseconds = found.pop("product")
    if hasattr(work, "operations"):
        found["floor"] = milliseconds * work.operations / (2 * SQUARE**3)
        found["GFLOP/s of the floor"] = 2 * SQUARE**3 / milliseconds / 1e6
    return found


def product():
    """Return a function that multiplies two large matrices."""
    A, B = np.random.default_rng(0).random((2, SQUARE, SQUARE), dtype=np.float32)
    return lambda: A @ B


def loops(work):
    """Return the milliseconds of loops for the whole batch, from a few of its images, measured once."""
    return in_turn({"naive": ours.naive(work, NAIVE_IMAGES)}, 1)["naive"] * work.x[0] / NAIVE_IMAGES


def growth(works, torch, repeats):
    """Return {size: {way: milliseconds}}; all sizes are measured in turn."""
    ways = {}
    for size, work in works.items():
        found = ours.convolution(work) | (by_torch.convolution(torch, work) if torch else {})
        ways |= {(size, way): run for way, run in found.items()}
    found = in_turn(ways, repeats)
    return {str(size): {way: found[size, way] for s, way in ways if s == size} for size in works}


def memory(work):
    """Return {way: bytes} that forward and backward hold at most beyond their inputs.

    Not of Winograd's: its layer takes its memory when it is made.
    """
    found, ways = {}, ours.convolution(work)
    ways.pop("winograd", None)
    for way, run in ways.items():
        tracemalloc.start()
        run()
        found[way] = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    return found


def in_turn(ways, repeats):
    """Return {way: median milliseconds}: each way runs once in every round, after one round that warms up."""
    seconds = {way: [] for way in ways}
    for number in range(repeats + 1):
        for way, run in ways.items():
            begun = time.perf_counter()
            run()
            if number:
                seconds[way].append(time.perf_counter() - begun)
    return {way: 1000 * median(found) for way, found in seconds.items()}
