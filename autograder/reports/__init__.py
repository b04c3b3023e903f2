"""Pages for people: feedback for each student, reports on the class and the course. Data in, HTML out."""

from .class_report import class_report
from .course_report import course_report
from .feedback import feedback
from .similarity_report import similarity_report

__all__ = ["class_report", "course_report", "feedback", "similarity_report"]
