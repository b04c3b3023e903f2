"""What Gradescope shows of a submission: results.json."""

import json

from autograder.gradebook import Score
from autograder.reports.clean import one_line

from ..grades import Grade

WAITS = "It waits for your teacher, and counts nothing yet."


def as_json(grade: Grade, lesson: str) -> str:
    """Return the text of a results.json file."""
    return json.dumps(results(grade, lesson), indent=1)


def results(grade: Grade, lesson: str) -> dict:
    """Return a submission's points and what was found in each answer, as Gradescope wants to have it.

    Its score is what the graded questions come to. A question that waits has no score of its own, and no
    points that it could be out of: those are given in Gradescope, or here and exported then.
    """
    verdicts = grade.result.verdicts if grade.result else {}
    tests = [_test(name, score, verdicts.get(name)) for name, score in grade.entry.scores.items()]
    return {
        "score": round(grade.so_far, 2),
        "output": grade.comment(lesson),
        "visibility": "visible",
        "execution_time": round(grade.result.seconds, 1) if grade.result else 0,
        "tests": tests,
        "extra_data": {
            "state": grade.state,
            "level": grade.level,
            "seed": grade.result.seed if grade.result else None,
            "waiting": grade.waiting,
        },
    }


def _test(name: str, score: Score, verdict: dict | None) -> dict:
    title = name.removeprefix("test-")
    if score.points is None:
        return {"name": f"{title} ({score.max_points:g} points)", "output": WAITS}
    said = []
    if verdict is not None and not score.by_hand:
        said = [verdict["status"], *verdict["sentences"], *verdict["notes"]]
        if verdict["status"] == "wrong" and verdict.get("mistake"):
            said.append(f"To read again: {verdict['mistake']['reads']}")
    elif score.by_hand:
        said = ["graded by hand"]
    return {
        "name": title,
        "score": score.points,
        "max_score": score.max_points,
        "output": "\n".join(one_line(line, 1000) for line in filter(None, (*said, score.comment))),
    }
