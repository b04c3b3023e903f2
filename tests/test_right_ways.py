"""Right answers that differ from the reference: they agree with it, and are as careful."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course.mistakes import LESSONS, define, mistakes, right_ways
from tests.modular_inputs import arguments, changed, huge, inputs, reference, see, sizes_of, whole

LESSON = "modular-layers"
WAYS = {(stem, way): text for stem, ways in right_ways(LESSON).items() for way, text in ways.items()}
TIES = [way for stem, way in WAYS if stem == "max_pool_backward_naive"]
for_every_way = pytest.mark.parametrize("stem, way", WAYS, ids=lambda value: value)


def answer(stem, way):
    """The function of a right way, and the forward pass that it brings along (None: the contract's)."""
    names = define(WAYS[stem, way], f"{stem}, {way}", {"np": np})
    partner = names.get(stem.replace("backward", "forward")) if "backward" in stem else None
    return names[stem], partner


@for_every_way
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_a_right_way_gives_the_reference_answer(stem, way, data):
    function, partner = answer(stem, way)
    rng = np.random.default_rng(data.draw(st.integers(0, 2**32 - 1), label="seed"))
    case = arguments(stem, data.draw(sizes_of(stem), label="sizes"), rng)
    seen = see(function, stem, inputs(stem, case, partner))
    right = see(reference(stem), stem, inputs(stem, case))
    assert not seen.changed
    for value, expected in zip(seen.values, right.values, strict=True):
        np.testing.assert_allclose(value, expected, rtol=1e-10, atol=1e-12, strict=True)


@for_every_way
def test_a_right_way_is_careful(stem, way):
    function, partner = answer(stem, way)
    for case in changed(stem, whole) + huge(stem):
        seen = see(function, stem, inputs(stem, case, partner))
        right = see(reference(stem), stem, inputs(stem, case))
        for value, expected in zip(seen.values, right.values, strict=True):
            np.testing.assert_allclose(value, expected, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("way", TIES)
def test_a_rule_for_ties_hands_out_each_gradient_exactly_once(way):
    function, partner = answer("max_pool_backward_naive", way)
    x = np.random.default_rng(4).integers(0, 2, size=(2, 3, 5, 6)).astype(float)
    case = x, {"pool_height": 2, "pool_width": 3, "stride": 3}
    dout, made = inputs("max_pool_backward_naive", case, partner)
    dx = function(dout, made)
    for i, j in np.ndindex(dout.shape[2:]):
        box = np.s_[:, :, 3 * i : 3 * i + 2, 3 * j : 3 * j + 3]
        np.testing.assert_allclose(dx[box].sum(axis=(2, 3)), dout[:, :, i, j])
        assert np.all(dx[box][x[box] < x[box].max(axis=(2, 3), keepdims=True)] == 0)


@pytest.mark.parametrize("lesson", LESSONS)
def test_every_todo_has_at_least_three_right_ways(lesson):
    ways = right_ways(lesson)
    assert set(ways) == {mistake.stem for mistake in mistakes(lesson)}
    assert min(map(len, ways.values())) >= 3


def test_a_lesson_without_a_bank_is_refused_with_the_lessons_that_have_one():
    with pytest.raises(ValueError, match=f"'no-lesson'.*{', '.join(LESSONS)}"):
        right_ways("no-lesson")


def test_only_a_backward_pass_with_a_cache_of_its_own_brings_its_forward_pass_along():
    paired = {way for stem, way in WAYS if answer(stem, way)[1] is not None}
    assert paired == {"own_cache"}
