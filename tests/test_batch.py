"""Many submissions at once, on a pool of processes and on executors of other kinds."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context

import pytest

from autograder import batch
from autograder.batch import grade_all
from autograder.engine import Job
from autograder.errors import AutograderError
from autograder.pool import Pool, WorkerDied
from autograder.sandbox import Limits
from tests import small_lesson
from tests.deadly import Deadly
from tests.naps import MarkAndStumble, nap_and_tell, sleep_deeply, stumble
from tests.processes import is_there
from tests.small_lesson import as_bytes

LIMITS = Limits(cell_seconds=1.5, call_seconds=1, wall_seconds=8)


def job(student, notebook=None):
    return Job(student, small_lesson.bundle(), notebook or as_bytes(small_lesson.release()), 11, LIMITS)


def refused(student, note=""):
    """Return a job that costs no time."""
    return Job(student, small_lesson.bundle(), b"", 11, problem=note or "the folder is empty")


@pytest.fixture
def pool():
    with Pool(2) as pool:
        yield pool


KILLED = """
import sys
from pathlib import Path
from autograder.pool import Pool
from tests.naps import nap_and_tell, sleep_deeply

if __name__ == "__main__":
    with Pool(2) as pool:
        pool.submit(nap_and_tell, Path(sys.argv[1]) / "light")
        pool.submit(sleep_deeply, Path(sys.argv[1]) / "deep").result()
