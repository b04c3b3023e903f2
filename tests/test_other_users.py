"""The sandbox as root and as an ordinary user, at each level, by a Python that both can run."""

import os
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
NOBODY = 65534
USERS = {"root": 0, "an ordinary user": NOBODY}


def environment(home):
    places = [ROOT, sysconfig.get_path("purelib"), sysconfig.get_path("platlib")]
    return {
        "PATH": os.defpath,
        "HOME": str(home),
        "MPLCONFIGDIR": str(home),
        "PYTHONPATH": os.pathsep.join(map(str, places)),
        "PYTHONDONTWRITEBYTECODE": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }


def run(python, user, home, *arguments):
    identity = {"user": user, "group": user, "extra_groups": []} if os.geteuid() == 0 else {}
    options = {"env": environment(home), "cwd": ROOT, "capture_output": True, "text": True}
    done = subprocess.run([python, *arguments], **options, **identity)
    return done.returncode, done.stdout + done.stderr


@pytest.fixture(scope="module")
def python(tmp_path_factory):
    """Return a Python that an ordinary user can run with the packages that this one has."""
    name = f"python{sys.version_info.major}.{sys.version_info.minor}"
    candidates = [os.path.realpath(sys.executable), f"/usr/bin/{name}", f"/usr/local/bin/{name}"]
    said = ""
    for candidate in filter(os.path.exists, candidates):
        try:
            code, said = run(candidate, NOBODY, "/nonexistent", "-c", "import numpy, pytest, nbgrader, tests")
        except PermissionError as error:
            code, said = 1, str(error)
        if code == 0:
            return candidate
    pytest.skip(f"no Python here can be run by an ordinary user with these packages: {said.strip()[-200:]}")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be another user too")
@pytest.mark.parametrize("user", USERS.values(), ids=USERS)
def test_both_levels_hold_and_work_for(user, python):
    with tempfile.TemporaryDirectory() as home:
        os.chown(home, user, user)
        options = ["-q", "-p", "no:cacheprovider", "-rs", f"--basetemp={home}/pytest"]
        code, said = run(python, user, home, "-m", "pytest", *options, "tests/test_levels.py")
    assert code == 0 and "skipped" not in said, said[-3000:]
