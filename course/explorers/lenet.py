"""A walk through LeNet as a widget in the notebook."""

import numpy as np
from traitlets import Bytes, Int, List

from course.data import cat
from course.explorers.bundle import bundle
from course.explorers.explorer import AskingExplorer, choice
from course.explorers.lenet_arithmetic import drawn, face, packed, rounds, table
from course.explorers.picture import Picture

N_STEPS = len(table())


class LeNetExplorer(AskingExplorer):
    """Walk through LeNet step by step: what each step makes of a cat's face, how large it is, what it costs.

    filters: "trained" on CIFAR-10, or "random" as training starts.  step: 0 is the picture.
    """

    _esm = bundle("lenet.mjs")

    filters = choice("trained", ("trained", "random"))
    step = Int(0, min=0, max=N_STEPS - 1).tag(sync=True, setting=True)
    table = List(help="step, output, parameters, multiply-adds").tag(sync=True)
    picture = Bytes(help="(3, 32, 32), float32").tag(sync=True)
    trained = Bytes(help="weights of both layers, float32").tag(sync=True)
    random = Bytes(help="the same, as they are drawn").tag(sync=True)

    def __init__(self, **settings):
        self._face = face(cat.cat())
        self._weights = {"trained": cat.trained(), "random": drawn(np.random.default_rng(0))}
        super().__init__(
            **settings, table=[list(row) for row in table()], picture=self._face.astype("<f4").tobytes(),
            **{name: packed(weights) for name, weights in self._weights.items()})

    @property
    def maps(self):
        """The maps after this step, (F, side, side), or None behind the last picture."""
        found = rounds(self._face, self._weights[self.filters])
        return found[self.step] if self.step < len(found) else None

    @property
    def alt(self):
        """The picture in words."""
        name, shape, parameters, work = self.table[self.step]
        return (f"LeNet with {self.filters} filters, step {self.step} of {N_STEPS - 1}. {name}: {shape}, "
                f"{parameters:,} parameters, {work:,} multiply-adds.")

    def figure(self):
        """Draw the present state as a matplotlib Figure, for paper and for readers without widgets."""
        figure = Picture(figsize=(9, 5), dpi=100, layout="constrained", alt=self.alt)
        figure.suptitle(self.alt, fontsize=9)
        above, below = figure.subfigures(2, 1, height_ratios=[1, 1.6])
        maps = self.maps
        if self.step == 0:
            low, high = maps.min(), maps.max()
            _show(above.subplots(), np.moveaxis((maps - low) / (high - low), 0, -1))
        elif maps is not None:
            axes = above.subplots(-(-len(maps) // 8), min(len(maps), 8))
            for ax, plane in zip(axes.flat, maps, strict=True):
                _show(ax, plane)
        ax = below.subplots()
        ax.set_axis_off()
        lines = [f"{'▸' if i == self.step else ' '} {name:18}{shape:>14}{parameters:>12,}{work:>15,}"
                 for i, (name, shape, parameters, work) in enumerate(self.table)]
        head = f"  {'step':18}{'output':>14}{'parameters':>12}{'multiply-adds':>15}"
        ax.text(0, 1, "\n".join([head, *lines]), family="monospace", fontsize=9, va="top")
        return figure


def _show(ax, pixels):
    ax.imshow(pixels, cmap="gray")
    ax.set_axis_off()
