"""Pictures beside each other."""

import numpy as np
from matplotlib.figure import Figure


def images(pictures, black=None, white=None):
    """Draw grey pictures beside each other.

    pictures: {title: array (H, W)}.  black, white: the numbers that look so; None: each picture's extremes.
    Returns an array of Axes.
    """
    shapes = np.array([picture.shape for picture in pictures.values()])
    across = 9 / max(4, len(pictures))
    tall = across * (shapes[:, 0] / shapes[:, 1]).max() + 0.4
    figure = Figure(figsize=(across * len(pictures), tall), layout="constrained")
    axes = figure.subplots(1, len(pictures), squeeze=False)[0]
    for ax, (title, picture) in zip(axes, pictures.items(), strict=True):
        ax.imshow(picture, cmap="gray", vmin=black, vmax=white)
        ax.set_title(title, fontsize=10)
        ax.set(xticks=[], yticks=[])
    return axes


def pictures(photos, captions=None, columns=10, black=None, white=None):
    """Draw pictures, in colour or grey, in rows below each other.

    photos: (N, 3, H, W) for colour, (N, 1, H, W) or (N, H, W) for grey.  captions: N texts, or None.
    black, white: the numbers that look so; None: the smallest and the largest of each picture.
    Returns an array of N Axes.
    """
    photos = np.asarray(photos, dtype=float)
    photos = photos[:, None] if photos.ndim == 3 else photos
    N = len(photos)
    columns = min(columns, N)
    rows = -(-N // columns)
    wide = 9 / columns
    tall = wide * photos.shape[2] / photos.shape[3] + (0 if captions is None else 0.17 * lines_of(captions))
    axes = (
        Figure(figsize=(9, rows * tall), layout="constrained").subplots(rows, columns, squeeze=False).ravel()
    )
    for ax in axes:
        ax.axis("off")
    for n, (ax, photo) in enumerate(zip(axes, photos, strict=False)):
        low = photo.min() if black is None else black
        high = photo.max() if white is None else white
        ax.imshow(
            np.clip((photo - low) / ((high - low) or 1), 0, 1).transpose(1, 2, 0), cmap="gray", vmin=0, vmax=1
        )
        if captions is not None:
            ax.set_title(captions[n], fontsize=min(9, 1 + 9 * wide), pad=3)
    return axes[:N]


def lines_of(captions):
    """Return how many lines the longest caption has."""
    return max(caption.count("\n") for caption in captions) + 1
