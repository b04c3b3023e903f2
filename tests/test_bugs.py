"""Find the bug: what opens an exercise and what does not, what it says, and that nobody can read it."""

import ast
from types import SimpleNamespace

import nbformat
import numpy as np
import pytest

from autograder import build
from autograder.build import BuildError, leaks
from autograder.build import bugs as builder
from course import bugs, mistakes
from course.bugs import opened
from course.checks.draw import as_float32
from course.checks.oracle import reference
from course.mistakes import define, right_ways
from tests import toy
from tests.test_matrix import GIVEN

EXERCISES = {
    cell.names[0]: (lesson, cell) for lesson in build.lessons() for cell in build.read(lesson).of_kind("bug")
}
for_every_exercise = pytest.mark.parametrize("stem", EXERCISES)


def functions(stem, names=()):
    """Return the functions that the bug cell names: those among names, else the reference."""
    return [dict(names).get(name) or reference(name) for name in EXERCISES[stem][1].names]


def text(stem, names=()):
    """Return the wrong answer that these functions open, or None."""
    found = getattr(bugs, stem).open(*functions(stem, names))
    return found and found.text


def in_single(function):
    return lambda *args: function(*as_float32(args))


def test_every_lesson_has_two_or_three_exercises():
    for lesson in build.lessons():
        assert len([stem for stem, (of, _) in EXERCISES.items() if of == lesson]) in (2, 3), lesson


@pytest.mark.parametrize("lesson", build.lessons())
def test_the_sealed_file_is_what_the_text_makes(lesson):
    path = build.sealed_file(lesson, build.ROOT)
    assert path.read_text(encoding="utf-8") == builder.sealed(build.read(lesson))


@for_every_exercise
def test_every_right_way_opens_it_in_double_and_in_single_precision(stem):
    lesson, cell = EXERCISES[stem]
    wrong = builder.broken(cell)
    assert text(stem) == wrong
    for way, source in right_ways(lesson)[stem].items():
        names = {name: made for name, made in define(source, way, GIVEN).items() if name in cell.names}
        assert text(stem, names) == wrong, way
        assert text(stem, {name: in_single(made) for name, made in names.items()}) == wrong, way


@for_every_exercise
def test_no_known_mistake_and_no_small_error_opens_it(stem, capsys):
    lesson, cell = EXERCISES[stem]
    for mistake in mistakes.mistakes(lesson):
        if mistake.stem == stem and mistake.fault == "wrong":
            assert text(stem, {stem: mistake.function}) is None, mistake.name
    said = set(capsys.readouterr().out.splitlines())
    assert said == {f"get {' and '.join(cell.names[::-1])} right first"}


@for_every_exercise
def test_an_unwritten_function_is_asked_for_first(stem, capsys):
    def unwritten(*args):
        raise NotImplementedError

    for name in EXERCISES[stem][1].names:
        assert text(stem, {name: unwritten}) is None
        assert capsys.readouterr().out == f"write {name} first\n"


@pytest.mark.parametrize(
    "answer",
    [
        lambda *args: None,
        lambda *args: (1, 2, 3),
        lambda *args: (np.full(2, np.nan), 1e300, np.zeros(3)),
        lambda *args: 1 / 0,
    ],
)
def test_what_is_no_answer_at_all_opens_nothing(answer):
    for stem in EXERCISES:
        for name in EXERCISES[stem][1].names:
            assert text(stem, {name: answer}) is None


def run_cell(stem, source):
    """Return the Verdict that the last line of an opened cell shows."""
    known = {name: reference(name) for name in EXERCISES[stem][1].names}
    known |= dict(vars(__import__(reference(stem).__module__, fromlist=["*"])))
    *above, last = ast.parse(source).body
    names = define(ast.unparse(ast.Module(above, [])), stem, {**known, "bugs": bugs})
    return eval(ast.unparse(last), names)


@for_every_exercise
def test_the_opened_cell_shows_what_fails_and_hints_but_does_not_name_the_mistake(stem):
    mistake = builder.mistake_of(EXERCISES[stem][1])
    found = run_cell(stem, text(stem))
    assert (found.status, found.points, found.max_points) == ("wrong", 0, 0)
    assert found.sentences and mistake.sentence not in str(found)
    assert mistake.name not in str(found) and "points" not in str(found).splitlines()[0]
    assert found.hint(1) == mistake.hints[0] and mistake.reads in str(found)


@for_every_exercise
def test_the_mended_cell_is_right_without_points(stem):
    mistake, source = builder.mistake_of(EXERCISES[stem][1]), text(stem)
    for old, new in mistake.edits:
        old, new = (part.strip("\n") for part in (old, new))
        source = source.replace(new, old, 1) if new else source
    found = run_cell(stem, source)
    assert (found.status, found.points) == ("right", 0)


