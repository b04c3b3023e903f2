"""Generated pictures in place of CIFAR-10: ten shapes, each in front of clutter, about as hard to tell apart.

Colours give a class away a little, as sky does a plane, so a linear classifier gets somewhere; the shape
itself stands at any place, size and angle, so a net gets further, and a ConvNet further still. The constants
are chosen so that these models score as they do on CIFAR-10.
"""

import numpy as np

from .progress import bar
from .shapes import SHAPES

CLASS_NAMES = tuple(SHAPES)
CHUNK = 100  # images drawn at once: as many of each class, and few enough for the processor's cache

# Red, green and blue that a class likes for what lies behind its shape, and for the shape.
GROUND_COLOURS = np.array([
    (150, 170, 205), (110, 115, 120), (120, 145, 95), (140, 120, 105), (105, 125, 80),
    (125, 110, 95), (95, 110, 70), (150, 150, 110), (130, 155, 190), (120, 115, 125),
], dtype=np.float32)
SHAPE_COLOURS = np.array([
    (205, 190, 170), (170, 60, 55), (150, 110, 70), (110, 95, 85), (150, 115, 70),
    (185, 160, 130), (110, 135, 60), (95, 65, 45), (200, 200, 205), (190, 150, 80),
], dtype=np.float32)
FAITHFUL_GROUND = 0.73  # how often a picture gets its own class's ground colour, not a random class's
FAITHFUL_SHAPE = 0.65
CLOUDS = ((3, 26), (7, 16), (14, 10))  # the ground's noise: grid points along a side, grey levels
CLUTTER = 5  # small shapes that may lie behind the big one
CONTRAST = (15, 80)  # grey levels between shape and ground
DARKER = 0.65  # how often the shape is the darker of the two
TEXTURE = 22  # grey levels of the pattern on a shape
TURN = 0.6  # radians
OFF_CENTRE = 3.0  # pixels

PIXELS = np.arange(32, dtype=np.float32) - 15.5
SLOPE = np.linspace(-1, 1, 32, dtype=np.float32)


def generate(num_images, *, seed=0, progress=False):
    """Draw pictures of the ten shapes; each class comes up 10 times in every 100 pictures.

    The first pictures of a seed are the same, whatever their number.  On another machine a few pixels may
    differ by one grey level.

    num_images: how many, at least 0.  seed: an integer, at least 0.  progress: whether to show a bar.
    Returns images: (num_images, 3, 32, 32) uint8, and labels: (num_images,) int64, places in CLASS_NAMES.
    """
    images = np.empty((num_images, 3, 32, 32), dtype=np.uint8)
    labels = np.empty(num_images, dtype=np.int64)
    with bar(num_images, "drawing pictures", unit=" pictures", shown=progress) as shown:
        for start in range(0, num_images, CHUNK):
            stop = min(start + CHUNK, num_images)
            drawn, drawn_labels = chunk(np.random.default_rng([seed, start]))
            images[start:stop], labels[start:stop] = drawn[: stop - start], drawn_labels[: stop - start]
            shown.update(stop - start)
    return images, labels


def chunk(rng):
    """Draw CHUNK pictures: images (CHUNK, 3, 32, 32) uint8 and labels (CHUNK,) int64."""
    labels = rng.permutation(np.arange(CHUNK) % len(CLASS_NAMES))
    ground = liked(GROUND_COLOURS, labels, FAITHFUL_GROUND, rng)
    ground += normal(rng, 18, CHUNK, 3) + normal(rng, 30, CHUNK, 1)
    images = ground[:, :, None, None] + clouds(rng)
    for _ in range(CLUTTER):
        paint_clutter(images, ground, rng)
    paint_shape(images, labels, ground, rng)
    return as_bytes(photographed(images, rng)), labels


def clouds(rng):
    """Return smooth noise of three sizes, mostly grey: (CHUNK, 3, 32, 32)."""
    noise = 0
    for points, levels in CLOUDS:
        grey = normal(rng, 0.85, CHUNK, 1, points, points)
        colour = normal(rng, 0.4, CHUNK, 3, points, points)
        strength = levels * np.exp(normal(rng, 0.5, CHUNK, 1, 1, 1))
        noise = noise + enlarged((grey + colour) * strength)
    return noise


def paint_clutter(images, ground, rng):
    """Paint a small shape of any class and colour anywhere into most of the images, in place."""
    shapes = rng.integers(0, len(CLASS_NAMES), CHUNK)
    u, v, size = frames(rng, smallest=2, largest=4.5, off_centre=9)
    colour = ground + normal(rng, 30, CHUNK, 3) + normal(rng, 45, CHUNK, 1)
    present = rng.random((CHUNK, 1, 1)) < 0.7
    blend(images, colour[:, :, None, None], 0.85 * present * covered(shapes, u, v, size))


