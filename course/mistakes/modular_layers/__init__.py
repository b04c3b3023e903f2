"""Known mistakes of the lesson modular-layers, in the order of its TODOs."""

from . import affine, avg_pool, conv_backward, conv_forward, im2col, losses, max_pool, relu

TOPICS = (affine, relu, losses, conv_forward, conv_backward, max_pool, avg_pool, im2col)
MISTAKES = [mistake for topic in TOPICS for mistake in topic.MISTAKES]
