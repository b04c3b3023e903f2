"""Grade what a class has handed in: collect, sanitise and run, record, write feedback. One process writes.

What makes pages is loaded when a page is written: to load it takes as long as to grade a submission.
"""

import secrets
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import datetime

from tqdm import tqdm

from autograder import collect, interrupts, records
from autograder.batch import grade_all
from autograder.engine import Job, Result
from autograder.errors import AutograderError
from autograder.folder import Folder
from autograder.gradebook import Entry, Gradebook
from autograder.harmless import harmless
from autograder.jobs import job_of
from autograder.reports.page import level as level_in_words
from autograder.sandbox import Limits
from autograder.workers import Team, workers_of
from course import files


@dataclass
class Outcome:
    """What a grading came to: the Results of now, and those of before that still hold."""

    lesson: str
    graded: list[Result] = field(default_factory=list)
    unchanged: list[Result] = field(default_factory=list)
    is_interrupted: bool = False
    seconds: float = 0.0

    def add(self, result: Result, is_new: bool = True) -> None:
        """Keep what the report needs of a Result: of the first one the notebook too, for the questions."""
        first = not (self.graded or self.unchanged)
        verdicts = {name: {**told, "html": "", "evidence": None} for name, told in result.verdicts.items()}
        kept = replace(result, notebook=result.notebook if first else b"", verdicts=verdicts)
        (self.graded if is_new else self.unchanged).append(kept)

    @property
    def results(self) -> list[Result]:
        """Return all Results, by student."""
        return sorted(self.graded + self.unchanged, key=lambda result: result.student)

    def lines(self) -> list[str]:
        """Return what a person wants to know at the end: remarks, then a line that sums up."""
        remarks = [
            f"{r.student}: {r.state}{f' ({r.reason})' if r.reason else ''}"
            for r in sorted(self.graded, key=lambda result: result.student)
            if r.state != "graded" or r.reason
        ]
        states = Counter(result.state for result in self.graded)
        counts = [f"{states[state]} {state}" for state in ("graded", "partly graded", "failed")]
        if self.unchanged:
            counts.append(f"{len(self.unchanged)} skipped, already graded and unchanged")
        if self.is_interrupted:
            counts.append("interrupted: run it again to go on with the rest")
        levels = {result.level: None for result in self.results if result.level}
        return [
            *remarks,
            *(f"sandbox level {level}: {level_in_words(level)}" for level in levels),
            f"{self.lesson}: {', '.join(counts)}; {self.seconds:.0f} s",
        ]


@dataclass(frozen=True)
class Pending:
    """What is remembered of a submission while its job is under way."""

    timestamp: datetime | None
    what: records.Graded
    is_changed: bool


class Grading:
    """One run over a lesson's submissions."""

    def __init__(self, folder: Folder, again: bool, limits: Limits, trusted: bool, pages: bool, bar: tqdm):
        self._folder, self._again, self._limits, self._bar = folder, again, limits, bar
        self._trusted, self._pages = trusted, pages
        self._pending: dict[str, Pending] = {}
        self.outcome = Outcome(folder.lesson)

    def run(self, workers: int, executor: Executor, is_over: Callable[[], bool]) -> None:
        """Grade what is new or changed, record each Result as it comes, then write the report."""
        with self._folder.gradebook() as book:
            for result in grade_all(self._jobs(book.entries()), workers, executor, is_over):
                self._record(book, result)
            self.outcome.is_interrupted = is_over()
            if self._pages and not self.outcome.is_interrupted:
                write_report(self._folder, self.outcome.results, book.entries())

    def _jobs(self, known: dict[str, Entry]) -> Iterator[Job]:
        """Yield a job for each submission that is not graded yet, has changed, or is to be graded again."""
        folder = self._folder
        for submission in collect.collect(folder.submitted, folder.lesson, folder.release):
            what = records.graded(submission, folder.bundle)
            before = records.read(folder.autograded, submission.student, folder.lesson)
            is_same = before is not None and before[1] == what
            entry = known.get(submission.student)
            is_recorded = entry is not None and entry.timestamp == submission.timestamp
            if is_same and is_recorded and not self._again:
                self.outcome.add(before[0], is_new=False)
                self._bar.update()
                continue
            seed = records.seed(folder.autograded, submission.student, folder.lesson, what.submission)
            self._pending[submission.student] = Pending(submission.timestamp, what, seed is None)
            seed = secrets.randbits(63) if seed is None else seed
            yield job_of(submission, folder.bundle, seed, self._limits, self._trusted)

    def _record(self, book: Gradebook, result: Result) -> None:
        result, pending = harmless(result, self._folder.release), self._pending.pop(result.student)
        record(self._folder, book, result, pending, self._pages)
        self.outcome.add(result)
        failures = sum(each.state == "failed" for each in self.outcome.graded)
        self._bar.set_postfix(failed=failures, refresh=False)
        self._bar.update()