@pytest.mark.parametrize("lesson", build.lessons())
def test_no_file_that_students_get_shows_a_line_of_a_sealed_answer(lesson):
    secrets = leaks.secrets(build.read(lesson))
    shown = {path.name: path.read_bytes() for path in (build.ROOT / "course" / "bugs").glob("*.json")}
    shown["notebook"] = (build.ROOT / "release" / lesson / f"{lesson}.ipynb").read_bytes()
    assert leaks.find(shown, secrets) == []
    for of, cell in EXERCISES.values():
        if of == lesson:
            stated = {line for _, new in builder.mistake_of(cell).edits for line in new.split("\n")}
            assert leaks.find({"opened": builder.broken(cell).encode()}, secrets) != []
            assert any(leaks.normalised(line) in secret for secret in secrets for line in stated if line)


REFUSED = {
    'kind="bug" mistake="double.nothing"': "line 30, bug cell: no known mistake is called 'double.nothing'",
    'kind="bug" mistake="affine_forward.float32_lost"': "costs nothing|take a mistake that is wrong",
    'kind="bug" mistake="affine_forward.bias_forgotten"': "is about no earlier task of this lesson",
    'kind="bug"': "expected mistake=<name> in a bug cell",
    'mistake="affine_forward.bias_forgotten"': "the cell is empty",
    'kind="bug" mistake="affine_forward.bias_forgotten" points=1': "only a test or written cell has points",
}


@pytest.mark.parametrize("marker", REFUSED)
def test_the_builder_says_why_there_is_no_such_exercise(tmp_path, marker):
    before = '# %% after="double" tags='
    text = toy.TEXT.replace(before, f"# %% {marker}\n\n{before}")
    with pytest.raises(BuildError, match=REFUSED[marker]):
        build.make("toy", toy.plant(tmp_path, text))


def test_a_bug_cell_is_its_first_line_alone(tmp_path):
    before = '# %% after="double" tags='
    marker = '# %% kind="bug" mistake="affine_forward.bias_forgotten"'
    text = toy.TEXT.replace(before, f"{marker}\n1 + 1\n\n{before}")
    with pytest.raises(BuildError, match="a bug cell is its first line alone"):
        build.make("toy", toy.plant(tmp_path, text))


@for_every_exercise
def test_the_notebook_waits_for_the_functions_and_holds_no_more_than_the_call(stem):
    lesson, cell = EXERCISES[stem]
    path = build.ROOT / "release" / lesson / f"{lesson}.ipynb"
    (found,) = (node for node in nbformat.read(path, as_version=4).cells if node.id == f"bug-{stem}")
    call = f"bugs.{stem}.open({', '.join(cell.names)})"
    assert found.source == f"%%after {' '.join(cell.names[::-1])}\n{call}"
    assert found.metadata.nbgrader.locked and not found.metadata.nbgrader.grade


@pytest.fixture
def inserted(monkeypatch, tmp_path):
    """Return the texts that a notebook in an empty folder gets as new cells."""
    cells = []
    monkeypatch.setattr(opened, "get_ipython", lambda: SimpleNamespace(set_next_input=cells.append))
    monkeypatch.chdir(tmp_path)
    return cells


def test_what_is_opened_comes_as_a_new_cell_and_as_text(inserted):
    shown = opened.Opened("broken_it", "def broken_it(x):\n    return x < 1")
    assert inserted == [str(shown)] == [shown._repr_mimebundle_()["text/plain"]]
    assert "return x &lt; 1" in shown._repr_mimebundle_()["text/html"]


def test_a_notebook_that_has_the_cell_gets_no_second_one(inserted, tmp_path):
    cell = nbformat.v4.new_code_cell("x = 1\ndef broken_it(x):\n    return 2")
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), tmp_path / "mine.ipynb")
    (tmp_path / "damaged.ipynb").write_text("[")
    assert "already" in opened.Opened("broken_it", "def broken_it(x): ...")._repr_mimebundle_()["text/html"]
    assert inserted == []
    opened.Opened("broken_other", "def broken_other(x): ...")
    assert len(inserted) == 1


def test_an_output_that_shows_the_text_is_no_cell(inserted, tmp_path):
    output = nbformat.v4.new_output("execute_result", {"text/plain": "def broken_it(x): ..."})
    cell = nbformat.v4.new_code_cell("bugs.it.open(it)", outputs=[output])
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), tmp_path / "mine.ipynb")
    opened.Opened("broken_it", "def broken_it(x): ...")
    assert len(inserted) == 1


def test_there_is_no_exercise_about_what_has_none():
    with pytest.raises(AttributeError, match="no exercise about 'relu_forward'"):
        bugs.relu_forward  # noqa: B018
    with pytest.raises(AttributeError, match="no exercise about 'nothing'"):
        bugs.nothing  # noqa: B018
