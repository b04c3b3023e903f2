"""Explorers: sliders and pictures that answer at once, each with a still picture for paper."""

from course.explorers.activations import ActivationExplorer
from course.explorers.conv import ConvExplorer

__all__ = ["ActivationExplorer", "ConvExplorer"]
