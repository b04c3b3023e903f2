"""Laws that each lesson's text keeps, as it is written and as it runs."""

import ast
import re
from dataclasses import dataclass
from functools import cache

import nbformat
import pytest

from autograder import build
from autograder.build import names, run, text
from course import mistakes
from course.checks.lessons import WEIGHED

SKIP = "skip-execution"


@dataclass(frozen=True)
class Promise:
    """What a lesson promises.

    points: of its tests, in order, and of its written question.  handed: what a test hands over besides its
    own function.  announced: lines that the answered notebook prints, the numbers that its text gives.
    gradient_checks: how many of the text pass, and how many cannot decide.  pictures: at least so many.
    """

    points: dict
    written: int
    handed: dict
    announced: tuple
    gradient_checks: tuple
    pictures: int


LESSONS = {
    "perceptron-xor": Promise(
        {
            "step": 1,
            "perceptron_update": 3,
            "sigmoid": 3,
            "tanh_slope": 2,
            "output_delta": 3,
            "hidden_delta": 5,
            "weight_step": 3,
        },
        3,
        {},
        (
            "yours:   [1 0 0]",
            "AND: w = [2. 1.], b = -2, mistakes in each epoch [1, 3, 3, 2, 1, 0]",
            "OR: w = [1. 1.], b = 0, mistakes in each epoch [1, 2, 1, 0]",
            "14 of 16 functions of two bits are learnt",
            "best weights [0. 0.], bias 0.50, cost 0.25",
            "yours:    [0.     0.0067 0.5    0.9933 1.    ]",
            "yours:   hidden (0.462, 0), output 0.604, loss 0.503",
            "W1 moves by [[0.0, 0.0], [0.311, -0.198]]  W2 by [[0.091], [0.0]]",
            "after one step the loss is 0.158",
            "Trainable parameters: 41",
            "[[0.5       ]\n",
            "classes [0 1 1 0]\n",
            "right on 100% of the points",
            "the largest difference is below 1e-12: True",
            "before loading, the same predictions: False\nafter loading, the same predictions:  True",
            "into another network: dense_1, W: expected shape (2, 5), got (2, 10)",
            "predictions like these have the loss 0.0072",
        ),
        (4, 0),
        11,
    ),
    "two-layer-net": Promise(
        {
            "two_layer_net_scores": 4,
            "two_layer_net_loss": 5,
            "two_layer_net_grads": 6,
            "sgd": 1,
            "momentum": 2,
            "rmsprop": 3,
            "nesterov": 2,
            "adam": 4,
        },
        3,
        {"two_layer_net_grads": "two_layer_net_scores"},
        (
            "yours:   hidden [[3. 1. 0.]]   scores [[2. 2.]]",
            "yours:   loss 1.643   dscores [[-0.5  0.5]]",
            "a right class 1000 below the other has the loss 1000.0",
            "ten equal scores have the loss 2.302585",
            "yours:    1.38191946092",
            "W1 [[-0.5, 1.0, 0.0], [-1.0, 2.0, 0.0]]",
            "W2 [[-1.5, 1.5], [-0.5, 0.5], [0.0, 0.0]]",
            "gradients that agree: [-0.1, -0.19, -0.271, -0.3439]",
            "that alternate: [-0.1, 0.01, -0.091, 0.0181]",
            "rmsprop        -1.0000     -1.0000      0.9950",
            "adam           -0.1000     -0.1000      0.1000",
            "the first loss is 1.125220, the last one 0.940686",
            "momentum  last loss 0.494394",
            "rmsprop   last loss 0.439368",
            "first loss 2.3026, ",
        ),
        (4, 0),
        8,
    ),
    "conv-step-by-step": Promise(
        {
            "zero_pad": 2,
            "conv_single_step": 2,
            "conv_forward": 6,
            "pool_forward": 4,
            "conv_backward": 7,
            "create_mask_from_window": 2,
            "distribute_value": 2,
            "pool_backward": 5,
        },
        3,
        {"conv_backward": "conv_forward", "pool_backward": "pool_forward"},
        (
            "by hand: 0.5\nyours:   0.5",
            "6 pixels, filter 3, stride 2, pad 0: 2",
            "int((3 - 4) / 2) + 1 = 1",
            "ValueError: a kernel of 4 is larger than the padded input of 3 + 2 * 0 = 3",
            "changed by the last row: False",
            "yours:   dW[1, 0] = 7.0   da[1, 1] = 5.0   db = 2.0",
            "cannot decide: [[True, True], [False, False]]",
            "by yours 2.865128636\n",
            "directly 2.865128636",
        ),
        (7, 0),
        15,
    ),
    "modular-layers": Promise(
        {
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
        },
        3,
        {
            f"{layer}_backward{way}": f"{layer}_forward{way}"
            for layer, way in [
                ("affine", ""),
                ("relu", ""),
                ("conv", "_naive"),
                ("max_pool", "_naive"),
                ("avg_pool", "_naive"),
                ("conv", "_im2col"),
            ]
        },
        (
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
        ),
        (8, 1),
        15,
    ),
    "convnet-cifar10": Promise(
        {
            "two_layer_convnet_shapes": 3,
            "two_layer_convnet_scores": 5,
            "two_layer_convnet_loss": 3,
            "two_layer_convnet_grads": 6,
            "confusion_matrix": 2,
            "conv_size": 3,
            "free_convnet": 10,
        },
        3,
        {"two_layer_convnet_grads": "two_layer_convnet_scores"},
        (
            "yours:   (4, 1, 3, 3) (4,) (48, 3) (3,)",
            "yours:   [[-2.   5.5]]",
            "yours:   loss 7.85055",
            "W1 [4.2]",
            "reg     1   predicted 2.3447",
            "[[1 1 0]\n [0 1 0]\n [1 0 2]]",
            "yours:   (32, 32, 32), 2,432 parameters, 2,457,600 multiply-adds",
            "in all                        62,006     651,720",
            "an epoch takes about 20 billion multiply-adds",
        ),
        (4, 0),
        7,
    ),
    "more-layers": Promise(
        {
            f"{layer}_{way}": points
            for layer, pair in {
                "batchnorm": (4, 4),
                "spatial_batchnorm": (2, 2),
                "lrn": (2, 3),
                "dropout": (2, 2),
                "median_pool": (2, 3),
                "local_conv": (2, 3),
                "concat": (1, 1),
                "upsample_nearest": (1, 1),
                "conv_transpose": (2, 3),
            }.items()
            for way, points in zip(("forward", "backward"), pair, strict=True)
        },
        3,
        {
            f"{layer}_backward": f"{layer}_forward"
            for layer in (
                "batchnorm spatial_batchnorm lrn dropout median_pool local_conv concat upsample_nearest "
                "conv_transpose"
            ).split()
        },
        (
            "yours:   [ 7.  7. 13. 13.]\nrunning averages: 0.30 and 0.40",
            "yours:   dx 0.75 -0.75 0.0 0.0  dgamma -1.0  dbeta 1.0",
            "yours:   [ 7. 13. -1.  1.]",
            "yours:   [0.1667 0.3333 0.    ]",
            "yours:   [ 0.1111 -0.1111  0.    ]",
            "local response normalisation: the first image changes by up to 0.00",
            "yours:   0 or 5, on average 3.99",
            "yours:   2.5, gradient [0.  0.5 0.5 0. ]",
            "yours:   out [ 1. 30.] dx [ 1.  0. 20.] dw [1. 2. 4. 6.]",
            "yours:   (1, 5, 4, 4), and back (1, 2, 4, 4) (1, 3, 4, 4)",
            "yours:   [1. 1. 2. 2. 1. 1. 2. 2.] and [4. 4.]",
            "yours:   out [  1.  10. 102.  20. 200.] dx [111. 111.] dw [3. 3. 3.]",
        ),
        (2, 0),
        10,
    ),
}


