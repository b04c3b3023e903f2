"""What students get: nothing that stays with the teacher, and the same every time."""

import json
import subprocess
import sys
import time
import zipfile

import pytest
from packaging.requirements import Requirement

from autograder import build, student
from autograder.build import ROOT, BuildError
from autograder.student import needs, wheel
from tests.packaged import LESSON, SEARCH, of_the_last, python, teachers_copy

# What of the reference ships with a lesson: what it needs, and what earlier ones taught.
ROWS = {"fast_step", "rows_affine", "rows_conv", "rows_fused", "rows_pool"}
SHIPPED = {
    "perceptron-xor": {"__init__", "inputs"},
    "two-layer-net": {"__init__", "inputs", "nets", "trainer", "updates"},
    "conv-step-by-step": {"__init__", "inputs", "step_by_step", "trainer", "updates"},
    "modular-layers": {
        "__init__", "im2col", "inputs", "layers", "losses", "step_by_step", "trainer", "updates",
    },
    "convnet-cifar10": {
        "__init__", "architecture", "convnet", "fast_conv", "fast_layers", "fast_pool", "im2col", "inputs",
        "layers", "lenet", "losses", "nets", "network", "sandwiches", "step_by_step", "trainer", "updates",
        "windows", *ROWS,
    },
    "more-layers": {
        "__init__", "architecture", "convnet", "dropout", "fast_conv", "fast_layers", "fast_pool", "im2col",
        "inputs", "layers", "lenet", "losses", "models", "nets", "network", "normalisation", "regions",
        "sandwiches", "small", "stack", "step_by_step", "trainer", "updates", "upsampling", "windows",
        *ROWS,
    },
}
FILES = """__init__ activation dense layer losses metrics model optimizers structure summary training
weights""".split()
FIRST = {"perceptron", *(f"sequential/{name}" for name in FILES)}  # what the first lesson brings, for all
# What stands directly in course and needs the reference modules of a lesson: it ships from there on.
BEGINS = {
    "checkpoint.py": "two-layer-net",
    "deeper.py": "after more-layers, whose layers it stacks",
    "submission": "convnet-cifar10",
    "train.py": "convnet-cifar10",
}
GIVEN = {
    "perceptron-xor": "from course.reference.sequential import Dense, Sequential",
    "two-layer-net": "from course.reference.nets import init_two_layer_model",
    "conv-step-by-step": "from course.reference.inputs import expect_array, output_size",
    "modular-layers": "from course.reference.im2col import im2col, col2im",
    "convnet-cifar10": "from course.reference.layers import conv_forward_naive",
    "more-layers": "from course.reference.small import small_convnet",
}


def so_far(lesson):
    """Return the lessons up to this one."""
    names = list(build.lessons())
    return names[: names.index(lesson) + 1]


def notebooks(lesson):
    """Return the lessons up to this one, and the lectures that stand behind one of them."""
    reached = build.read(lesson).number
    return [name for name in build.in_order() if build.read(name).number <= reached]


def test_the_folder_holds_what_a_student_needs_and_nothing_else(package, lesson):
    assert sorted(path.name for path in package.iterdir()) == sorted(
        ["README.md", "environment.yml", "requirements.txt", *(f"{name}.ipynb" for name in notebooks(lesson))]
        + [f"course-{build.version(build.read(lesson))}-py3-none-any.whl"]
    )


def test_the_notebooks_are_the_releases(package, lesson):
    for name in notebooks(lesson):
        released = ROOT / "release" / name / f"{name}.ipynb"
        assert (package / f"{name}.ipynb").read_bytes() == released.read_bytes()


def test_the_wheel_lies_beside_source_and_release_where_nbgrader_carries_it(teacher, the_wheel, lesson):
    for step in ("source", "release"):
        beside = list((teacher / step / lesson).glob("*.whl"))
        assert [path.name for path in beside] == [the_wheel.name]
        assert beside[0].read_bytes() == the_wheel.read_bytes()


def test_everything_of_course_ships_but_what_stays_with_the_teacher(the_wheel, lesson):
    with zipfile.ZipFile(the_wheel) as archive:
        shipped = {name for name in archive.namelist() if name.startswith("course/")}
    ours = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "course").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    stay = {path for path in ours if path.split("/")[1] in ("mistakes", "lessons", "lectures", "reference")}
    begun = so_far(lesson)
    stay |= {path for path in ours if BEGINS.get(path.split("/")[1], lesson) not in begun}
    stay |= {path for path in ours if path.startswith("course/checks/recorded/")}
    taught = {f"course/reference/{name}.py" for name in SHIPPED[lesson] | FIRST}
    recorded = {f"course/checks/recorded/{name}.npz" for name in begun}
    assert shipped == ours - stay | taught | recorded


IMPORT_ALL = """
import importlib, json, sys
said = {}
for name, module in json.loads(sys.stdin.read()).items():
    try:
        exec(f"from course.reference.{module} import {name}")
    except ImportError as error:
        said[name] = str(error)
print(json.dumps(said))
"""


def test_an_open_answer_cannot_be_imported(installed, lesson):
    asked = {name: cell.module for cell in build.read(lesson).of_kind("solution") for name in cell.names}
    done = python(IMPORT_ALL, installed, input=json.dumps(asked))
    assert json.loads(done.stdout) == {name: f"{name} is what you write in this lesson" for name in asked}


