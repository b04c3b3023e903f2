"""PyTorch's seconds for an epoch of the record's net: `python -m benchmarks.record_torch 64 256 256`.

The median of some steps of 1,000 images, forward and backward in four parts, times the steps of an epoch; on
all cores, channels last, without what NumPy does besides: reading, views, the optimiser.
"""

import sys
from importlib.util import find_spec
from statistics import median
from time import perf_counter

STEPS, PART, PARTS, STEPS_AN_EPOCH = 5, 250, 4, 49


def network(torch, widths):
    """Return the net: a frozen first layer, three blocks, the maximum over the places, the head."""
    nn = torch.nn

    class Both(nn.Module):
        def forward(self, x):
            return torch.cat([quick_gelu(x), quick_gelu(-x)], 1)

    class Gelu(nn.Module):
        def forward(self, x):
            return quick_gelu(x)

    def quick_gelu(x):
        return x * torch.sigmoid(1.702 * x)

    first = nn.Conv2d(3, 12, 2, bias=False).requires_grad_(False)
    layers, C = [first, Both()], 24
    for F in widths:
        layers += [nn.Conv2d(C, F, 3, padding=1, bias=False), nn.MaxPool2d(2), nn.BatchNorm2d(F), Gelu()]
        layers += [nn.Conv2d(F, F, 3, padding=1, bias=False), nn.BatchNorm2d(F), Gelu()]
        C = F
    return nn.Sequential(*layers, nn.MaxPool2d(4), nn.Flatten(), nn.Linear(C, 10, bias=False))


def seconds_an_epoch(widths):
    """Return the seconds that an epoch of 49,000 images would take."""
    import torch

    torch.manual_seed(0)
    last = torch.channels_last
    net = network(torch, widths).to(memory_format=last)
    x = torch.randn(PART, 3, 33, 33).to(memory_format=last)
    y = torch.randint(10, (PART,))
    took = []
    for _ in range(STEPS + 1):  # the first one makes things ready
        start = perf_counter()
        net.zero_grad()
        for _ in range(PARTS):
            torch.nn.functional.cross_entropy(net(x), y, label_smoothing=0.2, reduction="sum").backward()
        took.append(perf_counter() - start)
    return median(took[1:]) * STEPS_AN_EPOCH


if __name__ == "__main__":
    if find_spec("torch") is None:
        sys.exit("PyTorch is not installed: make torch")
    print(round(seconds_an_epoch([int(width) for width in sys.argv[1:]]), 1))
