"""Hand in attacks one after another, grade them as any submission is graded, and judge what came of each."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from secrets import randbits
from unittest.mock import patch

from autograder import engine, records
from autograder.collect import collect
from autograder.engine import Job, Result
from autograder.folder import Folder
from autograder.grade import Pending, record
from autograder.harmless import harmless
from autograder.jobs import job_of
from autograder.notebooks import loads
from autograder.pool import Pool, WorkerDied
from autograder.sandbox.jail import calls
from autograder.workers import from_one_server
from benchmarks.attacks import lesson as lessons
from benchmarks.attacks.attack import LIMITS, Attack
from benchmarks.attacks.bait import Bait
from course.checks import tasks
from course.files import write

RUNS = 3  # may an attack take the time of: one that hangs to its end, and what follows it
MOST_BYTES = 3 * LIMITS.memory_bytes // 2  # for a moment; see docs/sandbox.md
REACHED = "REACHED: "
SCRIPT = "attackScript"  # stands in scripts that attacks put into their outputs and words
HONEST = "honest"
PR_SET_CHILD_SUBREAPER = 36


@dataclass
class Found:
    """What came of an attack."""

    name: str
    kind: str
    points: dict[str, float] = field(default_factory=dict)
    state: str = ""
    reason: str = ""
    seconds: float = 0.0
    undeserved: list[str] = field(default_factory=list)
    harm: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    limited: str = ""

    @property
    def is_held(self) -> bool:
        """Tell whether it earned nothing, harmed nothing and lost nothing."""
        return not (self.undeserved or self.harm or self.lost)


class Suite:
    """A course with bait in it, and the grader's processes; inside a `with` statement.

    attacks: which will come, so that no more is made than they need.
    """

    def __init__(self, root: Path, attacks: Sequence[Attack]):
        self._root = root
        self._lessons = sorted({attack.lesson for attack in attacks})
        self._at_once = 1 + any(attack.twice for attack in attacks)
        self._kinds = sorted({(attack.lesson, attack.needs_kernel) for attack in attacks})
        self._folders: dict[str, Folder] = {}
        self._books: dict[str, object] = {}

    def __enter__(self) -> Suite:
        calls.prctl(PR_SET_CHILD_SUBREAPER, 1)  # what an attack leaves behind becomes a child of this process
        with ExitStack() as opened:
            for lesson in self._lessons:
                self._folders[lesson] = lessons.furnish(self._root / lesson, lesson)
                self._books[lesson] = opened.enter_context(self._folders[lesson].gradebook())
            self._bait = Bait(self._root)
            opened.callback(self._bait.close)
            first = next((folder.bundle for folder in self._folders.values()), None)
            begin = opened.enter_context(from_one_server(first, trusted=False))
            self._pools = [opened.enter_context(Pool(1, begin)) for _ in range(self._at_once)]
            self._workers = [pool.submit(os.getpid).result() for pool in self._pools]
            self._open = opened.pop_all()
        return self

    def __exit__(self, *_error) -> None:
        self._open.close()

    def warm_up(self, level: str) -> None:
        """Grade an honest submission everywhere: the first one takes longer, because everything is loaded."""
        for lesson, needs_kernel in self._kinds:
            honest = self._job(lesson, HONEST, lessons.honest(lesson), needs_kernel=needs_kernel)
            self._grade(level, [honest] * self._at_once)

    def attack(self, attack: Attack, level: str) -> Found:
        """Hand in one attack, grade it at a level and then an honest submission, and judge."""
        found = Found(attack.name, attack.kind)
        told = self._bait.told(self._workers)
        names = [attack.student, f"{attack.student}-too"] if attack.twice else [attack.student]
        jobs = [
            self._job(attack.lesson, name, lessons.notebook(attack, told), attack, told, attack.needs_kernel)
            for name in names
        ]
        honest = lessons.honest(attack.lesson)
        after = self._job(attack.lesson, HONEST, honest, needs_kernel=attack.needs_kernel)
        self._bait.begin(self._workers)
        start = time.monotonic()
        results = self._grade(level, jobs)
        found.seconds = round(time.monotonic() - start, 2)
        honest = self._grade(level, [after] * len(jobs))
        found.harm += self._bait.harm(MOST_BYTES * len(jobs))
        most_seconds = RUNS * attack.limits.wall_seconds
        if found.seconds > most_seconds:
            found.harm.append(f"time: {found.seconds:.0f} s, at most {most_seconds:g} s are allowed")
        for job, result in zip(jobs, results, strict=True):
            self._judge(found, attack, job, result)
            if result and result.level not in ("", level):
                found.harm.append(f"it ran at level {result.level}")
        for result in honest:
            self._judge_honest(found, attack.lesson, result)
        if found.harm and level in attack.limited:
            found.limited, found.harm = attack.limited[level], []
        return found

    def _job(
        self, lesson: str, student: str, notebook, attack: Attack | None = None, told=None, needs_kernel=False
    ) -> Job:
        """Hand in a notebook, collect it as it lies there, and return its job."""
        folder = self._folders[lesson]
        place = folder.submitted / student / lesson
        write(place / f"{lesson}.ipynb", json.dumps(notebook).encode())
        if attack and attack.lay:
            attack.lay(place, told)
        try:
            found = {s.student: s for s in collect(folder.submitted, lesson, folder.release)}
        finally:
            shutil.rmtree(folder.submitted / student)
        bundle = lessons.with_kernel(folder.bundle) if needs_kernel else folder.bundle
        return job_of(found[student], bundle, randbits(63), attack.limits if attack else LIMITS)

    def _grade(self, level: str, jobs: list[Job]) -> list[Result | None]:
        """Return the Results of jobs that are graded at the same time, each in a process of its own."""
        running = [pool.submit(graded, level, job) for pool, job in zip(self._pools, jobs, strict=False)]
        results = []
        for future in running:
            try:
                results.append(future.result())
            except WorkerDied:
                results.append(None)
        return results

    def _judge(self, found: Found, attack: Attack, job: Job, result: Result | None) -> None:
        if result is None:
            found.lost.append("the grader's process died")
            self._workers = [pool.submit(os.getpid).result() for pool in self._pools]
            return
        found.points, found.state, found.reason = points(result), result.state, result.reason
        worth = attack.worth
        found.undeserved += [
            f"{stem}: {got:g} of {worth[stem]:g}" for stem, got in found.points.items() if got > worth[stem]
        ]
        found.lost += [
            f"{stem}: {got:g} of {worth[stem]:g}" for stem, got in found.points.items() if got < worth[stem]
        ]
        if attack.shows not in result.notebook.decode():
            found.lost.append("the attack did not get to its end")
        found.harm += self._told_too_much(job, result)
        found.harm += self._recorded(attack, result)

    def _told_too_much(self, job: Job, result: Result) -> Iterator[str]:
        """Yield what the outputs of a submission tell that they must not."""
        text = "".join(json.dumps(each.get("outputs", [])) for each in loads(result.notebook).cells)
        text += json.dumps(result.verdicts)
        if REACHED in text:
            yield f"reached: {text.partition(REACHED)[2][:100]}".partition("\\n")[0]
        for name, secret in [*self._bait.secrets.items(), ("seed", str(job.seed))]:
            if secret in text:
                yield f"reached: the secret of a {name} is shown"
        if any(number in text for number in hidden_numbers(job)):
            yield "reached: a hidden input is shown"

    def _recorded(self, attack: Attack, result: Result) -> Iterator[str]:
        """Yield what is amiss with how a Result stands in the gradebook and on its pages."""
        folder, book = self._folders[attack.lesson], self._books[attack.lesson]
        pending = Pending(None, records.Graded("", ""), True)
        record(folder, book, harmless(result, folder.release), pending)
        scores = book.entries(result.student)[result.student].scores
        kept = {name: scores[name].points for name in result.verdicts}
        if kept != {name: told["points"] for name, told in result.verdicts.items()}:
            yield f"gradebook: it holds {kept}"
        notebook = folder.autograded / result.student / attack.lesson / f"{attack.lesson}.ipynb"
        for page in (folder.page(result.student).read_text(), *shown(loads(notebook.read_bytes()))):
            if has_script(page):
                yield "page: a script of the submission's would run"

    def _judge_honest(self, found: Found, lesson: str, result: Result | None) -> None:
        if result is None:
            found.lost.append("the grader's process died at the next submission")
        elif points(result) != lessons.FULL[lesson] or result.state != "graded":
            got = sum(points(result).values())
            found.lost.append(f"the next, honest submission: {got:g} points, {result.state} {result.reason}")


def graded(level: str, job: Job) -> Result:
    """Grade a job at a level, in a process of the grader's."""
    with patch.object(engine, "sandbox_level", lambda *_: level):
        return engine.grade(job)


