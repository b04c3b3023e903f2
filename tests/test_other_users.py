"""The sandbox as root and as an ordinary user, at each level, by a Python that both can run."""

import os
import subprocess
import tempfile

import pytest

from tests.attacks import users


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be another user too")
@pytest.mark.parametrize("user", [0, users.NOBODY], ids=["root", "an ordinary user"])
def test_both_levels_hold_and_work_for(user):
    python, reason = users.shared_python()
    if not python:
        pytest.skip(reason)
    with tempfile.TemporaryDirectory() as home:
        os.chown(home, user, user)
        os.chmod(home, 0o755)
        options = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "-rs", f"--basetemp={home}/pytest"]
        output = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        done = users.started(python, user, home, *options, "tests/test_levels.py", **output)
    assert done.returncode == 0 and "skipped" not in done.stdout, done.stdout[-3000:]
