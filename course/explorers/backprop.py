"""The back-propagation graph as a widget in the notebook."""

from traitlets import Int

from course.explorers.backprop_arithmetic import MOST_STEPS, NETS, cells, graph, lines, n_steps, sentence
from course.explorers.backprop_figure import backprop_figure
from course.explorers.bundle import bundle
from course.explorers.explorer import AskingExplorer, choice


class BackpropExplorer(AskingExplorer):
    """Step through a small net, forward to the loss and back, and see each gradient as a sum of products."""

    _esm = bundle("backprop.mjs")

    net = choice("affine", NETS)
    step = Int(0, min=0, max=MOST_STEPS, help="0: what is given; then forward, then back").tag(sync=True)
    cell = Int(0, min=0, help="which number of this step; past the end is the last").tag(sync=True)
    seed = Int(0, min=0, max=99, help="which small numbers are given").tag(sync=True)

    @property
    def graph(self):
        """The net with its values and gradients, as a Graph."""
        return graph(self.net, self.seed)

    @property
    def place(self):
        """Where the reader is: (step, number of this step), both within the net."""
        step = min(self.step, n_steps(self.net) - 1)
        return step, min(self.cell, len(cells(self.net, step)) - 1)

    @property
    def alt(self):
        """The picture in words."""
        step, cell = self.place
        said = ". ".join(line.removesuffix(".") for line in lines(self.graph, step, cell))
        where = f"step {step} of {n_steps(self.net) - 1}"
        return f"Back-propagation graph, {where}. {sentence(self.net, step)} {said}."

    def figure(self):
        """Draw the present step as a matplotlib Figure, for paper and for readers without widgets."""
        return backprop_figure(self.graph, *self.place, self.alt)
