"""Explorers: sliders and pictures that answer at once, each with a still picture for paper."""

from course.explorers.activations import ActivationExplorer
from course.explorers.backprop import BackpropExplorer
from course.explorers.channels import ChannelExplorer
from course.explorers.conv import ConvExplorer
from course.explorers.conv_backward import ConvBackwardExplorer
from course.explorers.dashboard import Dashboard
from course.explorers.field import ReceptiveFieldExplorer
from course.explorers.filters import FilterExplorer
from course.explorers.gradcheck import GradientCheckExplorer
from course.explorers.lenet import LeNetExplorer
from course.explorers.perceptron import PerceptronExplorer
from course.explorers.pool import PoolExplorer
from course.explorers.race import OptimiserRace
from course.explorers.sharing import WeightSharingExplorer

__all__ = [
    "ActivationExplorer",
    "BackpropExplorer",
    "ChannelExplorer",
    "ConvBackwardExplorer",
    "ConvExplorer",
    "Dashboard",
    "FilterExplorer",
    "GradientCheckExplorer",
    "LeNetExplorer",
    "OptimiserRace",
    "PerceptronExplorer",
    "PoolExplorer",
    "ReceptiveFieldExplorer",
    "WeightSharingExplorer",
]
