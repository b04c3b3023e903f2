"""A picture of the figures: how time grows with the size of a convolution, each workload beside torch."""

import io

import matplotlib.pyplot as plt

from benchmarks.record import ROOT
from course.files import write

PICTURE = ROOT / "docs" / "_static" / "layers.png"
COLOURS = {  # Okabe and Ito's, which the colour-blind can tell apart
    "naive": "#000000", "im2col": "#999999", "block": "#56b4e9", "layers": "#56b4e9", "rows": "#0072b2",
    "fast": "#0072b2", "winograd": "#009e73", "torch default": "#e69f00", "torch channels-last": "#d55e00",
}
TITLES = {
    "A": "conv 3x3, stride 2", "B5": "conv 5x5", "B7": "conv 7x7", "C": "conv 3x3, 32 to 64",
    "D2": "pool 2x2", "D3": "pool 3x3", "E": "ConvNet step", "F": "two-layer step",
}


def draw(by_threads):
    """Write the picture of {threads: what measure.everything returned}."""
    one = by_threads[1]
    widths = (1, 1, 1, 1.9) if one["torch"] else (1, 1, 1)
    figure, axes = plt.subplots(
        1, len(widths), figsize=(3 * sum(widths), 4.4), width_ratios=widths, layout="constrained"
    )
    lines = {}
    for ax, (along, found) in zip(axes, one["growth"].items(), strict=False):
        lines |= growing(ax, along, found)
    axes[0].set_ylabel("milliseconds, forward and backward")
    figure.legend(lines.values(), lines, loc="outside upper center", ncols=len(lines), frameon=False)
    if one["torch"]:
        beside(axes[-1], by_threads)
    stream = io.BytesIO()
    figure.savefig(stream, dpi=100, metadata={"Software": None})
    plt.close(figure)
    write(PICTURE, stream.getvalue())


def growing(ax, along, found):
    """Draw a line for each way over the sizes, and return {way: line}."""
    sizes, lines = [int(size) for size in found], {}
    for way in next(iter(found.values())):
        milliseconds = [times[way] for times in found.values()]
        lines[way], = ax.plot(sizes, milliseconds, "o-", color=COLOURS[way])
    ax.set_xscale("log", base=2)
    ax.set_yscale("log", base=2)
    ax.set_xticks(sizes, [str(size) for size in sizes])
    ax.yaxis.set_major_formatter("{x:g}")
    ax.set_xlabel(along)
    ax.grid(alpha=0.3)
    return lines


def beside(ax, by_threads):
    """Draw, for each workload, how many times as fast as torch's default its ways are."""
    names = list(by_threads[1]["times"])
    for threads, measured in by_threads.items():
        shift, hollow = 0.14 * (2 * threads - 3), threads == 2
        for place, name in enumerate(names):
            times = measured["times"][name]
            for way in times.keys() & {"block", "rows", "fast", "winograd", "torch channels-last"}:
                ax.plot(times["torch default"] / times[way], place + shift, "o", color=COLOURS[way],
                        markersize=7, fillstyle="none" if hollow else "full")
    ax.axvline(1, color=COLOURS["torch default"])
    ax.set_xscale("log", base=2)
    ax.xaxis.set_major_formatter("{x:g}")
    ax.set_yticks(range(len(names)), [f"{name}: {TITLES[name]}" for name in names])
    ax.invert_yaxis()
    ax.set_xlabel("times as fast as torch's default (full: 1 thread, hollow: 2)")
    ax.grid(alpha=0.3)
