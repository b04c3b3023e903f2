"""Laws that each lesson's text keeps, as it is written and as it runs."""

import ast
import re
from functools import cache

import nbformat
import pytest

from autograder import build
from autograder.build import names, run, text
from course import mistakes
from course.checks.lessons import WEIGHED, tasks
from course.checks.wholes import WHOLES
from tests.promises import LESSONS

SKIP = "skip-execution"


def only(name):
    """Return the mark of a test that is about one lesson."""
    return pytest.mark.parametrize("lesson", [name], indirect=True, scope="session")


@cache
def as_written(lesson):
    """Return the cells of the text as it is written."""
    return text.read(build.lessons()[lesson]).cells


@cache
def with_answers(lesson):
    """Return the Lesson with its answers in place."""
    return build.read(lesson)


def filled(lesson):
    return with_answers(lesson).cells


def prose(lesson):
    return [cell for cell in as_written(lesson) if cell.kind in ("prose", "written")]


def called(source):
    """Return the names that a piece of code calls or hands over."""
    return {node.id for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name)}


def reached(names, helpers):
    """Return names, what the helpers among them call, and so on."""
    found, new = set(), set(names)
    while new:
        found |= new
        new = set().union(*(helpers.get(name, set()) for name in new)) - found
    return found


def needs(lesson):
    """Return {function: TODOs that it needs} for the functions of solution and given cells."""
    found = {}
    for cell in filled(lesson):
        if cell.kind in ("solution", "given"):
            for function in ast.parse(cell.source).body:
                inner = [found.get(name, set()) for name in called(ast.unparse(function))]
                own = {function.name} if cell.kind == "solution" else set()
                found[function.name] = own.union(*inner)
    return found


def printed(cells):
    return "".join(
        output.text
        for cell in cells
        for output in cell.get("outputs", [])
        if output.output_type == "stream"
    )


def test_the_tasks_stand_in_their_order_with_their_points(lesson):
    solutions = [name for cell in filled(lesson) if cell.kind == "solution" for name in cell.names]
    assert list(with_answers(lesson).points.items()) == list(LESSONS[lesson].points.items())
    assert solutions == [stem for stem in LESSONS[lesson].points if stem in tasks(lesson)]


def test_there_is_one_written_question_with_its_points(lesson):
    assert [cell.points for cell in as_written(lesson) if cell.kind == "written"] == [LESSONS[lesson].written]


def test_a_test_stands_directly_below_its_solution(lesson):
    for cell, below in zip(filled(lesson), filled(lesson)[1:], strict=False):
        if cell.kind == "solution":
            assert below.kind == "test" and below.names[:2] == cell.names * 2


def test_a_backward_pass_is_checked_with_its_forward_pass_and_a_whole_with_its_parts(lesson):
    parts = {task.stem: task.of for task in WHOLES.values()}
    for cell in filled(lesson):
        if cell.kind == "test":
            stem = cell.names[0]
            handed = LESSONS[lesson].handed.get(stem)
            own = [stem] if stem in tasks(lesson) else []
            assert cell.names == (stem, *own, *([handed] if handed else parts.get(stem, [])))


def test_a_cell_that_calls_answers_waits_for_all_of_them_and_for_no_others(lesson):
    functions = needs(lesson)
    helpers, made = {}, {}
    for cell in filled(lesson):
        if cell.kind == "code":
            for node in ast.parse(cell.source).body:
                if isinstance(node, ast.FunctionDef):
                    helpers[node.name] = called(ast.unparse(node))
            used = reached(called(cell.source), helpers)
            found = names.used(cell.source) - names.bound(cell)  # what an earlier cell has made
            needed = set().union(*map(made.get, found & set(made)))
            needed = needed.union(*(functions.get(name, set()) for name in used))
            assert set(cell.after) == needed, cell.place
            made |= dict.fromkeys(names.bound(cell) - set(helpers), set(cell.after))


def test_a_cell_waits_only_for_what_stands_above(lesson):
    above = set()
    for cell in filled(lesson):
        assert set(cell.after) <= above, cell.place
        above |= set(cell.names) if cell.kind == "solution" else set()


