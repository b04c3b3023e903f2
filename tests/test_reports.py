"""Feedback and class report: self-contained, harmless whatever a student's process made, and complete."""

import base64
import inspect
import io
import json
import re
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser

import numpy as np
import pytest
from matplotlib.figure import Figure
from nbformat import v4

from autograder.engine import UNSANDBOXED, Result
from autograder.gradebook import Entry, Score
from autograder.reports import clean
from autograder.reports.class_report import class_report
from autograder.reports.course_report import course_report
from autograder.reports.feedback import feedback
from course.checks import examine, tasks, verdict, with_hidden
from course.checks.answer import Local
from course.checks.oracle import Fresh
from course.mistakes import find
from course.reference import layers

LESSON = "modular-layers"
POINTS = {"affine_forward": 3, "affine_backward": 3, "relu_forward": 2}
RIGHT = {stem: getattr(layers, stem) for stem in POINTS}
SCRIPT = "<script>alert(1)</script>"
HOSTILE_HTML = [
    SCRIPT,
    "<img src=x onerror=alert(1)>",
    '<img src="https://example.org/spy.png">',
    '<a href="javascript:alert(1)">x</a>',
    '<iframe src="https://example.org"></iframe>',
    '<svg onload="alert(1)"><script>1</script></svg>',
    '<form action="https://example.org"><input name=password></form>',
    '<style>@import "https://example.org/x.css"; body { display: none }</style>',
    '<p style="background: url(https://example.org/x)">x</p>',
    '<meta http-equiv="refresh" content="0; url=https://example.org">',
    '<base href="https://example.org">',
    "<details open ontoggle=alert(1)>",
    '<img src="data:image/svg+xml;base64,PHN2Zy8+">',
    '<img src="data:text/html;base64,PHNjcmlwdD4=">',
    "</section></body></html><script>alert(1)</script>",
]
VOID = {"meta", "br", "hr", "img", "wbr", "input", "link", "base"}


