"""Receptive fields as a widget in the notebook."""

from matplotlib.collections import PatchCollection
from matplotlib.patches import Rectangle
from traitlets import Int, List, TraitError, validate

from course.explorers.bundle import bundle
from course.explorers.explorer import AskingExplorer, setting
from course.explorers.field_arithmetic import (
    LIMITS,
    MOST_LAYERS,
    SIZE,
    down,
    levels,
    misfit,
    place,
    sentence,
    up,
)
from course.explorers.picture import Picture
from course.explorers.sheet import BLUE, GREEN, ORANGE, VERMILLION

THREE = [[3, 1, 1, 1], [3, 2, 1, 1], [3, 1, 1, 1]]


class ReceptiveFieldExplorer(AskingExplorer):
    """Pick a cell in any layer: the cone of input cells that it sees, and the cells above that see it.

    size: cells of one line of the input.  layers: 1 to 5 lists [kernel, stride, pad, dilation], the first one
    lies on the input.  level: the chosen cell's layer, 0 is the input.  cell: its number there.
    """

    _esm = bundle("field.mjs")

    size = setting(24, *SIZE)
    layers = List(List(Int()), THREE, minlen=1, maxlen=MOST_LAYERS).tag(sync=True, setting=True)
    level = Int(3, min=0, help="layer of the chosen cell; past the end is the last").tag(sync=True)
    cell = Int(5, min=0, help="the chosen cell of this layer; past the end is the last").tag(sync=True)

    @validate("layers")
    def _check_layers(self, proposal):
        for layer in proposal["value"]:
            fits = len(layer) == len(LIMITS) and all(
                least <= value <= most for value, (least, most) in zip(layer, LIMITS.values(), strict=True))
            if not fits:
                bounds = ", ".join(f"{name} {least} to {most}" for name, (least, most) in LIMITS.items())
                raise TraitError(f"A layer is [{', '.join(LIMITS)}] with {bounds}; got {layer}.")
        return proposal["value"]

    @property
    def chosen(self):
        """The chosen cell as (level, cell)."""
        return place(self.size, self.layers, self.level, self.cell)

    @property
    def alt(self):
        """The picture in words."""
        told = sentence(self.size, self.layers, *self.chosen)
        return f"{misfit(self.size, self.layers)} {told}".strip()

    def figure(self):
        """Draw the present state as a matplotlib Figure, for paper and for readers without widgets."""
        found, (level, cell) = levels(self.size, self.layers), self.chosen
        paths = down(self.size, self.layers, level, cell)
        readers = up(self.size, self.layers, level, cell)
        figure = Picture(figsize=(9, 1.8 + 0.55 * len(found)), dpi=100, layout="constrained", alt=self.alt)
        figure.suptitle(self.alt, fontsize=9, wrap=True)
        cells, bars = figure.subplots(2, 1, sharex=True, height_ratios=[len(found), 1])
        for n, line in enumerate(found):
            colours = [self._colour(n, i, level, paths, readers) for i in range(line.cells)]
            wide = min(0.9 * line.jump, 2)
            boxes = [Rectangle((line.centre(i) - wide / 2, n - 0.3), wide, 0.6) for i in range(line.cells)]
            cells.add_collection(PatchCollection(boxes, facecolor=colours))
            cells.plot([line.start, line.centre(line.cells - 1)], [n, n], alpha=0)
        first, last = found[level].field(cell)
        centre, names = found[level].centre(cell), ["input", *(f"layer {n}" for n in range(1, len(found)))]
        cells.plot([first - 0.5, centre, last + 0.5], [-0.4, level, -0.4], color="black", linewidth=1)
        cells.plot([centre], [level], "ks", markersize=7)
        cells.set(yticks=range(len(found)), yticklabels=names)
        bars.bar(list(paths[0]), list(paths[0].values()), color=VERMILLION)
        bars.set(ylabel="paths", xlabel="input cell")
        return figure

    @staticmethod
    def _colour(n, i, level, paths, readers):
        if n <= level and i in paths[n]:
            return ORANGE
        return GREEN if n > level and i in readers[n - level] else BLUE + "80"
