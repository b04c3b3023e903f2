"""The page that a student gets: points, what was found in each answer, the answers themselves."""

import re
from dataclasses import dataclass

from autograder import notebooks
from course.checks.render import SIGN as VERDICT_SIGN

from . import clean
from .page import level, render

WAITING, BY_HAND = "waiting for your teacher", "graded by hand"
SIGN = {**VERDICT_SIGN, WAITING: "◷", BY_HAND: "✎"}


@dataclass(frozen=True)
class Question:
    """One graded cell with the cells that lead to it; all texts in `code` and `message` are safe HTML.

    status: a Verdict's, "waiting for your teacher" or "graded by hand".  cells: what the student wrote and
    what it printed and drew, as dictionaries {title, code, outputs, open, stopped}.
    """

    name: str
    anchor: str
    points: float | None
    max_points: float
    status: str
    summary: str
    message: str
    comment: str
    reads: str
    cells: tuple[dict, ...]

    @property
    def sign(self):
        """Return a sign for the status, for those who do not see colours."""
        return SIGN.get(self.status, "?")


def feedback(result, entry=None):
    """Return the feedback page of a Result as HTML text.

    entry: what the gradebook holds on the submission (see gradebook.Entry): points and comments that a
    person gave, and the penalty for being late.
    """
    asked = questions(result, entry.scores if entry else {})
    penalty = entry.late_penalty if entry else 0
    return render(
        "feedback.html",
        result=result,
        questions=asked,
        level=level(result.level),
        penalty=penalty,
        total=max(0, sum(question.points or 0 for question in asked) - penalty),
        possible=sum(question.max_points for question in asked if question.points is not None),
        waiting=sum(question.max_points for question in asked if question.points is None),
        reads=headings(asked),
        version=next((verdict.get("version", "") for verdict in result.verdicts.values()), ""),
    )


def headings(asked):
    """Return {heading to read again: the questions it is for}, in the order of the lesson."""
    found = {}
    for question in asked:
        if question.reads:
            found.setdefault(question.reads, []).append(question)
    return found


def questions(result, scores):
    """Return the Questions of a Result in the order of the lesson."""
    budget, found = clean.Budget(), []
    for cells in sections(cells_of(result.notebook)):
        shows = [shown(cell, budget) for cell in cells if is_shown(cell, result)]
        for cell in cells:
            if cell.id in result.verdicts:
                found.append(tested(cell.id, result.verdicts[cell.id], scores.get(cell.id), shows))
                shows = []
            elif is_written(cell):
                found.append(written(cell, scores.get(cell.id), budget, shows))
                shows = []
    return found or [tested(name, verdict, None, ()) for name, verdict in result.verdicts.items()]


def sections(cells):
    """Return the cells in groups: each answer and what follows it; what comes first is with the first."""
    groups, answers = [], 0
    for cell in cells:
        is_answer = flag(cell, "solution")
        if not groups or is_answer and answers:
            groups.append([])
        groups[-1].append(cell)
        answers += is_answer
    return groups


def flag(cell, name):
    """Return what nbgrader says of a cell: whether it is "grade", "solution", "locked"."""
    return bool(cell.metadata.get("nbgrader", {}).get(name))


def is_written(cell):
    """Return True for an answer in words, which a person grades."""
    return flag(cell, "grade") and flag(cell, "solution")


def is_shown(cell, result):
    """Return True for code that says something about the student's work.

    That is an answer, a cell of the student's own, or one of the lesson's that showed more than what is to be
    written first. Where nothing of the student's could be read, the notebook is the released one.
    """
    if cell.cell_type != "code" or flag(cell, "locked") or result.state == "failed":
        return False
    told = "".join(clean.joined(output.get("text", "some")) for output in cell.outputs)
    is_lessons = re.fullmatch(rf"{re.escape(result.lesson)}-\d+", cell.id)
    return not is_lessons or bool(told) and not re.fullmatch(r"write \w+ first\n", told)


def cells_of(notebook):
    """Return the cells of a notebook's bytes; none when there is no notebook."""
    return notebooks.loads(notebook).cells if notebook else []


def tested(name, verdict, score, cells):
    """Return the Question of a test cell."""
    by_hand = score is not None and score.by_hand
    mistake = verdict.get("mistake") or {}
    stops = [cell["stopped"] for cell in cells if cell["open"] and cell["stopped"]]
    return Question(
        name=verdict["stem"],
        anchor=clean.slug(name),
        points=score.points if by_hand else verdict["points"],
        max_points=verdict["max_points"],
        status=BY_HAND if by_hand else verdict["status"],
        summary=clean.one_line(" ".join([*stops, *verdict["sentences"]]), 200),
        message=clean.verdict_html(verdict["html"]),
        comment=score.comment if score else "",
        reads=mistake.get("reads", "") if verdict["status"] == "wrong" else "",
        cells=tuple(cells),
    )


def written(cell, score, budget, cells):
    """Return the Question of a written answer: it waits for a grade by hand, unless nothing was written."""
    points = score.points if score else None
    answer = clean.students_markdown(cell.source, cell.get("attachments", {}))
    own = {"title": "Your answer", "code": "", "outputs": (budget.take("pictures", answer, "the answer"),)}
    return Question(
        name=cell.id.replace("written-", "written question "),
        anchor=clean.slug(cell.id),
        points=points,
        max_points=float(cell.metadata.nbgrader.get("points", 0)),
        status=WAITING if points is None else BY_HAND if score.by_hand else "not written",
        summary="",
        message="",
        comment=score.comment if score else "",
        reads="",
        cells=(*cells, {**own, "open": True, "stopped": ""}),
    )


def shown(cell, budget):
    """Return a code cell as it is shown: code (folded unless it is an answer), outputs, what stopped it."""
    name = clean.one_line(cell.id.removeprefix("solution-"), 40)
    outputs = []
    for number, output in enumerate(cell.outputs, 1):
        kind, html = clean.output_html(output, f"Picture {number} that the cell {name} drew")
        if html:
            outputs.append(budget.take(kind, html, "an output"))
    lines = (line for line in cell.source.splitlines() if line.strip() and not line.startswith("%%"))
    errors = [output for output in cell.outputs if output.output_type == "error"]
    return {
        "title": "Your answer" if flag(cell, "solution") else f"Cell: {clean.one_line(next(lines, ''), 60)}",
        "code": shown_code(cell.source, budget),
        "outputs": tuple(outputs),
        "open": flag(cell, "solution"),
        "stopped": f"The cell stopped: {errors[0].ename}: {errors[0].evalue}." if errors else "",
    }


def shown_code(source, budget):
    """Return a cell's code; what cannot fit is not even coloured, which takes time."""
    if not source.strip():
        return ""
    fits = budget.holds("code", source[: clean.CODE_CHARACTERS])
    return budget.take("code", clean.code(source) if fits else source, "the code")
