"""The attacks are what they say: they find harm where there is no sandbox, and none where there is one."""

import pytest

from autograder.sandbox import levels
from tests.attacks.__main__ import TABLE, Tally, attempt, grade
from tests.attacks.pair import attempt as attempt_pair
from tests.attacks.witness import Witness
from tests.small_lesson import as_bytes, right

ROWS = {attack.name: attack for attack in TABLE}
# Rows that touch nothing but what a Witness sets up.
SAFE = [
    "a secret read by its path",
    "files outside written and renamed",
    "modes, owners, dates and marks of files changed",
    "sockets of every kind",
    "the size of a file that is guessed learned",
]
QUICK = [
    *SAFE,
    "the check replaced",
    "replies forged on the wire",
    "the worker's calls replaced",
    "a test cell edited",
    "parents and everybody killed",
    "os._exit in a function",
    "the course and its worker poisoned for the next one",
]
LEVEL = levels.find().level
jailed = pytest.mark.skipif(LEVEL == levels.NONE, reason=f"no sandbox here: {levels.find().why}")


def tried(names, level):
    tally = Tally()
    grade("ann", as_bytes(right()))
    with Witness() as witness:
        for name in names:
            attempt(ROWS[name], level, tally, witness)
    return tally


def test_there_are_at_least_sixty_rows_with_names_of_their_own():
    assert len(ROWS) == len(TABLE) >= 60
    assert {attack.kind for attack in TABLE} == {"points", "harm", "end", "file"}


@jailed
def test_attacks_on_a_sandbox_come_to_nothing():
    tally = tried(QUICK, LEVEL)
    attempt_pair(LEVEL, tally)
    assert (tally.undeserved, tally.harm, tally.lost) == ([], [], [])
    assert tally.tried == len(QUICK) + 1


def test_the_same_attacks_do_harm_where_there_is_no_sandbox_and_that_is_seen(monkeypatch):
    monkeypatch.setattr(levels, "JAILS", ())
    levels.find.cache_clear()
    try:
        tally = tried(SAFE, "D")
    finally:
        monkeypatch.undo()
        levels.find.cache_clear()
    seen = {line.partition(" (level")[0] for line in tally.harm}
    assert seen >= {*SAFE}
    assert tally.undeserved == []
