"""The known answers of every TODO, and what its check makes of them: docs/mistakes.md.

python -m benchmarks.matrix
"""

from collections import Counter
from dataclasses import dataclass

from benchmarks.known import full_marks, judge, of_mistake
from benchmarks.record import ROOT
from course.checks import tasks
from course.checks.lessons import LESSONS
from course.checks.oracle import Fresh
from course.files import write
from course.mistakes import FAULTS, mistakes, right_ways

PAGE = ROOT / "docs" / "mistakes.md"
SEED = 11
HEAD = """# Known answers

Each check is tried on wrong answers that have a name, and on right answers that differ from the reference.
The tests fail when a wrong one is not caught and named, or a right one loses a point.
`python -m benchmarks.matrix` writes this page, and a test compares it with the bank in `course/mistakes/`.

*wrong* costs the groups of cases in which it answers wrongly; *care* costs the care group; *note* and
*convention* are named and cost nothing. *Caught*: it costs points, or it is noted where it costs nothing.
*Named*: the student is told just this mistake. *Accepted*: a right way gets full marks.
"""
COLUMNS = ("TODO", *FAULTS, "caught", "named", "right ways", "accepted")


@dataclass(frozen=True)
class Row:
    """One TODO: how many known mistakes of each class, how many are caught and named, the right ways."""

    stem: str
    faults: Counter
    caught: int
    named: int
    ways: int
    accepted: int

    @property
    def cells(self):
        """Return the row's cells in the order of COLUMNS."""
        return f"`{self.stem}`", *self.numbers

    @property
    def numbers(self):
        """Return the row's numbers in the order of COLUMNS."""
        return *(self.faults[fault] for fault in FAULTS), self.caught, self.named, self.ways, self.accepted


def measured(task):
    """Return the Row of one TODO as its check judges the known answers now."""
    bank = known(task)
    made = [judge(task, of_mistake(task, mistake), mistake.fault, Fresh()) for mistake in bank]
    caught = sum(caught for caught, _ in made)
    named = sum(named == mistake.name for mistake, (_, named) in zip(bank, made, strict=True))
    accepted = [full_marks(task, text, [SEED])[0] for text in right_ways(task.lesson)[task.stem].values()]
    return Row(task.stem, faults(bank), caught, named, len(accepted), sum(accepted))


def as_it_must_be(task):
    """Return the Row of one TODO with all its mistakes caught and named, all its right ways accepted."""
    bank, ways = known(task), len(right_ways(task.lesson)[task.stem])
    return Row(task.stem, faults(bank), len(bank), len(bank), ways, ways)


def known(task):
    """Return the known mistakes of one TODO."""
    return [mistake for mistake in mistakes(task.lesson) if mistake.stem == task.stem]


def faults(bank):
    """Return how many mistakes there are of each class."""
    return Counter(mistake.fault for mistake in bank)


def page(row_of=measured):
    """Return the page: a table for each lesson, and the sums; row_of: function Task -> Row."""
    parts, sums = [HEAD], []
    for lesson in LESSONS:
        rows = [row_of(task) for task in tasks(lesson).values()]
        sums += rows
        parts.append(f"## {lesson}\n\n{table([each.cells for each in rows])}")
    total = [sum(column) for column in zip(*(each.numbers for each in sums), strict=True)]
    parts.append(f"## All lessons\n\n{table([(f'{len(sums)} TODOs', *total)])}")
    return "\n".join(parts)


def table(rows):
    """Return a table in Markdown."""
    lines = [COLUMNS, ("---", *["--:"] * (len(COLUMNS) - 1)), *rows]
    return "".join(f"| {' | '.join(map(str, cells))} |\n" for cells in lines)


if __name__ == "__main__":
    write(PAGE, page().encode())
