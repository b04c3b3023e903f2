"""The page that a student gets: points, what was found in each answer, the answers themselves."""

from dataclasses import dataclass, replace

import nbformat

from . import clean
from .page import level, render

WAITING, BY_HAND = "waiting for your teacher", "graded by hand"
SIGN = {
    "right": "✓",
    "wrong": "✗",
    "not written": "…",
    "cannot decide": "?",
    WAITING: "◷",
    BY_HAND: "✎",
}


@dataclass(frozen=True)
class Question:
    """One graded cell with the cells that lead to it; all texts in `code` and `message` are safe HTML.

    status: a Verdict's, "waiting for your teacher" or "graded by hand".  cells: what the student wrote and
    what it printed and drew, as dictionaries {title, code, outputs, open}.
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
    asked, others = questions(result, entry.scores if entry else {})
    penalty = entry.late_penalty if entry else 0
    return render(
        "feedback.html",
        result=result,
        questions=asked,
        others=others,
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
    """Return the Questions of a Result, and the student's cells after the last of them."""
    budget, cells, found = clean.Budget(), [], []
    for cell in cells_of(result.notebook):
        flags = cell.metadata.get("nbgrader", {})
        if not flags.get("grade"):
            if cell.cell_type == "code" and not flags.get("locked"):
                cells.append(shown(cell, budget, is_answer=bool(flags.get("solution"))))
            continue
        if flags.get("solution"):
            found.append(written(cell, flags, scores.get(cell.id), budget, cells))
        elif cell.id in result.verdicts:
            found.append(tested(cell.id, result.verdicts[cell.id], scores.get(cell.id), cells))
        cells = []
    if result.state == "failed":  # its notebook is the released one: nothing of the student's could be read
        return [replace(question, cells=()) for question in found], []
    seen = {question.anchor for question in found}
    missing = {name: verdict for name, verdict in result.verdicts.items() if clean.slug(name) not in seen}
    found += [tested(name, verdict, scores.get(name), ()) for name, verdict in missing.items()]
    return found, cells


def cells_of(notebook):
    """Return the cells of a notebook's bytes; none when there is no notebook."""
    return nbformat.reads(notebook.decode(), as_version=4).cells if notebook else []


def tested(name, verdict, score, cells):
    """Return the Question of a test cell."""
    by_hand = score is not None and score.by_hand
    mistake = verdict.get("mistake") or {}
    return Question(
        name=verdict["stem"],
        anchor=clean.slug(name),
        points=score.points if by_hand else verdict["points"],
        max_points=verdict["max_points"],
        status=BY_HAND if by_hand else verdict["status"],
        summary=clean.one_line(" ".join(verdict["sentences"]), 200),
        message=clean.verdict_html(verdict["html"]),
        comment=score.comment if score else "",
        reads=mistake.get("reads", "") if verdict["status"] == "wrong" else "",
        cells=tuple(cells),
    )


def written(cell, flags, score, budget, cells):
    """Return the Question of a written answer: it waits for a grade by hand, unless nothing was written."""
    points = score.points if score else None
    answer = clean.students_markdown(cell.source, cell.get("attachments", {}))
    own = {"title": "Your answer", "code": "", "outputs": (budget.take("pictures", answer, "the answer"),)}
    return Question(
        name=cell.id.replace("written-", "written question "),
        anchor=clean.slug(cell.id),
        points=points,
        max_points=float(flags.get("points", 0)),
        status=WAITING if points is None else BY_HAND if score.by_hand else "not written",
        summary="",
        message="",
        comment=score.comment if score else "",
        reads="",
        cells=(*cells, {**own, "open": True}),
    )


def shown(cell, budget, is_answer):
    """Return a code cell as it is shown: its code, folded unless it is an answer, and its outputs."""
    name = cell.id.removeprefix("solution-")
    outputs = []
    for number, output in enumerate(cell.outputs, 1):
        kind, html = clean.output_html(
            output, f"Picture {number} that the cell {clean.one_line(name, 40)} drew"
        )
        if html:
            outputs.append(budget.take(kind, html, "an output"))
    first = next(
        (line for line in cell.source.splitlines() if line.strip() and not line.startswith("%%")), ""
    )
    return {
        "title": "Your answer" if is_answer else f"Cell: {clean.one_line(first, 60)}",
        "code": shown_code(cell.source, budget),
        "outputs": tuple(outputs),
        "open": is_answer,
    }


def shown_code(source, budget):
    """Return a cell's code; what cannot fit is not even coloured, which takes time."""
    if not source.strip():
        return ""
    fits = budget.holds("code", source[: clean.CODE_CHARACTERS])
    return budget.take("code", clean.code(source) if fits else source, "the code")
