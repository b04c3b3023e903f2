"""Make .venv: a tested Python, the locked packages, then the project itself.

Keeps to what old Pythons know, so that they get a sentence instead of a traceback.
"""

import argparse
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
PROBE = "import sys, venv, ensurepip; print('%d.%d' % sys.version_info[:2])"


def tested_versions(pyproject):
    """Return the Python versions that pyproject.toml (its text) names as tested, oldest first."""
    return re.findall(r'"Programming Language :: Python :: (3\.\d+)"', pyproject)


def number(version):
    """Return "3.12" as (3, 12), which compares as versions do."""
    return tuple(map(int, version.split(".")))


def version_of(python):
    """Return "3.12" for a Python that can make virtual environments, otherwise None."""
    try:
        probe = subprocess.run([str(python), "-c", PROBE], capture_output=True, text=True)
    except OSError:
        return None
    return probe.stdout.strip() if probe.returncode == 0 else None


def choose(found, tested, unlocked):
    """Return the first of found, pairs of (python, version), that may be used, or None.

    Unlocked accepts every version from the oldest tested one on.
    """
    for python, version in found:
        if version in tested or (unlocked and version and number(version) >= number(tested[0])):
            return python
    return None


def why_none(found, tested):
    """Say in one line why none of found will do, and what to do."""
    wanted = "Python " + ", ".join(tested)
    version = found[0][1]
    if version is None:
        return (f"{found[0][0]} cannot make virtual environments: install its venv module "
                f"(Debian, Ubuntu: apt install python3-venv), or name another: make setup PYTHON=...")
    if number(version) < number(tested[0]):
        return f"Python {version} is too old: name one of {wanted}: make setup PYTHON=..."
    return (f"Python {version} is not among those tested ({wanted}): name one of them, "
            f"make setup PYTHON=..., or install today's packages unlocked: make setup UNLOCKED=1")


def install(unlocked):
    """Install the packages, then the project itself, into .venv."""
    pip = [str(PYTHON), "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--no-compile"]
    # The lock holds hashes of wheels; building from source would run code that no hash covers.
    locked = ["--only-binary", ":all:", "--require-hashes", "--requirement", "requirements.lock"]
    if unlocked:
        subprocess.run([*pip, "--editable", ".[test,cluster,postgresql,site]"], cwd=ROOT, check=True)
    else:
        subprocess.run([*pip, *locked], cwd=ROOT, check=True)
        own = ["--no-deps", "--no-build-isolation", "--editable", "."]
        subprocess.run([*pip, *own], cwd=ROOT, check=True)
    # pip compiles one file after the other; some that packages bring for their tests are no Python at all.
    subprocess.run([str(PYTHON), "-m", "compileall", "-qq", "-j", "0", str(VENV / "lib")])


def main():
    """Make .venv and fill it; an existing one of an accepted version is kept."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--unlocked", action="store_true", help="newest packages, any newer Python")
    unlocked = parser.parse_args().unlocked

    tested = tested_versions((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    names = [sys.executable, *("python" + version for version in tested)]
    found = [(name, version_of(name)) for name in names]
    if not choose([(PYTHON, version_of(PYTHON))], tested, unlocked):
        python = choose(found, tested, unlocked)
        if python is None:
            sys.exit(why_none(found, tested))
        if VENV.exists() and not (VENV / "pyvenv.cfg").exists():
            sys.exit(f"{VENV} is there but no virtual environment: move it away")
        subprocess.run([python, "-m", "venv", "--clear", str(VENV)], check=True)
    kind = "the newest packages" if unlocked else "the packages of requirements.lock"
    print(f"Installing {kind} for Python {version_of(PYTHON)} into .venv (some minutes)", flush=True)
    try:
        install(unlocked)
    except subprocess.CalledProcessError:
        sys.exit("pip could not install the packages; what it said stands above. "
                 "Once that is mended, `make setup` goes on from here.")


if __name__ == "__main__":
    main()
