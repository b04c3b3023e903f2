import base64
import html
import io
import re

import numpy as np
import pytest
from matplotlib import pyplot
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgba
from matplotlib.image import imread
from matplotlib.text import Text

from course import plots
from course.plots import lines, page, style
from course.plots.boxes import number

X = np.array([[1.0, 2.0, 0.0], [0.0, 1.0, 3.0], [2.0, 1.0, 1.0]])
W = np.array([[1.0, 0.0], [2.0, -1.0]])
OUT = np.array([[0.0, 1.0], [3.0, 2.0]])
ROWS = np.array([[1.0, 2, 0, 1], [2, 0, 1, 3], [0, 1, 2, 1], [1, 3, 1, 1]])
LINE = np.arange(5), np.arange(5) ** 2
LOSSES = np.exp(-np.arange(60) / 30)
MAP = np.array([[10.0, 35.5, 20.25], [12.5, np.nan, 50.0]])
NAMES = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"]
CORNERS, XOR = [[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0]
FLAT = {"step": (np.sign, np.zeros_like)}
COLOURS = np.random.default_rng(0).standard_normal((7, 3, 8, 8))

PICTURES = {
    "chain": lambda: plots.chain(["conv", "loss"], ["1 × 8 × 8", "4 × 8 × 8", "one number"]),
    "curves": lambda: plots.curves({"loss": LINE, "guessing": LINE}, "step", "loss"),
    "many curves": lambda: plots.curves({f"line {i}": LINE for i in range(5)}, "step", "loss", top=9),
    "channels": lambda: plots.channels(np.stack([X, -X], axis=2), np.stack([X, X], axis=2), -1, 4),
    "grids": lambda: plots.grids({"X": X, "a long title": W, "Z": OUT[:1, :1]}, signs="·="),
    "grids, marked": lambda: plots.grids({"X": X, "Z": OUT}, {"X": [(0, 0)]}, below="a line of text"),
    "functions": lambda: plots.functions({"tanh": (np.tanh, lambda z: 1 - np.tanh(z) ** 2)} | FLAT),
    "images": lambda: plots.images({"a tall one": X[:, :2], "a wide one": X[:2]}),
    "matrix": lambda: plots.matrix(X, "numbers"),
    "decisions": lambda: plots.decisions({"a line": lambda p: p @ [1, 1] > 1.5, "none": None}, CORNERS, XOR),
    "errors": lambda: plots.errors(X + W.sum() * np.eye(3), X),
    "window": lambda: plots.window(X, W, OUT, (1, 0)),
    "window, padded": lambda: plots.window(X, W, np.zeros((2, 2)), (0, 1), stride=2, pad=1, bias=-0.5),
    "window, not square": lambda: plots.window(X[:2], W[:1], np.zeros((2, 2)), (1, 1)),
    "im2col": lambda: plots.im2col(X, ROWS, W, OUT),
    "selection": lambda: plots.selection(X, np.eye(9)[[4, 5, 7, 8]], np.array([1.0, -2.0, 0.5, 3.0])),
    "training": lambda: plots.training(LOSSES, [0.1, 0.3, 0.5], [0.1, 0.25, 0.4]),
    "training, a few steps": lambda: plots.training(LOSSES[:2], [0.1, 0.3], [0.1, 0.2], iterations=9),
    "heat map": lambda: plots.heat_map(MAP, [0, 0.01], ["1e-4", "1e-3", "1e-2"], "reg", "rate", "{:.1f}"),
    "heat map, long names": lambda: plots.heat_map(100 * np.eye(10), NAMES, NAMES, "right", "guessed"),
    "neurons": lambda: plots.neurons([["$x_1$", "1"], ["a", "b"], ["c"]], [W, [[2], [-1]]], ["in", "", ""]),
    "neurons without weights": lambda: plots.neurons([[""] * 4, ["$x$"] * 5], titles=["four", "two\nlines"]),
    "paths": lambda: plots.paths(np.hypot, {"a": np.ones((3, 2)), "b": -np.ones((3, 2))}, (-2, 2), (-2, 2)),
    "pictures": lambda: plots.pictures(COLOURS, ["cat, taken for\na dog"] * 7, columns=4),
    "spread": lambda: plots.spread({"early": LOSSES + 0.1, "late": LOSSES / 9}, "loss", (0.693, "guessing")),
    "timings": lambda: plots.timings(
        {"forward": {"loops": 1.5, "im2col": 2e-4}, "backward": {"loops": 2.0, "im2col": 1e-3}}
    ),
}


@pytest.fixture(params=PICTURES)
def axes(request):
    return np.ravel(PICTURES[request.param]())


def texts(axes):
    """Return the texts that are drawn; ticks outside the axes have labels that are not."""
    figure, seen = np.ravel(axes)[0].figure, {}
    draw = Text.draw

    def record(text, renderer):
        seen[id(text)] = text
        draw(text, renderer)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Text, "draw", record)
        FigureCanvasAgg(figure).draw()
    return [text for text in seen.values() if text.get_visible() and text.get_text()]