class Page(HTMLParser):
    """What a browser would load and run of a page."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.attributes, self.ids, self.anchors, self.alts = [], [], [], [], []
        self._text, self._skip, self._open = [], 0, []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        if tag not in VOID:
            self._open.append(tag)
        if tag not in ("wbr", "code", "a", "strong", "bdi", "span"):
            self._text.append(" ")
        for name, value in attrs:
            self.attributes.append((tag, name, value or ""))
            if name == "id":
                self.ids.append(value)
            if name == "href" and value.startswith("#"):
                self.anchors.append(value[1:])
        if tag in ("img", "svg"):
            said = dict(attrs)
            self.alts.append(said.get("alt") or said.get("aria-label"))

    def handle_endtag(self, tag):
        if tag in self._open:
            while self._open.pop() != tag:
                pass

    def handle_data(self, data):
        if "style" not in self._open:
            self._text.append(data)

    @property
    def text(self):
        return " ".join("".join(self._text).split())


def assert_harmless(html):
    """No script, no handler, no outside address, nothing that a page may load or send."""
    page = Page(html)
    assert not {"script", "iframe", "object", "embed", "form", "input", "base", "link"} & set(page.tags)
    for tag, name, value in page.attributes:
        assert not name.startswith("on"), (tag, name)
        if name in ("src", "href", "xlink:href", "action", "srcset"):
            assert re.match(r"#|data:image/(png|jpeg);base64,[A-Za-z0-9+/=]+$", value), (
                tag,
                name,
                value[:60],
            )
        if name == "style":
            assert "url(" not in value and "@import" not in value
    styles = "".join(re.findall(r"<style[^>]*>(.*?)</style>", html, re.S))
    assert "url(" not in styles and "@import" not in styles
    return page


def png():
    figure, file = Figure(figsize=(1, 1)), io.BytesIO()
    figure.savefig(file, format="png")
    return base64.b64encode(file.getvalue()).decode()


@cache
def judged(stem, name=None):
    """The verdict on the reference, or on a known mistake."""
    function = find(name).function if name else RIGHT[stem]
    task, forward = tasks(LESSON)[stem], None
    if task.forward:
        forward = Local(RIGHT[task.forward])
    visible, hidden = (examine(task, Local(function), forward, seed, Fresh()) for seed in (None, 7))
    return with_hidden(verdict(task, POINTS[stem], visible, forward, Fresh()), hidden).to_json()


def held(cell, **flags):
    cell.metadata["nbgrader"] = {
        "grade": False,
        "solution": False,
        "locked": False,
        "grade_id": cell.id,
        **flags,
    }
    return cell


def notebook(outputs=(), sources=None, written="Because it sums.", extra=()):
    """The executed notebook, with outputs below the first answer."""
    cells = [held(v4.new_code_cell("from course import check", id="setup"), locked=True)]
    for stem in POINTS:
        source = (sources or {}).get(stem, inspect.getsource(RIGHT[stem]))
        cells.append(held(v4.new_code_cell(source, id=f"solution-{stem}"), solution=True))
        cells.append(held(v4.new_code_cell("check", id=f"test-{stem}"), grade=True, locked=True))
    cells[1].outputs = list(outputs)
    cells += extra
    cells.append(held(v4.new_markdown_cell(written, id="written-1"), grade=True, solution=True, points=3))
    return v4.new_notebook(cells=cells)


def as_bytes(node):
    return json.dumps(node).encode()


def result(student="ada", made=None, state="graded", reason="", notes=(), seconds=2.0, level="A", **content):
    """A Result; made: {stem: name of the mistake}."""
    verdicts = {f"test-{stem}": judged(stem, (made or {}).get(stem)) for stem in POINTS}
    data = as_bytes(notebook(**content))
    return Result(student, LESSON, state, reason, data, verdicts, 7, notes, seconds, level)


def stream(text):
    return v4.new_output("stream", name="stdout", text=text)


def displayed(**data):
    names = {"png": "image/png", "jpeg": "image/jpeg", "html": "text/html", "text": "text/plain"}
    return v4.new_output("display_data", data={names[key]: value for key, value in data.items()})


def by_hand(points, comment):
    return Score(points, 3.0, True, comment)


def recorded(name="", written=None, affine=None, late_penalty=0.0):
    """What the gradebook holds on a submission whose checks' points are not listed."""
    scores = {"written-1": written or Score(None, 3.0, False, "")} | (
        {"test-affine_forward": affine} if affine else {}
    )
    return Entry("ada", name, name, None, late_penalty, scores)


WRONG = result(made={"affine_forward": "affine_forward.bias_forgotten"})


def test_feedback_says_points_state_and_what_waits():
    page = assert_harmless(feedback(WRONG))
    assert "5 of 8 points so far" in page.text
    assert "3 more are for what your teacher reads" in page.text
    assert "affine_forward 0 of 3 ✗ wrong The bias is never added." in page.text
    assert "relu_forward 2 of 2 ✓ right" in page.text
    assert "written question 1 – of 3 ◷ waiting for your teacher" in page.text


def test_feedback_leads_to_every_question_and_to_what_to_read_again():
    page = Page(feedback(WRONG))
    questions = ["test-affine_forward", "test-affine_backward", "test-relu_forward", "written-1"]
    assert page.ids == questions
    assert set(page.anchors) == set(questions)
    assert "To read again Affine layer, for affine_forward" in page.text


def test_feedback_shows_the_verdict_the_code_and_the_written_answer():
    text = Page(feedback(WRONG)).text
    assert "Smallest failing case" in text
    assert "rows = x.reshape(x.shape[0], D)" in text
    assert "Because it sums." in text


def test_the_message_of_a_real_verdict_passes_the_cleaning_unchanged():
    for name in (None, "affine_forward.bias_forgotten"):
        html = judged("affine_forward", name)["html"]
        cleaned = clean.verdict_html(html)
        assert squeezed(cleaned) == squeezed(html)


def squeezed(html):
    """HTML without the liberties of writing: spaces and semicolons of styles, .3em for 0.3em, <tbody>."""
    return re.sub(r"[; ]|</?tbody>|(?<!\d)0(?=\.\d)", "", html.replace("&#x27;", "'"))


