"""The site: no warning, no dead link, no other host, explorers that answer without a kernel, no secret."""

from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import pytest

from autograder import build, lectures, site
from autograder.build import ROOT, BuildError
from autograder.site import pages
from course import explorers
from tests.web_pages import needs_chromium, reading, require_archives

LINKS = {"a": "href", "link": "href", "script": "src", "img": "src", "iframe": "src"}


class Page(HTMLParser):
    """A page's links, the ids that can be linked to, and the words of its pictures."""

    def __init__(self, path):
        super().__init__()
        self.links, self.ids, self.words = [], {""}, []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self.ids |= {found.get("id"), found.get("name")}
        if found.get(LINKS.get(tag)) and "preconnect" not in found.get("rel", ""):
            self.links.append(found[LINKS[tag]])
        if tag == "img":
            self.words.append(found.get("alt") or "")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Return the teacher's site: it holds all pages of the other."""
    require_archives()
    root = tmp_path_factory.mktemp("course")
    for name in ("course", "source", "docs", "nbgrader_config.py"):
        (root / name).symlink_to(ROOT / name)
    made = site.make(teachers=True, root=root)
    assert made == root / "dist" / "teacher" / "site"
    assert [path.name for path in made.parent.iterdir()] == ["site"]
    return made


@pytest.fixture(scope="module")
def read(folder):
    """Return {path: Page}."""
    return {path: Page(path) for path in sorted(folder.rglob("*.html")) if "_static" not in path.parts}


def test_every_link_inside_leads_somewhere_and_no_page_loads_from_another_host(read, folder):
    dead = []
    for path, page in read.items():
        for link in page.links:
            whole, part = urldefrag(urljoin(path.as_uri(), link))
            if urlsplit(whole).scheme != "file":
                continue
            target = Path(unquote(urlsplit(whole).path))
            target = target / "index.html" if target.is_dir() else target
            if not target.is_file() or target in read and unquote(part) not in read[target].ids:
                dead.append(f"{path.relative_to(folder)}: {link}")
    assert dead == [] and sum(len(page.links) for page in read.values()) > 1000


def test_every_picture_has_its_words(read, folder):
    assert [path.relative_to(folder).as_posix() for path, page in read.items() if not all(page.words)] == []
    assert len(read[folder / "lectures" / "how-convolution-works.html"].words) >= 4


def test_every_lecture_explorer_module_lesson_and_guide_has_its_place(read, folder):
    index = (folder / "index.html").read_text(encoding="utf-8")
    for name in build.lectures():
        assert f'href="lectures/{name}.html"' in index
        assert f"../slides/{name}.html" in read[folder / "lectures" / f"{name}.html"].links
    for name in build.lessons():
        assert f'href="teaching/{name}.html"' in index
    for path in (ROOT / "docs").glob("*.md"):
        assert f'href="{path.stem}.html"' in index, f"name {path.name} in pages.GUIDE"
    shown = (folder / "explorers.html").read_text(encoding="utf-8")
    asked = [name for name in explorers.__all__
             if name not in pages.WAITS and pages.needs_nothing(getattr(explorers, name))]
    assert set(pages.TITLES) <= set(asked) and set(pages.WAITS) <= set(explorers.__all__)
    assert all(f">{pages.titled(name)}<a" in shown for name in asked)
    layers = (folder / "reference" / "layers.html").read_text(encoding="utf-8")
    assert "conv_backward_naive" in layers and "np.pad" not in layers  # what it does, not how


