"""How a training goes through the data, and what it tells."""

from dataclasses import dataclass, field

import numpy as np


@dataclass(frozen=True)
class Step:
    """Where a training stands after one update of the parameters; what a callback is given.

    iteration: from 1 to iterations.  epoch: from 1.  loss: of this batch, before the update.
    train_accuracy: over the epoch, where the model measures it and an epoch ends; else None.
    model: the model as it is now.
    """

    iteration: int
    iterations: int
    epoch: int
    loss: float
    learning_rate: float
    train_accuracy: float | None
    val_accuracy: float | None
    model: object


@dataclass
class History:
    """What `fit` has measured.

    history: {"loss": [one number an epoch]}, and the metrics likewise; means over the epoch's batches.
    iteration: the updates so far, of so many iterations.
    """

    iterations: int
    iteration: int = 0
    history: dict = field(default_factory=dict)

    @property
    def epoch(self):
        """Return the numbers of the epochs, from 0."""
        return list(range(len(self.history.get("loss", ()))))

    def note(self, means):
        """Add what an epoch has measured: {name: number}."""
        for name, mean in means.items():
            self.history.setdefault(name, []).append(float(mean))


def batches(N, batch_size, rng=None):
    """Return the indices of each batch of an epoch, shuffled if there is an rng; the last may be small."""
    order = np.arange(N) if rng is None else rng.permutation(N)
    return [order[start : start + batch_size] for start in range(0, N, batch_size)]