"""


def wait_for(found, seconds=60):
    deadline = time.monotonic() + seconds
    while not (names := found()):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return names


def test_a_worker_that_dies_costs_a_retry_and_not_the_batch(tmp_path):
    blank = as_bytes(small_lesson.release())
    once = Deadly("once", small_lesson.bundle(), blank, 11, LIMITS, mark=tmp_path / "mark")
    always = Deadly("always", small_lesson.bundle(), blank, 11, LIMITS)
    jobs = [job("a"), once, job("b"), always, job("c")]
    states = {result.student: result.state for result in grade_all(jobs, workers=2)}
    assert states == {"a": "graded", "once": "graded", "b": "graded", "always": "failed", "c": "graded"}


def test_a_killed_process_of_the_pool_takes_one_task_with_it(pool, tmp_path):
    tasks = [pool.submit(nap_and_tell, tmp_path / name) for name in ("one", "other")]
    waiting = pool.submit(os.getpid)
    pids = wait_for(lambda: len(names := list(tmp_path.iterdir())) == 2 and names)
    pid = next(int(path.name.removeprefix("one-")) for path in pids if path.name.startswith("one-"))
    os.kill(pid, signal.SIGKILL)
    assert isinstance(tasks[0].exception(timeout=30), WorkerDied)
    assert waiting.result(timeout=60) not in (pid, os.getpid())
    assert not tasks[1].done()


def test_a_task_that_raises_costs_no_process(pool):
    with pytest.raises(ValueError, match="mine"):
        pool.submit(stumble).result(timeout=60)
    assert len({pool.submit(os.getpid).result(timeout=60) for _ in range(8)}) <= 2


def test_each_process_begins_with_what_it_was_given_and_works_even_when_that_fails(tmp_path):
    given = [MarkAndStumble(tmp_path), MarkAndStumble(tmp_path)]
    with Pool(2, iter(given).__next__) as pool:
        pool.start()
        names = wait_for(lambda: len(found := {path.name for path in tmp_path.iterdir()}) == 2 and found)
        assert str(pool.submit(os.getpid).result(timeout=60)) in names
    assert all(each.is_closed for each in given)


def test_a_process_that_is_ready_early_does_not_keep_another_from_starting(tmp_path, monkeypatch):
    submit = ThreadPoolExecutor.submit
    with Pool(2, lambda: MarkAndStumble(tmp_path)) as pool:
        monkeypatch.setattr(ThreadPoolExecutor, "submit", lambda *task: submit(*task).result(timeout=60))
        pool.start()
        assert len(list(tmp_path.iterdir())) == 2


def test_leaving_a_pool_ends_its_processes_whatever_they_are_at(tmp_path):
    with Pool(1) as pool:
        pool.submit(nap_and_tell, tmp_path / "nap")
        (path,) = wait_for(lambda: list(tmp_path.iterdir()))
        waiting = pool.submit(os.getpid)
    assert not is_there(int(path.name.removeprefix("nap-")))
    assert waiting.cancelled()


def test_a_process_that_catches_everything_is_ended_all_the_same(tmp_path):
    with Pool(1) as pool:
        pool.submit(sleep_deeply, tmp_path / "nap")
        (path,) = wait_for(lambda: list(tmp_path.iterdir()))
    assert (tmp_path / "nap SystemExit").exists()
    assert not is_there(int(path.name.removeprefix("nap-")))


def test_the_processes_of_a_killed_pool_end_too(tmp_path):
    script = tmp_path / "pool.py"
    script.write_text(KILLED)
    marks = tmp_path / "marks"
    marks.mkdir()
    process = subprocess.Popen([sys.executable, script, marks])
    paths = wait_for(lambda: len(names := list(marks.iterdir())) == 2 and names)
    process.kill()
    process.wait()
    wait_for(lambda: not any(is_there(int(path.name.rpartition("-")[2])) for path in paths))


@pytest.mark.parametrize(
    "executor",
    [lambda: ProcessPoolExecutor(2, mp_context=get_context("spawn")), lambda: ThreadPoolExecutor(2)],
    ids=["processes", "threads"],
)
def test_any_executor_of_the_standard_librarys_kind_will_do(executor):
    with executor() as executor:
        found = list(grade_all([job("a"), refused("b"), job("c")], 2, executor))
    assert sorted((r.student, r.state) for r in found) == [("a", "graded"), ("b", "failed"), ("c", "graded")]


class Noting(ThreadPoolExecutor):
    """Note what is handed out."""

    def __init__(self):
        super().__init__(1)
        self.sent = []

    def submit(self, function, job, name, bundle):
        self.sent.append((job, bundle))
        return super().submit(function, job, name, bundle)


def test_what_a_lesson_shares_is_sent_to_a_process_once(monkeypatch):
    monkeypatch.setattr(batch, "_bundles", {})
    with Noting() as executor:
        found = list(grade_all([refused(str(number)) for number in range(20)], 1, executor))
    assert len(found) == 20 and all(job.bundle is None for job, _ in executor.sent)
    assert 1 <= sum(bundle is not None for _, bundle in executor.sent) <= batch.AHEAD


def test_a_process_keeps_a_few_bundles_and_not_all_that_it_has_seen(monkeypatch):
    monkeypatch.setattr(batch, "_bundles", {})
    for number in range(3 * batch.BUNDLES):
        assert batch.graded(refused("a"), str(number), small_lesson.bundle()) is not None
        assert len(batch._bundles) <= batch.BUNDLES


def test_jobs_are_taken_as_they_are_needed_and_no_more_when_it_is_over():
    taken, found = [], []

    def jobs():
        for number in range(1000):
            taken.append(number)
            yield refused(str(number))

    with ThreadPoolExecutor(1) as executor:
        for result in grade_all(jobs(), 1, executor, is_over=lambda: len(found) >= 5):
            found.append(result)
    assert 5 <= len(found) <= len(taken) <= 5 + 2 * batch.AHEAD


def test_a_fault_of_the_graders_own_fails_one_submission_and_says_so():
    jobs = [Job("x", small_lesson.bundle(), None, 1), job("y")]
    with ThreadPoolExecutor(1) as executor:
        found = {r.student: r for r in grade_all(jobs, 1, executor)}
    assert found["x"].state == "failed" and "the grader itself failed: TypeError" in found["x"].reason
    assert found["y"].state == "graded"


class Broken(Executor):
    def submit(self, *_):
        raise BrokenExecutor("it is gone")


class Cancelling(Executor):
    def submit(self, *_):
        future = Future()
        future.cancel()
        future.set_running_or_notify_cancel()
        return future


@pytest.mark.parametrize("executor", [Broken(), Cancelling()], ids=["broken", "cancelling"])
def test_an_executor_that_is_gone_is_said_in_one_line(executor):
    with pytest.raises(AutograderError, match="run it again to go on"):
        list(grade_all([refused("a")], 1, executor))
