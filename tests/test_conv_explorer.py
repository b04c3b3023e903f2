"""The convolution explorer in Python, and in JavaScript where node is there."""

import json
import random
import shutil
import subprocess
import sys
from functools import cache
from io import BytesIO
from itertools import product
from pathlib import Path

import nbformat
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.image import imread
from nbclient import NotebookClient
from nbconvert import HTMLExporter
from traitlets import TraitError, link

from course.explorers import ConvExplorer
from course.explorers.conv_arithmetic import (
    LIMITS,
    Geometry,
    axes,
    cell_sentence,
    change,
    convolve,
    counts,
    extent,
    fits,
    formula,
    image,
    neighbours,
    outputs,
    sentence,
    weights,
    window,
)

JS = Path(__file__).parent / "js"
RANGES = {name: range(least, most + 1) for name, (least, most) in LIMITS.items()}
SQUARES = [Geometry(side, *rest) for side, *rest in
           ((n, n, *rest) for n, *rest in product(*(RANGES[name] for name in LIMITS if name != "width")))]
geometries = st.builds(Geometry, *(st.sampled_from(values) for values in RANGES.values()))

needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")


def random_rectangles(how_many):
    generator = random.Random(0)
    return [Geometry(*(generator.choice(values) for values in RANGES.values())) for _ in range(how_many)]


@cache
def answers():
    """Return neighbours of every square geometry and of some rectangular ones."""
    return {geometry: neighbours(geometry) for geometry in SQUARES + random_rectangles(2000)}


def test_there_are_19008_square_geometries():
    assert len(set(SQUARES)) == 19_008


def test_every_geometry_fits_or_has_a_sentence_and_neighbours_that_fit():
    for geometry, others in answers().items():
        assert sentence(geometry).startswith("It fits") == fits(geometry) == (not others)
        for other in others:
            assert fits(other) and outputs(other) > 0
            assert all(value in values for value, values in zip(other, RANGES.values(), strict=True))


def test_a_neighbour_is_the_nearest_change_of_one_setting():
    assert [change(g, other) for g in [Geometry(7, 7, 3, 3, 0, 1)] for other in neighbours(g)] == [
        "stride 2", "pad 1", "kernel 4", "dilation 3"]
    assert [change(g, other) for g in [Geometry(3, 4, 5, 1, 0, 1)] for other in neighbours(g)] == [
        "pad 1", "kernel 3", "height 5, width 5"]
    assert [change(g, other) for g in [Geometry(5, 9, 3, 3, 0, 1)] for other in neighbours(g)] == [
        "stride 2", "height 6"]


@settings(deadline=None)
@given(geometries, st.integers(0, 999))
def test_the_output_is_that_of_plain_loops(geometry, seed):
    x, w = image(geometry, seed), weights(geometry, seed)
    out = convolve(x, w, geometry)
    padded = np.pad(x, geometry.pad)
    tops, lefts = ([first for first in range(0, size, geometry.stride) if first + extent(geometry) <= size]
                   for size in padded.shape)
    assert out.shape == (len(tops), len(lefts)) == tuple(axis.out for axis in axes(geometry))
    for (r, top), (c, left) in product(enumerate(tops), enumerate(lefts)):
        assert out[r, c] == sum(w[i, j] * padded[top + geometry.dilation * i, left + geometry.dilation * j]
                                for i, j in product(range(geometry.kernel), repeat=2))


@pytest.mark.parametrize("geometry, expected", [
    (Geometry(7, 7, 3, 2, 1, 1), ["places = (N + 2P − F)/S + 1",
                                  "rows = columns = (7 + 2·1 − 3)/2 + 1 = 6/2 + 1 = 4"]),
    (Geometry(6, 9, 3, 2, 1, 2), ["places = (N + 2P − D(F − 1) − 1)/S + 1",
                                  "rows = (6 + 2·1 − 2·(3 − 1) − 1)/2 + 1 = 3/2 + 1 = 2.5, rounded down to 2",
                                  "columns = (9 + 2·1 − 2·(3 − 1) − 1)/2 + 1 = 6/2 + 1 = 4"]),
    (Geometry(3, 3, 5, 1, 0, 1), ["places = (N + 2P − F)/S + 1",
                                  "rows = columns = (3 + 2·0 − 5)/1 + 1 = −2/1 + 1: −2 is negative, no output"
                                  ]),
])
def test_the_formula_stands_with_its_numbers(geometry, expected):
    assert formula(geometry) == expected


def test_what_does_not_fit_is_explained():
    assert "reaches the last row of the padded input (only padding)" in sentence(Geometry(6, 9, 3, 2, 1, 2))
    assert "reaches the last 2 rows of the padded input, and" in sentence(Geometry(5, 9, 3, 3, 0, 1))
    assert "sticks out by 2 rows and 1 column" in sentence(Geometry(3, 4, 5, 1, 0, 1))


def test_a_kernel_that_sticks_out_has_no_window():
    with pytest.raises(ValueError, match="sticks out"):
        window(Geometry(3, 4, 5, 1, 0, 1), 0)


def test_dense_layers_are_counted_as_height_times_width_times_outputs():
    counted = counts(Geometry(5, 6, 3, 1, 0, 1))
    assert (counted["conv_weights"], counted["conv_multiply_adds"]) == (9, 9 * 12)
    assert (counted["dense_weights"], counted["dense_multiply_adds"]) == (30 * 12, 30 * 12)