@pytest.mark.parametrize("html", HOSTILE_HTML)
def test_hostile_html_in_outputs_is_harmless(html):
    outputs = [stream(html), displayed(html=html, text="x"), displayed(text=html)]
    outputs.append(v4.new_output("error", ename=html, evalue=html, traceback=[html]))
    hostile = result(
        html, outputs=outputs, written=html, sources={"affine_forward": html}, notes=(html,), reason=html
    )
    assert_harmless(feedback(hostile, recorded(written=by_hand(1, html))))


@pytest.mark.parametrize("html", HOSTILE_HTML)
def test_hostile_html_in_a_verdict_is_harmless(html):
    message = {**judged("relu_forward"), "html": f"<div>{html}</div>", "sentences": [html]}
    assert_harmless(feedback(replace(WRONG, verdicts={**WRONG.verdicts, "test-relu_forward": message})))


def test_hostile_words_in_a_class_report_are_harmless():
    results, entries = [], {}
    for html in HOSTILE_HTML:
        message = {**judged("relu_forward"), "html": html, "sentences": [html], "status": html}
        mistake = {**judged("affine_forward", "affine_forward.bias_forgotten")["mistake"], "sentence": html}
        verdicts = {
            **WRONG.verdicts,
            "test-relu_forward": message,
            "test-affine_forward": {**judged("affine_forward"), "mistake": {**mistake, "name": f"x.{html}"}},
        }
        results.append(
            replace(WRONG, student=html, verdicts=verdicts, state=html, reason=html, notes=(html,))
        )
        entries[html] = recorded(html, by_hand(1, html))
    assert_harmless(class_report(LESSON, results, entries))


def test_a_table_and_a_picture_that_a_student_made_are_shown():
    curve = f'<img alt="a curve" width="96" src="data:image/png;base64,{png()}">'
    html = f'<table><tr><td colspan="2">7</td></tr></table>{curve}'
    text = feedback(result(outputs=[displayed(html=html, text="x"), displayed(png=png(), text="y")]))
    page = assert_harmless(text)
    assert '<td colspan="2">7</td>' in text
    assert page.alts == ["a curve", "Picture 2 that the cell affine_forward drew"]


def test_every_picture_has_a_text_instead():
    page = Page(feedback(result(outputs=[displayed(png=png())])))
    report = Page(class_report(LESSON, [WRONG]))
    assert page.alts and all(page.alts)
    assert len(report.alts) == 6 and all(report.alts)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("not base64!", "a picture that is damaged"),
        (base64.b64encode(b"<svg onload=alert(1)>").decode(), "a picture that is not what it says"),
        (base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(500_000)).decode(), "a picture of 0.5 MB"),
    ],
)
def test_what_is_no_picture_is_left_out_and_said(data, said):
    assert f"Not shown: {said}" in Page(feedback(result(outputs=[displayed(png=data)]))).text


def test_a_page_stays_below_two_megabytes_whatever_the_outputs_are():
    big = np.random.default_rng(0).bytes(290_000)
    picture = base64.b64encode(b"\x89PNG\r\n\x1a\n" + big).decode()
    outputs = [displayed(png=picture)] * 20 + [stream("<&>" * 50_000)] * 100
    extra = [v4.new_code_cell("x = '<&>' + 1\n" * 4000, id=f"own-{i}") for i in range(100)]
    html = feedback(result(outputs=outputs, extra=extra, written="<b>" * 100_000))
    assert len(html.encode()) < 2_000_000
    assert "the page would become too large" in html
    assert "affine_forward 3 of 3 ✓ right" in Page(html).text


def test_hidden_cases_are_named_by_their_group_and_never_shown():
    data = result(made={"affine_forward": "affine_forward.axes_in_reverse_order"})
    html = feedback(data)
    cases = tasks(LESSON)["affine_forward"].cases(data.seed)
    assert "fresh cases: core ✓, other shapes ✗" in html
    shown = {case.name for case in tasks(LESSON)["affine_forward"].cases()}
    hidden = [case for case in cases if case.name not in shown]
    assert hidden and not any(case.name in html for case in hidden)
    assert str(data.seed) not in re.findall(r"seed\D*(\d+)", html)


