"""What this machine has for grading, and what an administrator could do about what it has not."""

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from nbgrader.coursedir import CourseDirectory
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError
from traitlets.config import Config

from autograder.configuration import configuration
from autograder.sandbox import levels
from autograder.sandbox.jail import landlock

PACKAGES = ("numpy", "matplotlib", "ipython", "nbgrader", "sqlalchemy")
SETTINGS = {  # of the kernel, that keep ordinary users from namespaces: the value that does, what to do
    "kernel/unprivileged_userns_clone": ("0", "set kernel.unprivileged_userns_clone=1 with sysctl"),
    "kernel/apparmor_restrict_unprivileged_userns": (
        "1",
        "give Python an AppArmor profile with `userns,`, or set "
        "kernel.apparmor_restrict_unprivileged_userns=0 with sysctl",
    ),
    "user/max_user_namespaces": ("0", "set user.max_user_namespaces=10000 with sysctl"),
}


MEANING = {
    "A": "submissions have files, processes and a network of their own",
    "B": "submissions can write no file and start no process",
    "D": "none; `autograder grade` refuses with exit code 3, unless --i-trust-this-code",
}


def lines(root: Path) -> list[str]:
    """Return what there is, a line each; the level of the sandbox first."""
    found = levels.find()
    said = [f"sandbox level {found.level}: {MEANING[found.level]}"]
    for level, why in found.why.items():
        said += [f"no level {level}: {why}", *(f"  to mend it: {advice}" for advice in advise(level))]
    return [*said, *versions(), database(root)]


def advise(level: str, settings: Path = Path("/proc/sys")) -> list[str]:
    """Return what an administrator can do so that a machine has a level."""
    if platform.system() != "Linux":
        return ["grade on Linux, or in a virtual machine with Linux"]
    if level == "A":
        found = [advice for name, (bad, advice) in SETTINGS.items() if _value(settings / name) == bad]
        return found or ["allow user namespaces (in a container: its seccomp profile), or grade as root"]
    if landlock.version() < landlock.LEAST:
        return [f"run Linux 6.7 or later with Landlock (version {landlock.version()} is here)"]
    if os.geteuid() == 0:
        return ["grade as an ordinary user, or with a Python and packages that every user can read"]
    return []


def versions() -> list[str]:
    """Return versions of what grading is made of."""
    found = [f"{name} {_version(name)}" for name in PACKAGES]
    return [
        f"Python {platform.python_version()} on {platform.system()} {platform.release()} "
        f"{platform.machine()}, as user {os.geteuid() if hasattr(os, 'geteuid') else 'unknown'}",
        ", ".join(found),
    ]


def database(root: Path) -> str:
    """Return whether the gradebook can be reached; that makes none."""
    own = Config({"CourseDirectory": {"root": str(root)}})
    config = configuration(root) if (root / "nbgrader_config.py").is_file() else own
    address = make_url(CourseDirectory(config=config).db_url)
    place = address.render_as_string(hide_password=True)
    if address.get_backend_name() == "sqlite" and not Path(address.database or "").exists():
        return f"gradebook {place}: not there yet, made by the first `autograder grade`"
    try:
        engine = create_engine(address)
        with engine.connect():
            pass
        engine.dispose()
    except (SQLAlchemyError, ModuleNotFoundError) as error:
        return f"gradebook {place}: cannot be reached: {str(error).partition(chr(10))[0]}"
    return f"gradebook {place}: can be reached"


def _value(path: Path) -> str | None:
    try:
        return path.read_text().strip()
    except OSError:
        return None


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "(not installed)"
