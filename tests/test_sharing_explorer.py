"""Weight sharing: a convolution as a matrix, in NumPy and in JavaScript, and as a widget."""

import json
import shutil
import subprocess
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from course.explorers import WeightSharingExplorer
from course.explorers import conv_arithmetic as conv
from course.explorers.sharing_arithmetic import (
    LAYERS,
    LIMITS,
    Sharing,
    counts,
    geometry,
    matrix,
    result,
    users,
    words,
)

ANSWERS = Path(__file__).parent / "js" / "sharing_answers.mjs"
ALL = [Sharing(*settings) for settings in product(*(range(a, b + 1) for a, b in LIMITS.values()), LAYERS)]


def test_the_matrix_times_the_input_is_the_convolution():
    for sharing in ALL[::7]:
        g, table = geometry(sharing), matrix(sharing)
        x, w = conv.image(g, 2).ravel(), conv.weights(g, 2).ravel()
        out = conv.convolve(x.reshape(g.height, g.width), w.reshape(g.kernel, g.kernel), g)
        assert np.array_equal(np.where(table >= 0, w[table], 0) @ x, out.ravel())


def test_a_shared_weight_changes_every_output_and_one_of_its_own_a_single_one():
    for layer, changed in (("convolution", 9), ("locally connected", 1), ("dense", 1)):
        sharing = Sharing(4, 4, 2, 1, layer)
        before, after = result(sharing, seed=0, chosen=3, position=5, change=2)
        assert (before != after).sum() == len(users(sharing, 5)) == changed


def test_a_changed_weight_gives_what_the_changed_kernel_gives():
    sharing = Sharing(5, 6, 3, 2, "convolution")
    g = geometry(sharing)
    w = conv.weights(g, 1)
    w[1, 2] -= 3
    assert np.array_equal(result(sharing, 1, 5, 0, -3)[1], conv.convolve(conv.image(g, 1), w, g).ravel())


def test_weights_and_products_are_counted():
    assert counts(Sharing(4, 5, 2, 1, "dense")) == {
        "convolution": (4, 48), "locally connected": (48, 48), "dense": (240, 240)}
    assert set(counts(Sharing(2, 6, 3, 1, "dense")).values()) == {(0, 0)}


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
def test_javascript_and_python_agree_on_shared_weights():
    cases = [(sharing, n % 11, n % 16, n % 40, n % 7 - 3) for n, sharing in enumerate(ALL)]
    done = subprocess.run(["node", ANSWERS], input=json.dumps(cases), capture_output=True, encoding="utf-8",
                          check=True)
    for (sharing, seed, chosen, position, change), answer in zip(cases, json.loads(done.stdout), strict=True):
        before, after = result(sharing, seed, chosen, position, change)
        assert answer == {
            "table": matrix(sharing).tolist(), "before": before.tolist(), "after": after.tolist(),
            "counts": {layer: list(numbers) for layer, numbers in counts(sharing).items()},
            "words": words(sharing, chosen, position, change)}, sharing


@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize("sides", [(4, 4, 2, 1), (6, 6, 1, 1), (2, 5, 3, 1), (6, 3, 3, 2)], ids=str)
def test_every_layer_can_be_drawn(sides, layer):
    height, width, kernel, stride = sides
    explorer = WeightSharingExplorer(height=height, width=width, kernel=kernel, stride=stride, layer=layer,
                                     chosen=3, position=4)
    assert explorer.figure().alt == explorer.alt
    assert words(explorer.sharing, 3, 4, 1) in explorer.alt