def test_a_cell_stands_under_the_question_that_it_follows():
    own = v4.new_code_cell("own_work = 1", id="own-9")
    html = feedback(result(extra=[own]))
    assert html.index('id="test-relu_forward"') < html.index("own_work") < html.index('id="written-1"')


def test_cells_of_the_lesson_are_shown_only_when_they_say_something():
    quiet = v4.new_code_cell("quiet = 1", id=f"{LESSON}-3")
    waits = v4.new_code_cell("%%after f\nwaits()", id=f"{LESSON}-4", outputs=[stream("write f first\n")])
    speaks = v4.new_code_cell("%%after f\nspeaks()", id=f"{LESSON}-5", outputs=[stream("7")])
    text = Page(feedback(result(extra=[quiet, waits, speaks]))).text
    assert "speaks()" in text and "quiet" not in text and "waits" not in text


def test_an_answer_whose_cell_failed_says_so_in_the_table():
    failed = v4.new_output("error", ename="SyntaxError", evalue="expected ':' (line 1)", traceback=[])
    page = Page(feedback(result(outputs=[failed], made={"affine_forward": "affine_forward.bias_forgotten"})))
    assert (
        "✗ wrong The cell stopped: SyntaxError: expected ':' (line 1). The bias is never added." in page.text
    )


def test_printed_text_keeps_the_end_of_a_progress_line_and_both_ends_of_a_long_text():
    assert clean.printed("10 %\r50 %\r100 %\n") == "<pre>100 %</pre>"
    assert clean.printed("\x1b[31mred\x1b[0m") == "<pre>red</pre>"
    long = clean.printed("a" * 9000 + "z" * 9000)
    assert "the middle is left out" in long and long.count("a" * 100) == 20 and "zzz</pre>" in long


def test_code_has_a_number_for_each_line_even_inside_a_text_of_several_lines():
    assert clean.code('a = """one\ntwo\n"""\nb = 1').count('<span class="line">') == 4


def test_letters_that_turn_the_direction_of_writing_are_replaced():
    assert "\u202e" not in feedback(result(student="ada\u202egnp", notes=("x\u202ey",)))


def test_a_grade_by_hand_counts_and_shows_its_comment():
    page = Page(feedback(WRONG, recorded(written=by_hand(2.5, "Say why."), affine=by_hand(1, ""))))
    assert "8.5 of 11 points" in page.text and "so far" not in page.text
    assert "Comment: Say why." in page.text
    assert "affine_forward 1 of 3 ✎ graded by hand" in page.text


def test_an_answer_that_nobody_wrote_does_not_wait():
    nothing = recorded(written=Score(0.0, 3.0, False, "No response."))
    page = Page(feedback(WRONG, nothing))
    assert "written question 1 0 of 3 … not written" in page.text and "Comment: No response." in page.text
    assert "5 of 11 points" in page.text and "so far" not in page.text


def test_a_late_penalty_is_taken_off_and_said():
    late = recorded(late_penalty=1.5)
    page = Page(feedback(WRONG, late))
    assert (
        "3.5 of 8 points so far" in page.text and "1.5 points are taken off because it came late" in page.text
    )
    assert "1 submission, median 3.5 of 11 points" in Page(class_report(LESSON, [WRONG], {"ada": late})).text


def test_a_failed_submission_says_why_and_shows_no_cells():
    nothing = result(
        state="failed", reason="the file is not JSON", sources={"affine_forward": "released stub"}
    )
    page = Page(feedback(nothing))
    assert "failed: the file is not JSON" in page.text
    assert "released stub" not in page.text


def test_a_result_without_a_notebook_still_has_a_page():
    empty = Result("ada", LESSON, "failed", "no notebook", b"", {}, 1)
    assert "no notebook" in Page(feedback(empty)).text
    assert "1 failed" in Page(class_report(LESSON, [empty])).text


def test_the_sandbox_level_is_on_every_page():
    said = "graded in a jail that has files, processes and a network of its own"
    assert said in Page(feedback(WRONG)).text
    assert said in Page(class_report(LESSON, [WRONG])).text
    assert "UNSANDBOXED" not in feedback(WRONG) + class_report(LESSON, [WRONG])


