"""Train for a record: `OPENBLAS_NUM_THREADS=1 python -m course.record --tflop 175 --seed 0`."""

import argparse
import json
import os
import sys
from pathlib import Path
from time import perf_counter, process_time

from .loop import Settings, Training, folder

STARTED = perf_counter() - process_time()  # what was imported before this line counts too
INTERRUPTED = 130
THREADS = "OPENBLAS_NUM_THREADS"


def main(arguments=None):
    """Train as the command line says; return the exit code."""
    asked = parser().parse_args(arguments)
    options = {name: value for name, value in vars(asked).items() if name != "json" and value is not None}
    try:
        if os.environ.get(THREADS) != "1":
            raise ValueError(f"set {THREADS}=1 before the start: each process is to use one core")
        done = Training(Settings(**options), folder(), STARTED).run()
    except (FileNotFoundError, ConnectionError, ValueError) as error:
        print(f"record: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nrecord: interrupted", file=sys.stderr)
        return INTERRUPTED
    print(
        f"seed {done['seed']}: {done['test']['all']:.2%} of the test images are right after "
        f"{done['epochs']} epochs: {done['wall_seconds']:.0f} s x {done['gemm_gflop_per_second']:.0f} GFLOP/s"
        f" = {done['tflop_used']:.1f} TFLOP"
    )
    if asked.json:
        asked.json.write_text(json.dumps(done, indent=2) + "\n", encoding="utf-8")
    return 0


def parser():
    """Return what the command line takes."""
    made = argparse.ArgumentParser(prog="python -m course.record", description=__doc__)
    made.add_argument("--tflop", type=float, help="the budget: seconds x 10^12 operations a second (175)")
    made.add_argument("--seed", type=int, help="of the first weights and the order of the images (0)")
    made.add_argument("--epochs", type=float, help="train so many epochs instead, whatever they cost")
    made.add_argument("--widths", type=int, nargs=3, help="channels of the blocks")
    made.add_argument("--images", type=int, help="training images (49,000)")
    made.add_argument("--json", type=Path, help="a file for the figures")
    return made


if __name__ == "__main__":
    sys.exit(main())
