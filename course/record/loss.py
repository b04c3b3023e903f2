"""Cross-entropy with smoothed labels.

    L = - sum_n sum_c q[c, n] log p[c, n],  p = softmax(scores),  q = a / 10, and 1 - a more at the label

A net that is right never gets to be quite sure, so its scores stay small and the hard images keep a say.
Source: C. Szegedy et al., Rethinking the Inception Architecture, 2015 (arXiv 1512.00567), section 7.
"""

import numpy as np


def smoothed_cross_entropy(scores, y, smoothing=0.2):
    """Return the loss, summed over the images, and its gradient p - q; scores: (C, N), y: (N,) labels."""
    C, N = scores.shape
    shifted = scores - scores.max(axis=0)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=0))
    q = np.full_like(scores, smoothing / C)
    q[y, np.arange(N)] += 1 - smoothing
    return -float((q * log_p).sum()), np.exp(log_p) - q
