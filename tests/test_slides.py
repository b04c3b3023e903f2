"""The slides of the lectures: in a browser, each fits, and nothing is asked of another host."""

import re

import nbformat
import pytest
from nbformat import v4
from typer.testing import CliRunner

from autograder import build, lectures, publish, slides
from autograder.__main__ import app
from autograder.build import BuildError
from tests.web_pages import needs_chromium, reading, require_archives

LECTURES = list(build.lectures())
MEASURE = """() => Reveal.getSlides().map(slide => {
    const {h, v} = Reveal.getIndices(slide);
    Reveal.slide(h, v);
    return {place: `${h}.${v}`, height: slide.scrollHeight, width: slide.scrollWidth, text: slide.innerText};
})"""
OPEN = "() => document.querySelectorAll('details').forEach(answer => { answer.open = true; })"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    require_archives()
    folder = tmp_path_factory.mktemp("slides")
    for name in LECTURES:
        assert slides.write(name, folder) == folder / f"{name}.html"
    return folder


@needs_chromium
def test_every_slide_fits_shows_something_and_asks_no_other_host(folder):
    with reading(folder, viewport={"width": 1280, "height": 720}) as (page, address):
        for name in LECTURES:
            page.goto(f"{address}{name}.html")
            page.wait_for_function("window.Reveal?.isReady() && MathJax.startup?.document")
            page.evaluate("MathJax.startup.promise")
            found = page.evaluate(MEASURE)
            assert len(found) >= 15
            for slide in found:
                assert slide["height"] <= 720 and slide["width"] <= 1280, (name, slide)
                assert slide["text"].strip() and "$" not in slide["text"], (name, slide)
            assert page.locator("mjx-merror").count() == 0


def test_every_picture_has_its_words_and_every_explorer_is_a_picture(folder):
    for name in LECTURES:
        page = (folder / f"{name}.html").read_text(encoding="utf-8")
        pictures = re.findall(r"<img[^>]*>", page)
        assert all(re.search(r'alt="[^"]{30,}"', picture) for picture in pictures)
        outputs = [output for cell in lectures.shown(name).cells for output in cell.get("outputs", ())]
        assert len(pictures) == len([output for output in outputs if slides.image(output)]) >= 4
        assert all(slides.image(output) for output in outputs if publish.WIDGET in output.get("data", {}))
        assert "widget-view" not in page


def test_a_chapter_begins_a_slide_and_what_does_not_fit_goes_on_below():
    long = "\n\n".join(["A paragraph of some length. " * 12] * 6)
    cells = [v4.new_markdown_cell("# Title"), v4.new_markdown_cell(f"## One\n\n{long}\n\n## Two\n\nShort.")]
    made = slides.arranged(v4.new_notebook(cells=cells))
    begun = [(cell.metadata.get("slideshow", {}).get("slide_type"), cell.source) for cell in made.cells]
    assert [text for kind, text in begun if kind == "slide"] == ["# Title", "## One", "## Two"]
    below = [text for kind, text in begun if kind == "subslide"]
    assert below and set(below) == {'<p class="chapter">One</p>'}
    nbformat.validate(made)


def test_a_long_output_goes_on_below_and_no_line_is_lost():
    text = "\n".join(f"line {number}" for number in range(60))
    pieces = [piece.cell.outputs[0].text for piece in map(slides.printing, slides.parts(text))]
    assert "\n".join(pieces) == text and all(slides.code_height(part) <= slides.FULL for part in pieces)


def test_the_command_says_where_the_slides_are(folder, monkeypatch):
    monkeypatch.setattr(build, "ROOT", folder)
    ran = CliRunner().invoke(app, ["teach", LECTURES[0]])
    path = folder / "dist" / "slides" / f"{LECTURES[0]}.html"
    assert ran.exit_code == 0 and ran.output == f"{LECTURES[0]}: slides in {path}\n" and path.is_file()


def test_a_lecture_that_is_not_there_is_named(tmp_path):
    with pytest.raises(BuildError, match="no lecture 'more'"):
        slides.write("more", tmp_path)
