"""How many images a network of a weights file gets right."""

import numpy as np

from ..data.progress import bar
from .weights import working

BATCH_IMAGES, BATCH_WORKING = 250, 16_000_000  # the most images, and numbers laid out, at a time


def correct(network, model, X, y, *, progress=False):
    """Return for each image whether its largest score is that of its label: (N,) bool.

    X: (N, 3, 32, 32), grey levels less the mean image.  y: (N,).
    """
    batch = max(1, min(BATCH_IMAGES, BATCH_WORKING // working(network)))
    found = []
    with (
        bar(len(X), "counting right answers", unit=" images", shown=progress) as shown,
        np.errstate(all="ignore"),
    ):
        for start in range(0, len(X), batch):
            scores = network(X[start : start + batch], model)
            found.append(scores.argmax(axis=1) == y[start : start + batch])
            shown.update(len(found[-1]))
    return np.concatenate(found)
