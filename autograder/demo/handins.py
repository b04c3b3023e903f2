"""Who hands in what: right answers of every kind, every known mistake, every accident."""

import inspect
from copy import deepcopy
from dataclasses import dataclass, replace
from itertools import cycle

from nbformat import NotebookNode

from course.checks import checked, find, tasks
from course.checks.lessons import WEIGHED
from course.checks.oracle import reference
from course.mistakes import mistakes, right_ways

from . import weights
from .accidents import accidents, cell

KINDS = {"wrong": "wrong", "care": "wrong", "note": "note", "convention": "right"}  # by a Mistake's fault
FIRST = """amara bela chen dario elif farid greta hana ines jonas kofi leila mateo noor olga pablo quinn rosa
    sami tove uma viktor wen yara""".split()
LAST = """abara brandt castillo dang eriksen fontaine gupta haddad ito jansen kaya lindqvist moreau nowak
    okafor petrov reyes silva tanaka weber ximenes yilmaz zhou""".split()
WORDS = (
    "A pixel lies in several windows, so it reaches the loss along several ways, and the gradients of "
    "all the ways *add up*. With `=` only the last window would be left.",
    "Because of the chain rule: $dx_i = \\sum_j dy_j \\, \\partial y_j / \\partial x_i$, and the sum runs "
    "over every window that contains $x_i$.",
    "Overlapping windows share pixels.",
)


@dataclass(frozen=True)
class Answer:
    """What is handed in for one TODO.

    kind: "right", "note" (right, with a remark to be made), "wrong", or "none": there is no answer to judge.
    Of weights: "net" or "refused".
    name: of the right way, the mistake or the accident, the state in which refused weights end.
    source: None leaves the cell as it was released.
    """

    stem: str
    kind: str
    name: str
    source: str | None = None


@dataclass(frozen=True)
class Handin:
    """What one student hands in, and what is known about it by construction."""

    student: str
    about: str
    answers: dict[str, Answer]
    notebook: NotebookNode
    filename: str
    weights: bytes | None = None


def invent(lesson, release):
    """Return the class of a lesson, given its released notebook, the same at every call."""
    stems = list(tasks(lesson))
    ways = Ways(stems, right_ways(lesson))
    bank = {stem: [m for m in mistakes(lesson) if m.stem == stem] for stem in stems}
    plans = [("the reference", {stem: ways.called("reference", stem) for stem in stems})]
    plans += [(f"right: {way}", {stem: ways.called(way, stem) for stem in stems}) for way in ways.names]
    for row in range(max(map(len, bank.values()))):
        plans += [("mixed", mixed) for half in (0, 1) if (mixed := mix(bank, ways, row, half)) is not None]
    plans += [("blank", {stem: Answer(stem, "none", "not written") for stem in stems})]
    names = students()
    made = [hand_in(release, lesson, next(names), about, answers) for about, answers in plans]
    for accident in accidents(stems):
        right = {stem: ways.next(stem) for stem in stems}
        made.append(spoil(hand_in(release, lesson, next(names), accident.about, right), accident))
    if any(each.id == f"test-{WEIGHED}" for each in release.cells):
        for about, kind, name, content in files():
            right = {stem: ways.next(stem) for stem in stems}
            handin = hand_in(release, lesson, next(names), f"weights: {about}", right)
            made.append(with_weights(handin, Answer(WEIGHED, kind, name), content))
        none = Answer(WEIGHED, "none", "no weights")
        made = [handin if WEIGHED in handin.answers else with_weights(handin, none, None) for handin in made]
    return [with_whole(handin, lesson) for handin in made]


def files():
    """Yield what it is, kind, name and bytes of each weights file of the class."""
    for count in (32, 128):
        yield f"{count} random filters", "net", "random filters", weights.random_filters(count)
    for about, (content, state) in weights.hostile().items():
        yield about, "refused", state, content


def with_weights(handin, answer, content):
    """Return a hand-in with a file of weights."""
    return replace(handin, answers={**handin.answers, WEIGHED: answer}, weights=content)


def with_whole(handin, lesson):
    """Return a hand-in with one answer more for what a test puts together from answers that are all right."""
    whole = {
        stem: Answer(stem, "right", "put together")
        for stem, task in checked(lesson).items()
        if task.of and all(handin.answers[part].kind in ("right", "note") for part in task.of)
    }
    return replace(handin, answers={**handin.answers, **whole})


def mix(bank, ways, row, half):
    """Return answers with mistake number `row` in one half of the TODOs and right ones elsewhere, if any.

    A forward pass and its backward pass are in different halves: a wrong one stands beside a right one.
    """
    wrong = [stem for stem, its_half in halves(bank).items() if its_half == half and row < len(bank[stem])]
    if not wrong:
        return None
    return {stem: made(bank[stem][row]) if stem in wrong else ways.next(stem) for stem in bank}


def halves(stems):
    """Return {stem: 0 or 1}, in turn, but for backward passes: the half that their forward pass is not in."""
    found = {}
    for number, stem in enumerate(stems):
        forward = find(stem).forward
        found[stem] = number % 2 if forward is None else 1 - found[forward]
    return found


def made(mistake):
    """Return a mistake as an Answer."""
    return Answer(mistake.stem, KINDS[mistake.fault], mistake.name, mistake.source)


class Ways:
    """The right answers to each TODO, the reference among them."""

    def __init__(self, stems, others):
        self._ways = {
            stem: {"reference": Answer(stem, "right", "reference", source_of(stem))}
            | {name: Answer(stem, "right", name, source) for name, source in others.get(stem, {}).items()}
            for stem in stems
        }
        self.names = sorted({name for ways in others.values() for name in ways})
        pairs = {name for ways in self._ways.values() for name, way in ways.items() if defines_two(way)}
        self._turns = {
            stem: cycle([way for name, way in ways.items() if name not in pairs])
            for stem, ways in self._ways.items()
        }

    def called(self, name, stem):
        """Return the way of this name, or the reference where a TODO has none of this name."""
        return self._ways[stem].get(name, self._ways[stem]["reference"])

    def next(self, stem):
        """Return one way after the other, but for those that need their own forward pass."""
        return next(self._turns[stem])


def defines_two(way):
    """Return True when an answer brings the forward pass that its cache needs."""
    return way.source.count("\ndef ") + way.source.startswith("def ") > 1


def source_of(stem):
    """Return the source text of the reference's answer."""
    return inspect.getsource(reference(stem))


def hand_in(release, lesson, student, about, answers):
    """Return the released notebook with these answers in its solution cells."""
    notebook = deepcopy(release)
    written = [each for each in notebook.cells if each.id.startswith("written-")]
    for stem, answer in answers.items():
        if answer.source is not None:
            cell(notebook, f"solution-{stem}").source = answer.source
    for number, each in enumerate(written if any(answer.source for answer in answers.values()) else ()):
        each.source = WORDS[(len(student) + number) % len(WORDS)]
    return Handin(student, about, answers, notebook, f"{lesson}.ipynb")


def spoil(handin, accident):
    """Return what is left of a hand-in after an accident."""
    notebook = deepcopy(handin.notebook)
    filename = accident.happen(notebook, handin.filename) or handin.filename
    gone = {stem: Answer(stem, "none", accident.about) for stem in accident.lost}
    return Handin(handin.student, handin.about, {**handin.answers, **gone}, notebook, filename)


def students():
    """Yield invented students, each name once."""
    for number in range(len(FIRST) * len(LAST)):
        yield f"{FIRST[number % len(FIRST)]}_{LAST[number * 5 % len(LAST)]}"
