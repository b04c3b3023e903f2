"""A budget in work: seconds on the clock times the matrix products that the machine could have done in them.

    spent = wall seconds x ceiling        ceiling: float32 operations a second of 1024 x 1024 products

A faster machine gets less time, so a figure of one machine says something about another.
"""

from time import perf_counter

import numpy as np

SIDE = 1024
TERA = 1e12


def operations_per_second(seconds):
    """Return the best rate of a matrix product of this process in some seconds, in operations a second."""
    a = np.random.default_rng(0).random((SIDE, SIDE), np.float32)
    out = np.empty_like(a)
    np.matmul(a, a, out=out)
    shortest, end = np.inf, perf_counter() + seconds
    while perf_counter() < end:
        start = perf_counter()
        np.matmul(a, a, out=out)
        shortest = min(shortest, perf_counter() - start)
    return 2 * SIDE**3 / shortest


class Budget:
    """What has been spent since `started` (perf_counter), of tflop, at the highest ceiling that was seen."""

    def __init__(self, tflop, started, clock=perf_counter):
        self.tflop, self.started, self.clock = tflop, started, clock
        self.ceiling = 0.0

    def measured(self, ceiling):
        """Take in a ceiling, the sum over the processes; a lower one than before was disturbed."""
        self.ceiling = max(self.ceiling, ceiling)

    @property
    def seconds(self):
        """Return the seconds on the clock."""
        return self.clock() - self.started

    @property
    def spent(self):
        """Return the work spent so far, in TFLOP."""
        return self.seconds * self.ceiling / TERA

    def fraction(self, reserved_seconds):
        """Return which fraction is spent of what some reserved seconds leave of the budget; 1 if nothing."""
        usable = self.tflop * TERA / self.ceiling - reserved_seconds
        return self.seconds / usable if usable > 0 else 1.0