def words(axes):
    return [text.get_text() for text in texts(axes)]


def filled(ax, colour):
    """Return the corners (left, top) of the boxes that have this colour."""
    return [patch.get_xy() for patch in ax.patches if patch.get_facecolor() == to_rgba(colour)]


def shown(axes, alt, monkeypatch):
    """Return the HTML and the plain text that `show` displays."""
    seen = []
    monkeypatch.setattr(page, "display", lambda bundle, raw: seen.append((bundle, raw)))
    plots.show(axes, alt)
    (bundle, raw), = seen
    assert raw
    return bundle["text/html"], bundle["text/plain"]


def test_no_text_lies_upon_another(axes):
    boxes = [(text.get_text(), text.get_window_extent()) for text in texts(axes)]
    assert boxes
    for place, (word, box) in enumerate(boxes):
        for other, rest in boxes[place + 1 :]:
            overlap = min(box.x1, rest.x1) - max(box.x0, rest.x0), min(box.y1, rest.y1) - max(box.y0, rest.y0)
            assert min(overlap) < 1, (word, other)


def test_no_text_is_too_small_to_read(axes):
    assert min(text.get_fontsize() for text in texts(axes)) >= 7


def test_a_figure_is_shown_with_its_description_and_as_a_picture(axes, monkeypatch):
    tag, plain = shown(axes if len(axes) > 1 else axes[0], 'a "window" <i>', monkeypatch)
    assert html.unescape(re.search('alt="([^"]*)"', tag)[1]) == plain == 'a "window" <i>'
    assert "<i>" not in tag
    picture = imread(io.BytesIO(base64.b64decode(re.search("base64,([^\"]*)", tag)[1])))
    assert picture[..., :3].std() > 0.01
    border = [picture[0], picture[-1], picture[:, 0], picture[:, -1]]
    assert all((line[:, :3] == 1).all() for line in border), "something is cut off"
    width = int(re.search(r'width="(\d+)"', tag)[1])
    assert 100 < width <= 1000 and abs(picture.shape[1] / 1.5 - width) <= 1


def test_a_figure_leaves_nothing_behind_in_pyplot(monkeypatch):
    shown(PICTURES["curves"](), "a picture", monkeypatch)
    assert pyplot.get_fignums() == []


def test_the_window_spells_out_the_sum_of_its_output_cell():
    assert "out[1, 0] = 0·1 + 1·0 + 2·2 + 1·(−1) = 3" in words(plots.window(X, W, OUT, (1, 0)))
    padded = words(plots.window(X, W, np.zeros((2, 2)), (0, 1), stride=2, pad=1, bias=-0.5))
    assert "out[0, 1] = 0·1 + 0·0 + 2·2 + 0·(−1) + (−0.5) = 3.5" in padded


def test_the_window_marks_what_goes_into_its_output_cell():
    left, _, right = plots.window(X, W, OUT, (1, 0))
    assert sorted(filled(left, style.PALE_ORANGE)) == [(0, 1), (0, 2), (1, 1), (1, 2)]
    assert filled(right, style.PALE_BLUE) == [(0, 1)]


def test_a_row_of_im2col_has_the_colour_of_its_window_and_its_output():
    ax = plots.im2col(X, ROWS, W, OUT)
    colours = {}
    for patch in ax.patches:
        if hasattr(patch, "get_xy") and patch.get_facecolor()[:3] != (1.0, 1.0, 1.0):
            colours.setdefault(int(patch.get_xy()[1]), set()).add(patch.get_facecolor())
    assert [len(colours[row]) for row in range(4)] == [1, 1, 1, 1]
    assert len(set.union(*colours.values())) == 4


