from html.parser import HTMLParser

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbconvert.filters import markdown2html
from nbformat import v4

from autograder import notebooks
from autograder.engine import Result
from autograder.harmless import harmless, shown, words
from tests import small_lesson
from tests.small_lesson import LESSON, cell

RELEASE = small_lesson.release()


class Found(HTMLParser):
    """Collect the tags, the attributes and the addresses of a page."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.attributes, self.addresses = set(), set(), []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.addresses += [value or "" for name, value in attrs if name in ("href", "src")]


def is_harmless(markdown):
    found = Found(markdown2html(words(markdown)))
    schemes = {address.partition(":")[0].lower() for address in found.addresses if ":" in address}
    return (
        not found.tags & {"script", "iframe", "object", "embed", "svg", "style", "form", "base", "meta"}
        and not any(name.startswith("on") for name in found.attributes)
        and schemes <= {"http", "https", "attachment"}
    )


HARMFUL = [
    "<script>alert(1)</script>",
    "<SCRIPT src=//x></SCRIPT>",
    "<img src=x onerror=alert(1)>",
    "<b onclick=alert(1)>b</b>",
    "<br onmouseover='x()' />",
    "<details open ontoggle=x()>",
    "<svg/onload=x()>",
    "<!--><script>x()</script>-->",
    "<iframe src='javascript:x()'>",
    "[a](javascript:x())",
    "[a]( JaVaScRiPt:x())",
    "[a](<javascript:x()>)",
    "![a](javascript:x())",
    "[a](data:text/html,<script>x()</script>)",
    "[a](&#106;avascript:x())",
    "[a][b]\n\n[b]: javascript:x()",
    "[b]\n\n[b]: <javascript:x()>",
    "<javascript:x()>",
    "<a href=javascript:x()>a</a>",
    "<math><a xlink:href=javascript:x()>",
]


@pytest.mark.parametrize("markdown", HARMFUL)
def test_harmful_text_is_shown_as_text(markdown):
    assert is_harmless(markdown)


@pytest.mark.parametrize("markdown", [text for text in HARMFUL if "<" not in text[:1]])
def test_the_examples_of_links_would_do_harm_without_it(markdown):
    found = Found(markdown2html(markdown))
    assert found.addresses and not all(address.startswith(("http", "#")) for address in found.addresses)


PIECES = ["<", ">", "](", "[a]", ")", "javascript:", "data:", "script", "img src=x onerror=y", "b", "/", "!"]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from([*PIECES, "\n", ": "]), max_size=12).map("".join))
def test_no_mixture_of_these_pieces_does_harm(markdown):
    assert is_harmless(markdown)


KEPT = [
    "Because $x < y$ and `a < b`, the *sum* counts.",
    "> a quote\n\n1. one\n2. two",
    "[a page](https://example.org) and ![](attachment:a.png), <br>, x<sup>2</sup>",
    "$$\\sum_{i < n} a[i] \\to b$$ and x<2",
]


@pytest.mark.parametrize("markdown", KEPT)
def test_honest_text_stays_as_it_is(markdown):
    assert words(markdown) == markdown


def test_html_of_outputs_is_cleaned_and_other_active_kinds_go():
    data = {
        "text/plain": "x", "text/html": "<b>bold</b><script>x()</script><img src=x onerror=y()>",
        "application/javascript": "x()", "image/svg+xml": "<svg onload='x()'/>", "text/markdown": "<script>",
        "application/vnd.jupyter.widget-view+json": {"model_id": "1"}, "image/png": "iVBORw0KGgo=",
    }  # fmt: skip
    output = shown(v4.new_output("execute_result", data=data, execution_count=3))
    data = output["data"]
    assert set(data) == {"text/plain", "text/html", "image/png"} and output["execution_count"] == 3
    assert "<b>bold</b>" in data["text/html"]
    assert "script" not in data["text/html"] and "onerror" not in data["text/html"]


def test_printed_text_and_errors_stay():
    for output in (
        v4.new_output("stream", text="<b>printed</b>"),
        v4.new_output("error", ename="E", evalue="<b>", traceback=["<b>"]),
    ):
        assert shown(output) == output


def test_released_text_answers_and_verdicts_stay():
    notebook = small_lesson.right(written_1="Because <script>x()</script>.")
    html = {"text/plain": "2", "text/html": "<div style='color:red'>right</div>"}
    cell(notebook, "test-relu_forward").outputs = [v4.new_output("execute_result", data=html)]
    cell(notebook, "modular-layers-9").outputs = [v4.new_output("display_data", data=html)]
    before = Result("lee", LESSON, "graded", "", notebooks.dumps(notebook), {"test-relu_forward": {}}, seed=1)
    after = nbformat.reads(harmless(before, RELEASE).notebook.decode(), as_version=4)
    nbformat.validate(after)
    assert cell(after, "written-1").source == "Because < script>x()< /script>."
    assert cell(after, "test-relu_forward").outputs[0].data == html
    assert "style" not in cell(after, "modular-layers-9").outputs[0].data["text/html"]
    for name in ("modular-layers-1", "solution-relu_forward", "modular-layers-9"):
        assert cell(after, name).source == cell(notebook, name).source


def test_released_text_with_tags_is_not_touched():
    release = small_lesson.release()
    cell(release, "modular-layers-1").source = "<img src='picture.png'>"
    before = Result("lee", LESSON, "graded", "", notebooks.dumps(release), {}, seed=1)
    after = nbformat.reads(harmless(before, release).notebook.decode(), as_version=4)
    assert cell(after, "modular-layers-1").source == "<img src='picture.png'>"
