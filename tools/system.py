"""Install what the tests want and pip does not bring, through apt where that is possible.

Nothing here is needed to teach or to grade: what stays missing is named, and its tests are skipped.
"""

import glob
import importlib.util
import os
import shutil
import subprocess

WANTED = {  # what: is it there, its Debian packages, what goes without it
    "Chromium": (
        lambda: any(map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))),
        ["chromium", "fonts-liberation"],
        "the explorers' tests in a browser",
    ),
    "Node.js": (lambda: shutil.which("node"), ["nodejs"], "the tests of the explorers' modules"),
    "npm": (lambda: shutil.which("npm"), ["npm"], "the site, slides and published pages, and their tests"),
    "PostgreSQL": (
        lambda: shutil.which("initdb") or glob.glob("/usr/lib/postgresql/*/bin/initdb"),
        ["postgresql"],
        "the tests of a gradebook in PostgreSQL",
    ),
    "Python's venv": (lambda: importlib.util.find_spec("ensurepip"), ["python3-venv"], "make setup"),
}


def missing():
    """Return the names in WANTED that are not there."""
    return [name for name, (there, _, _) in WANTED.items() if not there()]


def install(packages):
    """Install Debian packages; a failure is left to the report."""
    apt = ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=120"]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
        subprocess.run([*apt, *command], env=environment, stdout=subprocess.DEVNULL)


def main():
    """Install what is missing where this user may, then say what still is."""
    packages = [package for name in missing() for package in WANTED[name][1]]
    if packages and shutil.which("apt-get") and os.geteuid() == 0:
        print("Installing", *packages, flush=True)
        install(packages)
    for name in missing():
        print(f"{name} is missing ({' '.join(WANTED[name][1])} on Debian): goes without {WANTED[name][2]}")


if __name__ == "__main__":
    main()