@needs_node
def test_javascript_and_python_agree_in_every_geometry():
    asked = [(geometry, i % 7, i % 50) for i, geometry in enumerate(answers())]
    done = subprocess.run(["node", JS / "answers.mjs"], input=json.dumps(asked), capture_output=True,
                          encoding="utf-8", check=True)
    said = json.loads(done.stdout)
    assert said["limits"] == {name: list(limits) for name, limits in LIMITS.items()}
    assert len(said["answers"]) == len(asked)
    for (geometry, seed, position), answer in zip(asked, said["answers"], strict=True):
        assert answer == {
            "axes": [list(axis) for axis in axes(geometry)],
            "formula": formula(geometry),
            "sentence": sentence(geometry),
            "neighbours": [[list(other), change(geometry, other)] for other in answers()[geometry]],
            "counts": counts(geometry),
            "cell": cell_sentence(geometry, seed, position),
        }, geometry


@needs_node
def test_the_javascript_tests_pass():
    done = subprocess.run(["node", "--test", JS / "conv.test.mjs"], capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stdout[-4000:]


def test_the_settings_are_traits_that_travel_to_the_browser():
    explorer = ConvExplorer(height=6, width=9, position=2)
    state = explorer.get_state()
    assert {name: state[name] for name in (*LIMITS, "position", "seed")} == {
        "height": 6, "width": 9, "kernel": 3, "stride": 2, "pad": 1, "dilation": 1, "position": 2, "seed": 0}
    assert "export default" in state["_esm"] and ".explorer" in state["_css"]


@pytest.mark.parametrize("name", LIMITS)
def test_a_setting_outside_its_limits_is_refused(name):
    for value in (LIMITS[name][0] - 1, LIMITS[name][1] + 1):
        with pytest.raises(TraitError, match=f"'{name}' trait"):
            ConvExplorer(**{name: value})


def test_two_explorers_can_share_a_setting():
    one, other = ConvExplorer(), ConvExplorer()
    link((one, "kernel"), (other, "kernel"))
    other.kernel = 5
    assert one.geometry.kernel == 5


def test_the_figure_shows_formula_input_kernel_and_output():
    explorer = ConvExplorer(height=5, width=6, kernel=3, stride=1, pad=1, position=7)
    texts = [text.get_text().strip() for text in explorer.figure().axes[0].texts]
    assert formula(explorer.geometry)[0] in texts
    assert {"padded input 7 × 8", "kernel 3 × 3", "output 5 × 6"} <= set(texts)
    digits = [text for text in texts if text.replace("−", "").isdigit()]
    assert len(digits) == 7 * 8 + 3 * 3 + 5 * 6


def test_the_window_of_the_figure_stands_at_its_position():
    def corners(position):
        patches = ConvExplorer(stride=2, position=position).figure().axes[0].patches
        return [patch.get_xy() for patch in patches if not patch.get_fill()]

    (in_first, *_, out_first), (in_moved, *_, out_moved) = corners(0), corners(5)
    assert np.subtract(in_moved, in_first).tolist() == [2, 2]
    assert np.subtract(out_moved, out_first).tolist() == [1, 1]


@settings(max_examples=15, deadline=None)
@given(geometries, st.integers(0, 700))
def test_every_geometry_can_be_drawn(geometry, position):
    png = BytesIO()
    picture = ConvExplorer(**geometry._asdict(), position=position).figure()
    picture.savefig(png, format="png", dpi=20)
    assert np.ptp(imread(BytesIO(png.getvalue()))[..., :3]) > 0.5
    assert sentence(geometry) in picture.alt


def test_no_line_of_the_figure_is_cut_off():
    figure = ConvExplorer(height=6, width=12, dilation=2).figure()
    figure.canvas.draw()
    for text in figure.axes[0].texts:
        box = text.get_window_extent()
        assert 0 <= box.x0 and box.x1 <= figure.bbox.width and box.y1 <= figure.bbox.height


def test_the_display_carries_widget_picture_and_words():
    explorer = ConvExplorer(stride=3, pad=0)
    data, metadata = explorer._repr_mimebundle_()
    assert data["application/vnd.jupyter.widget-view+json"]["model_id"] == explorer.model_id
    assert imread(BytesIO(data["image/png"])).shape[1] > 500
    assert "never reaches the last row and the last column" in data["text/plain"]
    assert metadata["image/png"]["alt"] == explorer.alt


def test_without_a_front_end_it_says_what_it_shows_and_warns_of_nothing():
    code = "import course.explorers, sys; sys.stdout.write(repr(course.explorers.ConvExplorer(kernel=5)))"
    done = subprocess.run([sys.executable, "-W", "error", "-X", "utf8", "-c", code], capture_output=True,
                          encoding="utf-8", check=True)
    assert done.stdout.startswith("ConvExplorer(height=7, width=7, kernel=5") and "out[0, 0]" in done.stdout
    assert done.stderr == ""


def test_a_notebook_keeps_the_picture_for_readers_without_widgets():
    cell = nbformat.v4.new_code_cell("from course.explorers import ConvExplorer\nConvExplorer()")
    notebook = nbformat.v4.new_notebook(cells=[cell])
    NotebookClient(notebook, timeout=60, kernel_name="python3", store_widget_state=False).execute()
    (output,) = notebook.cells[0].outputs
    assert output.data["image/png"] and output.data["text/plain"].startswith("ConvExplorer(")
    html, _ = HTMLExporter(template_name="classic").from_notebook_node(notebook)
    assert 'alt="Convolution: input 7 × 7' in html
