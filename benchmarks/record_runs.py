"""How far a ConvNet in NumPy gets on CIFAR-10 with a budget of work: `make record`.

    CIFAR10_DIR=folder python -m benchmarks.record_runs --tflop 175 --seeds 3

Each run is a process of its own, from reading the images to the last test image: its wall time, times the
rate of matrix products that it has measured, is what it has used. Beside it, PyTorch trains some batches of
the same net, where it is installed. benchmarks/record.json keeps every run; those that stand there are not
made again as long as course/record is the same.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

import typer

from benchmarks.record import ROOT, commit, machine
from course.files import write
from course.record.loop import SMALL_TFLOP

FILE = ROOT / "benchmarks" / "record.json"
MEASURED = ("course/record", "benchmarks/record_torch.py")
BUDGETS = {"accuracy_175_tflop": (SMALL_TFLOP, 175), "accuracy_1050_tflop": (175, 1050)}  # more than, at most


def main(tflop: float = 175, seeds: int = 3):
    """Train from the seeds 0, 1, ..., as far as no run of this budget stands in the file."""
    runs, now = kept(), commit(MEASURED)
    for seed in range(seeds):
        if any((run["tflop"], run["seed"], run["commit"]) == (tflop, seed, now) for run in runs):
            continue
        done = trained(tflop, seed)
        done |= beside(done["widths"]) | {"commit": now, "machine": machine()}
        runs = [run for run in runs if (run["tflop"], run["seed"]) != (tflop, seed)] + [done]
        write(FILE, (json.dumps(summary(runs), indent=2) + "\n").encode())
    for name, accuracy in summary(runs).items():
        if name in BUDGETS:
            print(f"{name}: {'not run yet' if accuracy is None else f'{accuracy:.2%}'}")


def kept():
    """Return the runs in the file."""
    return json.loads(FILE.read_text(encoding="utf-8"))["runs"] if FILE.is_file() else []


def trained(tflop, seed):
    """Return the figures of one run, in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "figures.json"
        command = [sys.executable, "-m", "course.record", "--tflop", f"{tflop:g}", "--seed", str(seed)]
        environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
        ran = subprocess.run([*command, "--json", str(file)], cwd=ROOT, env=environment)
        if ran.returncode:
            raise typer.Exit(ran.returncode)  # it has said why
        return json.loads(file.read_text(encoding="utf-8"))


def beside(widths):
    """Return PyTorch's seconds for an epoch of the same net, None and a printed reason where it is absent."""
    command = [sys.executable, "-m", "benchmarks.record_torch", *map(str, widths)]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if ran.returncode:
        print(f"PyTorch is not measured: {ran.stderr.strip().splitlines()[-1]}")
        return {"torch_seconds_an_epoch": None}
    return {"torch_seconds_an_epoch": float(ran.stdout)}


def within(runs, name):
    """Return the runs of a budget: a run counts for the smallest that it keeps to, the small net for none."""
    above, most = BUDGETS[name]
    return [run for run in runs if above < run["tflop"] <= most]


def summary(runs):
    """Return what the file holds: the median test accuracy of each budget over its runs, and every run."""
    accuracies = {name: [run["test"]["all"] for run in within(runs, name)] for name in BUDGETS}
    return {name: median(some) if some else None for name, some in accuracies.items()} | {"runs": runs}


if __name__ == "__main__":
    typer.run(main)
