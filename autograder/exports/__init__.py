"""Points for other programs, one file a format."""

from .canvas import canvas
from .grades import Grade, grades, text
from .moodle import moodle
from .points import per_question

__all__ = ["Grade", "canvas", "grades", "moodle", "per_question", "text"]
