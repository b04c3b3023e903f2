"""The page of honest numbers: every accuracy that a text of the course quotes, beside the runs behind it.

    python -m benchmarks.quoted

docs/numbers.toml names each place: the words, with figures in braces that the runs fill in, and which runs.
The words, filled in, must stand there. What the course has not measured is named too, with the reason.
"""

import hashlib
import io
import json
import re
import tomllib
from dataclasses import dataclass

import matplotlib.pyplot as plt
import numpy as np
import typer

from autograder import build
from benchmarks.record import ROOT
from benchmarks.record_runs import BUDGETS, within
from course.files import write

ROWS, PAGE = ROOT / "docs" / "numbers.toml", ROOT / "docs" / "honest-numbers.md"
PICTURE = ROOT / "docs" / "_static" / "honest-numbers.png"
PERCENT = re.compile(r"\d[\d.,]* %")
GROUPS = re.compile(r"\*Core\*.*?Grading uses the same groups")  # shares of the points of a check
FEW = 5
COLOURS = {"CIFAR-10": "#0072b2", "stand-in": "#d55e00"}  # Okabe and Ito's, for the colour-blind
SHORT = {"nothing": "with all ideas"}
MARKERS = {"CIFAR-10": "o", "stand-in": "s"}
HEAD = """# Honest numbers

Made by `python -m benchmarks.quoted` from the runs in `benchmarks/*.json` and from `docs/numbers.toml`.

An accuracy of one training is one draw from a lottery. Here stands every accuracy that a lesson, a lecture or
the README quotes, with the runs behind it: each from another seed, which decides the first weights and the
order of the images. A text quotes the median, or says so. *CIFAR-10* are the photographs, *stand-in* the
generated pictures that take their place where the photographs are not at hand. Commands that need photographs
want `CIFAR10_DIR=folder`; all want `OPENBLAS_NUM_THREADS=1`, so that rounding is the same.

"""
TABLE = ["| what | data | seeds | lowest | quartile | median | quartile | highest |", "|" + 8 * "---|"]


@dataclass(frozen=True)
class Figure:
    """What was measured over some seeds: values in percent, or losses; and the command that made them."""

    what: str
    data: str
    values: tuple[float, ...]
    command: str
    percent: bool = True

    @property
    def seeds(self):
        """Return how many runs there are."""
        return len(self.values)

    @property
    def median(self):
        """Return the median."""
        return float(np.median(self.values))

    @property
    def mean(self):
        """Return the mean."""
        return float(np.mean(self.values))

    @property
    def low(self):
        """Return the lowest value."""
        return min(self.values)

    @property
    def high(self):
        """Return the highest value."""
        return max(self.values)

    def quartiles(self):
        """Return the lowest value, the quartiles and the highest, as text."""
        places, unit = (1, " %") if self.percent else (4, "")
        low, *middle, high = np.percentile(self.values, [0, 25, 50, 75, 100])
        return [f"{low:.{places}f}", *(f"{value:.{places}f}" for value in middle), f"{high:.{places}f}{unit}"]


def measured():
    """Return {name: Figure} of all runs that the benchmarks keep."""
    found = {}
    for figure, name in (*of_trainings(), *of_profile(), *of_xor(), *of_layers(), *of_record()):
        found[name] = figure
    return found


def kept(name):
    """Return what a benchmark keeps; nothing when it was not run."""
    file = ROOT / "benchmarks" / f"{name}.json"
    return json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}


def of_trainings():
    """Yield the figures of the lessons' trainings, and their names."""
    runs = kept("trainings").get("runs", [])
    for name, source in dict.fromkeys((run["name"], run["source"]) for run in runs):
        mine = [run for run in runs if (run["name"], run["source"]) == (name, source)]
        command = f'python -m benchmarks.trainings --only "{name}"'
        for where in ("training", "validation", "test"):
            values = tuple(100 * run[where] for run in mine)
            what = f"{name.replace('bold', 'two convolutions')}: {where}"  # as the lesson prints them
            yield Figure(what, source, values, command), f"{name}/{source}/{where}"


def of_profile():
    """Yield the figures of the models that compare both kinds of images, and their names."""
    for name, sources in kept("stand_in").get("runs", {}).items():
        for source, values in sources.items():
            what, values = f"{name}, 5,000 images: test", tuple(100 * value for value in values)
            yield Figure(what, source, values, "make bench-data"), f"{name}/{source}"


