"""What students get: it runs, it holds no answer, and it comes the same every time."""

import ast
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import time
import urllib.request
import venv
import zipfile
from pathlib import Path

import nbformat
import pytest
from jupyter_client import BlockingKernelClient
from packaging.requirements import Requirement

from autograder import build, lab, student
from autograder.build import ROOT, BuildError, run
from autograder.student import needs, reference, wheel
from tests import toy

LESSON = list(build.lessons())[-1]
OPEN = {name: cell.module for cell in build.read(LESSON).of_kind("solution") for name in cell.names}
GIVEN = {"im2col", "col2im"}


def teachers_copy(root):
    """Copy what the student package is made of."""
    for folder in ("course", "source", "release"):
        shutil.copytree(ROOT / folder, root / folder, ignore=shutil.ignore_patterns("__pycache__", "*.whl"))
    for name in ("nbgrader_config.py", "pyproject.toml"):
        shutil.copy(ROOT / name, root)
    return root


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    root = teachers_copy(tmp_path_factory.mktemp("teacher"))
    student.release(LESSON, root)
    return root


@pytest.fixture(scope="module")
def package(root):
    return root / "dist" / "student"


@pytest.fixture(scope="module")
def the_wheel(package):
    return next(package.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(the_wheel, tmp_path_factory):
    return student.unpack(the_wheel, tmp_path_factory.mktemp("installed") / "course")


def python(code, path, **options):
    """Run code in a fresh Python that looks for packages in a folder first."""
    environment = {**os.environ, "PYTHONPATH": str(path)}
    command = [options.pop("python", sys.executable), "-P", "-c", code]
    return subprocess.run(command, env=environment, capture_output=True, text=True, **options)


def test_the_folder_holds_what_a_student_needs_and_nothing_else(package):
    assert sorted(path.name for path in package.iterdir()) == sorted(
        ["README.md", "environment.yml", "requirements.txt", f"{LESSON}.ipynb"]
        + [f"course-{build.version(build.read(LESSON))}-py3-none-any.whl"]
    )


def test_the_notebook_is_the_release(package):
    assert (package / f"{LESSON}.ipynb").read_bytes() == (
        ROOT / "release" / LESSON / f"{LESSON}.ipynb"
    ).read_bytes()


def test_the_wheel_lies_beside_source_and_release_where_nbgrader_carries_it(root, the_wheel):
    for step in ("source", "release"):
        beside = list((root / step / LESSON).glob("*.whl"))
        assert [path.name for path in beside] == [the_wheel.name]
        assert beside[0].read_bytes() == the_wheel.read_bytes()


def test_everything_of_course_ships_but_what_stays_with_the_teacher(the_wheel):
    with zipfile.ZipFile(the_wheel) as archive:
        shipped = {name for name in archive.namelist() if name.startswith("course/")}
    ours = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "course").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    stay = {path for path in ours if path.split("/")[1] in ("mistakes", "lessons", "reference")}
    taught = {f"course/reference/{name}.py" for name in ("__init__", "im2col", "inputs", "layers", "losses")}
    assert {"course/reference/sandwiches.py", "course/reference/fast_layers.py"} < stay
    assert shipped == ours - stay | taught


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


def test_an_open_answer_cannot_be_imported(installed):
    done = python(IMPORT_ALL, installed, input=json.dumps(OPEN))
    assert json.loads(done.stdout) == {name: f"{name} is what you write in this lesson" for name in OPEN}


def test_what_is_given_can_be_imported(installed):
    done = python(f"from course.reference.im2col import {', '.join(GIVEN)}", installed)
    assert (done.returncode, done.stderr) == (0, "")


SEARCH = """
import importlib.util, json, sys, course, course.reference.layers as layers
print(json.dumps([course.__file__, course.__version__, hasattr(layers, "nothing"), [
    name for name in ("mistakes", "lessons", "reference.sandwiches", "reference.fast_layers")
    if importlib.util.find_spec("course." + name)
]]))
"""


def test_a_kernel_finds_the_wheel_and_not_the_repository(installed):
    file, version, nothing, found = json.loads(python(SEARCH, installed, cwd=installed.parent).stdout)
    assert file == str(installed / "course" / "__init__.py")
    assert version == build.version(build.read(LESSON))
    assert not nothing and found == []