def points(result: Result) -> dict[str, float]:
    """Return {stem: points} of a Result."""
    return {name.removeprefix("test-"): told["points"] for name, told in result.verdicts.items()}


def hidden_numbers(job: Job) -> set[str]:
    """Return numbers as they stand in hidden inputs of a submission and in no visible ones."""
    asked = [tasks(job.bundle.lesson)[stem] for stem in ("relu_forward",) if stem in tasks(job.bundle.lesson)]
    hidden, seen = (
        {repr(float(n)) for task in asked for case in task.cases(seed) for n in case.inputs[0].flat}
        for seed in (job.seed, None)
    )
    return {number for number in hidden - seen if len(number) > 12}


def shown(notebook) -> Iterator[str]:
    """Yield the HTML and the words of a notebook, which a teacher's browser would show."""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            yield cell.source
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            yield from (text for mime, text in data.items() if mime in ("text/html", "image/svg+xml"))
            yield from (f"<script>{SCRIPT}</script>" for mime in data if "javascript" in mime)


def has_script(page: str) -> bool:
    """Tell whether a browser would run a script of an attack's on this page."""
    parser = Scripts()
    parser.feed(page)
    return parser.found


class Scripts(HTMLParser):
    """Look for scripts, handlers and links that hold the mark of an attack."""

    def __init__(self):
        super().__init__()
        self.found, self._inside = False, False

    def handle_starttag(self, tag, attrs):
        """Look at a tag's attributes; remember a script."""
        self._inside = tag == "script"
        self.found |= any(SCRIPT in (value or "") and name in LINKS for name, value in attrs)
        self.found |= any(SCRIPT in (value or "") and name.startswith("on") for name, value in attrs)

    def handle_data(self, data):
        """Look at a script's text."""
        self.found |= self._inside and SCRIPT in data

    def handle_endtag(self, tag):
        """Leave a script."""
        self._inside = False


LINKS = {"href", "src", "srcdoc", "xlink:href", "data", "action", "formaction"}
