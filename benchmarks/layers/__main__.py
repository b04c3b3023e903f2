"""Measure the layers at 1 and 2 threads; write benchmarks/layers.json and a picture (make bench)."""

import argparse
import json
import os
import subprocess
import sys
from functools import partial

from benchmarks.layers import by_torch, plot
from benchmarks.layers.measure import everything, part
from benchmarks.layers.ratios import ratios
from benchmarks.record import ROOT, record

THREADS = (1, 2)
PINS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
MEASURED = ["course/reference", "benchmarks/layers"]


def main():
    """Measure as the command line says."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.layers", description=__doc__)
    parser.add_argument("--repeats", type=int, default=11, help="rounds, of which the medians are taken")
    parser.add_argument("--only", help="measure this part in this process, print what was found")
    parser.add_argument("--threads", type=int, default=1, help="of that part")
    asked = parser.parse_args()
    if asked.only:
        print(json.dumps(part(asked.only, asked.threads, asked.repeats)))
        return
    by_threads = {
        threads: everything(threads, partial(measured, threads=threads, repeats=asked.repeats))
        for threads in THREADS
    }
    if not by_threads[1]["torch"]:
        print(by_torch.MISSING)
    plot.draw(by_threads)
    found = ratios(by_threads)
    record("layers", {"repeats": asked.repeats, **found, "by_threads": by_threads}, measured=MEASURED)
    for key, value in found.items():
        print(f"{key:45} {value:6.2f}")


def measured(name, threads, repeats):
    """Return what a process of its own finds: the number of threads is settled before NumPy is loaded."""
    options = [f"--only={name}", f"--threads={threads}", f"--repeats={repeats}"]
    command = [sys.executable, "-m", "benchmarks.layers", *options]
    pinned = os.environ | dict.fromkeys(PINS, str(threads))
    done = subprocess.run(command, cwd=ROOT, env=pinned, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout)


if __name__ == "__main__":
    main()