@pytest.fixture(params=LESSONS)
def lesson(request):
    """Return the name of a lesson, each one in turn."""
    return request.param


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


@cache
def executed(lesson, which):
    """Return the "source" (answered) or "release" (blank) notebook after a run of all its cells."""
    notebook = nbformat.reads(getattr(build.make(lesson), which), as_version=4)
    return run.run(notebook, path=[build.ROOT], skip="", COURSE_ORACLE="fresh")


def printed(cells):
    return "".join(
        output.text
        for cell in cells
        for output in cell.get("outputs", [])
        if output.output_type == "stream"
    )


def points(notebook):
    """Return the points by test cell, but for those of weights, which a given network earns some of."""
    found = run.points(notebook)
    weighed = found.pop(f"test-{WEIGHED}", None)
    assert weighed is None or 0 < weighed < 10
    return found


def test_the_tasks_stand_in_their_order_with_their_points(lesson):
    solutions = [name for cell in filled(lesson) if cell.kind == "solution" for name in cell.names]
    assert list(with_answers(lesson).points.items()) == list(LESSONS[lesson].points.items())
    assert solutions == [stem for stem in LESSONS[lesson].points if stem != WEIGHED]


def test_there_is_one_written_question_with_its_points(lesson):
    assert [cell.points for cell in as_written(lesson) if cell.kind == "written"] == [LESSONS[lesson].written]


