"""Attempts: what each student handed in, put into a folder of its own to look at before anything is kept."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode

from autograder.collect import Submission, look_into
from autograder.errors import AutograderError
from autograder.people import Directory
from autograder.sanitise import MAX_BYTES, Unreadable

from . import schemes, sources
from .schemes import Claim, Scheme
from .sources import Entry

MAX_FILES = 50  # of one attempt
MAX_TOTAL = 100_000_000  # bytes of one attempt
FIRST = (".ipynb", ".npz")  # read before what else was handed in
LONGEST = 100  # characters in the name of a file or a folder


@dataclass(frozen=True)
class Attempt:
    """One hand-in of one student, in a folder <student>/<lesson>/ that is not yet, or already, the course's.

    remarks: a line each.  is_kept: it is what was collected before.
    """

    submission: Submission
    folder: Path
    remarks: tuple[str, ...] = ()
    is_kept: bool = False


def stage(
    source: Path, release: NotebookNode, lesson: str, directory: Directory, into: Path
) -> tuple[list[Attempt], list[str]]:
    """Put each attempt in a source into a folder of its own; return them, and what to say of the source.

    Raises: AutograderError when nobody's files are recognised, or the source cannot be read.
    """
    with sources.entries(source) as found:
        scheme = schemes.recognise((entry.name for entry in found), lesson)
        if scheme is None:
            there = f"files such as {shown(found[0].name)}" if found else "nothing"
            raise AutograderError(
                f"{source} holds {there}: expected nbgrader's exchange, a download of Canvas or Moodle, "
                f"or <student>/{lesson}/"
            )
        claimed = [(claim, entry) for entry in found if (claim := scheme.claim(entry.name))]
        strangers = [shown(entry.name) for entry in found if scheme.claim(entry.name) is None]
        of_lesson = [(claim, entry) for claim, entry in claimed if claim.lesson in ("", lesson)]
        whose = owners((claim for claim, _ in of_lesson), scheme, directory)
        groups: dict[tuple, list] = {}
        for claim, entry in of_lesson:
            groups.setdefault((claim.student, claim.number, claim.attempt), []).append((claim, entry))
        attempts = []
        for number, ((student, lms_number, _), files) in enumerate(groups.items()):
            owner, remark = whose[student, lms_number]
            folder = into / str(number) / folder_name(owner) / lesson
            remarks = [remark, "handed in late, says Canvas" if files[0][0].is_late else ""]
            remarks += unpack(folder, files, scheme)
            attempts.append(Attempt(look_into(folder, release), folder, tuple(filter(None, remarks))))
    said = [f"{source}: {scheme.says}"]
    if strangers:
        said.append(f"left out, nobody's: {', '.join(strangers[:3])}{', ...' if len(strangers) > 3 else ''}")
    return attempts, said


def owners(
    claims: Iterable[Claim], scheme: Scheme, directory: Directory
) -> dict[tuple[str, str], tuple[str, str]]:
    """Return {(name, number): (student's id, a remark)}; who cannot be told apart keeps the platform's name.

    Two numbers that come to one person by name alone are one person's and an impostor's, or two people's.
    """
    asked = dict.fromkeys((claim.student, claim.number) for claim in claims)
    found = {}
    for name, number in asked:
        person = None
        if scheme.knows_ids:
            person = directory.people.get(name)
        else:
            person = directory.by_number(number) or directory.by_name(name)
        found[name, number] = person
    by_person: dict[str, list] = {}
    for who, person in found.items():
        if person is not None:
            by_person.setdefault(person.id, []).append(who)
    owner = {}
    for (name, number), person in found.items():
        own = name if scheme.knows_ids or not number else f"{name}_{number}"
        if person is None:
            owner[name, number] = own, "not in the roster" if directory.people else ""
        elif len(by_person[person.id]) > 1 and directory.by_number(number) is not person:
            owner[name, number] = own, f"perhaps {person.id}, whom others are too by name"
        else:
            owner[name, number] = person.id, ""
    return owner


def unpack(folder: Path, files: list[tuple[Claim, Entry]], scheme: Scheme) -> list[str]:
    """Write the files of one attempt into its folder; return what to say of those that are not there.

    A file that is too large is cut one byte behind the limit, where those who read it see that it is.
    """
    folder.mkdir(parents=True)
    if not scheme.knows_ids:  # the platform's students make all the files
        files = [(claim, entry) for claim, entry in files if home(claim) not in schemes.TEACHERS]
    files = sorted(files, key=lambda pair: not any(end in home(pair[0]).lower() for end in FIRST))
    own = schemes.home_names([home(claim) for claim, _ in files], folder.name, scheme)
    remarks, used, total = [], set(), 0
    for name, (_, entry) in list(zip(own, files, strict=True))[:MAX_FILES]:
        try:
            data = entry.read(MAX_BYTES)
        except Unreadable as problem:
            remarks.append(f"{shown(name)}: {problem}")
            continue
        total += len(data)
        if total > MAX_TOTAL:
            remarks.append(f"only the first {MAX_TOTAL / 1e6:.0f} MB were taken")
            break
        (folder / unused(folder_name(name), used)).write_bytes(data)
    if len(files) > MAX_FILES:
        remarks.append(f"only {MAX_FILES} of {len(files)} files were taken")
    if files and files[0][0].time:  # the name of nbgrader's folder says it, and not the student
        (folder / "timestamp.txt").write_text(files[0][0].time, encoding="utf-8")
    return remarks


def home(claim: Claim) -> str:
    """Return the last part of a file's path at home."""
    return claim.file.rpartition("/")[2]


def folder_name(text: str) -> str:
    """Return a name that a file or a folder can have; what had to be changed stays different from others."""
    fit = "".join(letter if letter.isprintable() and letter != "/" else "?" for letter in text).lstrip(".")
    fit = fit.encode("utf-8", "replace").decode()
    if fit == text and len(text) <= LONGEST:
        return text
    stem, ending = re.fullmatch(r"(.*?)((?:\.\w{1,8})?)", fit, re.DOTALL).groups()
    return f"{stem[: LONGEST - 20]}~{hashlib.sha256(text.encode('utf-8', 'replace')).hexdigest()[:8]}{ending}"


def unused(name: str, used: set[str]) -> str:
    """Return a name, or with " (2)" and so on, that no file has yet, not even in other case."""
    stem, ending = re.fullmatch(r"(.*?)((?:\.\w{1,8})?)", name, re.DOTALL).groups()
    number, free = 1, name
    while free.casefold() in used:
        number += 1
        free = f"{stem} ({number}){ending}"
    used.add(free.casefold())
    return free


def shown(name: str) -> str:
    """Return a name from a source as one short printable line."""
    line = "".join(letter if letter.isprintable() else "?" for letter in name)
    return line if len(line) <= 60 else f"{line[:57]}..."
