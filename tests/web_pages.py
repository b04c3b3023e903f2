"""Pages in a folder, served and opened in a real browser, and what they ask for while they are read."""

import os
import shutil
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from playwright.sync_api import sync_playwright

from autograder import web

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium")
QUIET = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync"]
MOST_MS = 60_000
NONE = "no chromium: install it or set CHROMIUM to its path"
needs_chromium = pytest.mark.skipif(not CHROMIUM, reason=NONE)


def require_archives():
    """Skip, and say why, where what pages need was never fetched and can't be."""
    try:
        for archive in web.ARCHIVES.values():
            web.content(archive)
    except web.WebError as error:
        pytest.skip(str(error))


class Silent(SimpleHTTPRequestHandler):
    def log_message(self, *what):
        pass


@contextmanager
def served(folder):
    """Serve a folder; yield its address, which ends in a slash."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Silent, directory=folder))
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def reading(folder, **options):
    """Yield (a browser's page, the address of the folder); fail when a page's script raises, when something
    is missing in the folder, or when a page asks another host."""
    wrong = []
    with served(folder) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        page = browser.new_page(**options)
        page.set_default_timeout(MOST_MS)
        page.on("pageerror", lambda error: wrong.append(f"raised: {error}"))
        page.on("request", lambda asked: asked.url.startswith((address, "data:", "blob:"))
                or wrong.append(f"asked: {asked.url}"))
        page.on("response", lambda got: got.status < 400 or wrong.append(f"{got.status}: {got.url}"))
        yield page, address
        browser.close()
    assert wrong == []
