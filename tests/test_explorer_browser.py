"""An explorer in a real JupyterLab, in a real browser."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import nbformat
import pytest
from playwright.sync_api import expect, sync_playwright

ROOT = Path(__file__).parent.parent
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium")
QUIET = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync"]
NO_NEWS = {"disabledExtensions": {"@jupyterlab/apputils-extension:announcements": True}}
DARK = "{theme: 'JupyterLab Dark'}"
START_SECONDS = 60
MOST_MS = 60_000
# A kernel that calls itself idle may not yet listen: wait for its first answer.
NOTEBOOK_IS_OPEN = "Boolean(window.jupyterapp?.shell.currentWidget?.sessionContext)"
KERNEL_ANSWERS = """async () => {
    const context = window.jupyterapp.shell.currentWidget.sessionContext;
    await context.ready;
    await context.session.kernel.info;
}"""

pytestmark = pytest.mark.skipif(not CHROMIUM, reason="no chromium: install it or set CHROMIUM to its path")


@contextmanager
def jupyterlab(folder, notebook):
    """Serve a folder with one notebook; yield the notebook's address."""
    config = folder / "config"
    (config / "labconfig").mkdir(parents=True)
    (config / "labconfig" / "page_config.json").write_text(json.dumps(NO_NEWS))
    nbformat.write(notebook, folder / "explorer.ipynb")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    own = {f"JUPYTER_{name}_DIR": str(folder / name.lower()) for name in ("CONFIG", "DATA", "RUNTIME")}
    environment = os.environ | own | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", f"--port={port}",
               "--ServerApp.port_retries=0", "--IdentityProvider.token=", f"--ServerApp.root_dir={folder}",
               "--LabApp.expose_app_in_browser=True"]
    with open(folder / "log", "wb") as log:
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    try:
        wait_for(f"http://127.0.0.1:{port}/api", server, folder / "log")
        yield f"http://127.0.0.1:{port}/lab/tree/explorer.ipynb"
    finally:
        server.terminate()
        server.wait(START_SECONDS)


def wait_for(address, server, log):
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and server.poll() is None:
        try:
            with urlopen(address):
                return
        except URLError:
            time.sleep(0.2)
    pytest.fail(f"JupyterLab did not start:\n{log.read_text()[-2000:]}")


@contextmanager
def chromium():
    """Yield an empty page that fails the test when its script raises."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        page = browser.new_page(viewport={"width": 1280, "height": 1000})
        page.set_default_timeout(MOST_MS)
        errors = []
        page.on("pageerror", lambda error: errors.append(error))
        yield page
        browser.close()
        assert errors == []


def pixels(page):
    """Return what the canvases show of input, kernel and output, as one text for each."""
    read = "boards => boards.map(b => [...b.querySelectorAll('canvas')].map(c => c.toDataURL()).join())"
    return page.eval_on_selector_all(".explorer .board", read)


def test_an_explorer_follows_the_keyboard_and_the_theme_and_tells_python(tmp_path):
    cells = ["from course.explorers import ConvExplorer\nexplorer = ConvExplorer()\nexplorer",
             "explorer.geometry, explorer.position"]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    with jupyterlab(tmp_path, notebook) as address, chromium() as page:
        page.goto(address)
        page.wait_for_function(NOTEBOOK_IS_OPEN)
        page.evaluate(KERNEL_ANSWERS)
        run = page.locator("[data-jp-item-name=run]")
        run.click()
        formula, live = page.locator(".explorer .formula"), page.locator(".explorer .live")
        expect(formula).to_contain_text("(7 + 2·1 − 3)/2 + 1 = 6/2 + 1 = 4", timeout=MOST_MS)

        first = pixels(page)
        page.get_by_label("stride S").focus()
        page.keyboard.press("ArrowRight")
        expect(formula).to_contain_text("(7 + 2·1 − 3)/3 + 1 = 6/3 + 1 = 3")
        expect(live).to_contain_text("3 × 3 places")
        second = pixels(page)
        assert [one != other for one, other in zip(first, second, strict=True)] == [False, False, True]

        page.get_by_label("pad P").focus()
        page.keyboard.press("Home")
        expect(page.locator(".explorer .sentence")).to_contain_text("never reaches the last row")
        third = pixels(page)
        assert [one != other for one, other in zip(second, third, strict=True)] == [True, False, True]
        page.get_by_role("button", name="stride 2 → 3 × 3").press("Enter")
        expect(formula).to_contain_text("(7 + 2·0 − 3)/2 + 1 = 4/2 + 1 = 3")

        output = page.locator(".explorer .output")
        output.focus()
        for key in ("End", "ArrowUp", "ArrowLeft"):
            output.press(key)
        expect(page.locator(".explorer .sum")).to_contain_text("out[1, 1]")
        assert page.evaluate("document.activeElement.classList.contains('output')")

        light = pixels(page)
        page.evaluate(f"window.jupyterapp.commands.execute('apputils:change-theme', {DARK})")
        expect(page.locator(".explorer.dark")).to_be_visible(timeout=MOST_MS)
        assert all(one != other for one, other in zip(light, pixels(page), strict=True))
        page.get_by_label("width N").press("ArrowRight")
        expect(formula).to_contain_text("columns = (8 + 2·0 − 3)/2 + 1 = 5/2 + 1 = 3.5, rounded down to 3")

        page.locator(".jp-Cell .jp-InputPrompt").last.click()
        run.click()
        expect(page.locator(".jp-OutputArea-executeResult").last).to_contain_text(
            "Geometry(height=7, width=8, kernel=3, stride=2, pad=0, dilation=1), 4)")