def test_a_cell_that_uses_what_a_skipped_cell_makes_is_skipped_too(lesson):
    loose = {}
    for cell in filled(lesson):
        if cell.cell_type == "code":
            made = names.bound(cell)
            for name in names.used(cell.source) - made:
                skipped, after = loose.get(name, (False, set()))
                assert not skipped or SKIP in cell.tags, (cell.place, name)
                assert after <= set(cell.after), (cell.place, name)
            loose.update(dict.fromkeys(made, (SKIP in cell.tags, set(cell.after))))


def test_what_draws_is_not_run_in_grading(lesson):
    for cell in as_written(lesson):
        if cell.kind == "code" and ("plots.show" in cell.source or "Explorer" in cell.source):
            assert SKIP in cell.tags, cell.place


def test_every_picture_has_a_description(lesson):
    pictures = 0
    for cell in as_written(lesson):
        for node in ast.walk(ast.parse(cell.source)) if cell.kind == "code" else ():
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "plots.show":
                pictures += 1
                (alt,) = (keyword.value for keyword in node.keywords if keyword.arg == "alt")
                assert len(ast.unparse(alt)) > 40, cell.place
    assert pictures >= LESSONS[lesson].pictures - 1  # one may be drawn twice


def test_it_opens_with_a_picture_of_what_it_is_about(lesson):
    cells = as_written(lesson)
    first_part = next(
        n for n, cell in enumerate(cells) if cell.kind != "code" and cell.source.startswith("## ")
    )
    assert any("plots.show" in cell.source for cell in cells[:first_part])


def test_every_mistake_says_what_to_read_again_by_a_heading_of_the_text(lesson):
    headings = re.findall(r"^## \d+\. (.+)$", "\n".join(cell.source for cell in prose(lesson)), re.MULTILINE)
    assert {mistake.reads for mistake in mistakes.mistakes(lesson)} <= set(headings)


def test_the_table_of_parts_names_the_headings_their_points_and_their_time(lesson):
    parts, now = {}, None
    for cell in filled(lesson):
        heading = re.search(r"^## (\d+\. .+)$", cell.source, re.MULTILINE) if cell.kind == "prose" else None
        if heading:
            now = heading[1]
            parts[now] = 0
        if cell.kind in ("test", "written"):
            parts[now] += cell.points
    source = "\n".join(cell.source for cell in prose(lesson))
    rows = re.findall(r"^\| (\d+\. .+?) \| (\d*) ?\| (\d+) \|$", source, re.MULTILINE)
    assert {title: int(points or 0) for title, points, _ in rows} == parts
    assert f"**{sum(parts.values())}**" in source
    assert abs(sum(int(minutes) for *_, minutes in rows) / 60 - float(with_answers(lesson).hours)) <= 0.5


def test_the_rubric_gives_as_many_points_as_the_question_has(lesson):
    cells = as_written(lesson)
    question = cells[[cell.kind for cell in cells].index("written") - 1]
    points = map(int, re.findall(r"^\| (\d) \|", question.source, re.MULTILINE))
    assert sum(points) == LESSONS[lesson].written


@pytest.mark.parametrize("word", ["simply", "just", "obviously", "easy", "easily", "trivial", "very"])
def test_the_prose_does_without(lesson, word):
    found = re.compile(rf"\b{word}\b", re.IGNORECASE)
    assert [cell.place for cell in prose(lesson) if found.search(cell.source)] == []


def test_the_prose_does_not_shout_and_its_formulas_close(lesson):
    for cell in prose(lesson):
        without_code = re.sub(r"`[^`]*`", "", cell.source)
        assert "!" not in without_code, cell.place
        for paragraph in without_code.split("\n\n"):
            assert paragraph.count("$") % 2 == 0, (cell.place, paragraph)
        assert all(ord(letter) < 0x2600 for letter in cell.source), cell.place


