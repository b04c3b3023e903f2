"""Known mistakes of the lesson convnet-cifar10, topic by topic."""

from . import shapes

TOPICS = (shapes,)
MISTAKES = [mistake for topic in TOPICS for mistake in topic.MISTAKES]