def grade(
    folder: Folder,
    workers: int | None = None,
    again: bool = False,
    limits: Limits | None = None,
    scheduler: str | None = None,
    trusted: bool = False,
    pages: bool = True,
    team: Team | None = None,
) -> Outcome:
    """Grade a lesson's submissions and return what came of it; Ctrl-C ends it and loses nothing recorded.

    workers: submissions under way at a time, by default the number of cores.  again: grade also what is
    already graded and unchanged.  limits: of each submission's process.  scheduler: the address of a Dask
    cluster whose workers grade, as many at a time as they have threads.  trusted: run the submissions even
    where there is no sandbox.  pages: write feedback and the report on the class, or leave them to `report`.
    team: workers that are there already.
    Raises: AutograderError when there is nothing to grade, or the lesson or the gradebook cannot be used,
    NoSandbox when this machine would have to run what is not trusted.
    """
    start = time.monotonic()
    total = len(collect.folders(folder.submitted, folder.lesson))
    if not total:
        raise AutograderError(f"no submissions of {folder.lesson} in {folder.submitted}")
    opened = nullcontext(team) if team else workers_of(folder.bundle, scheduler, workers, trusted)
    with (
        interrupts.noticed() as is_over,
        opened as (executor, at_a_time),
        tqdm(total=total, desc=folder.lesson, unit="submission") as bar,
    ):
        grading = Grading(folder, again, limits or Limits(), trusted, pages, bar)
        grading.run(at_a_time, executor, is_over)
    grading.outcome.seconds = time.monotonic() - start
    return grading.outcome


def record(folder: Folder, book: Gradebook, result: Result, pending: Pending, pages: bool = True) -> None:
    """Write the notebook, the gradebook, the feedback, and the record last: it says that all is there."""
    records.write_notebook(folder.autograded, result, pending.timestamp)
    book.record(result, pending.timestamp, pending.is_changed)
    if pages:
        write_feedback(folder, [result], book.entries(result.student))
    records.write_record(folder.autograded, result, pending.what)


def recorded(folder: Folder) -> tuple[list[Result], dict[str, Entry]]:
    """Return the Results of what was graded here, and {student: what the gradebook holds}."""
    with folder.gradebook() as book:
        book.settle()  # points by hand, due dates and extensions may be new
        entries = book.entries()
    found = [records.read(folder.autograded, student, folder.lesson) for student in entries]
    return [record[0] for record in found if record], entries


def write_feedback(folder: Folder, results: list[Result], entries: dict[str, Entry]) -> None:
    """Write the page of each student."""
    from autograder.reports.feedback import feedback

    for result in results:
        page = feedback(result, entries.get(result.student))
        files.sweep(folder.page(result.student))
        files.write(folder.page(result.student), page.encode())


def write_report(folder: Folder, results: list[Result], entries: dict[str, Entry]) -> None:
    """Write the report on the class."""
    from autograder.reports.class_report import class_report

    files.write(folder.report, class_report(folder.lesson, results, entries).encode())


def write_similarity(folder: Folder, results: list[Result]) -> None:
    """Write the report on likeness in the class."""
    from autograder.reports.similarity_report import similarity_report
    from autograder.similarity import compare

    page = similarity_report(folder.lesson, compare(results, folder.release))
    files.write(folder.similarity, page.encode())


def report(folder: Folder) -> int:
    """Write every student's feedback and the reports on the class anew; return how many students there are.

    Raises: AutograderError when nothing was graded yet.
    """
    results, entries = recorded(folder)
    if not results:
        raise AutograderError(f"nothing is graded yet: run `autograder grade {folder.lesson}`")
    write_feedback(folder, results, entries)
    write_report(folder, results, entries)
    write_similarity(folder, results)
    return len(results)
