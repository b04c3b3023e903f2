"""What a person may choose on the command line; nothing else, so that it loads at once."""

from enum import StrEnum


class Keep(StrEnum):
    """Which attempt of a student counts: the last, the first, or the one that its grading finds best."""

    LAST = "last"
    FIRST = "first"
    BEST = "best"


class Format(StrEnum):
    """For whom points are exported."""

    CSV = "csv"
    CANVAS = "canvas"
    MOODLE = "moodle"
    GRADESCOPE = "gradescope"
    GRADESCOPE_ZIP = "gradescope-zip"
