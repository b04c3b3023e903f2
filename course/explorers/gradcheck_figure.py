"""The still picture of the gradient check."""

import numpy as np

from course.explorers.gradcheck_arithmetic import (
    CUTS,
    FINE,
    FUNCTIONS,
    errors,
    measure,
    rounding,
    signed,
    truncation,
)
from course.explorers.picture import Picture

LINES = {"float64": ("#0072b2", "o", "-"), "float32": ("#d55e00", "s", "--")}
LOWEST = 1e-13


def gradcheck_figure(s, alt):
    """Draw the error against the step, and the function from as near as the step, as a Picture."""
    figure = Picture(figsize=(10, 4), dpi=100, alt=alt, layout="constrained")
    curve, near = figure.subplots(1, 2)
    for precision, (colour, mark, line) in LINES.items():
        one = s._replace(precision=precision)
        curve.loglog(FINE, np.maximum(errors(one), LOWEST), line, color=colour, label=precision)
        if precision == s.precision:
            curve.loglog(s.h, max(measure(s, s.h).error, LOWEST), mark, color=colour, markersize=9)
    for law, label in ((truncation, "h²"), (rounding, "1/h")):
        curve.loglog(FINE, [max(law(s, h), LOWEST / 10) for h in FINE], ":", color=str(0.5 * (label == "h²")),
                     linewidth=1.5, label=label)
    curve.set(xlim=(0.2, 1e-12), ylim=(LOWEST, 2), xlabel="step h, ever smaller", title="relative error")
    curve.legend()

    parts, cut = np.linspace(-2, 2, 200), CUTS[s.precision]
    there = measure(s, s.h)
    f = FUNCTIONS[s.function].f
    heights = [float(f(cut(cut(s.x) + cut(part * s.h)), cut)) - there.down for part in parts]
    near.plot(parts, heights, color="#56b4e9", linewidth=3)
    middle = (there.up - there.down) / 2
    rise = 2 * there.slope * s.h
    near.plot([-2, 2], [middle - rise, middle + rise], "--", color="#e69f00")
    near.plot([-1, 1], [0, there.up - there.down], "o", color="#e69f00")
    near.set_xticks([-1, 0, 1], ["x − h", "x", "x + h"])
    near.set_yticks([])
    near.set_title(f"{FUNCTIONS[s.function].formula} near x = {signed(s.x)}, {s.precision}")
    return figure
