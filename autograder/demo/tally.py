"""Compare what was handed in with what was recorded, answer by answer."""

from dataclasses import dataclass

from course.checks.lessons import WEIGHED
from course.submission.weights import FILE

STATES = ("graded", "partly graded")
MUST_EQUAL = {
    "graded": "submissions",
    "right_full_marks": "right_answers",
    "wrong_caught": "wrong_answers",
    "wrong_named": "wrong_answers",
    "notes_full_marks": "notes",
    "notes_named": "notes",
    "no_answers_without_points": "no_answers",
    "nets_with_points": "nets",
    "refused_named": "refused_weights",
}
MUST_BE_NONE = ("lost", "wrong_elsewhere")
AT_LEAST = {"submissions": 30, "right_answers": 60, "wrong_answers": 90}


@dataclass(frozen=True)
class Recorded:
    """What is recorded of one answer: points, the mistake that the verdict names, and its class of fault.

    told: what the verdict says first.
    """

    points: float
    max_points: float
    mistake: str | None = None
    fault: str | None = None
    told: str = ""

    @property
    def full(self):
        """Return True for full points."""
        return self.points == self.max_points


@dataclass(frozen=True)
class Ending:
    """How grading a submission ended, as it was recorded."""

    state: str
    reason: str = ""

    @property
    def explained(self):
        """Return True for a known state that says why where something went wrong."""
        return self.state == "graded" or self.state in ("partly graded", "failed") and bool(self.reason)


def records(results, entries):
    """Return ({student: {stem: Recorded}}, {student: Ending}) of what is in the gradebook and beside it.

    Points come from the gradebook, mistakes, states and reasons from the records of grading.
    """
    found = {
        result.student: {
            verdict["stem"]: Recorded(score.points, score.max_points, *named(verdict))
            for cell_id, verdict in result.verdicts.items()
            if (score := entries[result.student].scores.get(cell_id)) and score.points is not None
        }
        for result in results
    }
    return found, {result.student: Ending(result.state, result.reason) for result in results}


def named(verdict):
    """Return the name of a verdict's mistake, its class of fault, and what the verdict says first."""
    mistake = verdict["mistake"] or {"name": None, "fault": None}
    return mistake["name"], mistake["fault"], "".join(verdict["sentences"][:1])


def pairs(handins, recorded):
    """Yield (handin, answer, Recorded or None) for every answer that was handed in."""
    for handin in handins:
        for stem, answer in handin.answers.items():
            yield handin, answer, recorded.get(handin.student, {}).get(stem)


def count(handins, recorded, endings):
    """Return how many answers there are of each kind, and how many were met with the right points and name.

    recorded: {student: {stem: Recorded}}.  endings: {student: Ending}.
    """
    answers = list(pairs(handins, recorded))
    ended = [endings[handin.student] for handin in handins if handin.student in endings]

    def number(kind, holds=lambda handin, answer, found: True):
        return sum(answer.kind == kind and holds(handin, answer, found) for handin, answer, found in answers)

    return {
        "submissions": len(handins),
        "graded": sum(ending.state in STATES for ending in ended),
        "lost": len(handins) - sum(ending.explained for ending in ended),
        "right_answers": number("right"),
        "right_full_marks": number("right", lambda handin, answer, found: has_all(found)),
        "right_beside_wrong": number("right", lambda handin, answer, found: has_faults(handin)),
        "wrong_answers": number("wrong"),
        "wrong_caught": number("wrong", lambda handin, answer, found: found is not None and not found.full),
        "wrong_named": number("wrong", is_named),
        "wrong_elsewhere": sum(
            answer.kind in ("right", "note") and has_faults(handin) and not has_all(found)
            for handin, answer, found in answers
        ),
        "notes": number("note"),
        "notes_full_marks": number("note", lambda handin, answer, found: has_all(found)),
        "notes_named": number("note", is_named),
        "no_answers": number("none"),
        "no_answers_without_points": number("none", lambda handin, answer, found: has_none(found)),
        "nets": number("net"),
        "nets_with_points": number("net", lambda handin, answer, found: has_some(found)),
        "refused_weights": number("refused"),
        "refused_named": number("refused", is_refused),
    }


def together(of_lessons):
    """Return the sum of several lessons' counts."""
    return {name: sum(counts[name] for counts in of_lessons) for name in of_lessons[0]}


def broken(counts):
    """Return a line for each count that is not what it must be."""
    lines = [
        f"{name} is {counts[name]}, expected {other} = {counts[other]}"
        for name, other in MUST_EQUAL.items()
        if counts[name] != counts[other]
    ]
    return lines + [f"{name} is {counts[name]}, expected 0" for name in MUST_BE_NONE if counts[name]]


def too_few(counts):
    """Return a line for each count that is too small to say anything."""
    return [
        f"{name} is {counts[name]}, expected at least {n}" for name, n in AT_LEAST.items() if counts[name] < n
    ]


def has_faults(handin):
    """Return True when something in a notebook is not right."""
    kinds = {answer.kind for answer in handin.answers.values() if answer.stem != WEIGHED}
    return bool(kinds & {"wrong", "none"})


def has_all(found):
    """Return True for recorded full points."""
    return found is not None and found.full


def has_none(found):
    """Return True for recorded 0 points."""
    return found is not None and found.points == 0


def has_some(found):
    """Return True for recorded points."""
    return found is not None and found.points > 0


def is_refused(_handin, answer, found):
    """Return True when weights got no points and the recorded state is the one that they must end in."""
    return has_none(found) and found.told.startswith(f"{FILE}, {answer.name}: ")


def is_named(_handin, answer, found):
    """Return True when the recorded mistake is the one that was made."""
    return found is not None and found.mistake == answer.name


def faults(handins, recorded, endings):
    """Return a line for each answer and submission that was not met as it should be."""
    lines = []
    for handin in handins:
        ending = endings.get(handin.student)
        if ending is None or not ending.explained or ending.state not in STATES:
            lines.append(f"{handin.student} ({handin.about}): {describe_ending(ending)}")
    for handin, answer, found in pairs(handins, recorded):
        wanted = problem(answer, found)
        if wanted:
            lines.append(f"{handin.student}, {answer.stem} ({answer.name}): {wanted}, {describe(found)}")
    return lines


def problem(answer, found):
    """Return what was expected of an answer and did not come, or an empty text."""
    if answer.kind in ("right", "note") and not has_all(found):
        return "expected full points"
    if answer.kind == "wrong" and (found is None or found.full):
        return "expected to lose points"
    if answer.kind == "none" and not has_none(found):
        return "expected 0 points"
    if answer.kind == "net" and not has_some(found):
        return "expected points"
    if answer.kind == "refused" and not is_refused(None, answer, found):
        return "expected no points and the state of the file"
    if answer.kind in ("wrong", "note") and found.mistake != answer.name:
        return "expected to be named"
    return ""


def describe(found):
    """Return a recorded answer in words."""
    if found is None:
        return "nothing is recorded"
    name = f", named {found.mistake}" if found.mistake else ""
    return f"recorded {found.points:g} of {found.max_points:g}{name}"


def describe_ending(ending):
    """Return how a submission ended, in words."""
    if ending is None:
        return "no state is recorded"
    return f"recorded as {ending.state!r}, {ending.reason or 'without a reason'}"
