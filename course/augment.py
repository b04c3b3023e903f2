"""Images that are moved and mirrored at random in training, so that no image is seen twice alike."""

import numpy as np

SEEN = "seen"


def crop(X, pad, rng):
    """Return a random window of each image with a border of zeros: X: (N, C, H, W), of the same shape."""
    N, _, H, W = X.shape
    bordered = np.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    out = np.empty_like(X)
    for n, (down, right) in enumerate(rng.integers(0, 2 * pad, (N, 2), endpoint=True)):
        out[n] = bordered[n, :, down : down + H, right : right + W]
    return out


def flip(X, mirrored):
    """Return images (N, C, H, W), those that are mirrored: (N,) bool with left and right exchanged."""
    return np.where(mirrored[:, None, None, None], X[..., ::-1], X)


class Augmented:
    """A loss function that sees moved and mirrored images in training, and images as they are in scoring.

    The model holds in "seen" how many batches there were; from it and the seed the next one is drawn.
    """

    def __init__(self, loss_function, seed=0, pad=4):
        self.loss_function, self.seed, self.pad = loss_function, seed, pad

    def begin(self, model):
        """Return a model that counts the batches too."""
        return {**model, SEEN: np.zeros((), np.int64)}

    def __call__(self, X, model, y=None, reg=0.0):
        """Return what the loss function returns."""
        if y is None:
            return self.loss_function(X, model)
        rng = np.random.default_rng((self.seed, 1, int(model[SEEN])))
        model[SEEN][...] += 1
        X = flip(crop(X, self.pad, rng), rng.random(len(X)) < 0.5)
        return self.loss_function(X, model, y, reg)
