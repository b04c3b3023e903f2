"""Known mistakes of the lesson perceptron-xor, topic by topic."""

from . import activations, errors, neuron, steps

TOPICS = (neuron, activations, errors, steps)
MISTAKES = [mistake for topic in TOPICS for mistake in topic.MISTAKES]
