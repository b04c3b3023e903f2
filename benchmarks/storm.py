"""Grade a large class, some of it hostile, while workers are killed: nothing must be lost.

    python -m benchmarks.storm [--submissions 2000] [--hostile 0.05] [--kills 3]

Each honest submission must get its full points, each hostile one must end in a state with its reason, and a
second run must find nothing left to grade. benchmarks/storm.json keeps the counts.
"""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from tempfile import gettempdir
from typing import Annotated

import typer
from nbformat import v4
from tqdm.auto import tqdm

from benchmarks import honest
from benchmarks.growth import children
from benchmarks.record import ROOT, record

MEASURED = ("autograder", "benchmarks/storm.py", "benchmarks/honest.py", "course/checks")
EXPLAINED = {"partly graded", "failed"}
PARENT = b"multiprocessing.forkserver"  # in the command line of what the processes of a pool are forked from
POLL_SECONDS = 0.2
HOSTILE = {
    "leaves": "import os\nos._exit(9)",
    "crashes": "import ctypes\nctypes.string_at(0)",
    "kills everyone": "import os, signal\nos.kill(-1, signal.SIGKILL)",
    "forks for ever": "import os\nwhile True:\n    os.fork()",
    "takes all memory": "hoard = [bytes([1]) * (1 << 26) for _ in range(10_000)]",
    "prints for ever": "while True:\n    print('x' * 1_000_000)",
    "fills the disk": "with open('x', 'wb') as file:\n    while True:\n        file.write(bytes(1 << 20))",
    "removes everything": "import shutil\nshutil.rmtree('/', ignore_errors=True)",
    "sleeps": "import time\ntime.sleep(1000)",
    "loops in every thread": "import threading\ndef spin():\n    while True: pass\n"
    "for _ in range(8): threading.Thread(target=spin).start()\nspin()",
    "raises what nobody catches": "raise SystemExit(3)",
}


def class_of(share, rng):
    """Return what yields the hand-ins of a class, of which a share is hostile somewhere in the notebook."""

    def handins(release, count):
        bad = set(rng.sample(range(count), round(share * count)))
        for number, handin in enumerate(honest.students(release, count)):
            if number in bad:
                cells, name = handin.notebook.cells, rng.choice(list(HOSTILE))
                cells.insert(rng.randrange(len(cells)), v4.new_code_cell(HOSTILE[name], id="hostile"))
            yield handin

    return handins


def grade(root, kills, total, rng):
    """Grade with one command, and kill so many of its workers; return its exit code and the kills."""
    command = [sys.executable, "-m", "benchmarks.grade_folder", str(root), "--no-pages"]
    done, killed = 0, 0
    with (
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process,
        tqdm(total=total, unit="submission") as bar,
    ):
        while process.poll() is None:
            time.sleep(POLL_SECONDS)
            done = sum(1 for _ in root.glob(f"autograded/*/{honest.LESSON}.json"))
            if done > bar.n:
                bar.update(done - bar.n)
            if killed < kills and done > (killed + 1) * total / (kills + 1):
                killed += kill(rng.choice(workers(process.pid) or [0]))
    return process.returncode, killed


def workers(pid):
    """Return the processes of a grader's pool."""
    found = []
    for child in children(pid):
        try:
            command = Path(f"/proc/{child}/cmdline").read_bytes()
        except OSError:
            continue
        found += children(child) if PARENT in command else []
    return found


def kill(pid):
    """Kill a process; return how many that were."""
    if pid:
        os.kill(pid, signal.SIGKILL)
    return int(pid > 0)


def count(folder, bad):
    """Return how the submissions of a class have ended; bad: the hostile students."""
    points, full = honest.points(folder), honest.full_points(folder)
    told = {
        path.parent.name: json.loads(path.read_bytes())
        for path in folder.autograded.glob(f"*/{folder.lesson}.json")
    }
    students = {path.name for path in folder.submitted.iterdir()}
    states = Counter(told[student]["state"] for student in students & told.keys())
    return {
        "submissions": len(students),
        "hostile": len(bad),
        "states": dict(sorted(states.items())),
        "honest_with_full_points": sum(points.get(student) == full for student in students - bad),
        "hostile_without_a_reason": sum(
            told[student]["state"] in EXPLAINED and not told[student]["reason"]
            for student in bad & told.keys()
        ),
        "lost": len(students - told.keys() | students - points.keys()),
    }


def main(
    submissions: Annotated[int, typer.Option(help="In the class.")] = 2000,
    hostile: Annotated[float, typer.Option(help="Share of them.")] = 0.05,
    kills: Annotated[int, typer.Option(help="Workers killed on the way.")] = 3,
    seed: Annotated[int, typer.Option(help="Of who is hostile, how, and which worker is killed.")] = 2015,
    place: Annotated[Path | None, typer.Option(help="Where the class is put.")] = None,
    keep: Annotated[bool, typer.Option(help="Write benchmarks/storm.json.")] = True,
):
    """Grade the class, grade again what is left, and count."""
    rng = random.Random(seed)
    root = place or Path(gettempdir()) / "bench-storm"
    folder = honest.course(root, class_of(hostile, rng), submissions)
    bad = {path.parent.parent.name for path in root.glob("submitted/*/*/*.ipynb") if is_hostile(path)}
    start = time.perf_counter()
    code, killed = grade(root, kills, submissions, rng)
    seconds = time.perf_counter() - start
    before = {path: path.stat().st_mtime_ns for path in root.glob(f"autograded/*/{honest.LESSON}.json")}
    again, _ = grade(root, 0, submissions, rng)
    after = {path: path.stat().st_mtime_ns for path in root.glob(f"autograded/*/{honest.LESSON}.json")}
    figures = {
        **count(folder, bad),
        "killed_workers": killed,
        "exit_codes": [code, again],
        "graded_by_the_second_run": sum(before.get(path) != when for path, when in after.items()),
        "seconds": round(seconds),
    }
    for name, value in figures.items():
        print(f"{name:28}{value}")
    if keep:
        record("storm", figures, measured=MEASURED)
    raise typer.Exit(1 if problems(figures, kills) else 0)


def is_hostile(path):
    """Tell whether a notebook has a hostile cell."""
    return b'"hostile"' in path.read_bytes()


def problems(figures, kills):
    """Return the names of counts that are not as they must be."""
    wanted = {
        "honest_with_full_points": figures["submissions"] - figures["hostile"],
        "hostile_without_a_reason": 0,
        "lost": 0,
        "killed_workers": kills,
        "exit_codes": [0, 0],
        "graded_by_the_second_run": 0,
    }
    return [name for name, value in wanted.items() if figures[name] != value]


if __name__ == "__main__":
    typer.run(main)
