"""The class in pictures, as SVG that takes its text colour from the page."""

import io
import re
from collections import Counter
from html import escape
from statistics import median

import matplotlib
import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

TEXT, GROUND = "#010203", "#010204"  # stand for the colours of the page's text and ground
BLUE, GREEN, YELLOW, VERMILLION, GREY = "#0072B2", "#009E73", "#F0E442", "#D55E00", "#9A9A9A"
PARTS = {"all points": GREEN, "some points": YELLOW, "no point": VERMILLION, "not written": GREY}
STYLE = {
    "svg.fonttype": "none",  # letters stay letters: searchable, and in the page's own font
    "text.parse_math": False,
    "font.size": 10,
    "font.family": "sans-serif",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    **dict.fromkeys(("text.color", "axes.labelcolor", "axes.edgecolor", "xtick.color", "ytick.color"), TEXT),
}
MOST_MISTAKES = 20
UNNAMED, UNWRITTEN = "another mistake", "not written"  # the last columns of the map


def histogram(values, possible):
    """Return the histogram of the students' points."""
    alt = f"Histogram of points: {len(values)} submissions, {spread(values)}, of {possible:g} possible."
    with Drawing("Points", "points", "submissions", alt) as axes:
        step = max(1, round(possible / 16))
        axes.hist(
            values, bins=[i * step for i in range(int(possible / step) + 2)], color=BLUE, edgecolor=GROUND
        )
        axes.set_xlim(0, possible + step)
        axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    return axes.svg


def per_question(counts):
    """Return a bar for each question: how many have all points, some, none, or wrote nothing.

    counts: {question: {a key of PARTS: number of submissions}}.
    """
    words = "; ".join(
        f"{name}: {', '.join(f'{parts[part]} {part}' for part in PARTS if parts.get(part))}"
        for name, parts in counts.items()
    )
    with Drawing(
        "Points per question", "submissions", "", f"Points per question. {words}.", rows=len(counts)
    ) as axes:
        names, left = list(counts), [0] * len(counts)
        for part, colour in PARTS.items():
            widths = [counts[name].get(part, 0) for name in names]
            bars = axes.barh(
                names, widths, left=left, color=colour, label=part, edgecolor=GROUND, linewidth=0.5
            )
            ink = "black" if colour in (YELLOW, GREY) else "white"
            axes.bar_label(
                bars, [str(n) if n else "" for n in widths], label_type="center", color=ink, fontsize=8
            )
            left = [before + width for before, width in zip(left, widths, strict=True)]
        axes.invert_yaxis()
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.figure.legend(loc="outside lower center", ncols=len(PARTS), frameon=False, fontsize=8)
    return axes.svg


def times(seconds):
    """Return the histogram of the seconds that a submission took."""
    alt = f"Histogram of grading time: {len(seconds)} submissions, {spread(seconds, ' s')}."
    with Drawing("Time per submission", "seconds", "submissions", alt) as axes:
        axes.hist(seconds, bins=min(20, max(5, len(seconds))), color=BLUE, edgecolor=GROUND)
        axes.set_xlim(left=0)
        axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    return axes.svg


def mistakes(counts):
    """Return a bar for each of the most frequent mistakes; counts: {name: number of submissions}."""
    most = sorted(counts.items(), key=lambda pair: -pair[1])[:MOST_MISTAKES]
    words = "; ".join(f"{name}: {count}" for name, count in most)
    title = (
        "Mistakes that cost points"
        if len(most) == len(counts)
        else f"The {len(most)} most frequent mistakes that cost points"
    )
    with Drawing(
        title, "submissions", "", f"{title}, submissions with each. {words}.", rows=len(most)
    ) as axes:
        bars = axes.barh([name for name, _ in most], [count for _, count in most], color=BLUE)
        axes.bar_label(bars, padding=3, fontsize=8)
        axes.invert_yaxis()
        axes.tick_params(axis="y", labelsize=8)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    return axes.svg


