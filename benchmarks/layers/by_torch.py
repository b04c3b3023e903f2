"""The same workloads in PyTorch on the CPU: in its default memory order, and with the channels last."""

from importlib import import_module
from importlib.util import find_spec

from .ours import LEARNING_RATE, MOMENTUM, REG
from .workloads import floats, labels

WAYS = {"torch default": False, "torch channels-last": True}
MISSING = "PyTorch is not installed (make torch): its figures are missing"


def load(threads):
    """Return the module torch, told to use so many threads; None where it is not installed."""
    if find_spec("torch") is None:
        return None
    torch = import_module("torch")
    torch.set_num_threads(threads)
    return torch


def tensors(torch, arrays, channels_last):
    """Return arrays as tensors, images and filters in the wanted memory order."""
    order = torch.channels_last if channels_last else torch.contiguous_format
    found = [torch.tensor(array) for array in arrays]
    return [one.contiguous(memory_format=order) if one.ndim == 4 else one for one in found]


def convolution(torch, work):
    """Return the ways to compute a convolution."""
    def way(channels_last):
        *leaves, dout = tensors(torch, work.arrays(), channels_last)
        leaves = [leaf.requires_grad_(True) for leaf in leaves]

        def run():
            out = torch.nn.functional.conv2d(*leaves, stride=work.stride, padding=work.pad)
            return torch.autograd.grad(out, leaves, dout)

        return run

    return {name: way(channels_last) for name, channels_last in WAYS.items()}


def pool(torch, work):
    """Return the ways to pool."""
    def way(channels_last):
        x, dout = tensors(torch, work.arrays(), channels_last)
        x.requires_grad_(True)

        def run():
            out = torch.nn.functional.max_pool2d(x, work.size, work.stride)
            return torch.autograd.grad(out, x, dout)

        return run

    return {name: way(channels_last) for name, channels_last in WAYS.items()}


def convnet_step(torch, work):
    """Return the ways to train the ConvNet for a step.

    With the channels last the affine layer reads the maps as they lie: to lay them out in the default order
    would cost a copy there and one back. The net is the same, with its weights in another order.
    """
    functional = torch.nn.functional

    def way(channels_last):
        N, C, H, W = work.x
        F, K = work.filters, work.classes
        shapes = (F, C, work.size, work.size), (F,), (K, F * (H // 2) * (W // 2)), (K,)
        X, W1, b1, W2, b2 = tensors(torch, floats(work.x, *shapes), channels_last)
        y = torch.tensor(labels(N, work.classes))

        def loss():
            maps = functional.relu(functional.conv2d(X, W1, b1, padding=work.size // 2))
            pooled = functional.max_pool2d(maps, 2)
            pooled = pooled.permute(0, 2, 3, 1) if channels_last else pooled
            return functional.cross_entropy(functional.linear(pooled.flatten(1), W2, b2), y)

        return step(torch, loss, [W1, W2], [b1, b2])

    return {name: way(channels_last) for name, channels_last in WAYS.items()}


def two_layer_step(torch, work):
    """Return the way to train the two-layer net for a step."""
    functional = torch.nn.functional
    shapes = (work.hidden, work.x[1]), (work.hidden,), (work.classes, work.hidden), (work.classes,)
    X, W1, b1, W2, b2 = tensors(torch, floats(work.x, *shapes), False)
    y = torch.tensor(labels(work.x[0], work.classes))

    def loss():
        hidden = functional.relu(functional.linear(X, W1, b1))
        return functional.cross_entropy(functional.linear(hidden, W2, b2), y)

    return {"torch default": step(torch, loss, [W1, W2], [b1, b2])}


def step(torch, loss, weights, biases):
    """Return a function that takes a step of momentum when it is called; weights decay, biases do not."""
    with torch.no_grad():
        for tensor in (*weights, *biases):
            tensor *= 1e-3
    for tensor in (*weights, *biases):
        tensor.requires_grad_(True)
    groups = [{"params": weights, "weight_decay": REG}, {"params": biases, "weight_decay": 0}]
    optimiser = torch.optim.SGD(groups, lr=LEARNING_RATE, momentum=MOMENTUM)

    def run():
        optimiser.zero_grad()
        loss().backward()
        optimiser.step()

    return run