EVERYTHING = """
import importlib, pkgutil, course
for module in pkgutil.walk_packages(course.__path__, "course."):
    importlib.import_module(module.name)
"""


def test_every_module_that_ships_can_be_imported(installed):
    done = python("import warnings; warnings.simplefilter('error')" + EVERYTHING, installed)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_wheel_is_the_same_to_the_byte_each_time(the_wheel, tmp_path):
    lessons = [build.read(name) for name in build.lessons()]
    time.sleep(2)  # the time of a file in a zip archive counts in steps of two seconds
    course = wheel.stage(ROOT / "course", lessons, lessons[-1], tmp_path / "course")
    again = wheel.make_wheel(course, build.version(lessons[-1]), needs.requirements(course), tmp_path)
    assert again.read_bytes() == the_wheel.read_bytes()


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


def notebook(package, answered):
    """Return the released notebook, blank or with the answers of the source notebook."""
    blank = nbformat.read(package / f"{LESSON}.ipynb", as_version=4)
    source = nbformat.read(ROOT / "source" / LESSON / f"{LESSON}.ipynb", as_version=4)
    answers = {cell.id: cell.source for cell in source.cells if cell.id.startswith("solution-")}
    for cell in blank.cells:
        cell.source = answers.get(cell.id, cell.source) if answered else cell.source
    return blank


@pytest.fixture(scope="module", params=["skip-execution", ""], ids=["graded cells", "all cells"])
def skip(request):
    return request.param


@pytest.fixture(scope="module")
def blank(package, installed, skip):
    return run.run(notebook(package, answered=False), path=[installed], skip=skip)


@pytest.fixture(scope="module")
def answered(package, installed, skip):
    return run.run(notebook(package, answered=True), path=[installed], skip=skip)


def test_the_blank_notebook_runs_without_an_error_and_earns_nothing(blank):
    assert run.faults(blank) == []
    assert set(run.points(blank).values()) == {0.0}


def test_the_answered_notebook_runs_without_an_error_and_earns_all(answered):
    assert run.faults(answered) == []
    assert run.points(answered) == {f"test-{stem}": full for stem, full in build.read(LESSON).points.items()}


def test_waiting_cells_of_the_blank_notebook_say_what_to_write_first(blank, skip):
    waiting = [
        cell
        for cell in blank.cells
        if cell.source.startswith("%%after ") and not (skip and skip in cell.metadata.get("tags", []))
    ]
    assert len(waiting) > 5
    for cell in waiting:
        names = cell.source.splitlines()[0].split()[1:]
        said = "".join(output.text for output in cell.outputs)
        assert said == "" if only_defines(cell) else said in [f"write {name} first\n" for name in names]


def only_defines(cell):
    """Return True when a waiting cell calls nothing."""
    _, _, source = cell.source.partition("\n")
    return all(isinstance(node, ast.FunctionDef) for node in ast.parse(source).body)


def test_no_waiting_cell_of_the_answered_notebook_waits(answered):
    for cell in answered.cells:
        for output in cell.get("outputs", []):
            assert not output.get("text", "").startswith("write "), cell.id


@pytest.fixture
def bare(tmp_path):
    """Return a Python that has all packages but the course."""
    venv.EnvBuilder(with_pip=False, symlinks=os.name != "nt").create(tmp_path / "bare")
    here = "Scripts" if os.name == "nt" else "bin"
    interpreter = tmp_path / "bare" / here / "python"
    code = "import sysconfig; print(sysconfig.get_path('purelib'), end='')"
    own = Path(subprocess.run([interpreter, "-c", code], capture_output=True, text=True).stdout)
    (own / "others.pth").write_text(sysconfig.get_path("purelib"))
    assert subprocess.run([interpreter, "-I", "-c", "import course"], capture_output=True).returncode == 1
    return interpreter


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "folder").mkdir()
    return tmp_path / "folder"


def first_cell(folder, interpreter, path="", then="print(course.__version__)"):
    """Run the first cell in a folder with an interpreter; return (exit code, lines, lines on stderr)."""
    source = notebook(ROOT / "release" / LESSON, answered=False).cells[0].source
    done = python(f"{source}\nimport course\n{then}", path, python=interpreter, cwd=folder)
    return done.returncode, done.stdout.splitlines(), done.stderr.splitlines()


