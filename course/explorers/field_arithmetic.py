"""Receptive fields through a stack of layers, along one line of a picture: rows and columns behave alike."""

from collections import Counter
from typing import NamedTuple

SIZE = (8, 48)
MOST_LAYERS = 5
LIMITS = {"kernel": (1, 7), "stride": (1, 3), "pad": (0, 3), "dilation": (1, 4)}
HELD = 0.9  # share of all paths that the effective field holds


class Level(NamedTuple):
    """The input or a layer, counted in input cells.

    cells: how many it has.  jump: how far apart two neighbours look at the input.  sees: how many input cells
    one of them spans.  start: where the first is centred.
    """

    cells: int
    jump: int
    sees: int
    start: float

    def centre(self, cell):
        """Return where a cell looks at the input."""
        return self.start + cell * self.jump

    def field(self, cell):
        """Return the first and the last input cell that a cell spans; either may lie in the padding."""
        return self.centre(cell) - (self.sees - 1) / 2, self.centre(cell) + (self.sees - 1) / 2


def extent(layer):
    """Return how many cells the kernel of a layer (kernel, stride, pad, dilation) spans."""
    kernel, _, _, dilation = layer
    return dilation * (kernel - 1) + 1


def levels(size, layers):
    """Return the Level of the input and of each layer that fits.

    jump_l = jump_(l-1) S,  sees_l = sees_(l-1) + D (K - 1) jump_(l-1),
    start_l = start_(l-1) + (D (K - 1) / 2 - P) jump_(l-1)
    """
    found = [Level(size, 1, 1, 0.0)]
    for layer in layers:
        _, stride, pad, _ = layer
        cells, jump, sees, start = found[-1]
        over = extent(layer) - 1
        room = cells + 2 * pad - over - 1
        if room < 0:
            break
        start += (over / 2 - pad) * jump
        found.append(Level(room // stride + 1, jump * stride, sees + over * jump, start))
    return found


def misfit(size, layers):
    """Return why a stack ends early, or nothing."""
    found = levels(size, layers)
    i = len(found) - 1
    if i == len(layers):
        return ""
    cells, span, pad = found[i].cells, extent(layers[i]), layers[i][2]
    below = f"layer {i}" if i else "the input"
    return (
        f"Layer {i + 1} does not fit: its kernel spans {span} cells, and {below} has {cells + 2 * pad} with "
        f"padding. It would fit with pad {-((cells - span) // 2)}, or {span - 2 * pad} cells below."
    )


def down(size, layers, level, cell):
    """Return how many paths lead from a cell down to each cell of each level, from the input on: Counters.

    What is read from the padding ends there.
    """
    found, paths = levels(size, layers), [Counter({cell: 1})]
    for at in range(level, 0, -1):
        kernel, stride, pad, dilation = layers[at - 1]
        below = Counter()
        for i, n in paths[0].items():
            for t in range(kernel):
                if 0 <= (j := i * stride - pad + t * dilation) < found[at - 1].cells:
                    below[j] += n
        paths.insert(0, below)
    return paths


def up(size, layers, level, cell):
    """Return the cells that read a cell: first itself, then those of the next level, and so on."""
    found, readers = levels(size, layers), [[cell]]
    for (kernel, stride, pad, dilation), above in zip(layers[level:], found[level + 1 :], strict=False):
        steps = range(-pad, -pad + kernel * dilation, dilation)
        reads = set(readers[-1])
        readers.append([i for i in range(above.cells) if any(i * stride + step in reads for step in steps)])
    return readers


def effective(paths):
    """Return the fewest input cells that hold 90 % of all paths, and how many paths there are."""
    everything, held = paths.total(), 0
    for cells, (_, n) in enumerate(paths.most_common(), start=1):
        held += n
        if held >= HELD * everything:
            return cells, everything
    return 0, 0


def place(size, layers, level, cell):
    """Return (level, cell) that is there: what lies past the end is the last."""
    found = levels(size, layers)
    level = min(level, len(found) - 1)
    return level, min(cell, found[level].cells - 1)


def sentence(size, layers, level, cell):
    """Return what a cell sees, and what sees it."""
    found = levels(size, layers)
    sees, (first, last) = found[level].sees, found[level].field(cell)
    outside = min(sees, max(0, -first) + max(0, last - size + 1))
    paths = down(size, layers, level, cell)[0]
    cells, everything = effective(paths)
    said = []
    if level:
        said.append(
            f"Layer {level}, cell {cell} sees {_count(sees, 'input cell')}, from {_signed(first)} to "
            f"{_signed(last)}, around {_signed(found[level].centre(cell))}; its neighbour looks "
            f"{_count(found[level].jump, 'cell')} further."
        )
        if outside:
            said.append(f"{outside:g} of them {'lie' if outside > 1 else 'lies'} in the padding.")
        if len(paths) < sees - outside:
            said.append(f"It reads only {len(paths)} of the others.")
        if everything:
            lead = "lead" if everything > 1 else "leads"
            paths_said = f"{_count(everything, 'path')} {lead} to the input"
            said.append(f"{paths_said}, 90 % of them to {_count(cells, 'cell')}.")
    else:
        said.append(f"The input, cell {cell} sees itself.")
    top = len(found) - 1
    if level < top:
        readers = len(up(size, layers, level, cell)[-1])
        said.append(f"{_count(readers, 'cell') if readers else 'No cell'} of layer {top} can see it.")
    return " ".join(said)


def _count(number, noun):
    return f"{number} {noun}" + ("s" if number > 1 else "")


def _signed(number):
    return f"{number:g}".replace("-", "−")
