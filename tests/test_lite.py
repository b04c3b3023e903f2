"""The course in a browser: what JupyterLite is told and makes, and the course within Pyodide's limits."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from urllib.parse import urlsplit

import nbformat
import pytest
from packaging.requirements import Requirement
from packaging.version import Version
from playwright.sync_api import sync_playwright

from autograder import build, lite, student
from autograder.build import ROOT
from course.checks.lessons import WEIGHED
from tests.packaged import teachers_copy
from tests.web_pages import CHROMIUM, QUIET, needs_chromium, served

IN_BROWSER = Path(__file__).with_name("in_browser.py")
IN_PYODIDE = {"h5py", "ipython", "matplotlib", "numpy", "requests", "tqdm", "traitlets"}


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    """Return the students' wheel of the last lesson, in its folder."""
    return student.release(root=teachers_copy(tmp_path_factory.mktemp("teacher")))


@pytest.fixture(scope="module")
def place(package, tmp_path_factory):
    """Return a folder in which the students' package lies, unpacked."""
    return student.unpack(package, tmp_path_factory.mktemp("installed") / "course")


def limited(notebook, place, folder):
    """Run a notebook where there are no threads, processes and sockets."""
    environment = {**os.environ, "PYTHONPATH": str(place), "OPENBLAS_NUM_THREADS": "1"}
    command = [sys.executable, "-P", str(IN_BROWSER), str(notebook)]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300)


@pytest.mark.parametrize("name", build.in_order())
def test_a_lesson_runs_and_its_checks_count_without_threads_processes_and_sockets(name, place, tmp_path):
    ran = limited(ROOT / "source" / name / f"{name}.ipynb", place, tmp_path)
    assert ran.returncode == 0, ran.stderr
    given = json.loads(ran.stdout.splitlines()[-1])
    asked = build.read(name).points
    assert set(given) == set(asked)
    assert {stem for stem in asked if given[stem] != asked[stem]} <= {WEIGHED}  # no weights lie beside it


@pytest.mark.parametrize("code", [
    "import threading; threading.Thread(target=print).start()", "import os; os.fork()",
    "import subprocess; subprocess.run(['true'])", "import socket; socket.socket()",
    "import asyncio; asyncio.new_event_loop()", "import sys; print('a warning', file=sys.stderr)",
])
def test_what_a_browser_has_not_is_noticed(code, tmp_path):
    cells = [nbformat.v4.new_code_cell("1 + 1"), nbformat.v4.new_code_cell(code, id="bad")]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "bad.ipynb")
    ran = limited(tmp_path / "bad.ipynb", ROOT, tmp_path)
    assert ran.returncode == 1 and ran.stderr.startswith("bad: ")


def test_every_package_that_the_course_needs_is_in_pyodide_or_in_the_folder(package):
    with zipfile.ZipFile(package) as archive:
        [name] = [name for name in archive.namelist() if name.endswith("METADATA")]
        text = archive.read(name).decode()
    lines = [line.partition(": ")[2] for line in text.splitlines() if line.startswith("Requires-Dist")]
    needs = {Requirement(line).name for line in lines}
    assert needs <= IN_PYODIDE | set(lite.PURE) and "numpy" in needs


def test_jupyterlite_is_told_of_every_wheel_and_asks_nobody_for_news():
    told = lite.configuration(["a.whl", "b.whl"])
    building = told["jupyter_lite_config.json"]
    assert building["PipliteAddon"]["piplite_urls"] == ["wheels/a.whl", "wheels/b.whl"]
    assert building["LiteBuildConfig"]["contents"] == ["files"]
    assert lite.NEWS in told["jupyter-lite.json"]["jupyter-config-data"]["disabledExtensions"]


def test_what_it_is_made_with_is_locked_with_hashes_and_names_no_host():
    text = lite.LOCK.read_text(encoding="utf-8")
    pins = {line.split("==")[0]: line.split("==")[1].split()[0] for line in text.splitlines() if "==" in line
            and not line.startswith(" ")}
    for line in (lite.HERE / "packages.in").read_text(encoding="utf-8").splitlines():
        assert Requirement(line).specifier.contains(Version(pins[Requirement(line).name]))
    assert text.count("--hash=sha256:") >= len(pins) and "://" not in text
    chosen = lite.locked(lite.PURE + lite.FRONT)
    assert all(f"{name}==" in chosen for name in lite.PURE + lite.FRONT) and "numpy==" not in chosen


def test_the_first_cell_in_a_browser_installs_the_course_and_then_loads_it(package):
    notebook = nbformat.read(package.with_name("two-layer-net.ipynb"), as_version=4)
    first = lite.in_browser(notebook).cells[0].source.splitlines()
    assert first[0].startswith("# Run this cell first") and first[1] == lite.INSTALL
    assert "\n".join([first[0], *first[3:]]) == notebook.cells[0].source


def test_a_failing_command_is_said_in_one_line(tmp_path):
    with pytest.raises(lite.LiteError, match=r": SystemExit: no wheel$"):
        lite.run([sys.executable, "-c", "raise SystemError('SystemExit: no wheel')"], tmp_path)


@needs_chromium
def test_the_folder_opens_in_a_browser_and_only_pyodide_comes_from_elsewhere(tmp_path):
    root = teachers_copy(tmp_path / "course")
    try:
        lite.environment()
        lite.download(lite.PURE, tmp_path / "wheels")
    except lite.LiteError as error:
        pytest.skip(f"JupyterLite or a wheel is not to be had: {error}")
    made = lite.make(root)
    listed = json.loads((made / "pypi" / "all.json").read_text(encoding="utf-8"))
    assert set(listed) >= {"course", "anywidget", "ipywidgets", "pooch"}
    asked = []
    with served(made) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        page = browser.new_page()
        page.route(lambda url: not url.startswith(address), lambda route: route.abort())
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{address}lab/index.html?path=two-layer-net.ipynb")
        page.get_by_role("heading", name="A two-layer net").wait_for(timeout=60_000)
        browser.close()
    elsewhere = [url for url in asked if not url.startswith((address, "data:", "blob:"))]
    assert all("pyodide" in urlsplit(url).path for url in elsewhere), elsewhere
