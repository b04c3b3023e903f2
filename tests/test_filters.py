"""Filters made by hand, and what they make of a picture."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course import filters
from course.data.cat import cat, trained
from course.reference.layers import conv_forward_naive, max_pool_forward_naive


@given(
    st.integers(1, 3), st.integers(3, 7), st.integers(3, 7), st.integers(1, 3), st.integers(1, 3),
    st.integers(1, 3), st.integers(0, 2),
)  # fmt: skip
def test_a_picture_through_filters_is_what_the_naive_layer_makes_of_it(C, H, W, F, height, width, pad):
    rng = np.random.default_rng(C + H)
    picture, bank = rng.standard_normal((C, H, W)), rng.standard_normal((F, C, height, width))
    right, _ = conv_forward_naive(picture[None], bank, np.zeros(F), {"stride": 1, "pad": pad})
    np.testing.assert_allclose(filters.through(picture, bank, pad), right[0], atol=1e-12)


@pytest.mark.parametrize("size", [1, 2, 3])
def test_pooling_takes_the_largest_of_each_whole_window(size):
    maps = np.random.default_rng(0).standard_normal((2, 7, 8))
    param = {"pool_height": size, "pool_width": size, "stride": size}
    assert np.array_equal(filters.pooled(maps, size), max_pool_forward_naive(maps[None], param)[0][0])


def test_a_filter_on_grey_sees_brightness_and_no_colour():
    grey = np.random.default_rng(0).random((5, 6))
    edges = filters.BY_HAND["all edges"]
    coloured = filters.through(np.stack([grey] * 3), filters.on_grey(edges)[None])
    np.testing.assert_allclose(coloured, filters.through(grey[None], edges[None, None]))
    assert not filters.through(np.stack([grey, -grey, 0 * grey]), filters.on_grey(edges)[None]).round(9).any()


def test_edge_filters_give_nothing_on_an_even_surface_and_the_others_leave_it_as_it_is():
    even = np.full((1, 5, 5), 7.0)
    for name, plane in filters.BY_HAND.items():
        out = filters.through(even, plane[None, None])
        np.testing.assert_allclose(out, 0 if "edges" in name else 7, atol=1e-12)


def test_the_cat_is_a_colour_photograph():
    picture = cat()
    assert picture.shape == (3, 150, 225) and picture.min() >= 0 and picture.max() <= 255
    assert np.array_equal(picture, picture.round()) and picture.std() > 30


def test_trained_filters_are_smooth_and_random_ones_are_not():
    learnt = trained()
    shapes = {"convnet": (32, 3, 5, 5), "0.w": (6, 3, 5, 5), "0.b": (6,), "3.w": (16, 6, 5, 5), "3.b": (16,)}
    assert {name: value.shape for name, value in learnt.items()} == shapes

    def likeness(bank):
        return np.corrcoef(bank[..., :-1].ravel(), bank[..., 1:].ravel())[0, 1]

    assert likeness(learnt["convnet"]) > 0.15
    assert abs(likeness(np.random.default_rng(0).standard_normal((32, 3, 5, 5)))) < 0.1
