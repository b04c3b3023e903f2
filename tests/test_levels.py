"""The walls hold, and walls with a hole do not count."""

import shutil
from pathlib import Path

import pytest

from autograder.sandbox import NoJail, Session, furniture, levels
from autograder.sandbox.jail import landlock, seccomp, syscalls, tree
from tests.sessions import make_package, result

HERE = Path(furniture.__file__).parent
REASONS = {level: levels.why_not(level) for level in levels.JAILS}


def needs(level):
    return pytest.mark.skipif(bool(REASONS[level]), reason=f"no level {level} here: {REASONS[level]}")


NO_FILTER = ("jail/seccomp.py", "assemble(rules(has_namespaces, os.getpid()))", "assemble([])")
HOLES = {  # what is left out of which file, what a process could do then
    "A": [
        ("jail/namespaces.py", 'calls.mount("proc", "/proc", "proc", flags)', "pass", "see the machine's"),
        ("jail/namespaces.py", "calls.NEWNS | calls.NEWNET", "calls.NEWNS", "a socket of the machine"),
        ("forkserver.py", 'user.become(request["user"])', "pass", "could"),
        (*NO_FILTER, "trace a process"),
    ],
    "B": [
        ("forkserver.py", "landlock.confine(rules)", "pass", "read a file outside"),
        (*NO_FILTER, "socket of the machine that has a path"),
        ("jail/seccomp.py", 'Rule("sendto", 4, 0, wanted=False, high=half)', 'Rule("fork")', "without conn"),
        ("jail/seccomp.py", "for name in WITHOUT_NAMESPACES", "for name in ()", "could"),
    ],
}


@pytest.mark.parametrize(
    "level, path, old, new, what",
    [pytest.param(level, *hole, marks=needs(level)) for level in HOLES for hole in HOLES[level]],
)
def test_walls_with_a_hole_do_not_count(monkeypatch, tmp_path, level, path, old, new, what):
    leaky = tmp_path / "sandbox"
    shutil.copytree(HERE, leaky, ignore=shutil.ignore_patterns("__pycache__"))
    text = (leaky / path).read_text()
    assert text.count(old) == 1
    (leaky / path).write_text(text.replace(old, new))
    monkeypatch.setattr(furniture, "HERE", leaky)
    reason = levels.why_not(level)
    assert reason and what in reason


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    return make_package(tmp_path_factory.mktemp("student"))


@pytest.mark.parametrize("level", [pytest.param(level, marks=needs(level)) for level in levels.JAILS])
def test_a_notebook_works_at_each_level(package, level):
    with Session(package, files={"data/two.txt": b"2"}, level=level) as session:
        session.run_cell("two = int(open('data/two.txt').read())\ndef f(x): return two * x")
        session.run_cell("def f(x): return 0")
        assert session.answer("f").call((4,)).value == 0
        (shown,) = session.run_cell("import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()")
        assert "image/png" in shown["data"]
        if level == "B":
            assert session.run_cell("open('x', 'w')")[0]["ename"] == "PermissionError"
        else:
            assert session.run_cell("open('x', 'w').write('x')")[0]["data"]["text/plain"] == "1"


@pytest.mark.parametrize("level", [pytest.param(level, marks=needs(level)) for level in levels.JAILS])
def test_nothing_of_a_submission_is_there_for_the_next_one(package, level):
    for _ in range(2):
        with Session(package, files={"mine": b""}, level=level) as session:
            assert result(session, "import os\nos.listdir()") == "['mine']"
            session.run_cell("import numpy as np\nnp.mine = 1\nopen('/tmp/mine', 'w').write('x')")
            assert result(session, "'seen' in dir(np)") == "False"
            session.run_cell("np.seen = 1")


@needs("A")
def test_a_process_that_a_cell_forks_does_not_answer_too(package):
    with Session(package, level="A") as session:
        assert session.run_cell("import os\nmine = os.fork()\n1")[0]["data"]["text/plain"] == "1"
        assert result(session, "mine > 0") == "True"


def test_what_is_installed_of_ours_is_hidden(tmp_path):
    for name in ("course", "numpy", "deep/autograder", "deep/other"):
        (tmp_path / "packages" / name).mkdir(parents=True)
    places = [str(tmp_path / "packages" / name) for name in ("course", "deep/autograder")]
    described = tree.describe({}, [str(tmp_path / "packages")], places)
    assert [path.rpartition("packages/")[2].partition("/")[2] for path in described["hidden"]] == [
        "course",
        "deep/autograder",
    ]
    allowed = tree.allowed(described)
    inside = {path for path in allowed["readable"] if path.startswith(str(tmp_path))}
    assert inside == {str(tmp_path / "packages" / name) for name in ("numpy", "deep/other")}
    assert set(allowed["listed"]) == {str(tmp_path / "packages"), str(tmp_path / "packages" / "deep")}


def test_an_unknown_machine_has_no_jail_and_the_reason_is_named(monkeypatch):
    monkeypatch.setattr(syscalls, "MACHINE", "s390x")
    assert all("s390x" in levels.why_not(level) for level in levels.JAILS)
    monkeypatch.setattr(levels, "find", lambda: levels.Found("D", {"A": "not known", "B": "not known"}))
    with pytest.raises(NoJail, match="level A: not known; level B: not known"):
        levels.choose()
    assert levels.choose(trusting=True) == "D"


def test_what_another_process_has_found_is_believed_and_not_tried_again(monkeypatch):
    monkeypatch.setattr(levels, "_known", [])
    monkeypatch.setattr(levels, "why_not", lambda level: pytest.fail("tried"))
    levels.believe(levels.Found("B", {"A": "no namespaces"}))
    assert levels.choose() == "B"


@pytest.mark.parametrize("machine", syscalls.AUDIT)
def test_the_filter_knows_the_calls_of_each_machine(machine):
    known = syscalls.numbers(machine)
    has = [number for number in known.values() if number]
    assert len(set(has)) == len(has) and max(has) <= syscalls.LAST
    old = {"fork", "vfork", "chmod", "chown", "lchown", "utime", "utimes", "futimesat", "mknod", "iopl"}
    old |= {"ioperm", "modify_ldt", "uselib", "ustat", "sysfs", "_sysctl", "inotify_init"}
    assert {name for name, number in known.items() if not number} == (old if machine == "aarch64" else set())
    assert {rule.name for kind in (True, False) for rule in seccomp.rules(kind, pid=1)} <= known.keys()


def test_a_rule_for_a_call_that_is_not_in_the_table_is_refused():
    with pytest.raises(ValueError, match="no system call 'ptrase' in the table"):
        seccomp.assemble([seccomp.Rule("ptrase")])


def test_a_kernel_without_landlock_is_told_from_one_with_it(monkeypatch):
    monkeypatch.setattr(landlock, "version", lambda: 3)
    with pytest.raises(OSError, match="version 3, 4 or later is needed"):
        landlock.ruleset([])
