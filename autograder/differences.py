"""What a second grading of the same submissions changes: for whom, at which question, and why. Pure."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from autograder import automatic
from autograder.engine import Result
from autograder.gradebook import Entry
from autograder.late import Penalty

LATE = "late penalty"
SHOWN = 40  # changes on a terminal; the table has all


@dataclass(frozen=True)
class Change:
    """What becomes of the points of one question of one submission, and why.

    before, after: None while a person still has to give them; equal where points that a person gave stay
    although the check now gives others.
    """

    student: str
    question: str
    before: float | None
    after: float | None
    why: str

    @property
    def gain(self) -> float:
        """Return how many points more there are; waiting ones are none."""
        return (self.after or 0.0) - (self.before or 0.0)


def changes(entry: Entry, before: Result, after: Result, penalty: Penalty) -> list[Change]:
    """Return what recording a Result would change of an entry in the gradebook, in the order of the lesson.

    before: the Result that was recorded.
    """
    given, found, total = automatic.points(after), [], 0.0
    state = f"{after.state}: {after.reason}" if after.state not in (before.state, "graded") else ""
    for question, score in entry.scores.items():
        then, now = before.verdicts.get(question), after.verdicts.get(question)
        reasons = why(then, now) if then and now else []
        points = score.points if score.by_hand else given[question]
        total += points or 0.0
        if points != score.points:
            said = [state, *reasons] if now else ["now left as released" if points == 0 else "now waits"]
            found.append(Change(entry.student, question, score.points, points, join(said)))
        elif score.by_hand and then and now and then["points"] != now["points"]:
            stays = f"given by hand, stays; the check gives {now['points']:g} instead of {then['points']:g}"
            found.append(Change(entry.student, question, points, points, join([stays, *reasons])))
    taken_off = penalty(entry.student, total, entry.seconds_late)
    if taken_off != entry.late_penalty:
        found.append(Change(entry.student, LATE, -entry.late_penalty, -taken_off, "follows points and dates"))
    return found


def why(before: dict, after: dict) -> list[str]:
    """Return in which ways two verdicts on one question differ, as their JSON has them."""
    reasons = []
    if before["max_points"] != after["max_points"]:
        reasons.append(f"worth {after['max_points']:g} instead of {before['max_points']:g}")
    then, now = passed(before), passed(after)
    for word, groups in (
        ("right", [name for name in now if now[name] and not then.get(name, False)]),
        ("wrong", [name for name in now if not now[name] and then.get(name, True)]),
    ):
        if groups:
            reasons.append(f"now {word}: {', '.join(groups)}")
    old, new = fault(before), fault(after)
    if old != new:
        reasons += [f"no longer: {old}"] if old else []
        reasons += [f"now: {new}"] if new else []
    return reasons or ["the same cases count for more or less"]


def passed(verdict: dict) -> dict[str, bool]:
    """Return which groups of cases passed, the visible and the hidden ones of each."""
    hidden = verdict["hidden"] or {}
    return {name: is_right and hidden.get(name, True) for name, is_right in verdict["groups"].items()}


def fault(verdict: dict) -> str:
    """Return what is amiss by a verdict, in a few words; nothing where all is right."""
    if verdict["mistake"]:
        return verdict["mistake"]["name"].rpartition(".")[2].replace("_", " ")
    return "" if verdict["status"] == "right" else verdict["status"]


def join(reasons: Sequence[str]) -> str:
    """Return reasons as one line."""
    return "; ".join(filter(None, reasons))


def lines(lesson: str, count: int, found: Sequence[Change]) -> list[str]:
    """Return what a person wants to know of `count` submissions graded again: each change, then sums."""
    said = [line(change) for change in found[:SHOWN]]
    if len(found) > SHOWN:
        said.append(f"... and {len(found) - SHOWN} more: --table writes all")
    moved, by_question = defaultdict(float), defaultdict(list)
    for change in found:
        moved[change.student] += change.gain
        if change.gain:
            by_question[change.question].append(change.gain)
    for question, gains in by_question.items():
        ups, downs = [gain for gain in gains if gain > 0], [gain for gain in gains if gain < 0]
        said.append(f"{question}: {len(ups)} gain {sum(ups):g}, {len(downs)} lose {-sum(downs):g}")
    ways = Counter("gain" if gain > 0 else "lose" for gain in moved.values() if gain)
    kept = sum(change.before == change.after for change in found)
    summary = f"{lesson}: {count} graded again: {ways['gain']} gain, {ways['lose']} lose, "
    summary += f"{count - ways.total()} keep their points"
    return [*said, summary + (f"; graded by hand, staying: {kept}" if kept else "")]


def line(change: Change) -> str:
    """Return one change as a line."""
    before, after = (("waiting" if each is None else f"{each:g}") for each in (change.before, change.after))
    return f"{change.student}  {change.question}  {before} -> {after}  ({change.why})"