@needs_chromium
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_explorer_answers_the_keyboard_without_a_kernel_and_no_other_host_is_asked(folder, scheme):
    with reading(folder, viewport={"width": 1200, "height": 900}, color_scheme=scheme) as (page, address):
        page.goto(f"{address}lectures/how-convolution-works.html")
        explorer = page.locator(".explorer").first
        explorer.locator(".formula").wait_for()
        page.locator("mjx-container svg").first.wait_for()
        assert ("dark" in explorer.get_attribute("class").split()) == (scheme == "dark")
        drawn = "element => [...element.querySelectorAll('canvas')].map(canvas => canvas.toDataURL())"
        before, said = explorer.evaluate(drawn), explorer.locator(".formula").inner_text()
        explorer.get_by_label("stride S").press("ArrowRight")
        changed = "said => document.querySelector('.explorer .formula').innerText !== said"
        page.wait_for_function(changed, arg=said)
        assert explorer.evaluate(drawn) != before
        page.locator("summary", has_text="Answer").first.click()
        assert page.locator("details[open] mjx-container, details[open] p").count()


@needs_chromium
@pytest.mark.parametrize("width", [1200, 380])
def test_no_page_is_wider_than_its_window_and_no_other_host_is_asked(folder, width):
    with reading(folder, viewport={"width": width, "height": 800}) as (page, address):
        for name in ("index", "course", "explorers", "reference/layers", "teaching/modular-layers"):
            page.goto(f"{address}{name}.html")
            page.wait_for_load_state("networkidle")
            assert page.evaluate("document.documentElement.scrollWidth") <= width, name


def test_the_site_for_everyone_holds_no_answer_and_nothing_of_the_teachers():
    found = pages.texts(teachers=False)
    assert {path.partition("/")[0] for path in found} == {
        "index.md", "course.md", "explorers.ipynb", "lectures", "reference"}
    text = "\n".join(found.values())
    for name in build.lessons():
        (written,) = build.read(name).of_kind("written")
        assert written.source.splitlines()[-1] not in text and "Worth 1 of 3 points" not in text


def test_a_warning_of_sphinx_stops_it_and_is_said_in_one_line(tmp_path):
    source = tmp_path / "source"
    source.mkdir()
    (source / "conf.py").write_text("extensions = ['myst_nb']\n")
    (source / "index.md").write_text("# Title\n\n[gone](gone.md)\n")
    with pytest.raises(site.SiteError, match="^Sphinx: .*index.md:3: WARNING: .*gone.md"):
        site.sphinx(source, tmp_path / "site")


def test_without_sphinx_one_line_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setattr(site.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(site.SiteError, match="^Sphinx is missing: "):
        site.make(teachers=False, root=tmp_path)


def test_a_lecture_is_run_again_when_the_course_has_changed_and_only_then(tmp_path, monkeypatch):
    (tmp_path / "course" / "lessons").mkdir(parents=True)
    (tmp_path / "course" / "numbers.py").write_text("ONE = 1")
    notebook = pages.v4.new_notebook(cells=[pages.v4.new_code_cell("1")])
    ran = []
    monkeypatch.setattr(lectures, "CACHE", tmp_path / "cache")
    monkeypatch.setattr(lectures.run, "run", lambda notebook, **how: ran.append(1) or notebook)
    for _ in range(2):
        lectures.executed("x", notebook, tmp_path)
    (tmp_path / "course" / "lessons" / "text.py").write_text("a text that no lecture sees")
    lectures.executed("x", notebook, tmp_path)
    assert len(ran) == 1
    (tmp_path / "course" / "numbers.py").write_text("ONE = 2")
    lectures.executed("x", notebook, tmp_path)
    assert len(ran) == 2 and len(list((tmp_path / "cache").iterdir())) == 1


def test_a_lecture_that_fails_stops_it(monkeypatch):
    monkeypatch.setattr(lectures.run, "faults", lambda notebook: ["cell-1: ValueError: no"])
    monkeypatch.setattr(lectures.run, "run", lambda notebook, **how: notebook)
    failing = pages.v4.new_notebook(cells=[pages.v4.new_code_cell("raise ValueError('no')")])
    with pytest.raises(BuildError, match="x: the notebook does not run: cell-1: ValueError"):
        lectures.executed("x", failing)
