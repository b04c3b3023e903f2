"""The sandbox as root and as an ordinary user, at each level, by a Python that both can run."""

import os
import subprocess
import tempfile

import pytest

from benchmarks.attacks.__main__ import NOBODY, options, usable


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be another user too")
@pytest.mark.parametrize("user", [0, NOBODY], ids=["root", "an ordinary user"])
def test_both_levels_hold_and_work_for(user):
    with tempfile.TemporaryDirectory() as home:
        os.chown(home, user, user)
        os.chmod(home, 0o755)
        python, why = usable(home)
        if python is None:
            pytest.skip(f"no Python here can be run by everybody with these packages: {why}")
        quiet = ["-q", "-p", "no:cacheprovider", "-rs", f"--basetemp={home}/pytest"]
        command = [python, "-m", "pytest", *quiet, "tests/test_levels.py"]
        done = subprocess.run(command, capture_output=True, text=True, **options(home, user))
    assert done.returncode == 0 and "skipped" not in done.stdout, done.stdout[-3000:]
