"""Grading on a Dask cluster: a real scheduler and two workers, each a process of its own."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest
from distributed import Client

from autograder import cluster
from autograder import grade as grading
from autograder.batch import grade_all
from autograder.engine import Job
from autograder.errors import AutograderError
from autograder.folder import Folder
from autograder.sandbox import Limits
from tests import small_lesson
from tests.small_lesson import LESSON, as_bytes
from tests.test_grade_command import CLASS, hand_in, make_course

LIMITS = Limits(cell_seconds=10, call_seconds=10, wall_seconds=60)
NO_BIAS = small_lesson.RIGHT["affine_forward"].replace(" + b", "")


def start(program, place, *options):
    """Start one of Dask's programs in a folder of its own, without what it would ask of the network."""
    place.mkdir()
    environment = {**os.environ, "DASK_DISTRIBUTED__WORKER__DAEMON": "False"}
    arguments = [sys.executable, "-m", f"distributed.cli.{program}", "--no-dashboard", *options]
    with (place / "log").open("w") as log:
        return subprocess.Popen(arguments, cwd=place, stdout=log, stderr=log, env=environment)


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """Return the address of a scheduler that has two workers."""
    place = tmp_path_factory.mktemp("cluster")
    described = place / "scheduler.json"
    programs = [
        start("dask_scheduler", place / "scheduler", "--host", "127.0.0.1", "--port", "0",
              "--scheduler-file", str(described)),
        start("dask_worker", place / "workers", "--nworkers", "2", "--nthreads", "1",
              "--host", "127.0.0.1", "--scheduler-file", str(described), "--death-timeout", "60"),
    ]  # fmt: skip
    try:
        deadline = time.monotonic() + 60
        while not described.exists():
            assert time.monotonic() < deadline, (place / "scheduler" / "log").read_text()
            time.sleep(0.1)
        address = json.loads(described.read_text())["address"]
        with Client(address, set_as_default=False) as client:
            client.wait_for_workers(2, timeout=60)
        yield address
    finally:
        for program in reversed(programs):
            program.terminate()
            program.wait(30)


def test_a_class_is_graded_on_a_cluster_as_it_is_here(address, tmp_path):
    root = make_course(tmp_path / "course")
    hand_in(root, "ann", CLASS["ann"])
    hand_in(root, "bob", as_bytes(small_lesson.right(affine_forward=NO_BIAS)))
    hand_in(root, "eve", CLASS["eve"])
    outcome = grading.grade(Folder(root, LESSON), scheduler=address, limits=LIMITS)
    points = {r.student: [told["points"] for told in r.verdicts.values()] for r in outcome.results}
    assert points["ann"] == [3, 3, 2] and points["eve"] == [0, 0, 0]
    assert points["bob"][0] < 3 and points["bob"][1:] == [3, 2]
    assert (root / "autograded" / "ann" / LESSON / f"{LESSON}.ipynb").is_file()


def test_a_killed_worker_costs_no_result(address):
    right = as_bytes(small_lesson.right())
    jobs = [Job(str(number), small_lesson.bundle(), right, number, LIMITS) for number in range(8)]
    with cluster.connected(address) as (executor, workers):
        with Client(address, set_as_default=False) as client:
            pids = client.run(os.getpid)
        states = {}
        for result in grade_all(jobs, workers, executor):
            if not states:
                os.kill(min(pids.values()), signal.SIGKILL)
            states[result.student] = result.state
    assert workers == 2 and states == dict.fromkeys(map(str, range(8)), "graded")


def test_a_worker_with_another_state_of_the_project_is_refused(address):
    def grow_old():
        cluster.code = lambda: "of last year"

    with Client(address, set_as_default=False) as client:
        client.run(grow_old)
        with pytest.raises(AutograderError, match="has another version of this project"):
            with cluster.connected(address):
                pass
        client.restart(timeout=60)


def test_what_is_no_cluster_is_said_in_one_line(monkeypatch):
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 0.5)
    with pytest.raises(AutograderError, match="no cluster at tcp://127.0.0.1:9"):
        with cluster.connected("tcp://127.0.0.1:9"):
            pass


def test_tls_without_keys_is_said_in_one_line():
    with pytest.raises(AutograderError, match="needs the keys of this side"):
        with cluster.connected("tls://127.0.0.1:9"):
            pass


OPEN = {
    "tcp://10.0.0.7:8786": True,
    "10.0.0.7:8786": True,
    "tcp://cluster.example.org:8786": True,
    "tcp://[2001:db8::1]:8786": True,
    "ws://10.0.0.7:8786": True,
    "tcp://127.0.0.1:8786": False,
    "tcp://localhost:8786": False,
    "tcp://[::1]:8786": False,
    "tls://10.0.0.7:8786": False,
}


@pytest.mark.parametrize("address, is_open", OPEN.items(), ids=list(OPEN))
def test_an_address_on_a_network_without_tls_is_warned_of(address, is_open):
    assert bool(cluster.warning(address)) is is_open
    assert address in cluster.warning(address) or not is_open
