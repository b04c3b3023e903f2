"""Pages for people: feedback for each student, a report on the class. Plain data in, HTML text out."""

from .class_report import class_report
from .feedback import feedback

__all__ = ["class_report", "feedback"]
