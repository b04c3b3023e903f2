"""What must not be seen is found: in a release, in a wheel, however deep it is packed."""

import io
import zipfile

import nbformat
import numpy as np
import pytest

from autograder import build
from autograder.build import BuildError, leaks
from tests import toy

LESSONS = list(build.lessons())


@pytest.fixture
def built(tmp_path):
    return build.make("toy", toy.plant(tmp_path))


def cells(text):
    return {cell.id: cell for cell in nbformat.reads(text, as_version=4).cells}


ANSWER = "two_of_it = np.add(x, x)"


def test_an_answer_in_the_release_stops_the_build(tmp_path):
    text = toy.TEXT.replace("# Words,", f"# Write `{ANSWER}`,")
    with pytest.raises(BuildError, match="the release notebook leaks: .* holds 'two_of_it"):
        build.make("toy", toy.plant(tmp_path, text))


def test_a_written_answer_in_the_release_stops_the_build(tmp_path):
    text = toy.TEXT.replace("# Why is", "# Because one undoes what the other one does. Why is")
    with pytest.raises(BuildError, match="leaks: .* holds 'Because one undoes"):
        build.make("toy", toy.plant(tmp_path, text))


def archive(**members):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members.items():
            packed.writestr(name, content)
    return buffer.getvalue()


def arrays(**members):
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **members)
    return buffer.getvalue()


PLANTED = {
    "a text": ANSWER.encode(),
    "other spaces": b"if x:\n\ttwo_of_it=np.add( x,x )   # told",
    "a notebook": nbformat.writes(
        nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(ANSWER)])
    ).encode(),
    "a string in JSON": rb'{"hint": "first\n    two_of_it = np.add(x, x)\n"}',
    "a wheel": archive(code=ANSWER),
    "a wheel in a zip": archive(wheel=archive(code=ANSWER)),
    "cases with bytes": archive(cases=arrays(told=np.frombuffer(ANSWER.encode(), np.uint8))),
    "cases with text": archive(cases=arrays(told=np.array([ANSWER]))),
}


@pytest.mark.parametrize("place", PLANTED)
def test_a_planted_answer_is_found_however_it_is_packed(built, place):
    assert len(leaks.find({"there": PLANTED[place]}, leaks.secrets(built.lesson))) == 1


def test_what_is_given_is_no_secret(built):
    given = cells(built.source)["given-show"].source
    assert leaks.find({"given": given.encode()}, leaks.secrets(built.lesson)) == []
    assert leaks.find({"release": built.release.encode()}, leaks.secrets(built.lesson)) == []


@pytest.mark.parametrize("path", ["course/mistakes/x.py", "deep/lessons/toy.py", "course/lessons"])
def test_what_stays_with_the_teacher_is_a_leak_by_its_place(path):
    assert leaks.find({"wheel": archive(**{path: "harmless"})}, {}) == [
        f"wheel/{path} stays with the teacher"
    ]


@pytest.mark.parametrize("name", LESSONS)
def test_every_line_of_an_answer_and_every_known_mistake_would_be_found(name):
    lesson = build.read(name)
    secrets = leaks.secrets(lesson)
    for cell in lesson.of_kind("solution"):
        assert leaks.find({"answer": cell.source.encode()}, secrets) != [], cell.names
    for mistake in leaks.mistakes.mistakes(name):
        assert leaks.find({"mistake": mistake.source.encode()}, secrets) != [], mistake.name
