"""Root and an ordinary user, and a Python that both can run."""

import functools
import json
import os
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

from autograder.sandbox import levels

ROOT = Path(__file__).resolve().parent.parent.parent
NOBODY = 65534
NEEDED = "import numpy, matplotlib, nbgrader, pytest, tests"


def environment(home):
    """Return the environment of another user's process that finds our packages."""
    places = [ROOT, sysconfig.get_path("purelib"), sysconfig.get_path("platlib")]
    return {
        "PATH": os.defpath,
        "HOME": str(home),
        "TMPDIR": str(home),
        "MPLCONFIGDIR": str(home),
        "PYTHONPATH": os.pathsep.join(map(str, places)),
        "PYTHONDONTWRITEBYTECODE": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }


def started(python, user, home, *arguments, **options):
    """Run a Python as a user of this number."""
    identity = {"user": user, "group": user, "extra_groups": []} if os.geteuid() != user else {}
    return subprocess.run(
        [python, *arguments], env=environment(home), cwd=ROOT, text=True, **identity, **options
    )


@functools.cache
def shared_python():
    """Return a Python that an ordinary user can run with our packages, or "" and why there is none."""
    name, said = f"python{sys.version_info.major}.{sys.version_info.minor}", "none is installed"
    for candidate in (os.path.realpath(sys.executable), f"/usr/bin/{name}", f"/usr/local/bin/{name}"):
        if os.path.exists(candidate):
            try:
                done = started(candidate, NOBODY, "/nonexistent", "-c", NEEDED, capture_output=True)
                if done.returncode == 0:
                    return candidate, ""
                said = done.stderr.strip()[-200:]
            except PermissionError as error:
                said = str(error)
    return "", f"no Python here can be run by an ordinary user with these packages: {said}"


def combinations():
    """Return (user, level, why it cannot be tried or "")."""
    if os.geteuid() != 0:
        return [*((os.geteuid(), level, levels.why_not(level)) for level in levels.JAILS),
                *((0, level, "this user is not root") for level in levels.JAILS)]  # fmt: skip
    return [(user, level, shared_python()[1]) for user in (0, NOBODY) for level in levels.JAILS]


def run(user, level, only):
    """Run the attacks as a user at a level; return what a Tally counts."""
    python = shared_python()[0] if os.geteuid() == 0 else sys.executable
    with tempfile.TemporaryDirectory(prefix="attacks-") as home:
        os.chmod(home, 0o755)
        os.chown(home, user, -1)
        told = Path(home) / "told.json"
        started(
            python, user, home, "-m", "tests.attacks", "--here", level, "--only", only, "--json", str(told)
        )
        if not told.exists():
            return {"tried": 1, "lost": [f"level {level} as {user}: the attacks themselves ended"]}
        return json.loads(told.read_text())
