"""The learner's own function behind a picture: compared, and never able to break it."""

import numpy as np
import pytest

from course.explorers import ConvExplorer
from course.reference.layers import conv_forward_naive


def wrong_in_two_cells(x, w, b, conv_param):
    out, cache = conv_forward_naive(x, w, b, conv_param)
    out[0, 0, 0, 1] -= 2
    out[0, 0, 2, 2] = np.nan
    return out, cache


def not_written(x, w, b, conv_param):
    raise NotImplementedError


def failing(x, w, b, conv_param):
    stride = conv_param["stride"]
    return x[0, 0, 99], stride


def talkative(x, w, b, conv_param):
    raise RuntimeError("one\ntwo" + "!" * 1000)


def transposed(x, w, b, conv_param):
    out, cache = conv_forward_naive(x, w, b, conv_param)
    return out.transpose(0, 1, 3, 2), cache


def no_array(x, w, b, conv_param):
    out, cache = conv_forward_naive(x, w, b, conv_param)
    return out.tolist(), cache


def made_of_words(x, w, b, conv_param):
    out, cache = conv_forward_naive(x, w, b, conv_param)
    return out.astype(str), cache


WORDS = [
    (conv_forward_naive, "conv_forward_naive: right in all 12 cells."),
    (wrong_in_two_cells, "wrong_in_two_cells: 2 of 12 cells differ: out[0, 1] is {out01}, yours is {off}."),
    (not_written, "not_written is not written yet."),
    (failing, "failing raised IndexError: index 99 is out of bounds for axis 2 with size 5 (its line 3)."),
    (transposed, "transposed: out has shape (1, 1, 4, 3), expected (1, 1, 3, 4)."),
    (no_array, "no_array: out is a list, expected an array of shape (1, 1, 3, 4)."),
    (made_of_words, "made_of_words: out has dtype <U32, expected numbers."),
    (lambda x, w, b, conv_param: None, "<lambda> returned None, expected (out, cache)."),
    (lambda x, w, b, conv_param: (x, w, b), "<lambda> returned 3 values, expected (out, cache)."),
]


@pytest.mark.parametrize(("forward", "said"), WORDS, ids=[said.split("{")[0] for _, said in WORDS])
def test_what_a_function_gives_is_said_in_one_line(forward, said):
    explorer = ConvExplorer(forward=forward, height=5, width=6, kernel=3, stride=1, pad=0)
    out, _ = conv_forward_naive(*arguments_of(explorer))
    numbers = (f"{int(n)}".replace("-", "−") for n in (out[0, 0, 0, 1], out[0, 0, 0, 1] - 2))
    assert explorer.own["line"] == said.format(**dict(zip(("out01", "off"), numbers, strict=True)))
    assert explorer.own["amiss"] == (forward is not conv_forward_naive)
    assert explorer.alt.endswith(explorer.own["line"])


def arguments_of(explorer):
    """Return what the explorer hands to a forward function, as it came there."""
    seen = []
    ConvExplorer(forward=lambda *given: seen.extend(given), **explorer.settings)
    return seen


def test_a_long_message_becomes_one_short_line():
    line = ConvExplorer(forward=talkative).own["line"]
    assert line.startswith("talkative raised RuntimeError: one two!!!")
    assert "\n" not in line and len(line) < 300


def test_cells_that_differ_are_named_and_marked_in_the_figure():
    right, wrong = (ConvExplorer(forward=f, stride=1) for f in (conv_forward_naive, wrong_in_two_cells))
    assert wrong.own["wrong"] == ["out[0, 1]", "out[2, 2]"] and right.own["wrong"] == []
    crossed = [sum(patch.get_hatch() == "xxxx" for patch in explorer.figure().axes[0].patches)
               for explorer in (right, wrong)]
    assert crossed == [0, 2]


def test_the_function_is_asked_again_when_a_setting_changes_and_not_when_the_window_moves():
    calls = []

    def forward(*given):
        calls.append(given)
        return conv_forward_naive(*given)

    explorer = ConvExplorer(forward=forward, dilation=2)
    explorer.position = 3
    assert len(calls) == 1
    explorer.kernel = 2
    assert len(calls) == 2 and explorer.own["of"] == [7, 7, 2, 2, 1, 2, 0] and not explorer.own["amiss"]
    with explorer.hold_trait_notifications():
        explorer.stride, explorer.pad = 1, 0
    assert len(calls) == 3


def test_where_nothing_can_be_computed_a_value_error_is_right():
    explorer = ConvExplorer(forward=conv_forward_naive, height=3, width=3, kernel=5, pad=0)
    assert "rightly, there is no output" in explorer.own["line"] and not explorer.own["amiss"]
    silent = ConvExplorer(forward=lambda x, w, b, conv_param: (x, None), height=3, width=3, kernel=5, pad=0)
    assert silent.own["amiss"] and "expected a ValueError" in silent.own["line"]


def test_an_interrupt_gets_through():
    def stopped(*given):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ConvExplorer(forward=stopped)
