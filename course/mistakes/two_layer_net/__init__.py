"""Known mistakes of the lesson two-layer-net, in the order of its TODOs."""

from . import net, updates

TOPICS = (net, updates)
MISTAKES = [mistake for topic in TOPICS for mistake in topic.MISTAKES]