def test_a_banner_tells_what_was_graded_without_a_sandbox():
    open_to_all = result(level=UNSANDBOXED)
    for page in (feedback(open_to_all), class_report(LESSON, [WRONG, open_to_all])):
        assert 'class="alarm">UNSANDBOXED' in page


def test_repairs_are_listed():
    assert "a copied test was dropped" in Page(feedback(result(notes=("a copied test was dropped: t",)))).text


def test_the_class_report_counts_points_mistakes_and_states():
    stopped = result(
        "ben", {"affine_forward": "affine_forward.bias_forgotten"}, "partly graded", "stopped after 10 s"
    )
    page = assert_harmless(
        class_report(LESSON, [WRONG, stopped, result("cho")], {"cho": recorded("cho", by_hand(3, ""))})
    )
    assert "3 submissions, median 5 of 11 points" in page.text
    assert "2 graded, 1 partly graded" in page.text
    assert "2 wait for a grade by hand" in page.text
    assert "ben 5 partly graded 0 bias_forgotten" in page.text
    assert "ben partly graded stopped after 10 s" in page.text
    assert "affine_forward.bias_forgotten 2 The bias is never added" in page.text
    alts = " ".join(page.alts)
    assert "Histogram of points: 3 submissions, lowest 5, median 5, highest 11, of 11 possible." in alts
    assert "affine_forward: 1 all points, 2 no point" in alts
    assert "affine_forward.bias_forgotten: 2" in alts
    assert "made where, number of submissions. affine_forward: bias_forgotten 2" in alts


def test_the_map_of_mistakes_tells_unnamed_and_unwritten_answers_apart():
    verdicts = dict(WRONG.verdicts)
    of_affine = next(name for name, verdict in verdicts.items() if verdict["stem"] == "affine_forward")
    unnamed = {**verdicts[of_affine], "mistake": None}
    blank = {**unnamed, "status": "not written", "points": 0.0}
    others = [
        replace(WRONG, student=name, verdicts={**verdicts, of_affine: one})
        for name, one in [("bo", unnamed), ("cy", blank)]
    ]
    alts = " ".join(Page(class_report(LESSON, [WRONG, *others])).alts)
    assert "affine_forward: bias_forgotten 1, another mistake 1, not written 1" in alts


def test_an_answer_in_words_that_nobody_wrote_counts_as_not_written():
    nothing = recorded(written=Score(0.0, 3.0, False, "No response."))
    page = Page(class_report(LESSON, [WRONG], {"ada": nothing}))
    assert "written 1: 1 not written" in " ".join(page.alts)


def test_what_waits_is_not_a_zero_in_the_class_report():
    html = class_report(LESSON, [WRONG])
    assert re.search(r'<td class="waiting">–</td></tr>', html)
    assert Page(html).text.count("written 1") == 1


@pytest.mark.parametrize(
    "name", [SCRIPT, "x" * 5000, "名前" * 30, "a\nb", "=1+1", '" onmouseover="alert(1)', "{{ 7 * 7 }}"]
)
def test_a_hostile_name_is_escaped_and_cut(name):
    hostile = replace(WRONG, student=name)
    for html in (feedback(hostile), class_report(LESSON, [hostile], {name: recorded(name)})):
        page = assert_harmless(html)
        assert "x" * 100 not in page.text
        assert "49" not in page.text.split("points")[0]


def test_a_page_without_submissions_is_a_page():
    assert "0 submissions" in Page(class_report(LESSON, [])).text


def test_pages_are_the_same_at_every_call():
    assert class_report(LESSON, [WRONG]) == class_report(LESSON, [WRONG])
    assert feedback(WRONG) == feedback(WRONG)


def test_the_page_on_the_course_has_a_line_for_each_lesson_and_leads_to_its_report():
    ben, cleo = result("ben", state="failed", reason="empty"), replace(WRONG, student="cleo")
    page = course_report({"lesson-one": ([WRONG, ben, cleo], {}), "lesson-two": ([WRONG], {})})
    assert page.count('<a href="report-lesson-') == 2
    assert "2 lessons, 3 students" in page
    assert "3 submissions, median" in page and "1 submission, median" in page
    assert "2 graded, 1 failed" in page and "(2 students)" in page and "(1 students)" not in page
    assert "<script" not in page
