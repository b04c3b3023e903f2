"""Grade again what was graded before: show what would change, for whom and why; record it if wanted."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from tqdm import tqdm

from autograder import collect, differences, exports, interrupts, records
from autograder import grade as grading
from autograder.batch import grade_all
from autograder.differences import Change
from autograder.engine import Job, Result
from autograder.errors import AutograderError
from autograder.folder import Folder
from autograder.gradebook import Entry, Gradebook
from autograder.harmless import harmless
from autograder.jobs import job_of
from autograder.sandbox import Limits
from autograder.workers import workers_of

COLUMNS = ("student", "question", "before", "after", "change", "why")


@dataclass
class Preview:
    """What grading again came to, nothing of which is recorded yet.

    left_out: {student: why that one was not graded again}.  reasons: what is new since the last grading.
    """

    lesson: str
    graded: list[str] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)
    reasons: set[str] = field(default_factory=set)
    is_interrupted: bool = False

    def lines(self) -> list[str]:
        """Return what a person wants to know before it is recorded."""
        skipped = [f"{student}: not graded again: {why}" for student, why in sorted(self.left_out.items())]
        reasons = [f"new since the last grading: {reason}" for reason in sorted(self.reasons)]
        by_student = sorted(self.changes, key=lambda change: change.student)
        return [*skipped, *reasons, *differences.lines(self.lesson, len(self.graded), by_student)]

    def table(self) -> str:
        """Return all changes as quoted CSV."""
        text = io.StringIO()
        writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
        writer.writerow(COLUMNS)
        for change in sorted(self.changes, key=lambda change: change.student):
            points = ("waiting" if each is None else f"{each:g}" for each in (change.before, change.after))
            words = map(exports.text, (change.student, change.question))
            writer.writerow([*words, *points, f"{change.gain:g}", exports.text(change.why)])
        return text.getvalue()


class Regrading:
    """Submissions on their way through a second grading, kept aside until they are recorded."""

    def __init__(self, folder: Folder, book: Gradebook, aside: Path):
        self._folder, self._book, self._aside = folder, book, aside
        self._pending: dict[str, grading.Pending] = {}
        self._before: dict[str, Result] = {}
        self.preview = Preview(folder.lesson)

    def run(self, jobs: Iterator[Job], workers: int, executor: Executor | None, is_over: Callable) -> None:
        """Grade, note what changes, and keep the Results aside."""
        entries = self._book.entries()
        results = grade_all(jobs, workers, executor, is_over)
        for result in tqdm(results, total=len(entries), desc=self.preview.lesson, unit="submission"):
            result, student = harmless(result, self._folder.release), result.student
            self._note(entries[student], self._before[student], result)
            records.write_notebook(self._aside, result, None)
            records.write_record(self._aside, result, self._pending[student].what)
        self.preview.is_interrupted = is_over()

    def jobs(self, students: Collection[str], limits: Limits, trusted: bool) -> Iterator[Job]:
        """Yield a job for each of these students, or of all, whose submission is still what was graded."""
        folder, entries = self._folder, self._book.entries()
        wanted = set(students or entries)
        for submission in collect.collect(folder.submitted, folder.lesson, folder.release):
            student = submission.student
            if students and student not in wanted:
                continue
            wanted.discard(student)
            what = records.graded(submission, folder.bundle)
            before = records.read(folder.autograded, student, folder.lesson)
            entry = entries.get(student)
            if entry is None or before is None:
                self.preview.left_out[student] = "not graded yet, `autograder grade` does it"
            elif before[1].submission != what.submission or entry.timestamp != submission.timestamp:
                self.preview.left_out[student] = "handed in again since, `autograder grade` grades it"
            else:
                if before[1].lesson != what.lesson:
                    self.preview.reasons.add("another release of the lesson")
                self._before[student] = replace(before[0], notebook=b"")
                self._pending[student] = grading.Pending(submission.timestamp, what, is_changed=False)
                yield job_of(submission, folder.bundle, before[0].seed, limits, trusted)
        self.preview.left_out |= dict.fromkeys(wanted, f"nothing of it in {folder.submitted}")

    def record(self) -> int:
        """Record what was kept aside, each submission as a whole, until interrupted; return how many."""
        count = 0
        with interrupts.noticed() as is_over:
            for student in tqdm(self.preview.graded, desc=f"record {self.preview.lesson}", unit="submission"):
                if is_over():
                    break
                result, _ = records.read(self._aside, student, self.preview.lesson)
                grading.record(self._folder, self._book, result, self._pending.pop(student))
                count += 1
        grading.write_report(self._folder, *grading.recorded(self._folder))
        return count

    def _note(self, entry: Entry, before: Result, after: Result) -> None:
        self.preview.graded.append(after.student)
        self.preview.changes += differences.changes(entry, before, after, self._folder.penalty)
        versions = ({verdict["version"] for verdict in each.verdicts.values()} for each in (before, after))
        old, new = (", ".join(sorted(each)) for each in versions)
        if old != new:
            self.preview.reasons.add(f"checks {new} instead of {old}")
        if before.level != after.level:
            self.preview.reasons.add(f"sandbox level {after.level} instead of {before.level}")


@contextmanager
def regraded(
    folder: Folder,
    students: Collection[str] = (),
    workers: int | None = None,
    limits: Limits | None = None,
    scheduler: str | None = None,
    trusted: bool = False,
) -> Iterator[Regrading]:
    """Give what grading again came to, with a preview; its `record` writes it, else nothing is written.

    students: all when there are none.  The rest is as in `grade`; hidden cases are those of the first time.
    Raises: AutograderError when nothing was graded before; else as `grade` does.
    """
    with tempfile.TemporaryDirectory(prefix="regrade-") as aside, folder.gradebook() as book:
        if not book.entries():
            raise AutograderError(f"nothing is graded yet: run `autograder grade {folder.lesson}`")
        regrading = Regrading(folder, book, Path(aside))
        jobs = regrading.jobs(students, limits or Limits(), trusted)
        with (
            interrupts.noticed() as is_over,
            workers_of(folder.bundle, scheduler, workers, trusted) as (executor, at_a_time),
        ):
            regrading.run(jobs, at_a_time, executor, is_over)
        yield regrading