def of_xor():
    """Yield the losses of the net that learns XOR, and their names."""
    for updates in (100, 1_000, 5_000):
        what, values = f"XOR after {updates:,} updates: loss", kept("xor")[f"{updates} updates"]["losses"]
        yield Figure(what, "4 points", tuple(values), "python -m benchmarks.xor", False), f"xor/{updates}"


def of_layers():
    """Yield the figures of the nets of more-layers, and their names."""
    runs = kept("more_layers")["runs"]
    for net in dict.fromkeys(run["net"] for run in runs):
        mine = [run for run in runs if run["net"] == net]
        command = "python -m benchmarks.more_layers --seeds 10"
        for where in ("training", "test", "speckled"):
            if where in mine[0]:
                values = tuple(100 * run[where] for run in mine)
                yield Figure(f"{net}: {where}", "stand-in", values, command), f"{net}/{where}"
        if "error" in mine[0]:
            values = tuple(100 * run["error"] / run["error_of_nearest"] for run in mine)
            yield Figure(f"{net}: squared error left", "stand-in", values, command), f"{net}/error"


def of_record():
    """Yield the figures of the record, of the short trainings for its ideas, and their names."""
    for name, (_, most) in BUDGETS.items():
        values = tuple(100 * run["test"]["all"] for run in within(kept("record").get("runs", []), name))
        if values:
            yield Figure(f"record, at most {most:,} TFLOP: test", "CIFAR-10", values, "make record"), name
    runs = kept("record_without").get("runs", [])
    for idea in dict.fromkeys(run["without"] for run in runs):
        for views in ("one", "flip", "all"):
            values = tuple(100 * run["validation"][views] for run in runs if run["without"] == idea)
            what = f"record, short, {SHORT.get(idea, f'without {idea}')}: validation, {views}"
            command = "python -m benchmarks.record_without"
            yield Figure(what, "CIFAR-10", values, command), f"without {idea}/{views}"
    for idea, ratios in kept("record_pace").get("times_as_long_without", {}).items():
        what = f"record, without {idea}: times as long (rounds, not seeds)"
        command = "python -m benchmarks.record_pace"
        yield Figure(what, "", tuple(ratios), command, False), f"pace without {idea}"


def texts():
    """Return {lesson, lecture or "README.md": its text, white space made single}."""
    sources = {}
    for name, path in (build.lessons() | build.lectures()).items():
        sources[name] = "\n".join(cell.source for cell in build.text.read(path).cells)
    sources["README.md"] = (ROOT / "README.md").read_text(encoding="utf-8")
    return {name: " ".join(source.split()) for name, source in sources.items()}


def read():
    """Return the rows, and what is no measurement, as docs/numbers.toml has them."""
    said = tomllib.loads(ROWS.read_text(encoding="utf-8"))
    return said["row"], said["other"]


def filled(row, figures):
    """Return a row's words with the figures of its runs. Raises KeyError for runs that are not there."""
    return " ".join(row["text"].format(*(figures[name] for name in row["runs"])).split())


def problems(sources, rows, others, figures):
    """Return a line for each row whose words do not stand in its text, and each percentage without a row."""
    found, spans = [], {name: [m.span() for m in GROUPS.finditer(source)] for name, source in sources.items()}
    for row in [*rows, *others]:
        words = filled(row, figures) if "runs" in row else " ".join(row["text"].split())
        places = [match.span() for match in re.finditer(re.escape(words), sources[row["lesson"]])]
        spans[row["lesson"]] += places
        if not places:
            found.append(f"{row['lesson']}: expected the words {words!r}")
    for name, source in sources.items():
        for match in PERCENT.finditer(source):
            if not any(start <= match.start() < end for start, end in spans[name]):
                around = source[max(0, match.start() - 40) : match.end() + 20]
                found.append(f"{name}: no row of docs/numbers.toml has {around!r}")
    return found


