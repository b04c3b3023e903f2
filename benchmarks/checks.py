"""Measure what the checks catch and name, whether they leave alone what is right, and how long they take.

    OPENBLAS_NUM_THREADS=1 python -m benchmarks.checks [PART ...]

benchmarks/checks.json keeps the figures and, part by part, what they are made of. A part that was measured
with the code as it is now is not measured again, so that this goes on where it was stopped.
"""

import json
import os
import subprocess
import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from statistics import median

import typer
from tqdm.auto import tqdm

from benchmarks import blind_spots, gradient_cases, naming
from benchmarks.known import full_marks
from benchmarks.record import ROOT, commit, machine
from course.checks import tasks
from course.checks.lessons import LESSONS
from course.files import write
from course.mistakes import right_ways

FILE = ROOT / "benchmarks" / "checks.json"
MEASURED = (
    "benchmarks/blind_spots.py",
    "benchmarks/checks.py",
    "benchmarks/gradient_cases.py",
    "benchmarks/known.py",
    "benchmarks/naming.py",
    "benchmarks/notebook_seconds.py",
    "benchmarks/rewritten.py",
    "course/checks",
    "course/gradient_check.py",
    "course/mistakes",
    "course/reference",
)
HIDDEN_SEEDS = range(1, 7)
GRADIENTS, DRAW_SEEDS, CHECK_SEEDS = 10_000, range(40), range(1, 4)
RUNS = 3  # of all checks, each in a fresh process
STEMS = [(lesson, stem) for lesson in LESSONS for stem in tasks(lesson)]


def timing(_pool):
    """Return the seconds of each check in a notebook, the middle one of some runs."""
    environment = {name: value for name, value in os.environ.items() if name != "COURSE_ORACLE"}
    command = [sys.executable, "-m", "benchmarks.notebook_seconds"]
    runs = [
        json.loads(subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=True).stdout)
        for _ in tqdm(range(RUNS), "timing")
    ]
    lessons = {lesson: median(sum(run[lesson].values()) for run in runs) for lesson in LESSONS}
    checks = {stem: round(median(run[lesson][stem] for run in runs), 4) for lesson, stem in STEMS}
    return {"lessons": {lesson: round(each, 3) for lesson, each in lessons.items()}, "checks": checks}


def mistakes(pool):
    """Return how many variants of known mistakes are caught and named, for each way to write them."""
    counts, unnamed = Counter(), []
    stems = [stem for _, stem in STEMS]
    for found, missed in tqdm(pool.map(naming.measure, stems), "mistakes", len(stems)):
        counts += found
        unnamed += missed
    return {"seeds": list(naming.SEEDS), "kinds": by_name(counts), "not named": unnamed}


def right(pool):
    """Return how many right ways get full marks, and how many hidden cases they lose."""
    ways = [(lesson, stem, way) for lesson, stem in STEMS for way in right_ways(lesson)[stem]]
    judged = list(tqdm(pool.map(judge_way, ways), "right ways", len(ways)))
    return {
        "ways": len(ways),
        "accepted": sum(accepted for accepted, _, _ in judged),
        "random cases": sum(cases for _, cases, _ in judged),
        "lost": sum(lost for _, _, lost in judged),
    }


def judge_way(way):
    """Return whether a right way gets full marks, its hidden cases, those it loses."""
    lesson, stem, name = way
    return full_marks(tasks(lesson)[stem], right_ways(lesson)[stem][name], HIDDEN_SEEDS)


def spots(_pool):
    """Return what is said of faults that other checks let pass."""
    return {"faults": blind_spots.measure()}