def test_the_selection_matrix_is_read_along_its_rows_and_down_its_columns():
    x, S, dout = np.arange(16.0).reshape(4, 4), np.eye(16)[[5, 7, 13, 15]], np.array([0.1, 0.2, 0.3, 0.4])
    picture, gradient, matrix = plots.selection(x, S, dout)
    assert [float(t.get_text()) for t in gradient.texts] == (S.T @ dout).tolist()
    assert [float(t.get_text()) for t in picture.texts] == x.ravel().tolist()
    numbers = [t.get_text() for t in matrix.texts]
    assert numbers[-4 - 4 : -4] == ["5", "7", "13", "15"]  # out, before the four words


def test_a_wrong_number_is_red_and_rounding_is_not():
    mine = X + 1e-12
    mine[1, 2] = np.nan
    mine[0, 0] += 0.5
    *_, difference = plots.errors(mine, X)
    assert filled(difference, style.VERMILLION) == [(0, 0), (2, 1)]
    assert {"nan", "0.5"} <= {t.get_text() for t in difference.texts}


@pytest.mark.parametrize(
    ("value", "text"), [(2.0, "2"), (-1.25, "−1.25"), (0.333333, "0.333"), (1e-9, "1e−09"), (np.nan, "nan")]
)
def test_numbers_are_short(value, text):
    assert number(value) == text


def test_timings_stand_on_a_logarithmic_axis_and_say_their_milliseconds():
    ax = plots.timings({"forward": {"loops": 1.5, "im2col": 2e-4}})
    assert ax.get_xscale() == "log"
    assert {"1.5e+03 ms", "0.2 ms"} <= {text.get_text() for text in ax.texts}


def test_lines_differ_in_more_than_colour():
    ax = plots.curves({"a": LINE, "b": LINE, "c": LINE}, "x", "y")
    assert len({line.get_linestyle() for line in ax.lines}) == 3


def test_accuracies_stand_where_the_trainer_measures_them():
    for epochs, steps, expected in ((3, 30, [1, 10, 20, 30]), (2, 2, [1, 2]), (1, 40, [1, 40])):
        assert lines.ends(steps, len(expected)).tolist() == expected, epochs
    left, right = plots.training(LOSSES, [0.1, 0.3], [0.2, 0.25])
    assert [line.get_xydata().tolist() for line in right.lines] == [[[1, 10], [60, 30]], [[1, 20], [60, 25]]]
    assert left.lines[0].get_ydata() == pytest.approx(LOSSES)


def test_a_loss_is_smoothed_by_the_mean_of_its_neighbours():
    values = np.arange(60.0)
    assert lines.smoothed(values)[1:-1] == pytest.approx(values[1:-1])
    assert lines.smoothed(values)[0] == 0.5
    assert lines.smoothed(np.ones(400)) == pytest.approx(np.ones(400))
    spike = np.zeros(400)
    spike[200] = 1
    assert sorted(set(lines.smoothed(spike).round(12))) == [0, 0.05]


def test_a_heat_map_writes_each_number_so_that_it_can_be_read_on_its_field():
    ax = plots.heat_map(MAP, ["a", "b"], [1, 2, 3], "rows", "columns", "{:.1f}")
    assert [text.get_text() for text in ax.texts] == ["10.0", "35.5", "20.2", "12.5", "\N{EM DASH}", "50.0"]
    field = ax.images[0]
    colours = field.cmap(field.norm(field.get_array()))[..., :3]
    for text, colour in zip(ax.texts, colours.reshape(-1, 3), strict=True):
        light = colour @ [0.2126, 0.7152, 0.0722]
        assert text.get_text() == "\N{EM DASH}" or abs(light - (text.get_color() == "white")) > 0.45
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("columns", "rows")


def test_a_heat_map_of_equal_numbers_or_of_one_can_be_drawn():
    assert [text.get_text() for text in plots.heat_map([[5, 5]], ["a"], [1, 2], "r", "c").texts] == ["5", "5"]


def test_a_heat_map_without_a_single_number_stays_empty():
    ax = plots.heat_map(np.full((1, 2), np.nan), ["a"], [1, 2], "r", "c")
    assert [text.get_text() for text in ax.texts] == ["\N{EM DASH}"] * 2


