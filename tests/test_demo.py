"""The demo class: everything is in it, and the counts say what was recorded, not what was planned."""

import ast
import json
import re
from dataclasses import replace
from functools import cache
from types import SimpleNamespace

import nbformat
import pytest
import typer
from typer.testing import CliRunner

from autograder import build
from autograder.demo import __main__ as demo
from autograder.demo import table, tally, weights
from autograder.demo.accidents import accidents
from autograder.demo.handins import Answer, Handin, invent
from autograder.demo.tally import Ending, Recorded
from autograder.errors import AutograderError
from course.checks import checked, tasks
from course.checks.lessons import WEIGHED
from course.mistakes import mistakes, right_ways

LESSON = "modular-layers"
LESSONS = list(build.lessons())
WITH_BACKWARD = [lesson for lesson in LESSONS if any(task.forward for task in tasks(lesson).values())]
of_every_lesson = pytest.mark.parametrize("lesson", LESSONS)


@cache
def release(lesson):
    return nbformat.reads(build.make(lesson).release, as_version=4)


@cache
def everyone(lesson=LESSON):
    return invent(lesson, release(lesson))


def given(kind, lesson=LESSON):
    """{(stem, name)} of what the class answers in this way."""
    answers = (answer for handin in everyone(lesson) for answer in handin.answers.values())
    return {(answer.stem, answer.name) for answer in answers if answer.kind in kind}


@of_every_lesson
def test_the_class_makes_every_known_mistake(lesson):
    made = {(mistake.stem, mistake.name) for mistake in mistakes(lesson) if mistake.fault != "convention"}
    assert given(("wrong", "note"), lesson) == made


@of_every_lesson
def test_the_class_answers_in_every_right_way(lesson):
    ways = {(stem, name) for stem, named in right_ways(lesson).items() for name in named}
    assert given(("right",), lesson) >= ways | {(stem, "reference") for stem in tasks(lesson)}


@of_every_lesson
def test_the_class_is_large_and_every_student_is_another_one(lesson):
    students = [handin.student for handin in everyone(lesson)]
    assert len(students) >= 30 and len(set(students)) == len(students)


@of_every_lesson
def test_every_accident_happens_once_and_somebody_hands_in_nothing(lesson):
    abouts = [handin.about for handin in everyone(lesson)]
    happen = [accident.about for accident in accidents(list(tasks(lesson)))]
    assert len(happen) == 11 and all(abouts.count(each) == 1 for each in ["blank", *happen])


@of_every_lesson
def test_every_answer_stands_alone_so_that_no_mistake_is_paid_for_twice(lesson):
    sources = {a.source for handin in everyone(lesson) for a in handin.answers.values() if a.source}
    for tree in map(ast.parse, sources):
        defined = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
        used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        assert not (used - defined) & set(tasks(lesson)), defined


@pytest.mark.parametrize("lesson", WITH_BACKWARD)
def test_right_backward_passes_stand_beside_wrong_forward_passes_and_the_other_way_round(lesson):
    seen = set()
    for handin in everyone(lesson):
        for task in tasks(lesson).values():
            if task.forward:
                seen.add((handin.answers[task.forward].kind, handin.answers[task.stem].kind))
    assert {("wrong", "right"), ("right", "wrong"), ("none", "right")} <= seen


def test_the_class_is_the_same_at_every_call():
    assert invent(LESSON, release(LESSON)) == everyone()


def test_weights_are_handed_in_where_a_lesson_asks_for_them_and_each_state_of_a_file_occurs():
    with_files = {lesson: [h for h in everyone(lesson) if h.weights is not None] for lesson in LESSONS}
    assert [lesson for lesson, handins in with_files.items() if handins] == ["convnet-cifar10"]
    states = {handin.answers[WEIGHED].name for handin in with_files["convnet-cifar10"]}
    assert states >= {state for _, state in weights.hostile().values()} | {"random filters"}
    assert len({handin.weights for handin in with_files["convnet-cifar10"]}) >= 14


def test_a_notebook_holds_the_answers_that_are_said_to_be_in_it():
    mixed = next(handin for handin in everyone() if handin.about == "mixed")
    sources = {cell.id: cell.source for cell in mixed.notebook.cells}
    written = {stem: answer for stem, answer in mixed.answers.items() if answer.source}
    assert len(written) == len(tasks(LESSON))
    assert all(sources[f"solution-{stem}"] == answer.source for stem, answer in written.items())


