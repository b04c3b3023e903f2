"""The page on a course: every lesson that was graded, in a line, with the way to its report."""

from collections import Counter
from statistics import median

from . import plots
from .class_report import columns, mistakes_made, row
from .page import render


def course_report(graded):
    """Return the report on a course as HTML text.

    graded: {lesson: (its Results, {student: what the gradebook holds})}, in the order of the course. Each
    lesson's own report lies beside the page as report-<lesson>.html.
    """
    lessons = [line(lesson, results, entries) for lesson, (results, entries) in graded.items()]
    people = {result.student for results, _ in graded.values() for result in results}
    return render("course.html", lessons=lessons, students=len(people))


def line(lesson, results, entries):
    """Return what the page says of one lesson."""
    asked = columns(results)
    rows = [row(result, asked, entries.get(result.student)) for result in results]
    totals = [each["total"] for each in rows]
    made = [one for one in mistakes_made(results) if one["costs"] and len(one["students"]) > 1]
    possible = sum(column["max_points"] for column in asked)
    return {
        "name": lesson,
        "submissions": len(results),
        "states": Counter(result.state for result in results),
        "waiting": sum(each["waiting"] for each in rows),
        "middle": median(totals) if totals else 0,
        "possible": possible,
        "often": max(made, key=lambda one: len(one["students"]), default=None),
        "picture": plots.histogram(totals, possible) if totals else "",
    }
