"""Known mistakes of the lesson more-layers, in the order of its TODOs."""

from . import batchnorm, concat, dropout, local_conv, lrn, median_pool, spatial, transpose, upsample

TOPICS = (batchnorm, spatial, lrn, dropout, median_pool, local_conv, concat, upsample, transpose)
MISTAKES = [mistake for topic in TOPICS for mistake in topic.MISTAKES]