def test_the_source_earns_full_points_by_fresh_cases_as_stock_nbgrader_asks_them(lesson):
    source = nbformat.reads(build.make(lesson).source, as_version=4)
    ran = run.run(source, path=[build.ROOT], skip=SKIP, COURSE_ORACLE="fresh")
    points = run.points(ran)
    weighed = points.pop(f"test-{WEIGHED}", None)
    assert run.faults(ran) == [] and weighed in (None, 0)  # there are no weights without the training
    full = LESSONS[lesson].points
    assert points == {f"test-{stem}": full[stem] for stem in full if stem != WEIGHED}


def test_the_answered_notebook_shows_every_picture(lesson, executed):
    pictures = [
        output
        for cell in executed(answered=True).cells
        for output in cell.get("outputs", [])
        if "<img alt=" in output.get("data", {}).get("text/html", "")
    ]
    assert len(pictures) >= LESSONS[lesson].pictures


def test_a_blank_notebook_asks_for_the_first_function(executed):
    cells = [cell for cell in executed(answered=False).cells if cell.source.startswith("%%after")]
    # An explorer that compares the function stands there all the same, and says it itself.
    waiting = [cell for cell in cells if " is not written yet." not in str(cell.outputs)]
    asked = [re.fullmatch(r"(write \w+ first\n)?", printed([cell])) for cell in waiting]
    silent = [match for match in asked if match and not match[1]]
    assert all(asked) and len(silent) <= 1  # one cell only defines functions


@pytest.mark.parametrize(
    ("lesson", "line"),
    [(name, line) for name, promise in LESSONS.items() for line in promise.announced],
    indirect=["lesson"],
    scope="session",
)
def test_the_answered_notebook_prints_what_the_text_announces(executed, line):
    assert line in printed(executed(answered=True).cells)


def test_every_gradient_check_of_the_text_passes(lesson, executed):
    lines = printed(executed(answered=True).cells)
    verdicts = re.findall(r"^(?:\w+: )?(pass|wrong|cannot decide): ", lines, re.MULTILINE)
    passes, undecided = LESSONS[lesson].gradient_checks
    assert sorted(verdicts) == ["cannot decide"] * undecided + ["pass"] * passes


@only("modular-layers")
def test_the_small_network_starts_at_log_3_and_learns(executed):
    lines = printed(executed(answered=True).cells)
    numbers = re.search(r"first loss ([\d.]+), last loss ([\d.]+), .*: (\d+)%", lines)
    first, last, right = map(float, numbers.groups())
    assert abs(first - 1.0986) < 0.05 and last < 0.3 and right > 85


@only("two-layer-net")
def test_the_two_layer_net_learns_from_pictures_and_the_search_meets_a_loss_that_runs_away(executed):
    lines = printed(executed(answered=True).cells)
    assert float(re.search(r"best accuracy on validation images: ([\d.]+)%", lines)[1]) > 30
    row = r"^momentum (\S+) +learning rate (\S+) +(?:([\d.]+)%|the loss ran away)$"
    said = re.findall(row, lines, re.MULTILINE)
    share = {(float(mu), float(rate)): float(percent or 0) for mu, rate, percent in said}
    assert len(share) == 9
    assert share[0.9, 1e-3] == share[0.97, 1e-3] == 0 < share[0, 1e-3]  # more momentum, smaller steps
    assert max(share, key=share.get) == (0.9, 3e-4)
    right = [float(percent) for percent in re.findall(r"right on ([\d.]+)% of the test images", lines)]
    assert len(right) == 2 and min(right) > 30


@only("convnet-cifar10")
def test_the_convnets_learn_and_start_at_the_loss_that_the_text_predicts(executed):
    lines = printed(executed(answered=True).cells)
    losses = re.findall(r"predicted ([\d.]+) +yours ([\d.]+)", lines)
    assert len(losses) == 4 and all(abs(float(one) - float(other)) < 0.02 for one, other in losses)
    assert float(re.search(r"the loss falls from [\d.]+ to ([\d.]+)", lines)[1]) < 0.3
    convnet, lenet = map(float, re.findall(r"test accuracy ([\d.]+)%", lines))
    assert convnet > 45 and lenet > 60
