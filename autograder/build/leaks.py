"""The leak check: no answer and no known wrong one in what students get, however deep it is packed."""

import io
import re
import zipfile

from course import mistakes

from . import answers, bugs

SHORTEST = 12  # characters without spaces; a shorter line says too little to be an answer
KEPT = ("mistakes", "lessons", "lectures")  # folders of course that stay with the teacher


def find(files, secrets):
    """Return a line for each leak in files.

    files: {path: bytes}; archives among them are opened.  secrets: {normalised text: text as it is written}.
    """
    leaks = []
    for path, content in unpacked(files):
        if set(KEPT) & set(path.split("/")):
            leaks.append(f"{path} stays with the teacher")
        text = normalised(content.decode("utf-8", "ignore"))
        leaks += [f"{path} holds {told.strip()[:80]!r}" for secret, told in secrets.items() if secret in text]
    return leaks


def unpacked(files):
    """Yield (path, bytes) of files and of what lies in the archives among them."""
    for path, content in files.items():
        if content.startswith(b"PK"):
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                inside = {f"{path}/{name}": archive.read(name) for name in archive.namelist()}
            yield from unpacked(inside)
        else:
            yield path, content


def secrets(lesson):
    """Return {normalised text: text} of what a built lesson's students must not see.

    These are the lines of the answers and of sealed wrong ones, and known wrong and right answers as a whole.
    What stands in a given cell, or outside the markers of an answer, is told to everybody.
    """
    hidden = [line for cell in lesson.of_kind("written") for line in cell.source.splitlines()]
    told = [line for cell in lesson.of_kind("given") for line in cell.source.splitlines()]
    for cell in lesson.of_kind("solution"):
        answer, given = answers.split(cell.source)
        hidden += [without_comment(line) for line in answer]
        told += given
    for cell in lesson.of_kind("bug"):
        hidden += [without_comment(line) for line in bugs.broken_lines(cell)]
    if lesson.lesson in mistakes.LESSONS:
        hidden += [mistake.source for mistake in mistakes.mistakes(lesson.lesson)]
        hidden += [way for ways in mistakes.right_ways(lesson.lesson).values() for way in ways.values()]
    free = normalised("\n".join(told))
    found = {normalised(text): text for text in hidden}
    return {secret: text for secret, text in found.items() if len(secret) >= SHORTEST and secret not in free}


def without_comment(line):
    """Return a line of code up to its comment."""
    return re.sub(r"(^|\s)#.*", "", line)


def normalised(text):
    """Return a text without what may differ between two copies: space, zero bytes, JSON's escapes."""
    return re.sub(r"[\s\0]|\\[nrt]", "", text).replace("\\", "")