def test_what_is_given_can_be_imported(installed, lesson):
    done = python(GIVEN[lesson], installed)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("lesson", ["two-layer-net"], indirect=True, scope="session")
def test_the_trainer_ships_before_its_rules_and_says_whose_work_they_are(installed):
    code = "from course.reference.trainer import ClassifierTrainer; ClassifierTrainer().rule('adam', 0)"
    done = python(code, installed)
    assert done.stderr.splitlines()[-1] == "ImportError: adam is what you write in this lesson"
    with_mine = code.replace("ClassifierTrainer()", "ClassifierTrainer({'adam': 1})")
    assert python(with_mine, installed).stderr == ""


def test_a_kernel_finds_the_wheel_and_not_the_repository(installed, lesson):
    file, version, found = json.loads(python(SEARCH, installed, cwd=installed.parent).stdout)
    assert file == str(installed / "course" / "__init__.py")
    assert version == build.version(build.read(lesson))
    assert found == []


EVERYTHING = """
import importlib, pkgutil, course
for module in pkgutil.walk_packages(course.__path__, "course."):
    importlib.import_module(module.name)
"""


def test_every_module_that_ships_can_be_imported(installed):
    done = python("import warnings; warnings.simplefilter('error')" + EVERYTHING, installed)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_wheel_is_the_same_to_the_byte_each_time(the_wheel, tmp_path, lesson):
    lessons = [build.read(name) for name in build.in_order()]
    time.sleep(2)  # the time of a file in a zip archive counts in steps of two seconds
    course = wheel.stage(ROOT / "course", lessons, build.read(lesson), tmp_path / "course")
    again = wheel.make_wheel(course, build.version(build.read(lesson)), needs.requirements(course), tmp_path)
    assert again.read_bytes() == the_wheel.read_bytes()


@of_the_last
def test_requirements_are_met_by_what_the_notebooks_need(package):
    command = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--no-index",
        "--dry-run",
        "--quiet",
        "-r",
        "requirements.txt",
    ]
    done = subprocess.run(command, cwd=package, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    conda = (package / "environment.yml").read_text().splitlines()
    lines = (package / "requirements.txt").read_text().splitlines()
    assert [f"  - {line}" for line in lines[:-1]] == conda[6:-2] and conda[-1] == f"      - {lines[-1]}"
    names = {Requirement(line).name for line in lines[:-1]}
    assert {"numpy", "matplotlib", "anywidget", "ipython", "ipykernel", "jupyterlab"} <= names


def test_what_a_module_imports_is_required_in_the_words_of_pyproject(tmp_path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "one.py").write_text("import os\nimport numpy.linalg as la\nfrom .two import x\n")
    (tmp_path / "deep" / "two.py").write_text("def f():\n    from IPython.display import HTML\n")
    assert [Requirement(line).name for line in needs.requirements(tmp_path)] == ["numpy", "ipython"]


LEAKY = "modular-layers"
ANSWER = "    out = rows @ w + b  # (N, M)\n"
MISTAKE = build.leaks.mistakes.mistakes(LEAKY)[0].source
PLANTED = {
    "an answer in a module": ("course/plots/bars.py", "a", f"\n\ndef told():\n{ANSWER}"),
    "an answer in an explorer": ("course/explorers/told.mjs", "w", f"// {ANSWER}"),
    "a known mistake": ("course/checks/told.py", "w", MISTAKE),
    "a copy of the bank": ("course/checks/mistakes/told.py", "w", "harmless = 1\n"),
}


@pytest.mark.parametrize("case", PLANTED)
def test_a_planted_leak_stops_the_release(tmp_path, case):
    root = teachers_copy(tmp_path)
    path, mode, text = PLANTED[case]
    (root / path).parent.mkdir(exist_ok=True)
    with open(root / path, mode, encoding="utf-8") as file:
        file.write(text)
    with pytest.raises(BuildError, match=f"the student package leaks: .*{path}"):
        student.release(LEAKY, root)
    assert not list((root / "dist").iterdir())


def test_a_notebook_that_is_older_than_its_text_is_not_released(tmp_path):
    root = teachers_copy(tmp_path)
    text = root / "course" / "lessons" / f"{LESSON}.py"
    text.write_text(text.read_text(encoding="utf-8").replace("# # ", "# # New: ", 1), encoding="utf-8")
    with pytest.raises(
        BuildError, match=f"source/{LESSON}/{LESSON}.ipynb is not what .* run `autograder build"
    ):
        student.release(LESSON, root)


def test_missing_cases_are_not_released(tmp_path):
    root = teachers_copy(tmp_path)
    (root / "course" / "checks" / "recorded" / f"{LESSON}.npz").unlink()
    with pytest.raises(BuildError, match=f"{LESSON}.npz is missing: run `autograder build {LESSON}`"):
        student.release(LESSON, root)


@of_the_last
def test_a_lesson_that_is_not_there_is_not_released(teacher):
    known = ", ".join(build.lessons())
    with pytest.raises(BuildError, match=f"no lesson 'tax' in course/lessons, only {known}$"):
        student.release("tax", teacher)


def test_what_stood_there_before_is_kept(tmp_path):
    for text in ("first", "second", "third"):
        (tmp_path / "staged").mkdir()
        (tmp_path / "staged" / "file").write_text(text)
        student.swap(tmp_path / "staged", tmp_path / "student")
    assert (tmp_path / "student" / "file").read_text() == "third"
    assert (tmp_path / "student.before" / "file").read_text() == "second"