def gradients(pool):
    """Return the verdicts on right and wrong gradients, of random layers and of the checks' hidden cases."""
    drawn, ordinary, at_a_kink = Counter(), Counter(), Counter()
    draw = partial(gradient_cases.draws, GRADIENTS // len(DRAW_SEEDS))
    for found in tqdm(pool.map(draw, DRAW_SEEDS), "gradients", len(DRAW_SEEDS)):
        drawn += found
    stems = gradient_cases.backward_stems()
    asked = pool.map(partial(gradient_cases.in_checks, seeds=CHECK_SEEDS), stems)
    for found, kinks in tqdm(asked, "gradients of checks", len(stems)):
        ordinary += found
        at_a_kink += kinks
    return {
        "random layers": by_name(drawn),
        "cases of checks": by_name(ordinary),
        "cases made for a kink": by_name(at_a_kink),
    }


def by_name(counts):
    """Return {first name: {second name: number}} of a Counter of pairs."""
    nested = {}
    for (one, other), number in sorted(counts.items()):
        nested.setdefault(one, {})[other] = number
    return nested


PARTS = {
    "seconds": timing,
    "blind-spots": spots,
    "right-ways": right,
    "gradient-check": gradients,
    "mistakes": mistakes,
}


def figures(parts):
    """Return the figures that the parts measured so far come to."""
    found = {}
    if "mistakes" in parts:
        kinds = parts["mistakes"]["kinds"].values()
        asked = sum(kind.get("caught", 0) + kind.get("missed", 0) for kind in kinds)
        found["mistakes_asked"] = asked
        for figure, outcome in (("mistakes_caught", "caught"), ("mistakes_named", "named")):
            found[figure] = rounded_down(sum(kind.get(outcome, 0) for kind in kinds) / asked)
        found["mistakes_named_in_the_hardest_kind"] = rounded_down(min(map(named_share, kinds)))
        found["mistakes_misnamed"] = sum(kind.get("misnamed", 0) for kind in kinds)
    if "right-ways" in parts:
        found["right_ways_accepted"] = rounded_down(
            parts["right-ways"]["accepted"] / parts["right-ways"]["ways"]
        )
        found["right_cases_lost"] = parts["right-ways"]["lost"]
    if "blind-spots" in parts:
        rows = parts["blind-spots"]["faults"]
        found["blind_spots_caught"] = f"{sum(row['caught'] for row in rows)} of {len(rows)}"
    if "gradient-check" in parts:
        found |= of_gradients(parts["gradient-check"])
    if "seconds" in parts:
        found["modular_layers_seconds"] = parts["seconds"]["lessons"]["modular-layers"]
        found["median_check_seconds"] = median(parts["seconds"]["checks"].values())
    return found


def named_share(kind):
    """Return the share of the variants of one kind that are named."""
    return kind.get("named", 0) / (kind.get("caught", 0) + kind.get("missed", 0))


def of_gradients(measured):
    """Return the figures on the gradient check."""
    right, wrong = Counter(), Counter()
    for source in ("random layers", "cases of checks"):
        for fault, verdicts in measured[source].items():
            (right if fault == "right" else wrong).update(verdicts)
    at_a_kink = measured["cases made for a kink"].get("right", {})
    return {
        "right_gradients": right.total(),
        "false_alarms": right["wrong"] + at_a_kink.get("wrong", 0),
        "cannot_decide_of_right": round(right["cannot decide"] / right.total(), 5),
        "wrong_gradients": wrong.total(),
        "wrong_gradients_passed": wrong["pass"],
        "cannot_decide_of_wrong": round(wrong["cannot decide"] / wrong.total(), 5),
    }


def rounded_down(share):
    """Return a share with four digits, 1.0 only when nothing is missing."""
    return int(share * 10_000) / 10_000


def main(parts: list[str] = typer.Argument(None, help=f"{', '.join(PARTS)}; all when left out.")):  # noqa: B008
    """Measure the parts that were not measured with the code as it is, and write benchmarks/checks.json."""
    kept = json.loads(FILE.read_text(encoding="utf-8"))["parts"] if FILE.is_file() else {}
    now = commit(MEASURED)
    with ProcessPoolExecutor() as pool:
        for name in parts or PARTS:
            if name in kept and kept[name]["commit"] == now and "changed" not in now and not parts:
                continue
            kept[name] = {"commit": now, "machine": machine(), **PARTS[name](pool)}
            content = {
                "figures": figures(kept),
                "parts": {part: kept[part] for part in PARTS if part in kept},
            }
            write(FILE, (json.dumps(content, indent=2) + "\n").encode())
    for figure, value in figures(kept).items():
        print(f"{figure:36}{value}")


if __name__ == "__main__":
    typer.run(main)
