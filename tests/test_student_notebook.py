"""The notebook that students get, as they run it: blank, answered, without the course, in the lab."""

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

import pytest
from jupyter_client import BlockingKernelClient

from autograder import build, lab, student
from autograder.build import ROOT, run
from autograder.student import wheel
from course.checks.lessons import WEIGHED
from tests.packaged import LESSON, SEARCH, notebook, of_the_last, python


@pytest.fixture(scope="module", params=["skip-execution", ""], ids=["graded cells", "all cells"])
def skip(request):
    return request.param


@pytest.fixture(scope="module")
def blank(executed, skip):
    return executed(answered=False, skip=skip)


@pytest.fixture(scope="module")
def answered(executed, skip):
    return executed(answered=True, skip=skip)


def points(executed, skip):
    """Return the points by test cell, but for those of weights, which a given network earns some of."""
    found = run.points(executed)
    weighed = found.pop(f"test-{WEIGHED}", None)
    assert weighed in (None, 0) if skip else weighed is None or 0 < weighed < 10
    return found


def test_the_blank_notebook_runs_without_an_error_and_earns_nothing(blank, skip):
    assert run.faults(blank) == []
    assert set(points(blank, skip).values()) == {0.0}


def test_the_answered_notebook_runs_without_an_error_and_earns_all(answered, lesson, skip):
    full = build.read(lesson).points
    assert run.faults(answered) == []
    assert points(answered, skip) == {f"test-{stem}": full[stem] for stem in full if stem != WEIGHED}


def test_right_answers_open_the_sealed_bugs(answered):
    found = [cell for cell in answered.cells if cell.id.startswith("bug-")]
    assert len(found) in (2, 3)
    for cell in found:
        assert "def broken_" in cell.outputs[0].data["text/plain"], cell.id


def test_waiting_cells_of_the_blank_notebook_say_what_to_write_first(blank, skip):
    waiting = [
        cell
        for cell in blank.cells
        if cell.source.startswith("%%after ") and not (skip and skip in cell.metadata.get("tags", []))
    ]
    assert len(waiting) > 5
    for cell in waiting:
        if " is not written yet." in str(cell.outputs):  # an explorer stands there all the same, and says so
            continue
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
    source = notebook(ROOT / "release" / LESSON, LESSON, answered=False).cells[0].source
    done = python(f"{source}\nimport course\n{then}", path, python=interpreter, cwd=folder)
    return done.returncode, done.stdout.splitlines(), done.stderr.splitlines()


@of_the_last
def test_the_first_cell_uses_a_course_that_is_there(folder, bare, installed, the_wheel):
    assert first_cell(folder, bare, installed) == (0, [build.version(build.read(LESSON))], [])


@of_the_last
def test_the_first_cell_installs_the_wheel_beside_it_once(folder, bare, the_wheel):
    (folder / "course").mkdir()  # an empty folder of that name is no package
    shutil.copy(the_wheel, folder)
    version = build.version(build.read(LESSON))
    assert first_cell(folder, bare) == (0, [version], [])
    (folder / the_wheel.name).unlink()
    assert first_cell(folder, bare) == (0, [version], [])


@of_the_last
def test_the_first_cell_says_in_one_line_how_to_get_the_wheel(folder, bare, the_wheel):
    code, _, errors = first_cell(folder, bare)
    assert code == 1
    assert errors[-1] == (
        f"ModuleNotFoundError: put {the_wheel.name}, from where you got this notebook, "
        "beside it and run this cell again"
    )


@of_the_last
def test_the_first_cell_says_in_one_line_that_pip_failed(folder, bare, the_wheel):
    (folder / the_wheel.name).write_bytes(b"half a wheel")
    code, _, errors = first_cell(folder, bare)
    assert code == 1
    assert errors[-1].startswith(f"RuntimeError: pip could not install {the_wheel.name}: ")


@of_the_last
def test_the_first_cell_replaces_an_older_course_by_the_newest_beside_it(folder, bare, the_wheel):
    for version in ("0.9.0", "1.0.10", "1.0.9"):
        package = student.unpack(the_wheel, folder.parent / version) / "course"
        wheel.write(package / "version.py", wheel.with_version(package / "version.py", version))
        wheel.make_wheel(package, version, [], folder)
    older = folder / "course-0.9.0-py3-none-any.whl"
    subprocess.run([bare, "-m", "pip", "install", "-qq", "--no-index", "--no-deps", older], check=True)
    assert first_cell(folder, bare) == (0, ["1.0.10"], [])


@of_the_last
def test_the_first_cell_leaves_the_teachers_own_course_alone(folder, the_wheel):
    shutil.copy(the_wheel, folder)
    code, lines, errors = first_cell(folder, sys.executable, ROOT, then="print(course.__file__)")
    assert (code, lines, errors) == (0, [str(ROOT / "course" / "__init__.py")], [])


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


@of_the_last
def test_a_notebook_in_the_lab_has_the_students_course(teacher, tmp_path):
    environment = {**os.environ, "PYTHONPATH": str(teacher), "JUPYTER_RUNTIME_DIR": str(tmp_path)}
    command = [sys.executable, "-m", "autograder", "lab", "--no-browser", "--ServerApp.port=0"]
    server = subprocess.Popen(command, env=environment, cwd=teacher, stderr=subprocess.DEVNULL)
    try:
        told = json.loads(wait_for(lambda: next(tmp_path.glob("jpserver-*.json"), None)).read_text())
        assert Path(told["root_dir"]) == teacher / "dist" / "student"
        url = f"http://127.0.0.1:{told['port']}/api/kernels"
        request = urllib.request.Request(url, b"{}", {"Authorization": f"token {told['token']}"})
        with wait_for(lambda: answer(request)) as reply:
            kernel = json.load(reply)["id"]
        connection = wait_for(lambda: next(tmp_path.glob(f"kernel-{kernel}.json"), None))
        assert json.loads(ask(connection, SEARCH))[0] == str(
            teacher / "dist" / "lab" / "course" / "__init__.py"
        )
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


def ready(client):
    """Return True when a kernel answers; on a busy machine it seems dead at first."""
    try:
        client.wait_for_ready(20)
    except RuntimeError:
        return False
    return True


def ask(connection, code):
    """Run code in the kernel of a connection file; return what it prints."""
    client = BlockingKernelClient(connection_file=str(connection))
    client.load_connection_file()
    client.start_channels()
    try:
        wait_for(lambda: ready(client))
        printed = []
        client.execute_interactive(code, output_hook=lambda message: printed.append(message), timeout=180)
    finally:
        client.stop_channels()
    return "".join(one["content"]["text"] for one in printed if one["msg_type"] == "stream")
