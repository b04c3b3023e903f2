"""Which modules of the reference ship with which lesson, and what is left of them."""

import pytest

from autograder import build
from autograder.build import BuildError
from autograder.student import reference
from tests import toy


def modules(root, number, **texts):
    """Return the modules that ship with the lesson of this number; texts: further lessons."""
    for name, text in texts.items():
        (root / "course" / "lessons" / f"{name}.py").write_text(text, encoding="utf-8")
    lessons = [build.read(name, root) for name in build.lessons(root)]
    return reference.modules(root / "course" / "reference", lessons, number)


def a_lesson(name, number, *lines):
    """Return the text of a lesson without a task."""
    head, _, _ = toy.TEXT.partition("# %% [markdown]\n# # Twice")
    head = head.replace("lesson: toy", f"lesson: {name}").replace("number: 2", f"number: {number}")
    return "\n".join([head.replace("[twice]", "[]").rstrip(), "", "# %%", *lines])


def test_what_lessons_so_far_name_ships_with_what_it_imports(tmp_path):
    root = toy.plant(tmp_path)
    assert set(modules(root, 2)) == {"__init__", "checked", "twice"}
    early = a_lesson("early", 1, "from course.reference.checked import expect_number")
    assert set(modules(root, 1, early=early)) == {"__init__", "checked"}


def test_a_module_that_is_made_of_open_answers_ships_when_they_are_taught(tmp_path):
    root = toy.plant(tmp_path)
    uses = "from course.reference.above import double_four_times"
    assert set(modules(root, 1, early=a_lesson("early", 1, uses))) == {"__init__"}
    assert set(modules(root, 2)) == {"__init__", "checked", "twice"}
    late = a_lesson("late", 3, uses)
    assert set(modules(root, 3, late=late)) == {"__init__", "above", "checked", "pairs", "twice"}


def with_package(tmp_path, **files):
    """Plant a lesson, and a package in its reference; files: {module: text}."""
    root = toy.plant(tmp_path)
    folder = root / "course" / "reference" / "parts"
    folder.mkdir()
    for name, text in files.items():
        (folder / f"{name}.py").write_text(text)
    return root


def test_a_package_in_the_reference_ships_with_the_files_that_are_imported(tmp_path):
    one = "from ..checked import expect_number\nf = 1\n"
    root = with_package(tmp_path, __init__="from .one import f\n", one=one, spare="x = 1\n")
    early = a_lesson("early", 1, "from course.reference.parts import f")
    assert set(modules(root, 1, early=early)) == {"__init__", "checked", "parts/__init__", "parts/one"}
    assert set(modules(root, 2)) == {"__init__", "checked", "parts/__init__", "parts/one", "twice"}


def test_a_package_that_needs_an_open_answer_ships_when_it_is_taught(tmp_path):
    root = with_package(tmp_path, __init__="from . import two\n", two="from ..twice import double\n")
    uses = a_lesson("late", 3, "from course.reference.parts import two")
    early = a_lesson("early", 1, "from course.reference.parts import two")
    assert set(modules(root, 1, early=early)) == {"__init__"}
    assert {"parts/__init__", "parts/two", "twice"} <= set(modules(root, 3, late=uses))


def test_an_open_answer_leaves_a_word_and_what_is_given_stays(tmp_path):
    text = modules(toy.plant(tmp_path), 2)["twice"]
    names = {}
    exec(text.replace("from .checked import expect_number", "expect_number = float"), names)
    assert names["show"](2) == "x is 2.0" and names["shout"](2) == "X IS 2.0"
    assert "double" not in names and "SOLUTION" not in text
    with pytest.raises(ImportError, match="^halve is what you write in this lesson$"):
        names["__getattr__"]("halve")
    with pytest.raises(AttributeError, match="has no attribute 'treble'"):
        names["__getattr__"]("treble")


def test_what_is_given_must_not_need_an_open_answer(tmp_path):
    root = toy.plant(tmp_path, twice=toy.TWICE.replace("show(x).upper()", "show(double(x)).upper()"))
    with pytest.raises(
        BuildError, match="course/reference/twice.py: double is open, and used by what students get"
    ):
        modules(root, 2)


def test_a_later_lesson_teaches_what_an_earlier_one_asked_for(tmp_path):
    root = toy.plant(tmp_path)
    (root / "course" / "reference" / "late.py").write_text(
        toy.TWICE.replace("np.add(x, x)", "np.multiply(x, 2)").replace("(x, 3), 6", "(x, 5), 10")
    )
    tale = (
        toy.TEXT.replace("lesson: toy", "lesson: tale")
        .replace("number: 2", "number: 3")
        .replace("twice", "late")
    )
    first, second = modules(root, 2, tale=tale), modules(root, 3)
    assert "late" not in first and "np.add" not in first["twice"]
    assert "np.add" in second["twice"] and "np.multiply(x, 2)" not in second["late"]


def test_what_an_earlier_lesson_taught_does_not_ship_while_it_answers_a_later_one(tmp_path):
    root = toy.plant(tmp_path)
    shared = toy.TWICE.replace("np.add(x, x)", "np.multiply(x, 2)")  # halve is the same as in twice
    (root / "course" / "reference" / "late.py").write_text(shared)
    tale = (
        toy.TEXT.replace("lesson: toy", "lesson: tale")
        .replace("number: 2", "number: 3")
        .replace("twice", "late")
    )
    assert "twice" in modules(root, 2, tale=tale) and "twice" not in modules(root, 3)
    assert "np.add" in modules(root, 4, end=a_lesson("end", 4, "x = 1"))["twice"]