def test_the_first_cell_uses_a_course_that_is_there(folder, bare, installed, the_wheel):
    assert first_cell(folder, bare, installed) == (0, [build.version(build.read(LESSON))], [])


def test_the_first_cell_installs_the_wheel_beside_it_once(folder, bare, the_wheel):
    (folder / "course").mkdir()  # an empty folder of that name is no package
    shutil.copy(the_wheel, folder)
    version = build.version(build.read(LESSON))
    assert first_cell(folder, bare) == (0, [version], [])
    (folder / the_wheel.name).unlink()
    assert first_cell(folder, bare) == (0, [version], [])


def test_the_first_cell_says_in_one_line_how_to_get_the_wheel(folder, bare, the_wheel):
    code, _, errors = first_cell(folder, bare)
    assert code == 1
    assert errors[-1] == (
        f"ModuleNotFoundError: put {the_wheel.name}, from where you got this notebook, "
        "beside it and run this cell again"
    )


def test_the_first_cell_says_in_one_line_that_pip_failed(folder, bare, the_wheel):
    (folder / the_wheel.name).write_bytes(b"half a wheel")
    code, _, errors = first_cell(folder, bare)
    assert code == 1
    assert errors[-1].startswith(f"RuntimeError: pip could not install {the_wheel.name}: ")


def test_the_first_cell_replaces_an_older_course_by_the_newest_beside_it(folder, bare, the_wheel):
    for version in ("0.9.0", "1.0.10", "1.0.9"):
        package = student.unpack(the_wheel, folder.parent / version) / "course"
        wheel.write(package / "version.py", wheel.with_version(package / "version.py", version))
        wheel.make_wheel(package, version, [], folder)
    older = folder / "course-0.9.0-py3-none-any.whl"
    subprocess.run([bare, "-m", "pip", "install", "-qq", "--no-index", "--no-deps", older], check=True)
    assert first_cell(folder, bare) == (0, ["1.0.10"], [])


def test_the_first_cell_leaves_the_teachers_own_course_alone(folder, the_wheel):
    shutil.copy(the_wheel, folder)
    code, lines, errors = first_cell(folder, sys.executable, ROOT, then="print(course.__file__)")
    assert (code, lines, errors) == (0, [str(ROOT / "course" / "__init__.py")], [])


