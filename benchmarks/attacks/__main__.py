"""`python -m benchmarks.attacks`: attack the grader, say what came of it, keep it in attacks.json."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from tqdm import tqdm

from autograder.sandbox import levels
from benchmarks.attacks import stock
from benchmarks.attacks.attack import Attack
from benchmarks.attacks.suite import Found, Suite
from benchmarks.attacks.table import ATTACKS
from benchmarks.record import ROOT, commit, machine
from course.files import write

FILE = ROOT / "benchmarks" / "attacks.json"
MEASURED = ("benchmarks/attacks", "autograder", "course/checks")
NOBODY = 65534
COUNTED = ("undeserved", "harm", "lost")


def main(
    level: Annotated[str, typer.Option(help="A or B.")] = "A",
    user: Annotated[str, typer.Option(help="root, nobody, or me.")] = "me",
    only: Annotated[str, typer.Option(help="Attacks with this in their name.")] = "",
    compare: Annotated[bool, typer.Option(help="How many forged points does stock nbgrader give?")] = False,
    into: Annotated[Path, typer.Option(help="Where the figures are kept.")] = FILE,
):
    """Attack the grader at one level as one user."""
    if level not in levels.JAILS:
        raise typer.BadParameter(f"expected one of {', '.join(levels.JAILS)}, got {level}")
    if user != "me":
        raise typer.Exit(as_user(user, level, only, into))
    chosen = [
        attack for attack in ATTACKS if only in attack.name and (level == "A" or not attack.needs_kernel)
    ]
    if compare:
        forged, of = stock.fooled([attack for attack in chosen if attack.kind == "forging"])
        keep(into, "stock nbgrader", {"fooled": forged, "not_fooled": sorted(set(of) - set(forged))}, only)
        typer.echo(f"stock nbgrader autograde: {len(forged)} of {len(of)} forged points given")
        return
    why = levels.why_not(level)
    if why:
        typer.echo(f"attacks: no level {level} here: {why}", err=True)
        raise typer.Exit(2)
    start = time.monotonic()
    found = run(level, chosen)
    seconds = round(time.monotonic() - start)
    name = "root" if os.geteuid() == 0 else "an ordinary user"
    keep(
        into, f"level {level} as {name}", {**counts(found), "seconds": seconds, "attacks": told(found)}, only
    )
    typer.echo("\n".join([*remarks(found), f"level {level} as {name}, {seconds} s", closing(found)]))
    raise typer.Exit(
        any(counts(found)[name] for name in COUNTED) or level == "A" and counts(found)["limited"]
    )


def run(level: str, attacks: list[Attack]) -> list[Found]:
    """Return what came of attacks, one after another."""
    # In a place that other users may enter, so that nothing but the sandbox keeps a submission out.
    with tempfile.TemporaryDirectory(prefix="course-") as folder:
        os.chmod(folder, 0o755)
        with Suite(Path(folder), attacks) as suite, tqdm(attacks, unit="attack") as bar:
            suite.warm_up(level)
            found = []
            for attack in bar:
                bar.set_description(attack.name[:30].ljust(30))
                found.append(suite.attack(attack, level))
                if not found[-1].is_held:
                    bar.write("\n".join(remarks(found[-1:])))
            return found


def remarks(found: list[Found]) -> list[str]:
    """Return a line on each attack that was not held, and on each that was only limited."""
    lines = [f"limited: {each.name}: {each.limited}" for each in found if each.limited]
    for kind in COUNTED:
        lines += [f"{kind}: {each.name}: {what}" for each in found for what in getattr(each, kind)]
    return lines


def counts(found: list[Found]) -> dict[str, int]:
    """Return how many attacks there were, and how many went wrong in which way."""
    wrong = Counter(kind for each in found for kind in (*COUNTED, "limited") if getattr(each, kind))
    return {"tried": len(found), **{kind: wrong[kind] for kind in (*COUNTED, "limited")}}


def closing(found: list[Found]) -> str:
    """Return the line that sums up."""
    n = counts(found)
    return (
        f"attacks: {n['tried']} tried, {n['undeserved']} undeserved points, {n['harm']} harm, "
        f"{n['lost']} lost, {n['limited']} limited"
    )


def told(found: list[Found]) -> dict[str, dict]:
    """Return what is kept of each attack: only what there is to say."""
    return {each.name: {key: value for key, value in asdict(each).items() if value and key != "name"}
            for each in found}  # fmt: skip


def keep(into: Path, name: str, figures: dict, only: str) -> None:
    """Put the figures of a whole run into the file, beside those of other levels and users."""
    if only:
        return
    kept = json.loads(into.read_bytes()) if into.is_file() else {}
    when = {"commit": commit(MEASURED), "machine": machine()} if into == FILE else {}
    kept[name] = {**when, **figures}
    write(into, (json.dumps(kept, indent=1) + "\n").encode())


def wanted(user: str) -> int:
    """Return the number of a user."""
    numbers = {"root": 0, "nobody": NOBODY}
    if user not in numbers:
        raise typer.BadParameter(f"expected root, nobody or me, got {user}")
    return numbers[user]


def as_user(user: str, level: str, only: str, into: Path) -> int:
    """Run the same as a user, with a Python that everybody can run; return the exit code."""
    if os.geteuid() not in (0, wanted(user)):
        raise typer.BadParameter(f"only root can be another user: run it as {user} yourself")
    with tempfile.TemporaryDirectory() as home:
        kept = Path(home) / "attacks.json"
        python, why = usable(home)
        if python is None:
            typer.echo(
                f"attacks: no Python here can be run by everybody with these packages: {why}", err=True
            )
            return 2
        os.chown(home, wanted(user), wanted(user))
        arguments = ["--level", level, "--only", only, "--into", str(kept)]
        command = [python, "-m", "benchmarks.attacks", *arguments]
        code = subprocess.run(command, **options(home, wanted(user))).returncode
        if kept.is_file():
            for name, figures in json.loads(kept.read_bytes()).items():
                keep(into, name, figures, only)
    return code


def options(home: str, number: int) -> dict:
    """Return how a program is started as the user with this number."""
    identity = {"user": number, "group": number, "extra_groups": []} if os.geteuid() == 0 else {}
    return {"env": environment(home), "cwd": ROOT, **identity}


def usable(home: str) -> tuple[str | None, str]:
    """Return a Python that works for ordinary users, or why there is none."""
    name, why = f"python{sys.version_info.major}.{sys.version_info.minor}", "not found"
    places = [os.path.realpath(sys.executable), f"/usr/bin/{name}", f"/usr/local/bin/{name}"]
    for place in filter(os.path.exists, places):
        try:
            command = [place, "-c", "import numpy, nbgrader, benchmarks.attacks.suite"]
            done = subprocess.run(command, capture_output=True, text=True, **options(home, NOBODY))
        except PermissionError as error:
            why = str(error)
            continue
        if done.returncode == 0:
            return place, ""
        why = done.stderr.strip()[-200:]
    return None, why


def environment(home: str) -> dict[str, str]:
    """Return the environment of another user."""
    places = [ROOT, sysconfig.get_path("purelib"), sysconfig.get_path("platlib")]
    return {
        "PATH": os.defpath,
        "HOME": home,
        "MPLCONFIGDIR": home,
        "PYTHONPATH": os.pathsep.join(map(str, places)),
        "PYTHONDONTWRITEBYTECODE": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "LANG": "C.UTF-8",
    }


if __name__ == "__main__":
    typer.run(main)