def test_the_names_of_many_lines_stand_beside_the_drawing():
    few, many = ({str(i): LINE for i in range(count)} for count in (3, 5))
    assert plots.curves(few, "x", "y").get_legend() is not None
    ax = plots.curves(many, "x", "y")
    assert ax.get_legend() is None and len(ax.figure.legends) == 1


def test_pictures_use_the_range_that_is_asked_for_or_their_own():
    stretched = plots.pictures(COLOURS[:2])
    assert all((ax.images[0].get_array().min(), ax.images[0].get_array().max()) == (0, 1) for ax in stretched)
    (ax,) = plots.pictures(np.array([[[0.0, 255.0, 300.0]]]), black=0, white=510)
    assert np.allclose(ax.images[0].get_array().ravel(), [0, 0.5, 300 / 510])
    assert ax.images[0].get_cmap().name == "gray"
    (ax,) = plots.pictures(COLOURS[:1], black=-10, white=10)
    assert np.allclose(ax.images[0].get_array(), (COLOURS[0].transpose(1, 2, 0) + 10) / 20)


def test_a_steady_picture_keeps_the_size_of_its_figure():
    for word in ("i", "a label\nof two lines"):
        tag = plots.html_of(plots.curves({word: LINE}, "x", word), "a picture", steady=True)
        assert 'width="576" height="307"' in tag


def test_a_step_may_call_its_arrays_by_other_names():
    names = "A_prev", "W", "Z"
    said = words(plots.window(X, W, OUT, (1, 0), pad=1, names=names))
    assert {"input A_prev, padded", "filter W"} <= set(said) and said[-1].startswith("Z[1, 0] = ")


def test_the_marks_of_grids_have_the_same_colours_in_every_panel():
    marks = {"X": [(slice(0, 2), slice(0, 2)), (2, 2)], "Z": [(0, 0), (1, 1)]}
    ax = plots.grids({"X": X, "Z": OUT}, marks, signs=["→"], below="four numbers become one")
    assert len(filled(ax, style.WINDOWS[0])) == 4 + 1 and len(filled(ax, style.WINDOWS[1])) == 1 + 1
    assert {"X", "Z", "→", "four numbers become one"} <= set(words(ax))


def test_a_step_through_all_channels_shows_every_product_and_the_sum_that_was_computed():
    window, w = np.stack([W, 2 * W], axis=2), np.stack([OUT[:, ::-1], OUT], axis=2)
    said = words(plots.channels(window, w, -1.0, 99.0))
    products = [number(value) for value in (window * w).ravel()]
    assert all(product in said for product in products)
    assert "Z = 2 + 8 + (\N{MINUS SIGN}1) = 99" in said


def test_the_plane_is_coloured_by_what_a_classifier_says_and_points_by_their_targets():
    halves, all_alike = plots.decisions(
        {"right half": lambda p: p[:, 0] > 0.5, "all": lambda p: p[:, 0] > -9}, CORNERS, [[0, 0, 1, 1], XOR]
    )
    (image,) = halves.images
    says = image.get_array()
    assert not says[:, : says.shape[1] // 2].any() and says[:, -(says.shape[1] // 2) :].all()
    assert [text.get_text() for text in halves.texts] == list("0011")
    assert [text.get_text() for text in all_alike.texts] == list("0110")
    assert len(halves.collections) == 1 and len(all_alike.collections) == 0  # a border, and none


def test_a_net_has_a_line_for_each_weight_and_negative_ones_are_dashed():
    ax = plots.neurons([["a", "b"], ["c", "d"]], [W])
    assert sorted(line.get_linestyle() for line in ax.lines) == ["-", "-", "-", "--"]
    assert {"1", "0", "2", "\N{MINUS SIGN}1"} <= set(words(ax))
    assert len(plots.neurons([[""] * 4, [""] * 5]).lines) == 20


def test_every_run_is_a_dot_and_every_group_has_a_bar_at_its_median():
    ax = plots.spread({"a": [1.0, 2.0, 4.0], "b": [0.1, 0.2]}, "loss")
    assert [sorted(line.get_xdata()) for line in ax.lines[::2]] == [[1, 2, 4], [0.1, 0.2]]
    assert [list(line.get_xdata()) for line in ax.lines[1::2]] == [[2, 2], pytest.approx([0.15, 0.15])]
