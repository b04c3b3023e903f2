"""Pooling as a widget in the notebook."""

import numpy as np
from traitlets import Int

from course.explorers.bundle import bundle
from course.explorers.explorer import AskingExplorer, choice, setting, switch
from course.explorers.own import ComparingExplorer, outcome
from course.explorers.pool_arithmetic import (
    KINDS,
    LIMITS,
    TIES,
    Pool,
    gradient,
    image,
    place,
    pooled,
    receivers,
    sentence,
    shape,
    upstream,
    windows,
    words,
)
from course.explorers.sheet import BLUE, GREEN, GREY, Sheet

PURPLE = "#cc79a7"
SAID = {"first": "all to the first", "equal": "in equal parts", "all": "all of it to each"}


class PoolExplorer(ComparingExplorer, AskingExplorer):
    """Pool with windows that may overlap, and see on the way back which inputs get the gradient.

    forward: a function of yours, (x, pool_param) -> (out, cache), such as max_pool_forward_naive.
    backward: one of yours, (dout, cache) -> dx with the cache (x, pool_param). Both pool as `kind` says at
    the beginning. Cells in which they differ are marked; what they raise is shown as a sentence.
    """

    _esm = bundle("pool.mjs")

    view = choice("forward", ["forward", "backward"])
    kind = choice("max", KINDS)
    height = setting(6, *LIMITS["height"])
    width = setting(6, *LIMITS["width"])
    size = setting(2, *LIMITS["size"])
    stride = setting(2, *LIMITS["stride"])
    few = switch(False)
    ties = choice("first", TIES)
    position = Int(0, min=0, help="window, counted row by row; past the end is the last").tag(sync=True)
    seed = Int(0, min=0, max=999, help="which numbers fill the input and dout").tag(sync=True)

    def __init__(self, forward=None, backward=None, **settings):
        super().__init__(**settings)
        own_kind = self.kind
        names = [name for name in Pool._fields if name != "ties"]
        self.compare_with([forward, backward], [*names, "seed"],
                          lambda: self._outcome(forward, backward, own_kind))

    def _outcome(self, forward, backward, own_kind):
        pool, seed = self.pool, self.seed
        if pool.kind != own_kind:
            return {"line": f"Your own is compared for {own_kind} alone.", "amiss": False, "wrong": []}
        given = {"pool_height": pool.size, "pool_width": pool.size, "stride": pool.stride}
        parts = []
        if forward is not None:
            expected = {"out": pooled(pool, seed)} if windows(pool) else {}
            parts.append(outcome(forward, (self._x(), given), ("out", "cache"), expected))
        if backward is not None and windows(pool):
            parts.append(self._backward_outcome(backward, given))
        return {"line": " ".join(part["line"] for part in parts) or "Not asked: there is no dout.",
                "amiss": any(part["amiss"] for part in parts),
                "wrong": [cell for part in parts for cell in part["wrong"]]}

    def _backward_outcome(self, backward, given):
        """Compare with the rule for ties that comes nearest, and say which that is where there are ties."""
        pool, seed = self.pool, self.seed
        rules = TIES if pool.few and pool.kind == "max" else (pool.ties,)
        found = {}
        for ties in rules:
            expected = {"dx": gradient(pool._replace(ties=ties), seed)[0]}
            dout = upstream(pool, seed)[None, None].astype(float)
            found[ties] = outcome(backward, (dout, (self._x(), dict(given))), "dx", expected)
        ties = min(found, key=lambda rule: (len(found[rule]["wrong"]), rules.index(rule)))
        best = found[ties]
        return best | {"line": f"{best['line']} Ties: {SAID[ties]}."} if len(rules) > 1 else best

    def _x(self):
        return image(self.pool, self.seed)[None, None].astype(float)

    @property
    def pool(self):
        """The settings as a Pool."""
        return Pool(*(getattr(self, name) for name in Pool._fields))

    @property
    def alt(self):
        """The picture in words."""
        p = self.pool
        parts = (f"Pooling, {self.view}: the {p.kind} of each {p.size} × {p.size} window of an input of "
                 f"{p.height} × {p.width}, stride {p.stride}.", sentence(p),
                 words(p, self.seed, self.view, self.position), self.own.get("line"))
        return " ".join(part for part in parts if part)

    def figure(self):
        """Draw the present state as a matplotlib Figure, for paper and for readers without widgets."""
        p, back = self.pool, self.view == "backward"
        x, (dx, mask) = image(p, self.seed), gradient(p, self.seed)
        out = upstream(p, self.seed) if back else pooled(p, self.seed)
        said = f"{words(p, self.seed, self.view, self.position)} {self.own.get('line', '')}"
        columns = max(shape(p)[1], 3)
        widths = [max(p.width, 3), columns] + [max(p.width, 4)] * 2 * back
        sheet = Sheet(widths, p.height, [sentence(p)], said, self.alt)
        sheet.tint(0, 0.6 * x / x.max(), BLUE)
        sheet.tint(1, np.full(out.shape, 0.3), PURPLE if back else GREEN)
        boards = {"input": x, "dout" if back else "output": out}
        sheet.cross(1, () if back else self.differing("out"))
        if back:
            boards |= {"mask": mask, "dx": dx}
            for board, shade, colour in ((2, 0.3 * mask, GREEN), (3, 0.12 * np.abs(dx), PURPLE)):
                sheet.tint(board, np.minimum(0.6, shade), colour)
                for at in np.argwhere(mask == 0):
                    sheet.hatch(board, tuple(at), 1, 1, GREY, "////")
            sheet.cross(3, self.differing("dx"))
        if windows(p):
            row, column = place(p, self.position)
            sheet.frame(0, (row * p.stride, column * p.stride), p.size, p.size)
            sheet.frame(1, (row, column), 1, 1)
            for at in receivers(p, self.seed, self.position) if back else ():
                sheet.frame(3, at, 1, 1)
        for board, (name, numbers) in enumerate(boards.items()):
            sheet.title(board, name if numbers.size else "no output")
            sheet.write(board, np.round(numbers, 2))
        return sheet.figure