def page(rows, others, figures):
    """Return the page as Markdown."""
    used = list(dict.fromkeys(name for row in rows for name in row["runs"]))
    few = sum(figures[name].seeds < FEW for name in used)
    lines = [
        f"![{alt(rows, figures)}](_static/honest-numbers.png)",
        "",
        f"{len(used)} figures; of {few or 'none'} of them there are fewer than {FEW} seeds.",
        "",
    ]
    for lesson in dict.fromkeys(row["lesson"] for row in rows):
        lines += [f"## {lesson}", "", *TABLE]
        mine = dict.fromkeys(name for row in rows if row["lesson"] == lesson for name in row["runs"])
        lines += [line(figures[name]) for name in mine]
        lines += ["", *commands(figures[name] for name in mine), ""]
        for row in rows:
            if row["lesson"] == lesson:
                lines.append(f"- “{plain(filled(row, figures))}”")
        lines.append("")
    lines += ["## What is no measurement of the course's", ""]
    lines += ["| where | words | why |", "|---|---|---|"]
    lines += [f"| {row['lesson']} | {plain(row['text'])} | {row['why']} |" for row in others]
    return HEAD + "\n".join([*lines, ""])


def plain(words):
    """Return words as one line that a table can hold and that Markdown shows as they are."""
    return " ".join(words.split()).replace("|", "\\|").replace("*", "\\*").replace("$", "\\$")


def line(figure):
    """Return a figure's line in the table of its lesson."""
    return f"| {' | '.join([figure.what, figure.data, str(figure.seeds), *figure.quartiles()])} |"


def commands(figures):
    """Return the commands that made the figures, as a block of code."""
    return ["```sh", *dict.fromkeys(figure.command for figure in figures), "```"]


def drawn(rows, figures):
    """Return the figures in percent that the picture shows, in order: those of test or validation images."""
    names = dict.fromkeys(name for row in rows for name in row["runs"])
    return [figures[name] for name in names if figures[name].percent and "training" not in figures[name].what]


def alt(rows, figures):
    """Return what the picture shows, in words."""
    shown = drawn(rows, figures)
    lowest, highest = min(shown, key=lambda f: f.median), max(shown, key=lambda f: f.median)
    return (
        f"{len(shown)} rows of points, one for each seed, with a line at the median. The lowest median is "
        f"{lowest.median:.1f} % ({lowest.what}), the highest {highest.median:.1f} % ({highest.what})."
    )


def fingerprint(rows, figures):
    """Return what changes when the picture does."""
    return hashlib.sha256(repr(drawn(rows, figures)).encode()).hexdigest()


def draw(rows, figures):
    """Write the picture: a row of points for each figure, by kind of image."""
    shown = drawn(rows, figures)
    fig, ax = plt.subplots(figsize=(9, 0.24 * len(shown) + 1.2), layout="constrained")
    for row, figure in enumerate(shown):
        ax.plot(figure.values, [row] * figure.seeds, linestyle="", marker=MARKERS[figure.data], markersize=5,
                color=COLOURS[figure.data], alpha=0.55)
        ax.plot([figure.median] * 2, [row - 0.4, row + 0.4], color="black", linewidth=1.5)
    for data, colour in COLOURS.items():
        ax.plot([], [], linestyle="", marker=MARKERS[data], color=colour, label=data)
    ax.set(xlabel="% right (for enlarging nets: of the squared error left)", yticks=range(len(shown)),
           ylim=(len(shown) - 0.4, -0.6))
    ax.set_yticklabels([figure.what for figure in shown], fontsize=8)
    ax.grid(axis="x", color="#dddddd")
    ax.set_axisbelow(True)
    fig.legend(loc="outside upper right", ncols=2, frameon=False)
    made = io.BytesIO()
    fig.savefig(made, dpi=110, metadata={"Description": fingerprint(rows, figures)})
    plt.close(fig)
    write(PICTURE, made.getvalue())


def main():
    """Write the page and its picture; say what the texts quote otherwise, and end with 1 if anything."""
    (rows, others), figures = read(), measured()
    missing = {name for row in rows for name in row["runs"]} - figures.keys()
    if missing:
        raise SystemExit(f"expected runs of {min(missing)!r} in benchmarks, found none: measure them first")
    write(PAGE, page(rows, others, figures).encode())
    draw(rows, figures)
    found = problems(texts(), rows, others, figures)
    for problem in found:
        print(problem)
    raise typer.Exit(bool(found))


if __name__ == "__main__":
    typer.run(main)
