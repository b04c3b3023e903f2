"""Images to learn from: CIFAR-10, and generated ones where it is not at hand."""

from .cifar10 import Dataset, load_cifar10

__all__ = ["Dataset", "load_cifar10"]
