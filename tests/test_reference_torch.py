"""The reference against torch, where torch is installed."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course.reference import fast_layers, im2col, layers, losses, models, step_by_step

torch = pytest.importorskip("torch", reason="torch is not installed: pip install torch==2.13.0 to compare")
F = torch.nn.functional

examples = settings(max_examples=60, deadline=None)
draws = st.integers(1, 3)
seeds = st.integers(0, 2**32 - 1)


def torch_gradients(function, dout, *arrays):
    """The output of a torch function and its gradients with respect to the arrays."""
    leaves = [torch.tensor(array, requires_grad=True) for array in arrays]
    out = function(*leaves)
    return out.detach().numpy(), [
        found.numpy() for found in torch.autograd.grad(out, leaves, torch.tensor(dout))
    ]


def assert_same(ours, theirs):
    for mine, other in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(mine, other, rtol=1e-9, atol=1e-12)


def compare(forward, backward, function, arrays, parameters=()):
    """Assert that a layer and a torch function agree in the output and in every gradient."""
    out, cache = forward(*arrays, *parameters)
    dout = np.random.default_rng(0).normal(size=out.shape)
    found = backward(dout, cache)
    their_out, theirs = torch_gradients(function, dout, *arrays)
    assert_same([out, *(found if isinstance(found, tuple) else (found,))], [their_out, *theirs])


@examples
@given(shape=st.lists(draws, min_size=1, max_size=4), M=draws, seed=seeds)
def test_affine(shape, M, seed):
    rng = np.random.default_rng(seed)
    D = int(np.prod(shape[1:]))
    arrays = rng.normal(size=shape), rng.normal(size=(D, M)), rng.normal(size=M)
    compare(
        layers.affine_forward,
        layers.affine_backward,
        lambda x, w, b: F.linear(x.reshape(len(x), -1), w.T, b),
        arrays,
    )


@examples
@given(shape=st.lists(draws, min_size=1, max_size=4), seed=seeds)
def test_relu(shape, seed):
    x = np.random.default_rng(seed).integers(-2, 3, size=shape).astype(float)  # zeros too
    compare(layers.relu_forward, layers.relu_backward, F.relu, (x,))


@pytest.mark.parametrize(
    "forward, backward",
    [
        (layers.conv_forward_naive, layers.conv_backward_naive),
        (im2col.conv_forward_im2col, im2col.conv_backward_im2col),
        (fast_layers.conv_forward_fast, fast_layers.conv_backward_fast),
    ],
)
@examples
@given(
    data=st.data(), N=draws, C=draws, filters=draws, kernel=st.tuples(draws, draws), stride=draws, seed=seeds
)
def test_convolution(forward, backward, data, N, C, filters, kernel, stride, seed):
    rng = np.random.default_rng(seed)
    pad = data.draw(st.integers(0, 3))
    size = [data.draw(st.integers(max(1, length - 2 * pad), 7)) for length in kernel]
    arrays = rng.normal(size=(N, C, *size)), rng.normal(size=(filters, C, *kernel)), rng.normal(size=filters)
    compare(
        forward,
        backward,
        lambda x, w, b: F.conv2d(x, w, b, stride=stride, padding=pad),
        arrays,
        [{"stride": stride, "pad": pad}],
    )


@pytest.mark.parametrize(
    "forward, backward, function",
    [
        (layers.max_pool_forward_naive, layers.max_pool_backward_naive, F.max_pool2d),
        (fast_layers.max_pool_forward_fast, fast_layers.max_pool_backward_fast, F.max_pool2d),
        (layers.avg_pool_forward_naive, layers.avg_pool_backward_naive, F.avg_pool2d),
        (fast_layers.avg_pool_forward_fast, fast_layers.avg_pool_backward_fast, F.avg_pool2d),
    ],
)
@examples
@given(data=st.data(), N=draws, C=draws, window=st.tuples(draws, draws), stride=draws, seed=seeds)
def test_pooling(forward, backward, function, data, N, C, window, stride, seed):
    size = [data.draw(st.integers(length, 7)) for length in window]
    x = np.random.default_rng(seed).normal(size=(N, C, *size))
    param = {"pool_height": window[0], "pool_width": window[1], "stride": stride}
    compare(forward, backward, lambda x: function(x, window, stride), (x,), [param])


@pytest.mark.parametrize(
    "loss, function",
    [
        (losses.softmax_loss, F.cross_entropy),
        (losses.svm_loss, lambda x, y: F.multi_margin_loss(x, y) * x.shape[1]),  # torch divides by C
    ],
    ids=["softmax", "svm"],
)
@examples
@given(N=st.integers(1, 5), C=st.integers(1, 6), scale=st.sampled_from([1, 100, 1000]), seed=seeds)
def test_losses(loss, function, N, C, scale, seed):
    rng = np.random.default_rng(seed)
    x, y = scale * rng.normal(size=(N, C)), rng.integers(C, size=N)
    value, gradients = torch_gradients(lambda scores: function(scores, torch.tensor(y)), np.array(1.0), x)
    assert_same(loss(x, y), (value, *gradients))


@examples
@given(
    N=draws,
    C=draws,
    H=st.integers(2, 7),
    W=st.integers(2, 7),
    filters=draws,
    f=st.sampled_from([1, 3, 5]),
    seed=seeds,
)
def test_the_two_layer_convnet(N, C, H, W, filters, f, seed):
    rng = np.random.default_rng(seed)
    model = models.init_two_layer_convnet(1.0, 1.0, (C, H, W), 3, filters, f, rng=rng)
    X, y = rng.normal(size=(N, C, H, W)), rng.integers(3, size=N)

    def loss(W1, b1, W2, b2):
        pooled = F.max_pool2d(F.relu(F.conv2d(torch.tensor(X), W1, b1, padding=f // 2)), 2)
        penalty = 0.05 * ((W1**2).sum() + (W2**2).sum())
        return F.cross_entropy(pooled.reshape(N, -1) @ W2 + b2, torch.tensor(y)) + penalty

    value, gradients = torch_gradients(loss, np.array(1.0), *model.values())
    ours, grads = models.two_layer_convnet(X, model, y, 0.1)
    assert_same((ours, *grads.values()), (value, *gradients))


@examples
@given(data=st.data(), m=draws, C=draws, filters=draws, f=draws, stride=draws, seed=seeds)
def test_the_convolution_step_by_step(data, m, C, filters, f, stride, seed):
    rng = np.random.default_rng(seed)
    pad = data.draw(st.integers(0, 3))
    size = [data.draw(st.integers(max(1, f - 2 * pad), 7)) for _ in range(2)]
    arrays = (
        rng.normal(size=(m, *size, C)),
        rng.normal(size=(f, f, C, filters)),
        rng.normal(size=(1, 1, 1, filters)),
    )

    def function(A_prev, W, b):
        x, w = A_prev.permute(0, 3, 1, 2).contiguous(), W.permute(3, 2, 0, 1).contiguous()
        return F.conv2d(x, w, b.ravel(), stride, pad).permute(0, 2, 3, 1)

    parameters = [{"stride": stride, "pad": pad}]
    compare(step_by_step.conv_forward, step_by_step.conv_backward, function, arrays, parameters)


@pytest.mark.parametrize("mode, function", [("max", F.max_pool2d), ("average", F.avg_pool2d)])
@examples
@given(data=st.data(), m=draws, C=draws, f=draws, stride=draws, seed=seeds)
def test_the_pooling_step_by_step(mode, function, data, m, C, f, stride, seed):
    size = [data.draw(st.integers(f, 7)) for _ in range(2)]
    A_prev = np.random.default_rng(seed).normal(size=(m, *size, C))
    compare(
        lambda A_prev: step_by_step.pool_forward(A_prev, {"f": f, "stride": stride}, mode),
        lambda dA, cache: step_by_step.pool_backward(dA, cache, mode),
        lambda A_prev: function(A_prev.permute(0, 3, 1, 2), f, stride).permute(0, 2, 3, 1),
        (A_prev,),
    )
