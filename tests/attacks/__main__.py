"""Attack the grader: `python -m tests.attacks`, at each level, as root and as an ordinary user.

The last line says what came of it. With --here one level is tried by this user; --only picks rows by name.
"""

import argparse
import json
import os
import sys
import time
from dataclasses import asdict, dataclass, field

from autograder import engine
from autograder.sandbox import Limits, levels
from tests import small_lesson
from tests.attacks import pair, stock, users
from tests.attacks.ends import ENDS
from tests.attacks.files import FILES
from tests.attacks.harm import HARM
from tests.attacks.points import POINTS
from tests.attacks.witness import Meter, Witness, fingerprint, idle
from tests.small_lesson import as_bytes

TABLE = [*POINTS, *HARM, *ENDS, *FILES]
LIMITS = Limits(cell_seconds=2, call_seconds=1, wall_seconds=8, memory_bytes=700 << 20)
MOST_SECONDS = 10 + 2 * 4 * LIMITS.wall_seconds  # two runs, each begun again three times
MOST_BYTES = 2 * LIMITS.memory_bytes  # memory is looked at now and then, and may be above for a moment


@dataclass
class Tally:
    """What came of attacks."""

    tried: int = 0
    undeserved: list[str] = field(default_factory=list)
    harm: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    limited: list[str] = field(default_factory=list)

    def add(self, other):
        """Count what another one counted."""
        self.tried += other.tried
        for name in ("undeserved", "harm", "lost", "limited"):
            getattr(self, name).extend(getattr(other, name))

    def line(self):
        """Return the sum."""
        return (
            f"attacks: {self.tried} tried, {len(self.undeserved)} undeserved points, {len(self.harm)} harm, "
            f"{len(self.lost)} lost, {len(self.limited)} limited"
        )


def grade(name, data):
    return engine.grade(engine.Job(name, small_lesson.bundle(), data, 11, LIMITS, trusted=not levels.JAILS))


def points(result):
    return sum(verdict["points"] for verdict in result.verdicts.values())


def attempt(attack, level, tally, witness):
    """Grade one row, and an honest submission after it; say what went wrong."""
    where, start = f"{attack.name} (level {level})", time.monotonic()
    tally.tried += 1
    before = fingerprint(idle()._folder)
    with Meter() as meter:
        try:
            result = grade("mallory", attack.bytes(witness.words))
        except Exception as error:
            tally.lost.append(f"{where}: {type(error).__name__}: {error}")
            return
    seconds = time.monotonic() - start
    harm = witness.harm(result, idle())
    if fingerprint(idle()._folder) != before:
        harm.append("it changed what the next one starts from")
    if meter.most > MOST_BYTES:
        harm.append(f"it used {meter.most / 2**20:.0f} MB")
    if seconds > MOST_SECONDS:
        harm.append(f"it took {seconds:.0f} s")
    honest = grade("ann", as_bytes(small_lesson.right()))
    if (points(honest), honest.state, honest.reason) != (8.0, "graded", ""):
        harm.append(f"the next one got {points(honest)} ({honest.state}: {honest.reason})")
    if harm and level in attack.limited:
        tally.limited.append(f"{where}: {'; '.join(harm)}: {attack.limited[level]}")
    else:
        tally.harm += [f"{where}: {each}" for each in harm]
    said = f"{result.state}: {result.reason}"
    if points(result) > attack.worth:
        tally.undeserved.append(f"{where}: {points(result):g} instead of {attack.worth:g} points")
    elif points(result) < attack.worth and not result.reason:
        tally.lost.append(f"{where}: {points(result):g} instead of {attack.worth:g} points, and no reason")
    elif attack.says and not any(text in said for text in attack.says):
        tally.lost.append(f"{where}: said only {said}")
    print(
        f"{seconds:5.1f} s  {points(result):g} of {attack.worth:g}  {attack.name}  [{said[:100]}]", flush=True
    )


def here(level, only):
    """Try all rows at one level as this user."""
    tally = Tally()
    levels.JAILS = (level,)  # no better one
    print(f"level {level}, user {os.geteuid()}", flush=True)
    grade("ann", as_bytes(small_lesson.right()))
    with Witness() as witness:
        for attack in TABLE:
            if only in attack.name:
                attempt(attack, level, tally, witness)
    if only in pair.NAME:
        pair.attempt(level, tally)
    return tally


def main():
    """Try everything, or what the command line names."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--here", choices=levels.JAILS)
    asked.add_argument("--only", default="")
    asked.add_argument("--json")
    asked.add_argument("--stock", action="store_true", help="also how stock nbgrader does, for comparison")
    options = asked.parse_args()
    tally = Tally()
    if options.here:
        tally = here(options.here, options.only)
    else:
        for user, level, reason in users.combinations():
            if reason:
                print(f"level {level} as {user}: not tried: {reason}", flush=True)
            else:
                tally.add(Tally(**users.run(user, level, options.only)))
    if options.stock:
        print(stock.compare(), flush=True)
    for title in ("undeserved", "harm", "lost", "limited"):
        for line in getattr(tally, title):
            print(f"{title}: {line}")
    if options.json:
        with open(options.json, "w") as file:
            json.dump(asdict(tally), file)
    print(tally.line())
    return 1 if tally.undeserved or tally.harm or tally.lost else 0


if __name__ == "__main__":
    sys.exit(main())
