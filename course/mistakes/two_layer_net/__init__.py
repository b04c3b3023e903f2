"""Known mistakes of the lesson two-layer-net, topic by topic."""

from . import grads, loss, rescaled, scores, velocity

TOPICS = (scores, loss, grads, velocity, rescaled)
MISTAKES = [mistake for topic in TOPICS for mistake in topic.MISTAKES]
