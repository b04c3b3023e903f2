"""Images as the network sees them: moved, mirrored, normalised, and laid out side by side.

Images are kept as bytes with a mirrored border of 3 pixels; a view is a window of 33 x 33, one more than 32
because the first layer's patches are 2 x 2. Which images are mirrored in the first epoch is drawn at random;
in the second it is all the others, and so on: after two epochs every image was seen both ways, which a coin
thrown each time does not promise (alternating flip; K. Jordan, arXiv 2404.00498).
"""

import numpy as np

BORDER = 3
WINDOW = 33
FARTHEST = 2  # pixels that an image is moved at most
MEAN = np.array([125.3, 123.0, 113.9], np.float32)  # of the channels of CIFAR-10's training images
DEVIATION = np.array([63.0, 62.1, 66.7], np.float32)
# (down, right, mirrored) of the views that are averaged in the test, and their weights.
VIEWS = ((0, 0, 0), (0, 0, 1), (-1, -1, 0), (-1, -1, 1), (1, 1, 0), (1, 1, 1))
WEIGHTS = {"one": (1,), "flip": (1, 1), "all": (2, 2, 1, 1, 1, 1)}


def bordered(images):
    """Return images (N, 3, 32, 32) uint8 with their border, (N, 3, 38, 38)."""
    return np.pad(images, ((0, 0), (0, 0), (BORDER, BORDER), (BORDER, BORDER)), mode="reflect")


def normalised(images):
    """Return images (N, 3, H, W) uint8 as float32, normalised channel by channel."""
    return (images - MEAN[:, None, None]) / DEVIATION[:, None, None]


def batch(images, which, moves, mirrored, dtype=np.float32):
    """Return views of some images, (3, 33, 33, len(which)), normalised channel by channel.

    images: as `bordered` returns them.  which: (n,) their places.  moves: (2, n) pixels down and right.
    mirrored: (n,) bool.
    """
    cut = np.empty((len(which), 3, WINDOW, WINDOW), np.uint8)
    for k, (place, down, right, mirror) in enumerate(zip(which, *(moves + BORDER), mirrored, strict=True)):
        image = images[place, :, :, ::-1] if mirror else images[place]
        cut[k] = image[:, down : down + WINDOW, right : right + WINDOW]
    x = np.ascontiguousarray(cut.reshape(len(which), -1).T).astype(dtype).reshape(3, WINDOW, WINDOW, -1)
    x -= MEAN[:, None, None, None]
    x *= (1 / DEVIATION)[:, None, None, None]
    return x


class Order:
    """How an epoch goes through n images: their order, moves and sides; the same for all with this seed."""

    def __init__(self, n, seed):
        self.n, self.seed = n, seed
        self.first = np.random.default_rng((seed, 0)).random(n) < 0.5

    def epoch(self, number):
        """Return order (n,), and for each image moves (2, n) and whether it is mirrored (n,)."""
        rng = np.random.default_rng((self.seed, 1, number))
        moves = rng.integers(-FARTHEST, FARTHEST, (2, self.n), endpoint=True)
        return rng.permutation(self.n), moves, self.first ^ bool(number % 2)
