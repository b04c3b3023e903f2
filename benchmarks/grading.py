"""Measure how fast grading is: beside stock nbgrader, in a jail, on a cluster, after 2,000 submissions.

    python -m benchmarks.grading [--submissions 40] [--turns 3] [--growth 2000] [PART ...]

Whole commands on the same class, in turn; benchmarks/grading.json keeps every run and the figures that they
come to. What was measured with the code and the sizes as they are is not measured again, so that this goes on
where it was stopped. Let nothing else run meanwhile.
"""

import json
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from tempfile import gettempdir
from typing import Annotated

import typer
from tqdm.auto import tqdm

from benchmarks import calls, growth, honest, stock
from benchmarks.local_cluster import two_workers
from benchmarks.record import ROOT, commit, machine
from course.files import write

FILE = ROOT / "benchmarks" / "grading.json"
MEASURED = (
    "autograder",
    "benchmarks/calls.py",
    "benchmarks/grade_folder.py",
    "benchmarks/grading.py",
    "benchmarks/growth.py",
    "benchmarks/honest.py",
    "benchmarks/local_cluster.py",
    "benchmarks/stock.py",
    "course/checks",
    "course/lessons/modular-layers.py",
)


def ours(root, *options):
    """Grade a course folder with a command of our own; return how many seconds it took."""
    command = [sys.executable, "-m", "benchmarks.grade_folder", str(root), *options]
    return timed(lambda: subprocess.run(command, cwd=ROOT, check=True, capture_output=True))


def timed(work):
    """Return how many seconds some work takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


class Speed:
    """Commands on the same class, in turn.

    ours: recorded, without feedback.  ours with feedback.  nbgrader: autograde.  nbgrader's feedback:
    generate_feedback.  ours on a cluster: as ours, on two workers of a Dask cluster.
    """

    def __init__(self, place, submissions):
        self._submissions = submissions
        self._ours = honest.course(place / "ours", honest.students, submissions)
        self._stock = honest.course(place / "stock", honest.students, submissions)
        stock.prepare(self._stock.root)

    def turn(self):
        """Return {command: seconds} of one turn.

        Raises: RuntimeError when one of them does not give everyone full points.
        """
        found = {}
        for name, options in (("ours", ["--no-pages"]), ("ours with feedback", [])):
            honest.forget(self._ours.root)
            found[name] = ours(self._ours.root, *options)
        self._demand_full_points(self._ours)
        honest.forget(self._ours.root)
        with two_workers() as address:
            found["ours on a cluster"] = ours(self._ours.root, "--no-pages", "--scheduler", address)
        self._demand_full_points(self._ours)
        honest.forget(self._stock.root)
        found["nbgrader"] = timed(lambda: stock.autograde(self._stock.root))
        found["nbgrader's feedback"] = timed(lambda: stock.generate_feedback(self._stock.root))
        self._demand_full_points(self._stock)
        return {name: round(seconds, 2) for name, seconds in found.items()}

    def _demand_full_points(self, folder):
        found = honest.points(folder)
        full = honest.full_points(folder)
        if len(found) != self._submissions or any(each != full for each in found.values()):
            raise RuntimeError(f"{folder.root}: not everyone has full points")


def figures(parts):
    """Return the figures that the parts measured so far come to."""
    found = {}
    if turns := parts.get("speed", {}).get("turns"):
        middle = {name: median(turn[name] for turn in turns) for name in turns[0]}
        stock_with_feedback = middle["nbgrader"] + middle["nbgrader's feedback"]
        found["speedup_over_nbgrader"] = round(middle["nbgrader"] / middle["ours"], 1)
        found["speedup_with_feedback"] = round(stock_with_feedback / middle["ours with feedback"], 1)
        found["dask_speed"] = round(middle["ours"] / middle["ours on a cluster"], 2)
    if "calls" in parts:
        calls_ = parts["calls"]
        found["jail_overhead_ms"] = round(calls_["session_ms"] - calls_["session_without_jail_ms"], 1)
        found["remote_call_ms"] = max(calls_["call_ms"].values())
    if "growth" in parts:
        grown = parts["growth"]
        found["submissions_per_minute"] = round(60 * grown["submissions"] / grown["seconds"])
        slower = grown["last_loop_ms"] / grown["first_loop_ms"]  # the machine itself
        found["growth_of_time"] = round(grown["last_seconds"] / grown["first_seconds"] / slower, 3)
        found["growth_of_memory"] = round(grown["last_megabytes"] / grown["first_megabytes"], 3)
    return found


def speed(place, sizes, kept):
    """Yield what is measured of the speed after each turn; kept: what was measured of it before."""
    turns = list(kept.get("turns", []))
    if len(turns) < sizes["turns"]:
        commands = Speed(place, sizes["submissions"])
        for _ in tqdm(range(len(turns), sizes["turns"]), "turns"):
            turns.append(commands.turn())
            yield {"turns": turns}


def of_calls(place, _sizes, _kept):
    """Yield what is measured of calls."""
    yield calls.measure(honest.course(place / "calls", honest.students, 0).bundle.wheel)


def of_growth(place, sizes, _kept):
    """Yield what is measured of a large class."""
    yield growth.measure(honest.course(place / "growth", honest.students, sizes["growth"]))


# What measures a part, and the size that its figures hang on.
PARTS = {"calls": (of_calls, None), "speed": (speed, "submissions"), "growth": (of_growth, "growth")}


def main(
    parts: Annotated[list[str] | None, typer.Argument(help=f"{', '.join(PARTS)}; all when left out.")] = None,
    submissions: Annotated[int, typer.Option(help="Graded in each turn.")] = 40,
    turns: Annotated[int, typer.Option(help="Of all commands.")] = 3,
    large: Annotated[int, typer.Option("--growth", help="Submissions of the large class.")] = 2000,
    place: Annotated[Path | None, typer.Option(help="Where the classes are put.")] = None,
    output: Annotated[Path, typer.Option(help="The file of figures.")] = FILE,
):
    """Measure what was not measured with the code and the sizes as they are, and write the figures."""
    kept = json.loads(output.read_text(encoding="utf-8"))["parts"] if output.is_file() else {}
    sizes, now = {"submissions": submissions, "turns": turns, "growth": large}, commit(MEASURED)
    for name in parts or PARTS:
        measure, size = PARTS[name]
        under = {"commit": now, "machine": machine(), **({size: sizes[size]} if size else {})}
        before = kept.get(name, {})
        holds = "changed" not in now and under.items() <= before.items()
        if holds and len(before.get("turns", range(turns))) >= turns:
            continue
        for found in measure(place or Path(gettempdir()) / "bench-grading", sizes, before if holds else {}):
            kept[name] = {**under, **found}
            ordered = {each: kept[each] for each in PARTS if each in kept}
            content = {"figures": figures(kept), "parts": ordered}
            write(output, (json.dumps(content, indent=2) + "\n").encode())
    for figure, value in figures(kept).items():
        print(f"{figure:28}{value}")


if __name__ == "__main__":
    typer.run(main)
