"""A page with one explorer and no kernel: what the course site shows, for tests in a browser.

    def test_a_key_moves_the_window(show):           # the fixture stands in conftest.py
        page = show(ConvExplorer(stride=2), theme="dark", width=380)
        before = picture(page, ".boards")
        page.get_by_label("stride S").press("ArrowRight")
        assert state(page)["stride"] == 3
        assert picture(page, ".boards") != before
"""

import base64
import json
import os
import shutil
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import sync_playwright

from course import explorers

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium")
QUIET = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync"]
ADDRESS = "http://explorer.invalid/"
MOST_MS = 20_000
STYLE = Path(explorers.__file__).parent / "explorer.css"
# The model has what anywidget gives to render(); `saved` counts how often the kernel would have heard of it.
PAGE = """<!doctype html>
<html lang="en" data-theme="{theme}"><head><meta charset="utf-8"><title>explorer</title>
<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">
<style>html {{ background: #fff; color: #222; }}
[data-theme=dark] {{ background: #121212; color: #ddd; }}</style>
<style>{css}</style></head><body><main id="here"></main>
<script>
const ready = () => {{ document.body.dataset.ready = ""; }};
addEventListener("error", ready);
</script>
<script type="module">
import explorer from "./module.mjs";
const bytes = (text) => new DataView(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer);
const revive = (_, value) => (value?.base64 === undefined ? value : bytes(value.base64));
const state = JSON.parse({state}, revive), hearers = [];
const tell = (event, ...said) =>
  hearers.filter(([name]) => name === event).forEach(([, hear]) => hear(...said));
const model = window.model = {{
  saved: 0, sent: [],
  get: (name) => state[name],
  set(name, value) {{
    if (state[name] === value) return;
    state[name] = value;
    tell(`change:${{name}}`, model, value);
    tell("change", model);
  }},
  on: (event, hear) => hearers.push([event, hear]),
  off: (event, hear) => hearers.splice(0, hearers.length, ...hearers.filter(([name, other]) =>
    (event && name !== event) || (hear && other !== hear))),
  save_changes: () => {{ model.saved += 1; }},
  send: (message) => model.sent.push(message),
  tell: (message, buffers = []) => tell("msg:custom", message, buffers),
  hearers, state,
}};
window.end = await explorer.render({{ model, el: document.getElementById("here") }});
ready();
</script></body></html>"""


def page_of(state, theme="light", css=None):
    """Return the HTML of a page that renders module.mjs beside it with a toy model in this state."""
    text = json.dumps(json.dumps(state, default=_binary)).replace("<", "\\u003c")
    return PAGE.format(theme=theme, css=STYLE.read_text("utf-8") if css is None else css, state=text)


def _binary(value):
    return {"base64": base64.b64encode(bytes(value)).decode()}


@contextmanager
def chromium():
    """Yield a browser; playwright's event loop runs in this thread until the end."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@contextmanager
def showing(browser):
    """Yield show(explorer or module text, state=None, theme="light", width=1000, height=900) -> Page.

    An explorer brings its own state. At the end no page may have raised or asked another host for anything.
    """
    contexts, errors, outside = [], [], []

    def show(explorer, state=None, theme="light", width=1000, height=900):
        module, traits, css = explorer, {}, None
        if not isinstance(explorer, str):
            traits = explorer.get_state()
            module, css = traits.pop("_esm"), traits.pop("_css")
        texts = {"": ("text/html", page_of(traits | (state or {}), theme, css)),
                 "module.mjs": ("text/javascript", module)}

        def answer(route):
            found = texts.get(route.request.url.removeprefix(ADDRESS))
            if found is None:
                outside.append(route.request.url)
                return route.abort()
            return route.fulfill(content_type=f"{found[0]}; charset=utf-8", body=found[1])

        context = browser.new_context(viewport={"width": width, "height": height})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(MOST_MS)
        page.on("pageerror", lambda error: errors.append(error))
        page.route("**/*", answer)
        page.goto(ADDRESS)
        page.wait_for_selector("body[data-ready]", state="attached")
        return page

    yield show
    for context in contexts:
        context.close()
    assert not errors, str(errors)
    assert not outside, f"an explorer should bring along what it needs; it asked for {outside}"


def state(page):
    """Return the traits as the page has them, without binary ones."""
    shown = "Object.entries(model.state).filter(([, value]) => !(value instanceof DataView))"
    return page.evaluate(f"Object.fromEntries({shown})")


def set_from_python(page, **traits):
    """Change traits as the kernel would."""
    page.evaluate("traits => { for (const name in traits) model.set(name, traits[name]); }", traits)
    settle(page)


def settle(page):
    """Wait until the page has drawn what it was told."""
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


def picture(page, part):
    """Return the PNG of a part of the page; two of the same look are the same bytes.

    A slider shows its own value and a focus its ring: ask for the part that should change, such as ".boards".
    """
    settle(page)
    return page.locator(part).first.screenshot(animations="disabled")


def scrolls_sideways(page):
    """Is the page wider than its window?"""
    return page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
