"""What the record's Winograd, memory order and two processes save, each in turn with what would replace it.

    OPENBLAS_NUM_THREADS=1 python -m benchmarks.record_pace

benchmarks/record_pace.json keeps, for each round, how many times as long it takes without. Two processes want
two idle cores.
"""

import os
from time import perf_counter, process_time

import numpy as np
import typer
from tqdm.auto import tqdm

from benchmarks.record import record
from course.record.net import Net, init, shapes
from course.record.processes import together
from course.record.winograd import B_T, WinogradConv, on_rows, tiles
from course.reference.fast_layers import conv_backward_fast, conv_forward_fast

MEASURED = ("benchmarks/record_pace.py", "course/record", "course/reference/fast_conv.py")
WIDTHS, PART = (16, 32, 32), 125
PARTS = 32  # many, as in a training: the first ones after a fork copy the memory that they write to


def winograd():
    """Return a convolution by Winograd and one by the course's fast layers, 64 to 128 maps of 16 x 16."""
    rng = np.random.default_rng(0)
    x = rng.standard_normal((100, 64, 16, 16), np.float32)
    w, b = rng.standard_normal((128, 64, 3, 3), np.float32), np.zeros(128, np.float32)
    conv = WinogradConv(64, 128, 16, 16, 100)
    padded = np.ascontiguousarray(np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1))).transpose(1, 2, 3, 0))
    rows = np.ascontiguousarray(w.transpose(2, 3, 0, 1)).reshape(9, 128, 64)

    def quick():
        conv.load(rows)
        conv.backward(conv.forward(padded))
        conv.gradient()

    def direct():
        conv_backward_fast(*conv_forward_fast(x, w, b, {"stride": 1, "pad": 1}))

    return quick, direct


def memory_order():
    """Return the transform of a layer's input with the images innermost in memory, and outermost."""
    rng, matrix = np.random.default_rng(0), on_rows(B_T)
    inner = rng.standard_normal((32, 18, 18, 250), np.float32)
    outer = np.ascontiguousarray(inner.transpose(3, 0, 1, 2)).transpose(1, 2, 3, 0)
    made = np.empty((36, 32 * 16 * 250), np.float32)
    last = np.empty((6, 6, 32, 4, 4, 250), np.float32)
    first = np.empty((6, 6, 250, 32, 4, 4), np.float32)

    def innermost():
        np.copyto(last, tiles(inner))
        np.matmul(matrix, last.reshape(36, -1), out=made)

    def outermost():
        np.copyto(first, tiles(outer).transpose(0, 1, 5, 2, 3, 4))
        np.matmul(matrix, first.reshape(36, -1), out=made)

    return innermost, outermost


def processes():
    """Return forward and backward passes of a small net in two processes, and in one."""
    parameters = {name: np.empty(shape, np.float32) for name, shape in shapes(WIDTHS).items()}
    init(parameters, np.random.default_rng(0))
    net = Net(WIDTHS, PART, np.eye(12, dtype=np.float32))
    x = np.random.default_rng(1).standard_normal((3, 33, 33, PART), np.float32)
    dscores = np.ones((10, PART), np.float32)

    def work(member):
        net.load(parameters)
        for _ in range(member.rank, PARTS, member.size):
            net.forward(x)
            net.backward(dscores)
        member.meet()

    return lambda: together(work, 2), lambda: together(work, 1)


def in_turn(first, second, clock, rounds):
    """Return how many times as long the second takes, in each round; both have run once before."""
    ratios = []
    for _ in range(1 + rounds):
        seconds = []
        for each in (first, second):
            began = clock()
            each()
            seconds.append(clock() - began)
        ratios.append(round(seconds[1] / seconds[0], 3))
    return ratios[1:]


def main(rounds: int = 9):
    """Time each idea in turn with what would be in its place, and write benchmarks/record_pace.json."""
    if os.environ.get("OPENBLAS_NUM_THREADS") != "1":
        raise typer.BadParameter("set OPENBLAS_NUM_THREADS=1: each process is to use one core")
    ideas = {  # processor time, which other work does not lengthen much, but for what two cores do at once
        "Winograd": (winograd, process_time),
        "images innermost": (memory_order, process_time),
        "two processes": (processes, perf_counter),
    }
    ratios = {name: in_turn(*make(), clock, rounds) for name, (make, clock) in tqdm(ideas.items())}
    for name, each in ratios.items():
        print(f"without {name}: {np.median(each):.2f} times as long, from {min(each):.2f} to {max(each):.2f}")
    record("record_pace", {"times_as_long_without": ratios}, measured=MEASURED)


if __name__ == "__main__":
    typer.run(main)
