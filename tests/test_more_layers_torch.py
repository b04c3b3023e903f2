"""The layers of more-layers against torch, where torch is installed."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.reference import normalisation, regions, upsampling

torch = pytest.importorskip("torch", reason="torch is not installed: pip install torch==2.13.0 to compare")

from tests.test_reference_torch import F, assert_same, compare, examples, seeds  # noqa: E402 they need torch

sizes = st.integers(1, 5)


@examples
@given(N=st.integers(2, 6), D=sizes, seed=seeds)
def test_batchnorm_while_training(N, D, seed):
    rng = np.random.default_rng(seed)
    arrays = rng.normal(size=(N, D)), rng.normal(size=D), rng.normal(size=D)
    compare(
        lambda *args: normalisation.batchnorm_forward(*args, {"mode": "train", "eps": 0.1}),
        normalisation.batchnorm_backward,
        lambda x, gamma, beta: F.batch_norm(x, None, None, gamma, beta, training=True, eps=0.1),
        arrays,
    )


@examples
@given(N=st.integers(1, 6), D=sizes, seed=seeds)
def test_batchnorm_in_the_test(N, D, seed):
    rng = np.random.default_rng(seed)
    x, gamma, beta, mean = rng.normal(size=(N, D)), *rng.normal(size=(3, D))
    var = rng.random(D) + 0.1
    param = {"mode": "test", "running_mean": mean, "running_var": var}
    out, _ = normalisation.batchnorm_forward(x, gamma, beta, param)
    theirs = F.batch_norm(*map(torch.tensor, (x, mean, var, gamma, beta)), training=False, eps=1e-5)
    assert_same([out], [theirs.numpy()])


@examples
@given(N=st.integers(1, 3), C=sizes, H=st.integers(2, 4), W=sizes, seed=seeds)
def test_spatial_batchnorm(N, C, H, W, seed):
    rng = np.random.default_rng(seed)
    arrays = rng.normal(size=(N, C, H, W)), rng.normal(size=C), rng.normal(size=C)
    compare(
        lambda *args: normalisation.spatial_batchnorm_forward(*args, {"mode": "train", "eps": 0.1}),
        normalisation.spatial_batchnorm_backward,
        lambda x, gamma, beta: F.batch_norm(x, None, None, gamma, beta, training=True, eps=0.1),
        arrays,
    )


@examples
@given(C=st.integers(1, 8), half=st.integers(0, 3), seed=seeds)
def test_lrn(C, half, seed):
    x, n = np.random.default_rng(seed).normal(size=(2, C, 2, 3)), 2 * half + 1
    compare(
        normalisation.lrn_forward,
        normalisation.lrn_backward,
        lambda v: F.local_response_norm(v, n, alpha=0.3 * n, beta=0.75, k=2.0),  # torch divides alpha by n
        (x,),
        [{"n": n, "k": 2.0, "alpha": 0.3, "beta": 0.75}],
    )


@examples
@given(H=sizes, W=sizes, scale=st.integers(1, 4), seed=seeds)
def test_upsample_nearest(H, W, scale, seed):
    compare(
        upsampling.upsample_nearest_forward,
        upsampling.upsample_nearest_backward,
        lambda v: F.interpolate(v, scale_factor=scale, mode="nearest"),
        (np.random.default_rng(seed).normal(size=(2, 3, H, W)),),
        [scale],
    )


@examples
@given(
    H=st.integers(2, 4), W=st.integers(2, 4), stride=st.integers(1, 3), pad=st.integers(0, 1), seed=seeds
)
def test_conv_transpose(H, W, stride, pad, seed):
    rng = np.random.default_rng(seed)
    arrays = rng.normal(size=(2, 3, H, W)), rng.normal(size=(3, 2, 3, 2)), rng.normal(size=2)
    compare(
        upsampling.conv_transpose_forward,
        upsampling.conv_transpose_backward,
        lambda x, w, b: F.conv_transpose2d(x, w, b, stride=stride, padding=pad),
        arrays,
        [{"stride": stride, "pad": pad}],
    )


@examples
@given(PH=st.sampled_from([1, 3]), PW=st.sampled_from([1, 3]), stride=st.integers(1, 2), seed=seeds)
def test_median_pool_of_windows_with_one_middle(PH, PW, stride, seed):
    x = np.random.default_rng(seed).normal(size=(2, 2, 5, 6))
    compare(
        regions.median_pool_forward,
        regions.median_pool_backward,
        lambda v: v.unfold(2, PH, stride).unfold(3, PW, stride).flatten(-2).median(dim=-1).values,
        (x,),
        [{"pool_height": PH, "pool_width": PW, "stride": stride}],
    )


@examples
@given(stride=st.integers(1, 2), seed=seeds)
def test_local_conv(stride, seed):
    rng = np.random.default_rng(seed)
    x, param = rng.normal(size=(2, 3, 4, 5)), {"stride": stride, "pad": 1}
    H_out, W_out = (4 + 2 - 3) // stride + 1, (5 + 2 - 3) // stride + 1
    arrays = x, rng.normal(size=(2, H_out, W_out, 3, 3, 3)), rng.normal(size=(2, H_out, W_out))

    def theirs(v, w, b):
        windows = F.pad(v, (1, 1, 1, 1)).unfold(2, 3, stride).unfold(3, 3, stride)
        return torch.einsum("ncijpq,fijcpq->nfij", windows, w) + b

    compare(regions.local_conv_forward, regions.local_conv_backward, theirs, arrays, [param])
