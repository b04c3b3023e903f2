"""Measure how long each check takes in a notebook: a right answer, recorded cases, the first call of each.

    python -m benchmarks.notebook_seconds

Prints {lesson: {check: seconds}} as JSON, with the message that the notebook shows.
"""

import json
from time import perf_counter

from course.checks import check, tasks
from course.checks.lessons import LESSONS
from course.checks.oracle import reference


def seconds(task):
    """Return how long one check takes."""
    functions = [reference(stem) for stem in (task.stem, task.forward) if stem]
    start = perf_counter()
    made = getattr(check, task.stem)(*functions, points=4)
    made._repr_mimebundle_()
    taken = perf_counter() - start
    if made.points != 4:
        raise ValueError(f"the reference of {task.stem} gets {made.points:g} of 4 points: {made}")
    return taken


if __name__ == "__main__":
    taken = {lesson: {stem: seconds(task) for stem, task in tasks(lesson).items()} for lesson in LESSONS}
    print(json.dumps(taken))
