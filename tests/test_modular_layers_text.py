import ast
import re
from functools import cache

import nbformat
import pytest

from autograder import build
from autograder.build import names, run, text
from course import mistakes

LESSON = "modular-layers"
POINTS = {
    "affine_forward": 3,
    "affine_backward": 3,
    "relu_forward": 2,
    "relu_backward": 2,
    "softmax_loss": 4,
    "svm_loss": 3,
    "conv_forward_naive": 5,
    "conv_backward_naive": 6,
    "max_pool_forward_naive": 3,
    "max_pool_backward_naive": 4,
    "avg_pool_forward_naive": 2,
    "avg_pool_backward_naive": 3,
    "conv_forward_im2col": 3,
    "conv_backward_im2col": 4,
}
SKIP = "skip-execution"
# Lines that the answered notebook prints: the numbers that its text announces.
ANNOUNCED = (
    "yours:   [[ 5.5  2.  -1. ]]",
    "dx [[-1.  1.]]",
    "your loss at the start: 2.302585     log 10 = 2.302585",
    "your loss at the start: 9.000000",
    "8 pixels, filter 3, stride 2, pad 0: 3",
    "ValueError: a kernel of 5 is larger than the padded input of 3 + 2 * 0 = 3",
    "changed by the last row: False",
    "dw[0, 1] = 8.0   dx[1, 1] = -1.0   db = 2.0",
    "dx is dout convolved with the turned filter: True",
    "S x = [4. 5. 6. 7.]   your forward pass: [4. 5. 6. 7.]",
    "cannot decide: 1 of 3 numbers at a kink",
)


@cache
def lesson():
    """Return the text as it is written, and with its answers in place."""
    return text.read(build.lessons()[LESSON]), build.read(LESSON)


def raw():
    return lesson()[0].cells


def filled():
    return lesson()[1].cells


def prose():
    return [cell for cell in raw() if cell.kind in ("prose", "written")]


def called(source):
    """Return the names that a piece of code calls or hands over."""
    return {node.id for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name)}


def needs():
    """Return {function: TODOs that it needs} for the functions of solution and given cells."""
    found = {}
    for cell in filled():
        if cell.kind in ("solution", "given"):
            for function in ast.parse(cell.source).body:
                inner = [found.get(name, set()) for name in called(ast.unparse(function))]
                own = {function.name} if cell.kind == "solution" else set()
                found[function.name] = own.union(*inner)
    return found


@cache
def executed(which):
    """Return the "source" (answered) or "release" (blank) notebook after a run of all its cells."""
    notebook = nbformat.reads(getattr(build.make(LESSON), which), as_version=4)
    return run.run(notebook, path=[build.ROOT], skip="", COURSE_ORACLE="fresh")


def printed(cells):
    return "".join(
        output.text
        for cell in cells
        for output in cell.get("outputs", [])
        if output.output_type == "stream"
    )


def test_the_tasks_stand_in_their_order_with_their_points():
    solutions = [name for cell in filled() if cell.kind == "solution" for name in cell.names]
    assert list(lesson()[1].points.items()) == list(POINTS.items())
    assert solutions == list(POINTS)


def test_checks_and_the_written_question_make_50_points():
    written = [cell.points for cell in raw() if cell.kind == "written"]
    assert (sum(POINTS.values()), written) == (47, [3])


def test_a_test_stands_directly_below_its_solution():
    for cell, below in zip(filled(), filled()[1:], strict=False):
        if cell.kind == "solution":
            assert below.kind == "test" and below.names[:2] == cell.names * 2


def test_a_backward_pass_is_checked_with_its_forward_pass():
    for cell in filled():
        if cell.kind == "test":
            stem = cell.names[0]
            forward = (stem.replace("backward", "forward"),) if "backward" in stem else ()
            assert cell.names == (stem, stem, *forward)


def test_a_cell_that_calls_answers_waits_for_all_of_them_and_for_no_others():
    functions = needs()
    helpers = {}
    for cell in filled():
        if cell.kind == "code":
            for node in ast.parse(cell.source).body:
                if isinstance(node, ast.FunctionDef):
                    helpers[node.name] = called(ast.unparse(node))
            used = called(cell.source)
            used = used.union(*(helpers.get(name, set()) for name in used))
            needed = set().union(*(functions.get(name, set()) for name in used))
            assert set(cell.after) == needed, cell.place


def test_a_cell_waits_only_for_what_stands_above():
    above = set()
    for cell in filled():
        assert set(cell.after) <= above, cell.place
        above |= set(cell.names) if cell.kind == "solution" else set()


