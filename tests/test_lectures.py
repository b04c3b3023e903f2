"""The lectures: they run with what students have, say nothing false in numbers, and ask for nothing."""

import re

import nbformat
import pytest

from autograder import build, student
from autograder.build import ROOT, run
from tests.packaged import teachers_copy

LECTURES = list(build.lectures())
ANNOUNCED = {
    "how-convolution-works": (
        "224 pixels: (224 - 11) / 4 + 1 = 54.25",
        "convolution              1,792 parameters      1,769,472 multiply-adds",
        "fully connected    201,392,128 parameters    201,326,592 multiply-adds",
        "red   +14\ngreen -2\nblue  -1\nbias  -2\nsum   +9",
        "in all 66,570 parameters",
    ),
    "backprop-through-convolution": (
        "measured            +1.0000\nd11 w11 + d12 w12   -1.0000\nd11 w12 + d12 w11   +1.0000",
        "d of ones, right:   [7. 8. 5. 8.]   with d turned: [7. 8. 5. 8.]",
    ),
    "what-a-convnet-sees": (
        "max:  True\nmean: False",
        "fewer errors: 42%   in points: 10.9",
        "mean    pooled(a + b) = pooled(a) + pooled(b): True",
    ),
}


@pytest.fixture(scope="module", params=LECTURES)
def lecture(request, tmp_path_factory):
    """Return (a Lesson, its notebook executed in a place where only the students' package of its time is)."""
    text = build.read(request.param)
    root = teachers_copy(tmp_path_factory.mktemp("teacher"))
    before = next(name for name in build.lessons() if build.read(name).number == text.number)
    wheel = student.release(before, root)
    notebook = nbformat.read(wheel.with_name(f"{request.param}.ipynb"), as_version=4)
    place = student.unpack(wheel, tmp_path_factory.mktemp("installed") / "course")
    return text, run.run(notebook, path=[place])


def outputs(notebook, kind="stdout"):
    return [
        o for cell in notebook.cells for o in cell.get("outputs", []) if o.get("name", o.output_type) == kind
    ]


def test_it_runs_with_the_students_package_of_its_time(lecture):
    text, notebook = lecture
    assert run.faults(notebook) == []
    said = "".join(output.text for output in outputs(notebook))
    for line in ANNOUNCED[text.lesson]:
        assert line in said, said


def test_it_opens_with_a_picture_and_every_picture_has_a_text_instead(lecture):
    _, notebook = lecture
    pictures = [
        o.data["text/html"]
        for o in outputs(notebook, "display_data")
        if "<img" in o.data.get("text/html", "")
    ]
    assert len(pictures) >= 4
    assert all(len(re.search(r'alt="([^"]*)"', picture)[1]) > 30 for picture in pictures)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert any("<img" in o.get("data", {}).get("text/html", "") for cell in code[:3] for o in cell.outputs)


def test_it_asks_for_nothing_that_is_graded(lecture):
    text, notebook = lecture
    assert not text.of_kind("test", "solution", "written", "bug")
    assert not any(cell.metadata.get("nbgrader", {}).get("grade") for cell in notebook.cells)
    assert "check.open" not in "".join(cell.source for cell in notebook.cells)


def test_it_asks_questions_whose_answers_are_folded_away(lecture):
    text, _ = lecture
    prose = "\n".join(cell.source for cell in text.of_kind("prose"))
    asked = len(re.findall(r"^> \*\*(Question|Find the slip)\.\*\*", prose, re.MULTILINE))
    assert prose.count("<details><summary>Answer</summary>") == asked
    assert asked >= 3 or "Could you have told" in prose


@pytest.mark.parametrize("name", [*build.lessons(), *LECTURES])
def test_a_folded_part_stands_between_empty_lines_for_only_then_it_is_read_as_markdown(name):
    for cell in build.read(name).of_kind("prose", "written"):
        lines = [line.removeprefix(">").strip() for line in cell.source.splitlines()]
        starts = [i for i, line in enumerate(lines) if "<details" in line]
        ends = [i for i, line in enumerate(lines) if "</details>" in line]
        assert all(lines[i].endswith("</summary>") and lines[i + 1] == "" for i in starts), cell.source
        assert all(lines[i] == "</details>" and lines[i - 1] == "" for i in ends), cell.source
        assert len(starts) == len(ends)


def test_a_lecture_stands_behind_the_lesson_of_its_number():
    order = build.in_order()
    numbers = [build.read(name).number for name in order]
    assert numbers == sorted(numbers)
    for name in LECTURES:
        before = order[order.index(name) - 1]
        assert before in build.lessons() and build.read(before).number == build.read(name).number


def test_the_committed_notebooks_of_lectures_are_what_their_texts_make():
    for name in LECTURES:
        for path, made in build.files(build.make(name), ROOT).items():
            assert path.read_bytes() == made.encode(), path