def test_a_test_stands_directly_below_its_solution(lesson):
    for cell, below in zip(filled(lesson), filled(lesson)[1:], strict=False):
        if cell.kind == "solution":
            assert below.kind == "test" and below.names[:2] == cell.names * 2


def test_a_backward_pass_is_checked_with_its_forward_pass(lesson):
    for cell in filled(lesson):
        if cell.kind == "test":
            stem = cell.names[0]
            handed = LESSONS[lesson].handed.get(stem)
            own = [] if stem == WEIGHED else [stem]
            assert cell.names == (stem, *own, *([handed] if handed else []))


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


@pytest.mark.parametrize("which", ["source", "release"])
def test_every_cell_runs_without_an_error_or_a_warning(lesson, which):
    assert run.faults(executed(lesson, which)) == []


def test_the_answered_notebook_has_full_points_and_shows_every_picture(lesson):
    notebook, full = executed(lesson, "source"), LESSONS[lesson].points
    assert points(notebook) == {f"test-{stem}": full[stem] for stem in full if stem != WEIGHED}
    pictures = [
        output
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if "<img alt=" in output.get("data", {}).get("text/html", "")
    ]
    assert len(pictures) >= LESSONS[lesson].pictures


def test_a_blank_notebook_has_no_points_and_asks_for_the_first_function(lesson):
    notebook = executed(lesson, "release")
    assert set(points(notebook).values()) == {0.0}
    waiting = [cell for cell in notebook.cells if cell.source.startswith("%%after")]
    asked = [re.fullmatch(r"(write \w+ first\n)?", printed([cell])) for cell in waiting]
    silent = [match for match in asked if match and not match[1]]
    assert all(asked) and len(silent) <= 1  # one cell only defines functions


@pytest.mark.parametrize(
    ("lesson", "line"), [(name, line) for name, promise in LESSONS.items() for line in promise.announced]
)
def test_the_answered_notebook_prints_what_the_text_announces(lesson, line):
    assert line in printed(executed(lesson, "source").cells)


def test_every_gradient_check_of_the_text_passes(lesson):
    lines = printed(executed(lesson, "source").cells)
    verdicts = re.findall(r"^(?:\w+: )?(pass|wrong|cannot decide): ", lines, re.MULTILINE)
    passes, undecided = LESSONS[lesson].gradient_checks
    assert sorted(verdicts) == ["cannot decide"] * undecided + ["pass"] * passes


def test_the_small_network_starts_at_log_3_and_learns():
    lines = printed(executed("modular-layers", "source").cells)
    numbers = re.search(r"first loss ([\d.]+), last loss ([\d.]+), .*: (\d+)%", lines)
    first, last, right = map(float, numbers.groups())
    assert abs(first - 1.0986) < 0.05 and last < 0.3 and right > 85


def test_the_two_layer_net_learns_from_pictures_and_the_search_meets_a_loss_that_runs_away():
    lines = printed(executed("two-layer-net", "source").cells)
    assert float(re.search(r"best accuracy on validation images: ([\d.]+)%", lines)[1]) > 30
    row = r"^momentum (\S+) +learning rate (\S+) +(?:([\d.]+)%|the loss ran away)$"
    said = re.findall(row, lines, re.MULTILINE)
    share = {(float(mu), float(rate)): float(percent or 0) for mu, rate, percent in said}
    assert len(share) == 9
    assert share[0.9, 1e-3] == share[0.97, 1e-3] == 0 < share[0, 1e-3]  # more momentum, smaller steps
    assert max(share, key=share.get) == (0.9, 3e-4)
    right = [float(percent) for percent in re.findall(r"right on ([\d.]+)% of the test images", lines)]
    assert len(right) == 2 and min(right) > 30


def test_the_convnets_learn_and_start_at_the_loss_that_the_text_predicts():
    lines = printed(executed("convnet-cifar10", "source").cells)
    losses = re.findall(r"predicted ([\d.]+) +yours ([\d.]+)", lines)
    assert len(losses) == 4 and all(abs(float(one) - float(other)) < 0.02 for one, other in losses)
    assert float(re.search(r"the loss falls from [\d.]+ to ([\d.]+)", lines)[1]) < 0.3
    convnet, lenet = map(float, re.findall(r"test accuracy ([\d.]+)%", lines))
    assert convnet > 45 and lenet > 60