ANSWER = "    out = rows @ w + b  # (N, M)\n"
MISTAKE = build.leaks.mistakes.mistakes(LESSON)[0].source
PLANTED = {
    "an answer in a module": ("course/plots.py", "a", f"\n\ndef told():\n{ANSWER}"),
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
        student.release(LESSON, root)
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


def test_a_lesson_that_is_not_there_is_not_released(root):
    with pytest.raises(BuildError, match=f"no lesson 'tax' in course/lessons, only {LESSON}"):
        student.release("tax", root)


def test_what_stood_there_before_is_kept(tmp_path):
    for text in ("first", "second", "third"):
        (tmp_path / "staged").mkdir()
        (tmp_path / "staged" / "file").write_text(text)
        student.swap(tmp_path / "staged", tmp_path / "student")
    assert (tmp_path / "student" / "file").read_text() == "third"
    assert (tmp_path / "student.before" / "file").read_text() == "second"


def modules(root, number, **texts):
    """Return the modules that ship with the lesson of this number; texts: further lessons."""
    for name, text in texts.items():
        (root / "course" / "lessons" / f"{name}.py").write_text(text, encoding="utf-8")
    lessons = [build.read(name, root) for name in build.lessons(root)]
    return reference.modules(root / "course" / "reference", lessons, number)


def lesson(name, number, *lines):
    """Return the text of a lesson without a task."""
    head, _, _ = toy.TEXT.partition("# %% [markdown]\n# # Twice")
    head = head.replace("lesson: toy", f"lesson: {name}").replace("number: 2", f"number: {number}")
    return "\n".join([head.replace("[twice]", "[]").rstrip(), "", "# %%", *lines])


def test_what_lessons_so_far_name_ships_with_what_it_imports(tmp_path):
    root = toy.plant(tmp_path)
    assert set(modules(root, 2)) == {"__init__", "checked", "twice"}
    early = lesson("early", 1, "from course.reference.checked import expect_number")
    assert set(modules(root, 1, early=early)) == {"__init__", "checked"}


def test_a_module_that_is_made_of_open_answers_ships_when_they_are_taught(tmp_path):
    root = toy.plant(tmp_path)
    uses = "from course.reference.above import double_four_times"
    assert set(modules(root, 1, early=lesson("early", 1, uses))) == {"__init__"}
    assert set(modules(root, 2)) == {"__init__", "checked", "twice"}
    late = lesson("late", 3, uses)
    assert set(modules(root, 3, late=late)) == {"__init__", "above", "checked", "pairs", "twice"}


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
    (root / "course" / "reference" / "late.py").write_text(toy.TWICE)
    tale = (
        toy.TEXT.replace("lesson: toy", "lesson: tale")
        .replace("number: 2", "number: 3")
        .replace("twice", "late")
    )
    first, second = modules(root, 2, tale=tale), modules(root, 3)
    assert "late" not in first and "np.add" not in first["twice"]
    assert "np.add" in second["twice"] and "np.add" not in second["late"]


def test_the_lab_opens_the_package_and_makes_it_when_it_is_not_there(tmp_path, monkeypatch):
    called = {}
    monkeypatch.setattr(lab, "ROOT", tmp_path)
    monkeypatch.setattr(lab.student, "release", lambda: make_wheel_in(tmp_path / "dist" / "student"))
    monkeypatch.setattr(lab.os, "chdir", lambda folder: called.update(folder=folder))
    monkeypatch.setattr(lab.os, "execve", lambda *command: called.update(command=command))
    lab.start(["--no-browser"])
    program, arguments, environment = called["command"]
    assert called["folder"] == tmp_path / "dist" / "student" and program == sys.executable
    assert arguments[1:3] == ["-m", "jupyterlab"] and arguments[-1] == "--no-browser"
    assert (Path(environment["PYTHONPATH"]) / "course" / "here.py").is_file()


def make_wheel_in(folder):
    folder.mkdir(parents=True)
    with zipfile.ZipFile(folder / "course-1.0.1-py3-none-any.whl", "w") as archive:
        archive.writestr("course/here.py", "")
    return folder / "course-1.0.1-py3-none-any.whl"


def test_a_notebook_in_the_lab_has_the_students_course(root, tmp_path):
    environment = {**os.environ, "PYTHONPATH": str(root), "JUPYTER_RUNTIME_DIR": str(tmp_path)}
    command = [sys.executable, "-m", "autograder", "lab", "--no-browser", "--ServerApp.port=0"]
    server = subprocess.Popen(command, env=environment, cwd=root, stderr=subprocess.DEVNULL)
    try:
        told = json.loads(wait_for(lambda: next(tmp_path.glob("jpserver-*.json"), None)).read_text())
        assert Path(told["root_dir"]) == root / "dist" / "student"
        url = f"http://127.0.0.1:{told['port']}/api/kernels"
        request = urllib.request.Request(url, b"{}", {"Authorization": f"token {told['token']}"})
        with wait_for(lambda: answer(request)) as reply:
            kernel = json.load(reply)["id"]
        connection = wait_for(lambda: next(tmp_path.glob(f"kernel-{kernel}.json"), None))
        assert json.loads(ask(connection, SEARCH))[0] == str(root / "dist" / "lab" / "course" / "__init__.py")
    finally:
        server.terminate()
        server.wait(30)


def wait_for(something, seconds=180):
    """Return what `something()` gives as soon as it gives anything."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = something()
        if found:
            return found
        time.sleep(0.1)
    raise TimeoutError(f"nothing came within {seconds} seconds")


def answer(request):
    try:
        return urllib.request.urlopen(request)
    except OSError:
        return None


def ask(connection, code):
    """Run code in the kernel of a connection file; return what it prints."""
    client = BlockingKernelClient(connection_file=str(connection))
    client.load_connection_file()
    client.start_channels()
    try:
        client.wait_for_ready(180)
        printed = []
        client.execute_interactive(code, output_hook=lambda message: printed.append(message), timeout=180)
    finally:
        client.stop_channels()
    return "".join(one["content"]["text"] for one in printed if one["msg_type"] == "stream")
