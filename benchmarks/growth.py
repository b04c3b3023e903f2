"""Whether grading slows down, or swells, while a large class is graded.

Minutes lie between its first and its last submissions, and a machine may be a third slower at one time than
at another. So the same loop is timed beside the class, in seconds of the processor's: what it slows down by
is the machine's doing.
"""

import json
import subprocess
import sys
import threading
import time
from pathlib import Path
from statistics import median

from autograder.folder import Folder
from benchmarks.record import ROOT

SAMPLE_SECONDS = 0.5
LOOP = range(100_000)  # a few milliseconds' work
WINDOW = 200  # submissions at the beginning and at the end, a tenth where there are fewer


def measure(folder: Folder):
    """Grade a class with one command; return how its first and its last submissions compare."""
    command = [sys.executable, "-m", "benchmarks.grade_folder", str(folder.root), "--no-pages"]
    start = time.perf_counter()
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        samples, over = [], threading.Event()
        watcher = threading.Thread(target=watch, args=(process.pid, samples, over))
        watcher.start()
        process.communicate()
        over.set()
        watcher.join()
    seconds = time.perf_counter() - start
    if process.returncode:
        raise RuntimeError(f"grading ended with exit code {process.returncode}")
    return {"seconds": round(seconds, 1), **compare(records(folder), samples)}


def records(folder):
    """Return [(when it was recorded, its seconds, its state)] of each submission, in that order."""
    paths = folder.autograded.glob(f"*/{folder.lesson}.json")
    told = [(path.stat().st_mtime, json.loads(path.read_bytes())) for path in paths]
    return sorted((when, record["seconds"], record["state"]) for when, record in told)


def compare(recorded, samples):
    """Return medians of the first and of the last submissions, and of what was noted beside them."""
    window = min(WINDOW, max(1, len(recorded) // 10))
    found = {"submissions": len(recorded), "window": window}
    for name, part in (("first", recorded[:window]), ("last", recorded[-window:])):
        near = [sample for sample in samples if part[0][0] <= sample[0] <= part[-1][0]] or samples
        found[f"{name}_seconds"] = round(median(seconds for _, seconds, _ in part), 4)
        found[f"{name}_every_seconds"] = round((part[-1][0] - part[0][0]) / max(1, window - 1), 4)
        found[f"{name}_loop_ms"] = round(median(cpu for _, cpu, _ in near) * 1e3, 3)
        found[f"{name}_megabytes"] = round(median(size for _, _, size in near) / 1e6, 1)
    return found


def watch(pid, samples, over):
    """Note (when, seconds of a loop, resident bytes) while a process runs.

    The bytes are its own, of those that it has started, and of those that these have: the pool's.
    """
    while not over.wait(SAMPLE_SECONDS):
        below = children(pid)
        workers = [each for child in below for each in children(child)]
        samples.append((time.time(), loop(), sum(map(resident, [pid, *below, *workers]))))


def loop():
    """Return the processor's seconds for work that is always the same."""
    start = time.thread_time()
    for number in LOOP:
        number * number
    return time.thread_time() - start


def children(pid):
    """Return the processes that any thread of a process has started."""
    found = []
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += map(int, path.read_text().split())
        except OSError:
            continue
    return found


def resident(pid):
    """Return the bytes of memory that a process holds; 0 when it has gone."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmRSS"))
