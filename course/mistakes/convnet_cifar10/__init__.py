"""Known mistakes of the lesson convnet-cifar10, topic by topic."""

from . import confusion, grads, loss, scores, shapes, sizes

TOPICS = (shapes, scores, loss, grads, confusion, sizes)
MISTAKES = [mistake for topic in TOPICS for mistake in topic.MISTAKES]
