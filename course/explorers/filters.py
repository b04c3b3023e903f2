"""The filter lab as a widget in the notebook."""

import numpy as np
from traitlets import Bytes, Float, List, TraitError, validate

from course.data.cat import cat, trained
from course.explorers.bundle import bundle
from course.explorers.explorer import AskingExplorer, choice, setting, switch
from course.explorers.filters_arithmetic import (
    HEIGHT,
    KINDS,
    LARGEST,
    PADS,
    POOLINGS,
    TRAINED_SIZE,
    WIDTH,
    bank,
    by_hand,
    maps,
    steps,
)
from course.explorers.picture import Picture

COLOURS = "red", "green", "blue"
VIEWS = ("three as colours", *(f"{name}, in grey" for name in COLOURS))
N_TRAINED = 32
SHAPES = {
    "picture": ((3, HEIGHT, WIDTH), "u1"),
    "draws": ((3, 3, LARGEST, LARGEST), "<f4"),
    "trained": ((N_TRAINED, 3, TRAINED_SIZE, TRAINED_SIZE), "<f4"),
}
FACE = slice(11, 11 + HEIGHT), slice(33, 33 + WIDTH)  # of the cat's picture


class FilterExplorer(AskingExplorer):
    """Look at a cat, or at your own picture, through three filters: the maps are red, green and blue.

    red, green, blue: kinds of filters, such as "blur", "random", "trained" or "yours".  size: their side.
    yours: weights (11, 11) in a row; the middle size x size of them are used.
    """

    _esm = bundle("filters.mjs")

    red = choice("vertical edges", KINDS)
    green = choice("horizontal edges", KINDS)
    blue = choice("blur", KINDS)
    size = setting(3, 3, LARGEST)
    first = setting(0, 0, N_TRAINED - len(COLOURS))
    pad = choice("valid", PADS)
    relu = switch(False)
    pool = setting(1, 1, 4)
    pooling = choice("max", POOLINGS)
    view = choice(VIEWS[0], VIEWS)
    yours = List(Float(), minlen=LARGEST**2, maxlen=LARGEST**2).tag(sync=True)
    picture = Bytes(help="(3, 128, 160), uint8").tag(sync=True)
    draws = Bytes(help="random weights, (3, 3, 11, 11), float32").tag(sync=True)
    trained = Bytes(help="trained weights, (32, 3, 5, 5), float32").tag(sync=True)

    def __init__(self, **settings):
        yours = np.zeros((LARGEST, LARGEST))
        yours[4:7, 4:7] = by_hand("vertical edges", 3)
        draws = np.random.default_rng(0).standard_normal(SHAPES["draws"][0])
        arrays = {"picture": cat()[:, *FACE], "draws": draws, "trained": trained()["convnet"]}
        packed = {name: array.astype(SHAPES[name][1]).tobytes() for name, array in arrays.items()}
        super().__init__(**{"yours": yours.ravel().tolist()} | packed | settings)

    @validate(*SHAPES)
    def _check_size(self, proposal):
        name = proposal["trait"].name
        shape, kind = SHAPES[name]
        expected = np.prod(shape) * np.dtype(kind).itemsize
        if len(proposal["value"]) != expected:
            raise TraitError(f"{name} is {shape} {kind}, {expected} bytes; got {len(proposal['value'])}.")
        return proposal["value"]

    def _array(self, name):
        shape, kind = SHAPES[name]
        return np.frombuffer(getattr(self, name), kind).reshape(shape)

    @property
    def kinds(self):
        """The kinds of the three filters."""
        return [getattr(self, name) for name in COLOURS]

    @property
    def bank(self):
        """The three filters: (3, 3, size, size). Trained filters are 5 x 5, and then all three are."""
        size = TRAINED_SIZE if "trained" in self.kinds else self.size
        yours = np.reshape(self.yours, (LARGEST, LARGEST))
        return bank(self.kinds, size, self._array("draws"), self._array("trained"), self.first, yours)

    @property
    def _steps(self):
        return {"pad": self.pad, "relu": self.relu, "pool": self.pool, "pooling": self.pooling}

    @property
    def maps(self):
        """The three maps after all steps: (3, rows, columns)."""
        return maps(self._array("picture").astype(float), self.bank, **self._steps)

    @property
    def alt(self):
        """The picture in words."""
        done = steps(self.kinds, self.bank.shape[-1], **self._steps)
        filters = ", ".join(f"{kind} in {name}" for name, kind in zip(COLOURS, self.kinds, strict=True))
        return f"A picture through three filters, {filters}. " + "; ".join(f"{a}: {b}" for a, b in done) + "."

    def figure(self):
        """Draw the present state as a matplotlib Figure, for paper and for readers without widgets."""
        figure = Picture(figsize=(9, 4.6), dpi=100, layout="constrained", alt=self.alt)
        figure.suptitle(self.alt, fontsize=9, wrap=True)
        above, below = figure.subfigures(2, 1, height_ratios=[3, 1])
        shown, chosen = self.maps, VIEWS.index(self.view)
        seen = shown[[chosen - 1] * 3] if chosen else shown
        pictures = {"picture": self._array("picture") / 255, self.view: _scaled(seen)}
        for ax, (title, planes) in zip(above.subplots(1, 2), pictures.items(), strict=True):
            ax.imshow(np.moveaxis(planes, 0, -1))
            ax.set(xticks=[], yticks=[], title=f"{title}: {planes.shape[1]} × {planes.shape[2]}")
        for ax, weights, name, kind in zip(below.subplots(1, 3), self.bank, COLOURS, self.kinds, strict=True):
            most = max(np.abs(weights).max(), 1e-9)
            ax.imshow(np.moveaxis(0.5 + weights / (2 * most), 0, -1))
            ax.set(xticks=[], yticks=[])
            ax.set_title(f"{name}: {kind}", fontsize=9)
        return figure


def _scaled(planes):
    low, high = planes.min(axis=(1, 2), keepdims=True), planes.max(axis=(1, 2), keepdims=True)
    return (planes - low) / np.maximum(high - low, 1e-9)