@of_every_lesson
def test_what_is_put_together_counts_where_all_of_its_parts_are_right(lesson):
    for stem, task in checked(lesson).items():
        for handin in everyone(lesson) if task.of else ():
            kinds = {handin.answers[part].kind for part in task.of}
            assert (stem in handin.answers) == (kinds <= {"right", "note"})
        assert not task.of or 4 < sum(stem in handin.answers for handin in everyone(lesson))


RIGHT, WRONG = Answer("f", "right", "loops", "..."), Answer("g", "wrong", "g.sign", "...")
NOTE, NONE = Answer("h", "note", "h.slow", "..."), Answer("k", "none", "syntax error")
CLASS = [Handin("ada", "mixed", {"f": RIGHT, "g": WRONG, "h": NOTE, "k": NONE}, None, "x.ipynb")]
FOUND = {
    "f": Recorded(3, 3),
    "g": Recorded(1, 3, "g.sign"),
    "h": Recorded(2, 2, "h.slow"),
    "k": Recorded(0, 4),
}
GRADED = {"ada": Ending("graded")}
ALL_HOLDS = {
    "submissions": 1, "graded": 1, "lost": 0,
    "right_answers": 1, "right_full_marks": 1, "right_beside_wrong": 1,
    "wrong_answers": 1, "wrong_caught": 1, "wrong_named": 1, "wrong_elsewhere": 0,
    "notes": 1, "notes_full_marks": 1, "notes_named": 1,
    "no_answers": 1, "no_answers_without_points": 1,
    "nets": 0, "nets_with_points": 0, "refused_weights": 0, "refused_named": 0,
}  # fmt: skip


def test_counts_of_a_class_that_was_graded_as_it_should_be():
    assert tally.count(CLASS, {"ada": FOUND}, GRADED) == ALL_HOLDS
    assert tally.faults(CLASS, {"ada": FOUND}, GRADED) == []


@pytest.mark.parametrize(
    ("changed", "differs", "line"),
    [
        (
            {"f": Recorded(2.75, 3)},
            {"right_full_marks": 0, "wrong_elsewhere": 1},
            "ada, f (loops): expected full points, recorded 2.75 of 3",
        ),
        (
            {"g": Recorded(3, 3, "g.sign")},
            {"wrong_caught": 0},
            "ada, g (g.sign): expected to lose points, recorded 3 of 3, named g.sign",
        ),
        (
            {"g": Recorded(1, 3)},
            {"wrong_named": 0},
            "ada, g (g.sign): expected to be named, recorded 1 of 3",
        ),
        (
            {"g": Recorded(1, 3, "g.other")},
            {"wrong_named": 0},
            "ada, g (g.sign): expected to be named, recorded 1 of 3, named g.other",
        ),
        (
            {"h": Recorded(1, 2, "h.slow")},
            {"notes_full_marks": 0, "wrong_elsewhere": 1},
            "ada, h (h.slow): expected full points, recorded 1 of 2, named h.slow",
        ),
        ({"h": Recorded(2, 2)}, {"notes_named": 0}, "ada, h (h.slow): expected to be named, recorded 2 of 2"),
        (
            {"k": Recorded(1, 4)},
            {"no_answers_without_points": 0},
            "ada, k (syntax error): expected 0 points, recorded 1 of 4",
        ),
    ],
)
def test_counts_react_to_what_was_recorded(changed, differs, line):
    recorded = {"ada": {**FOUND, **changed}}
    assert tally.count(CLASS, recorded, GRADED) == {**ALL_HOLDS, **differs}
    assert tally.faults(CLASS, recorded, GRADED) == [line]


@pytest.mark.parametrize("missing", list(FOUND))
def test_an_answer_without_a_record_is_a_fault(missing):
    recorded = {"ada": {stem: found for stem, found in FOUND.items() if stem != missing}}
    (line,) = tally.faults(CLASS, recorded, GRADED)
    assert line.startswith(f"ada, {missing} ") and line.endswith("nothing is recorded")
    assert tally.count(CLASS, recorded, GRADED) != ALL_HOLDS


