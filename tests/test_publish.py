"""The answered notebook that students get after the deadline."""

import re

import nbformat
import pytest
from nbformat import v4
from typer.testing import CliRunner

from autograder import build, publish
from autograder.__main__ import app
from autograder.build import BuildError
from tests.packaged import teachers_copy
from tests.web_pages import needs_chromium, reading, require_archives

LESSON = "perceptron-xor"  # the shortest to run


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    require_archives()
    root = teachers_copy(tmp_path_factory.mktemp("teacher"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(build, "ROOT", root)
        said = CliRunner().invoke(app, ["publish", LESSON])
    assert said.exit_code == 0, said.output
    return root, said.output


def test_the_command_says_where_the_notebook_and_the_page_are(published):
    root, said = published
    folder = root / "dist" / "published" / LESSON
    assert said == f"{LESSON}: answered notebook and page in {folder}\n"
    assert {path.name for path in folder.iterdir()} == {
        f"{LESSON}.ipynb",
        f"{LESSON}.html",
        "mathjax.js",
        "mathjax-license.txt",
    }


def test_every_answer_is_there_has_full_points_and_nothing_is_graded_or_locked(published):
    root, _ = published
    notebook = nbformat.read(root / "dist" / "published" / LESSON / f"{LESSON}.ipynb", as_version=4)
    nbformat.validate(notebook)
    source = nbformat.read(root / "source" / LESSON / f"{LESSON}.ipynb", as_version=4)
    assert [cell.id for cell in notebook.cells] == [cell.id for cell in source.cells]
    for cell, asked in zip(notebook.cells, source.cells, strict=True):
        assert "SOLUTION" not in cell.source
        assert not {"nbgrader", "deletable", "editable"} & set(cell.metadata)
        if cell.id.startswith("solution-"):
            assert "NotImplementedError" not in cell.source
        if cell.id.startswith("test-"):
            assert float(cell.outputs[0].data["text/plain"]) == asked.metadata.nbgrader.points
    assert any("BEGIN SOLUTION" in cell.source for cell in source.cells)


def test_the_page_holds_answers_outputs_and_pictures(published):
    root, _ = published
    page = (root / "dist" / "published" / LESSON / f"{LESSON}.html").read_text()
    assert f"<title>{LESSON}</title>" in page and "data:image/png;base64," in page
    assert str(root) not in page and "def load_course" not in page
    pictures = re.findall(r"<img[^>]*>", page)
    assert pictures and all(re.search(r'alt="[^"]{30,}"', picture) for picture in pictures)


@needs_chromium
def test_the_page_draws_its_formulas_and_asks_no_other_host(published):
    root, _ = published
    with reading(root / "dist" / "published" / LESSON) as (page, address):
        page.goto(f"{address}{LESSON}.html")
        page.locator("mjx-container svg").first.wait_for()
        assert "$" not in page.locator(".jp-MarkdownOutput").all_inner_texts()[0]


def test_an_explorer_is_published_as_its_picture():
    data = {publish.WIDGET: {"model_id": "1"}, "image/png": "", "text/plain": "ConvExplorer()"}
    cell = v4.new_code_cell("ConvExplorer()", outputs=[v4.new_output("execute_result", data=data)])
    made = publish.plain(v4.new_notebook(cells=[cell], metadata={"widgets": {}}))
    assert set(made.cells[0].outputs[0].data) == {"image/png", "text/plain"} and not made.metadata


def test_a_notebook_that_is_older_than_its_text_is_not_published(published):
    root, _ = published
    path = root / "source" / LESSON / f"{LESSON}.ipynb"
    before = path.read_text()
    path.write_text(before.replace("perceptron", "Perceptron", 1))
    try:
        with pytest.raises(BuildError, match=f"autograder build {LESSON}"):
            publish.publish(LESSON, root)
    finally:
        path.write_text(before)


def test_a_lesson_that_is_not_there_is_named(tmp_path):
    with pytest.raises(BuildError, match="no lesson 'more'"):
        publish.publish("more", teachers_copy(tmp_path))