def heat_map(counts):
    """Return a map of questions by mistakes, the most frequent ones first.

    counts: {question: {mistake, UNNAMED or UNWRITTEN: number of submissions}}.
    """
    totals = Counter()
    for made in counts.values():
        totals.update(made)
    last = [name for name in (UNNAMED, UNWRITTEN) if totals.pop(name, 0)]
    columns = [name for name, _ in totals.most_common(MOST_MISTAKES)] + last
    table = np.array([[made.get(name, 0) for name in columns] for made in counts.values()])
    words = "; ".join(
        f"{question}: {', '.join(f'{name} {made[name]}' for name in columns if made.get(name))}"
        for question, made in counts.items()
    )
    alt = f"Which mistake was made where, number of submissions. {words}."
    with Drawing("Which mistake was made where", "", "", alt, rows=len(counts) + 6) as axes:
        axes.pcolormesh(
            np.ma.masked_equal(table, 0), cmap="cividis_r", edgecolors=GROUND, linewidth=0.5, vmin=0
        )
        for row, column in zip(*table.nonzero(), strict=True):
            ink = "white" if table[row, column] > table.max() / 2 else "black"
            axes.text(
                column + 0.5, row + 0.5, table[row, column], ha="center", va="center", color=ink, fontsize=7
            )
        axes.set_xticks(np.arange(len(columns)) + 0.5, columns, rotation=60, ha="right", fontsize=7)
        axes.set_yticks(np.arange(len(counts)) + 0.5, list(counts), fontsize=8)
        axes.tick_params(length=0)
        axes.invert_yaxis()
    return axes.svg


def likeness(above, bound):
    """Return the histogram of how far pairs are above the usual likeness, with the bound as a line."""
    out = sum(value >= bound for value in above)
    alt = f"Histogram of likeness: {len(above)} pairs, {out} at or above {bound:.0%}, {spread(above)}."
    with Drawing("Likeness of pairs", "above the usual (1: the same)", "pairs", alt) as axes:
        axes.hist(above, bins=[i / 40 for i in range(41)], color=BLUE, edgecolor=GROUND)
        axes.axvline(bound, color=VERMILLION, linestyle="--")
        axes.set_yscale("log")
        axes.yaxis.set_major_formatter("{x:g}")
        axes.set_ylim(bottom=0.7)
        axes.set_xlim(0, 1.0)
    return axes.svg


def states(counts):
    """Return a bar for each state; counts: {state: number of submissions}."""
    words = ", ".join(f"{count} {state}" for state, count in counts.items())
    colours = {"graded": GREEN, "partly graded": YELLOW, "failed": VERMILLION}
    with Drawing(
        "States", "submissions", "", f"States of the submissions: {words}.", rows=len(counts)
    ) as axes:
        bars = axes.barh(
            list(counts), list(counts.values()), color=[colours.get(state, GREY) for state in counts]
        )
        axes.bar_label(bars, padding=3)
        axes.invert_yaxis()
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    return axes.svg


def spread(values, unit=""):
    """Return the lowest, the middle and the highest value in words."""
    return (
        f"lowest {min(values):.3g}{unit}, median {median(values):.3g}{unit}, highest {max(values):.3g}{unit}"
    )


class Drawing:
    """Axes to draw on inside a `with`; afterwards `svg` is the picture with its alt text."""

    def __init__(self, title, xlabel, ylabel, alt, rows=None):
        self._words, self._alt, self._rows = (title, xlabel, ylabel), alt, rows
        self._style = matplotlib.rc_context({**STYLE, "svg.hashsalt": title})

    def __enter__(self):
        self._style.__enter__()
        height = 2.9 if self._rows is None else 1.2 + 0.26 * self._rows
        self.figure = Figure(figsize=(4.7, height), layout="constrained")
        self._axes = self.figure.subplots()
        title, xlabel, ylabel = self._words
        self.figure.suptitle(title, x=0.01, ha="left", fontsize=11, fontweight="bold")
        self._axes.set(xlabel=xlabel, ylabel=ylabel)
        self._axes.svg = ""
        return self._axes

    def __exit__(self, *failure):
        if failure[0] is None:
            self._axes.svg = inline_svg(self.figure, self._alt)
        self._style.__exit__(*failure)


def inline_svg(figure, alt):
    """Return a figure as an <svg> element that names no outside address and fills its place."""
    file = io.StringIO()
    figure.savefig(
        file, format="svg", transparent=True, metadata=dict.fromkeys(("Creator", "Date", "Format", "Type"))
    )
    svg = file.getvalue()
    svg = svg[svg.index("<svg") :]
    head, body = svg.split(">", 1)
    box = re.search(r'viewBox="[\d. ]+"', head).group()
    body = re.sub(r' id="[A-Za-z.]+_\d+"', "", body)  # names of groups, the same in every picture
    body = body.replace(TEXT, "currentColor").replace(GROUND, "var(--ground)")
    return f'<svg {box} role="img" aria-label="{escape(alt)}">{body}'
