"""Known mistakes of the lesson conv-step-by-step, topic by topic."""

from . import conv_backward, conv_forward, pool_backward, pool_forward, single_step, windows, zero_pad

TOPICS = (zero_pad, single_step, conv_forward, pool_forward, conv_backward, windows, pool_backward)
MISTAKES = [mistake for topic in TOPICS for mistake in topic.MISTAKES]