@pytest.mark.parametrize(
    ("endings", "differs", "line"),
    [
        ({}, {"graded": 0, "lost": 1}, "ada (mixed): no state is recorded"),
        (
            {"ada": Ending("partly graded")},
            {"lost": 1},
            "ada (mixed): recorded as 'partly graded', without a reason",
        ),
        (
            {"ada": Ending("failed", "not JSON")},
            {"graded": 0},
            "ada (mixed): recorded as 'failed', not JSON",
        ),
    ],
)
def test_a_submission_is_lost_without_an_explained_state(endings, differs, line):
    assert tally.count(CLASS, {"ada": FOUND}, endings) == {**ALL_HOLDS, **differs}
    assert tally.faults(CLASS, {"ada": FOUND}, endings) == [line]


def test_a_partly_graded_submission_with_a_reason_is_not_lost():
    counts = tally.count(CLASS, {"ada": FOUND}, {"ada": Ending("partly graded", "stopped after 10 s")})
    assert counts == ALL_HOLDS


def test_the_table_fits_into_120_columns_and_names_what_was_recorded():
    recorded = {
        handin.student: {
            stem: Recorded(2.75, 3, answer.name if answer.kind == "wrong" else None)
            for stem, answer in handin.answers.items()
        }
        for handin in everyone()
    }
    endings = {handin.student: Ending("partly graded", "stopped " * 60) for handin in everyone()}
    lines = table.table(everyone(), recorded, endings)
    assert max(map(len, lines)) <= 120
    text = " ".join(" ".join(lines).split())
    assert all(handin.student in text for handin in everyone())
    numbers = {stem: number for number, stem in enumerate(tasks(LESSON), 1)}
    for stem, name in given(("wrong",)):
        assert re.search(rf"\b{numbers[stem]}( \d+)* {name.removeprefix(stem + '.')}\b", text)


def test_the_table_shows_a_submission_of_which_nothing_was_recorded():
    lines = table.table([replace(CLASS[0])], {}, {})
    assert any("nothing recorded" in line for line in lines)


def test_the_table_tells_what_costs_nothing_apart():
    found = {**FOUND, "f": Recorded(3, 3, "f.slow", "note"), "h": Recorded(2, 2, "h.slow", "note")}
    lines = table.table(CLASS, {"ada": found}, GRADED)
    assert [line.strip() for line in lines[-2:]] == ["2 sign", "costs nothing: 1 3 slow"]


def few(lesson, released):
    """A small class with all that can happen: every accident, nothing at all, mistakes in both halves."""
    mixed = [handin for handin in everyone() if handin.about == "mixed"][10:12]
    return mixed + [handin for handin in everyone() if handin.about == "blank" or is_accident(handin)]


def is_accident(handin):
    return handin.about in {accident.about for accident in accidents(list(tasks(LESSON)))}


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """The small class, graded once by the real pipeline."""
    return demo.run(tmp_path_factory.mktemp("class") / "demo", LESSON, few)


def test_a_small_class_is_graded_as_it_should_be(graded, capsys):
    folder, handins = graded
    counts, problems = demo.account(folder, handins)
    assert problems == []
    assert counts["submissions"] == counts["graded"] == len(handins) == 11 + 3
    assert counts["right_full_marks"] == counts["right_answers"] > 100
    assert counts["wrong_named"] == counts["wrong_caught"] == counts["wrong_answers"] >= 10
    assert counts["no_answers"] == counts["no_answers_without_points"] == 14 + 4
    assert counts["lost"] == counts["wrong_elsewhere"] == 0
    assert demo.summarise(folder.root, {LESSON: counts}) == counts
    assert json.loads((folder.root / "summary.json").read_text()) == {**counts, "lessons": {LESSON: counts}}
    assert (
        demo.closing(counts, problems) == f"demo: {len(handins)} submissions, {len(handins)} graded, 0 lost"
    )
    printed = capsys.readouterr().out
    assert all(handin.student in printed for handin in handins)


def test_every_student_gets_a_page_and_the_teacher_a_report(graded):
    folder, handins = graded
    for handin in handins:
        assert handin.student in folder.page(handin.student).read_text(encoding="utf-8")
    demo.summarise(folder.root, {LESSON: demo.account(folder, handins)[0]})
    for page in (folder.report, folder.root / "report.html"):
        assert f"{len(handins)} submissions" in page.read_text(encoding="utf-8")
    assert f'href="{folder.report.name}"' in (folder.root / "report.html").read_text(encoding="utf-8")


