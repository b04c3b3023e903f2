"""Does each check notice each small change of its reference? Changes are made by mutmut's operators.

A change that no check notices is either answered by a new case, or stands in EQUAL with the reason why it
answers as before.
"""

import hashlib
import inspect
import json
import os
import signal
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path

import libcst
import typer
from libcst.metadata import MetadataWrapper, PositionProvider
from mutmut.mutation.mutators import mutation_operators
from tqdm import tqdm

import course.checks
from autograder.build.answers import BEGIN, END
from benchmarks.equal_mutants import EQUAL
from benchmarks.record import ROOT, commit, machine
from course.checks import checked, examine, find, tasks
from course.checks.answer import Local
from course.checks.oracle import Fresh, reference
from course.checks.whole import answers_of
from course.files import write
from course.mistakes import LESSONS, define

FILE = ROOT / "benchmarks" / "mutants.json"
MEASURED = ("course/checks", "course/reference", "benchmarks/mutants.py", "benchmarks/equal_mutants.py")
SEEDS = (1, 2)  # of hidden cases
SECONDS = 20  # for all cases of one mutant; the slowest reference needs less than one


@dataclass(frozen=True)
class Mutant:
    """A changed answer.

    change: the lines that differ, as they are now.  source: of the whole function.
    """

    stem: str
    change: str
    source: str


def mutants(stem):
    """Return the Mutants of a TODO's reference: each differs from it in one place between the markers."""
    source = inspect.getsource(reference(stem))
    wrapped = MetadataWrapper(libcst.parse_module(source))
    lines = answer_lines(source)
    changed = [
        wrapped.module.deep_replace(node, other).code
        for node, place in wrapped.resolve(PositionProvider).items()
        if place.start.line in lines
        for kind, operator in mutation_operators
        if isinstance(node, kind)
        for other in operator(node)
    ]
    return [Mutant(stem, change(source, text), text) for text in dict.fromkeys(changed) if text != source]


def answer_lines(source):
    """Return the numbers of the lines between the markers, counted from 1."""
    found, inside = set(), False
    for number, line in enumerate(source.splitlines(), 1):
        inside = BEGIN in line or inside and END not in line
        found |= {number} if inside else set()
    return found


def change(source, text):
    """Return the lines of a text that are not those of the source, without the space around them."""
    _, _, *lines = unified_diff(source.splitlines(), text.splitlines(), lineterm="", n=0)
    return "\n".join(line[1:].strip() for line in lines if line.startswith("+"))


def outcome(mutant):
    """Return what becomes of a mutant: "killed", "noted" (named, at no cost), "equal" or "survives"."""
    noticed = noticed_by_check(mutant)
    if noticed:
        return noticed
    return "equal" if mutant.change in EQUAL.get(mutant.stem, {}) else "survives"


def noticed_by_check(mutant):
    """Return "killed" when a mutant costs points, "noted" when it is told and costs none, else None.

    It is asked by the check of its TODO, and by that of the whole net that it is part of. One that does not
    come to its end in time is killed.
    """
    function = define(mutant.source, mutant.stem, reference(mutant.stem).__globals__)[mutant.stem]
    noticed = None
    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, SECONDS, SECONDS)  # again: a backward pass is asked twice
    try:
        for result in results(mutant.stem, function):
            if result.costs:  # also when the call was interrupted
                return "killed"
            noticed = "noted" if result.faults else noticed
    except KeyboardInterrupt:  # between two calls
        return "killed"
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    return noticed


def results(stem, function):
    """Yield the Results of a function in the place of a reference, of visible and of hidden cases."""
    task, oracle = find(stem), Fresh()
    for seed in (None, *SEEDS):
        yield from examine(task, Local(function), forward_of(task), seed, oracle)
        for whole in wholes(task):
            parts = [Local(function if name == stem else reference(name)) for name in whole.of]
            yield from examine(whole, *answers_of(whole, parts), seed, oracle)


def forward_of(task):
    """Return the answer whose cache a backward pass gets, or None."""
    return Local(reference(task.forward)) if task.forward else None


def wholes(task):
    """Return the checks of whole nets in which a TODO has a part."""
    return [whole for whole in checked(task.lesson).values() if task.stem in whole.of]


def interrupt(_signal, _frame):
    """End what takes too long."""
    raise KeyboardInterrupt


def figures(stem, outcomes):
    """Return what is kept of a TODO; outcomes: [(Mutant, outcome)]."""
    counted = Counter(came for _, came in outcomes)
    return {
        "of": digest(stem),
        "mutants": len(outcomes),
        **{came: counted[came] for came in ("killed", "noted", "equal")},
        "survivors": [mutant.change for mutant, came in outcomes if came == "survives"],
    }


def digest(stem):
    """Return a short sum of all that the figures of a TODO depend on."""
    checks = sorted(Path(course.checks.__file__).parent.glob("*.py"))
    said = [inspect.getsource(reference(stem)), repr(sorted(EQUAL.get(stem, {})))]
    content = "".join([*said, *(path.read_text(encoding="utf-8") for path in checks)])
    return hashlib.sha256(content.encode()).hexdigest()[:12]


def done():
    """Return {stem: figures} that were measured before, of what is still as it was."""
    kept = json.loads(FILE.read_text(encoding="utf-8"))["tasks"] if FILE.is_file() else {}
    return {stem: made for stem, made in kept.items() if made["of"] == digest(stem)}


def main(lesson: str = "", jobs: int = 2):
    """Ask all checks, or those of a lesson, about the mutants of their references; write mutants.json."""
    stems = [stem for name in LESSONS for stem in tasks(name)]
    have = done()
    left = [stem for stem in stems if stem not in have and (not lesson or stem in tasks(lesson))]
    made = {stem: mutants(stem) for stem in left}
    with (
        ProcessPoolExecutor(jobs, initializer=os.nice, initargs=(10,)) as pool,
        tqdm(total=sum(map(len, made.values())), unit=" mutants") as bar,
    ):
        for stem, changed in made.items():
            came = []
            for found in pool.map(outcome, changed):
                came.append(found)
                bar.update()
            have[stem] = figures(stem, list(zip(changed, came, strict=True)))
            keep({name: have[name] for name in stems if name in have})
    keep({name: have[name] for name in stems if name in have})  # what was up to date is so at this commit
    for stem in stems:
        for survivor in have.get(stem, {}).get("survivors", ()):
            print(f"{stem}: {survivor}")


def keep(measured):
    """Write the figures of all TODOs, and their sums."""
    keys = ("mutants", "killed", "noted", "equal")
    sums = {key: sum(made[key] for made in measured.values()) for key in keys}
    sums["survivors"] = sum(len(made["survivors"]) for made in measured.values())
    content = {"commit": commit(MEASURED), "machine": machine(), **sums, "tasks": measured}
    write(FILE, (json.dumps(content, indent=1) + "\n").encode())


if __name__ == "__main__":
    typer.run(main)