def test_a_cell_that_uses_what_a_skipped_cell_makes_is_skipped_too():
    loose = {}
    for cell in filled():
        if cell.cell_type == "code":
            made = names.bound(cell)
            for name in names.used(cell.source) - made:
                skipped, after = loose.get(name, (False, set()))
                assert not skipped or SKIP in cell.tags, (cell.place, name)
                assert after <= set(cell.after), (cell.place, name)
            loose.update(dict.fromkeys(made, (SKIP in cell.tags, set(cell.after))))


def test_what_draws_is_not_run_in_grading():
    for cell in raw():
        if cell.kind == "code" and ("plots.show" in cell.source or "Explorer" in cell.source):
            assert SKIP in cell.tags, cell.place


def test_every_picture_has_a_description():
    pictures = 0
    for cell in raw():
        for node in ast.walk(ast.parse(cell.source)) if cell.kind == "code" else ():
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "plots.show":
                pictures += 1
                (alt,) = (keyword.value for keyword in node.keywords if keyword.arg == "alt")
                assert len(ast.unparse(alt)) > 40, cell.place
    assert pictures >= 15


def test_every_mistake_says_what_to_read_again_by_a_heading_of_the_text():
    headings = re.findall(r"^## \d+\. (.+)$", "\n".join(cell.source for cell in prose()), re.MULTILINE)
    assert {mistake.reads for mistake in mistakes.mistakes(LESSON)} <= set(headings)


def test_the_table_of_parts_names_the_headings_their_points_and_their_time():
    parts, now = {}, None
    for cell in filled():
        heading = re.search(r"^## (\d+\. .+)$", cell.source, re.MULTILINE) if cell.kind == "prose" else None
        if heading:
            now = heading[1]
            parts[now] = 0
        if cell.kind in ("test", "written"):
            parts[now] += cell.points
    source = "\n".join(cell.source for cell in prose())
    rows = re.findall(r"^\| (\d+\. .+?) \| (\d*) ?\| (\d+) \|$", source, re.MULTILINE)
    assert {title: int(points or 0) for title, points, _ in rows} == parts
    assert f"**{sum(parts.values())}**" in source
    assert abs(sum(int(minutes) for *_, minutes in rows) / 60 - float(lesson()[0].hours)) <= 0.5


def test_the_rubric_gives_as_many_points_as_the_question_has():
    question = raw()[[cell.kind for cell in raw()].index("written") - 1]
    assert sum(map(int, re.findall(r"^\| (\d) \|", question.source, re.MULTILINE))) == 3


@pytest.mark.parametrize("word", ["simply", "just", "obviously", "easy", "easily", "trivial", "very"])
def test_the_prose_does_without(word):
    assert [cell.place for cell in prose() if re.search(rf"\b{word}\b", cell.source, re.IGNORECASE)] == []


def test_the_prose_does_not_shout_and_its_formulas_close():
    for cell in prose():
        without_code = re.sub(r"`[^`]*`", "", cell.source)
        assert "!" not in without_code, cell.place
        for paragraph in without_code.split("\n\n"):
            assert paragraph.count("$") % 2 == 0, (cell.place, paragraph)
        assert all(ord(letter) < 0x2600 for letter in cell.source), cell.place


@pytest.mark.parametrize("which", ["source", "release"])
def test_every_cell_runs_without_an_error_or_a_warning(which):
    assert run.faults(executed(which)) == []


def test_the_answered_notebook_has_full_points_and_shows_every_picture():
    notebook = executed("source")
    assert run.points(notebook) == {f"test-{stem}": points for stem, points in POINTS.items()}
    pictures = [
        output
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if "<img alt=" in output.get("data", {}).get("text/html", "")
    ]
    assert len(pictures) >= 15


def test_a_blank_notebook_has_no_points_and_asks_for_the_first_function():
    notebook = executed("release")
    assert set(run.points(notebook).values()) == {0.0}
    waiting = [cell for cell in notebook.cells if cell.source.startswith("%%after")]
    asked = [re.fullmatch(r"(write \w+ first\n)?", printed([cell])) for cell in waiting]
    silent = [match for match in asked if match and not match[1]]
    assert all(asked) and len(silent) <= 1  # one cell only defines functions


@pytest.mark.parametrize("line", ANNOUNCED)
def test_the_answered_notebook_prints_what_the_text_announces(line):
    assert line in printed(executed("source").cells)


def test_every_gradient_check_of_the_text_passes():
    lines = printed(executed("source").cells)
    verdicts = re.findall(r"^(?:\w: )?(pass|wrong|cannot decide): ", lines, re.MULTILINE)
    assert (verdicts.count("pass"), verdicts.count("cannot decide"), len(verdicts)) == (8, 1, 9)


def test_the_small_network_starts_at_log_3_and_learns():
    lines = printed(executed("source").cells)
    numbers = re.search(r"first loss ([\d.]+), last loss ([\d.]+), .*: (\d+)%", lines)
    first, last, right = map(float, numbers.groups())
    assert abs(first - 1.0986) < 0.05 and last < 0.3 and right > 85