def test_accidents_end_in_a_state_with_a_reason(graded):
    _, endings = tally.records(*demo.recorded(graded[0]))
    states = {handin.about: endings[handin.student] for handin in graded[1]}
    assert states["endless loop in affine_backward"].state == "partly graded"
    assert "stopped after" in states["endless loop below relu_forward"].reason
    assert "exit code 0" in states["os._exit in the cell of softmax_loss"].reason
    assert states["notebook renamed"].state == states["test cell deleted"].state == "graded"


@pytest.mark.parametrize(
    ("about", "stem", "planted", "differs"),
    [
        (
            "mixed",
            None,
            "right",
            {"right_answers": 1, "wrong_answers": -1, "wrong_caught": -1, "wrong_named": -1},
        ),
        (
            "test cell deleted",
            "svm_loss",
            "wrong",
            {"right_answers": -1, "right_full_marks": -1, "wrong_answers": 1},
        ),
        (
            "test cell edited",
            "affine_forward",
            "none",
            {"right_answers": -1, "right_full_marks": -1, "no_answers": 1},
        ),
    ],
)
def test_a_wrong_expectation_is_seen_in_the_counts(graded, about, stem, planted, differs):
    folder, handins = graded
    found = tally.records(*demo.recorded(folder))
    honest = tally.count(handins, *found)
    victim = next(handin for handin in handins if handin.about == about)
    stem = stem or next(stem for stem, answer in victim.answers.items() if answer.kind == "wrong")
    lie = replace(victim.answers[stem], kind=planted, name="planted")
    liar = replace(victim, answers={**victim.answers, stem: lie})
    counts = tally.count([liar if handin is victim else handin for handin in handins], *found)
    for name, difference in differs.items():
        assert counts[name] == honest[name] + difference, name
    (fault,) = tally.faults([liar], *found)
    assert fault.startswith(f"{victim.student}, {stem} (planted): expected")
    assert tally.broken(counts)


def test_the_demo_is_loud_and_fails_when_something_does_not_hold(monkeypatch, tmp_path):
    counts = {**ALL_HOLDS, "submissions": 40, "graded": 40, "right_answers": 70, "right_full_marks": 69}
    folder = SimpleNamespace(feedback=tmp_path)
    monkeypatch.setattr(demo.build, "lessons", lambda: {"x": None})
    monkeypatch.setattr(demo.build, "build", lambda lesson: False)
    monkeypatch.setattr(demo, "run", lambda into, lesson: (folder, CLASS))
    monkeypatch.setattr(demo, "account", lambda folder, handins: (counts, tally.broken(counts)))
    monkeypatch.setattr(demo, "summarise", lambda into, of_lessons: of_lessons["x"])
    done = CliRunner().invoke(typer_app(), [str(tmp_path)])
    assert done.exit_code == 1
    assert "THE DEMO FOUND FAULTS IN GRADING:" in done.stdout
    assert "right_full_marks is 69, expected right_answers = 70" in done.stdout
    assert "wrong_answers is 1, expected at least 90" in done.stdout
    assert done.stdout.splitlines()[-1] == "demo: 40 submissions, 40 graded, 0 lost"
    one_lesson = CliRunner().invoke(typer_app(), [str(tmp_path), "--lesson", "x"])
    assert "right_full_marks is 69" in one_lesson.stdout and "at least" not in one_lesson.stdout


def typer_app():
    app = typer.Typer()
    app.command()(demo.main)
    return app


def test_the_demo_does_not_delete_a_folder_that_is_not_its_own(tmp_path):
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(AutograderError, match="is no folder of the demo's"):
        demo.clear(tmp_path)
    assert (tmp_path / "thesis.txt").read_text() == "years of work"


def test_the_demo_begins_anew_in_its_own_folder(tmp_path):
    demo.clear(tmp_path / "demo")
    (tmp_path / "demo" / "gradebook.db").write_text("old")
    demo.clear(tmp_path / "demo")
    assert [entry.name for entry in (tmp_path / "demo").iterdir()] == [demo.MARK]