def paint_shape(images, labels, ground, rng):
    """Paint the shape that each image is about, in place."""
    u, v, size = frames(rng, smallest=8, largest=13, off_centre=OFF_CENTRE)
    hue = liked(SHAPE_COLOURS, labels, FAITHFUL_SHAPE, rng) + normal(rng, 20, CHUNK, 3)
    sign = np.where(rng.random((CHUNK, 1)) < DARKER, np.float32(-1), np.float32(1))
    grey = ground.mean(axis=1, keepdims=True) + sign * uniform(rng, *CONTRAST, CHUNK, 1)
    colour = hue - hue.mean(axis=1, keepdims=True) + grey
    surface = stripes(u, v, rng) + enlarged(normal(rng, 0.6 * TEXTURE, CHUNK, 1, 7, 7))[:, 0]
    blend(images, colour[:, :, None, None] + surface[:, None], covered(labels, u, v, size))


def stripes(u, v, rng):
    """Return a wave across each shape, of any direction, width and strength: (CHUNK, 32, 32)."""
    angle, phase = uniform(rng, 0, np.pi, CHUNK, 1, 1), uniform(rng, 0, 2 * np.pi, CHUNK, 1, 1)
    waves, levels = uniform(rng, 2, 7, CHUNK, 1, 1), uniform(rng, 0, TEXTURE, CHUNK, 1, 1)
    return levels * np.sin(waves * (u * np.cos(angle) + v * np.sin(angle)) + phase)


def photographed(images, rng):
    """Return the images with uneven light, another contrast and a sensor's noise, half of them mirrored."""
    light = 1 + normal(rng, 0.12, CHUNK, 1, 1, 1) * SLOPE[:, None] + normal(rng, 0.12, CHUNK, 1, 1, 1) * SLOPE
    images = images * light
    middle = images.mean(axis=(1, 2, 3), keepdims=True)
    images = middle + (images - middle) * np.exp(normal(rng, 0.2, CHUNK, 1, 1, 1))
    images += normal(rng, 8, CHUNK, 3, 32, 32) * uniform(rng, 0, 1, CHUNK, 1, 1, 1)
    mirrored = rng.random(CHUNK) < 0.5
    images[mirrored] = images[mirrored, :, :, ::-1]
    return images


def frames(rng, smallest, largest, off_centre):
    """Place a shape into each image: return its frame's u and v at each pixel, and its size in pixels.

    u, v: (CHUNK, 32, 32).  size: (CHUNK, 1, 1).
    """
    x, y = normal(rng, off_centre, 2, CHUNK, 1, 1)
    size = uniform(rng, smallest, largest, CHUNK, 1, 1)
    turn = normal(rng, TURN, CHUNK, 1, 1)
    stretch = np.exp(normal(rng, 0.12, CHUNK, 1, 1))
    right, down = PIXELS - x, PIXELS[:, None] - y
    u = (np.cos(turn) * right + np.sin(turn) * down) * (stretch / size)
    v = (np.cos(turn) * down - np.sin(turn) * right) / (stretch * size)
    return u, v, size


def covered(shapes, u, v, size):
    """Return how much of each pixel its image's shape covers, from 0 to 1: (CHUNK, 32, 32)."""
    cover = np.empty_like(u)
    for number, outside in enumerate(SHAPES.values()):
        mine = shapes == number
        cover[mine] = np.clip(0.5 - outside(u[mine], v[mine]) * size[mine], 0, 1)
    return cover


def liked(colours, labels, faithful, rng):
    """Return a colour for each image: with this probability its class's own, else any class's. (CHUNK, 3)."""
    anyone = rng.integers(0, len(colours), CHUNK)
    return colours[np.where(rng.random(CHUNK) < faithful, labels, anyone)]


def blend(images, colour, cover):
    """Lay a colour over the images, in place, where cover (CHUNK, 32, 32) says so."""
    images += cover[:, None].astype(np.float32) * (colour - images)


def enlarged(grids):
    """Return grids of numbers (CHUNK, channels, k, k) as smooth images (CHUNK, channels, 32, 32)."""
    points = grids.shape[-1]
    place = np.linspace(0, points - 1, 32, dtype=np.float32)
    weights = np.maximum(0, 1 - np.abs(place[:, None] - np.arange(points, dtype=np.float32)))  # (32, k)
    return weights @ grids @ weights.T


def as_bytes(images):
    """Return images with grey levels 0 to 255 as uint8."""
    return np.clip(images, 0, 255).astype(np.uint8)


def normal(rng, spread, *shape):
    """Return normally distributed float32 numbers around 0."""
    return np.float32(spread) * rng.standard_normal(shape, dtype=np.float32)


def uniform(rng, low, high, *shape):
    """Return evenly distributed float32 numbers."""
    return np.float32(low) + np.float32(high - low) * rng.random(shape, dtype=np.float32)
