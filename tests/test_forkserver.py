"""What happens when the fork server, a copy of a process, or the grader itself is killed."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from autograder import engine
from autograder.sandbox import Limits, ServerGone, Session, SessionDied, levels, servers
from autograder.sandbox.jail import memory
from autograder.sandbox.server import Key, Server
from tests import small_lesson
from tests.processes import is_there, kill
from tests.sessions import make_package, result
from tests.small_lesson import as_bytes
from tests.test_engine import FULL, points

LEVEL = levels.find().level
level_a = pytest.mark.skipif(LEVEL != "A", reason=f"the level is {LEVEL} here")


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    return make_package(tmp_path_factory.mktemp("student"))


def waiting():
    (server,) = [each for each in servers.POOL._idle if each.is_alive][-1:]
    return server


def test_a_server_is_kept_for_the_next_submission_and_replaced_when_it_was_killed(package):
    with Session(package):
        pass
    first = waiting()
    with Session(package):
        pass
    assert waiting() is first
    os.kill(first.pid, signal.SIGKILL)
    with Session(package) as session:
        assert result(session, "1 + 1") == "2"
    assert waiting() is not first


def test_a_server_that_is_killed_under_a_session_is_told_from_a_process_that_ended(package):
    with pytest.raises(ServerGone), Session(package) as session:
        session.run_cell("x = 1")
        kill(session._line._server.pid)
        session.run_cell("x")
    with pytest.raises(SessionDied, match="broken off"):
        session.run_cell("x")


def killing(monkeypatch, times):
    """Let the fork server be killed in the first so many runs of a notebook."""
    left = [times]

    class Killing(Session):
        def run_cell(self, source):
            if left[0] and "affine_backward" in source:
                left[0] -= 1
                kill(self._line._server.pid)
            return super().run_cell(source)

    monkeypatch.setattr(engine, "Session", Killing)


@pytest.mark.parametrize("times, state", [(1, "graded"), (2, "failed")])
def test_a_killed_server_costs_a_retry_and_no_result(monkeypatch, times, state):
    killing(monkeypatch, times)
    job = engine.Job("a", small_lesson.bundle(), as_bytes(small_lesson.right()), 5)
    found = engine.grade(job)
    assert found.state == state
    if state == "graded":
        assert (points(found), found.reason) == (FULL, "")
    else:
        assert "was killed 2 times" in found.reason


HUNGRY = """
import os, time
for _ in range(6):
    if os.fork() == 0:
        x = bytearray(150 << 20)
        x[::4096] = b'x' * len(x[::4096])
        time.sleep(60)
time.sleep(60)
"""


@level_a
def test_the_processes_of_a_submission_may_use_so_much_memory_together(package):
    limits = Limits(cell_seconds=20, memory_bytes=600 << 20)
    with Session(package, limits=limits) as session, pytest.raises(SessionDied, match="more than 0.59 GB"):
        session.run_cell(HUNGRY)


def test_a_process_that_ends_while_its_memory_is_counted_ends_no_server(monkeypatch):
    def gone(folder, pattern):
        raise FileNotFoundError(folder)

    monkeypatch.setattr(memory.Path, "glob", gone)
    assert memory.family(os.getpid()) == [os.getpid()]
    assert memory.total(os.getpid(), 0, 1 << 60) > 0


GRADER = """
import sys, time
from pathlib import Path
from autograder.sandbox import Session
with Session(Path(sys.argv[1])) as session:
    session.run_cell(f"import subprocess\\nchild = subprocess.Popen(['sleep', '{sys.argv[2]}'])")
    print(session._line._server.pid, flush=True)
    time.sleep(60)
"""


@level_a
def test_nothing_outlives_a_grader_that_is_killed(package):
    mark = f"62.{os.getpid()}"
    command = [sys.executable, "-c", GRADER, str(package), mark]
    grader = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    server = int(grader.stdout.readline())
    assert is_there(server)
    grader.kill()
    grader.communicate()
    until = time.monotonic() + 10
    while time.monotonic() < until and (is_there(server) or sleeping(mark)):
        time.sleep(0.02)
    assert not is_there(server) and not sleeping(mark)


def sleeping(mark):
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            if path.read_bytes().split(b"\0")[:2] == [b"sleep", mark.encode()]:
                return True
    return False


SEEN = "import os; os.path.exists('/tmp/mine'), sum(name.isdigit() for name in os.listdir('/proc'))"
OPEN = "import os; sorted(os.listdir('/proc/self/fd'))"


@contextlib.contextmanager
def cloned(package):
    """Give a server, and one that was cloned from it, which the next session takes."""
    with contextlib.closing(servers.Started(Key(package, "A"))) as server:
        clone = Server(Key(package, "A"), *server.clone())
        clone._await_start()
        servers.POOL.give_back(clone)
        yield server, clone


@level_a
def test_a_clone_serves_on_its_own_and_draws_what_another_would(package):
    with cloned(package) as (server, clone):
        server.close()
        with Session(package) as session:
            assert session._line._server is clone
            assert result(session, "1 + 1") == "2"
            (picture,) = session.run_cell("import matplotlib.pyplot as plt\nplt.plot([0, 1]); plt.show()")
            assert "image/png" in picture["data"]
        assert waiting() is clone


@level_a
def test_submissions_of_clones_run_as_users_of_their_own_and_see_nothing_of_one_another(package):
    with cloned(package) as (server, clone):
        other = Server(Key(package, "A"), *server.clone())
        assert len({server.user, clone.user, other.user}) == (3 if os.geteuid() == 0 else 1)
        with Session(package) as first:
            first.run_cell("open('/tmp/mine', 'w').write('x')")
            servers.POOL.give_back(other)
            with Session(package) as second:
                assert second._line._server is other
                assert result(second, SEEN) == "(False, 2)"
                assert result(second, OPEN) == result(first, OPEN)


@level_a
def test_a_clone_of_a_server_that_is_gone_is_replaced(package):
    with cloned(package) as (server, clone):
        os.kill(server.pid, signal.SIGKILL)
        gone = Server(Key(package, "A"), *server.clone())
        servers.POOL.give_back(gone)
        with Session(package) as session:
            assert session._line._server not in (server, gone)
            assert result(session, "1 + 1") == "2"


@level_a
def test_a_server_has_nothing_of_the_grader(package, monkeypatch, tmp_path):
    monkeypatch.setenv("SECRET_TOKEN", "hunter2")
    with open(tmp_path / "gradebook.db", "w") as file:
        os.set_inheritable(file.fileno(), True)
        server = servers.Started(Key(package, "A"))
        try:
            server._await_start()
            own = Path(f"/proc/{server.pid}")
            assert b"SECRET" not in (own / "environ").read_bytes()
            kinds = {os.readlink(path).partition(":")[0] for path in (own / "fd").iterdir()}
            assert {kind for kind in kinds if not kind.endswith(".ttf")} == {"socket", "/dev/null"}
            assert {path.name for path in (own / "root").iterdir()} >= {"usr", "grader", "tmp"}
            assert not (own / "root" / str(Path(engine.__file__).parent)[1:]).exists()
        finally:
            server.close()
