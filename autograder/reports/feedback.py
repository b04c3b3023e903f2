"""The page that a student gets: points, what was found in each answer, the answers themselves."""

from dataclasses import dataclass, replace

import nbformat

from . import clean
from .page import level, render

WAITING = "waiting for your teacher"
SIGN = {
    "right": "✓",
    "wrong": "✗",
    "not written": "…",
    "cannot decide": "?",
    WAITING: "◷",
    "graded by hand": "✎",
}


@dataclass(frozen=True)
class Mark:
    """What a teacher has given by hand to a cell: points, None while it waits, and a comment."""

    points: float | None = None
    comment: str = ""


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


def feedback(result, marks=None):
    """Return the feedback page of a Result as HTML text.

    marks: {cell id: Mark} of what was graded by hand; a mark with points counts in place of a verdict's.
    """
    asked, others = questions(result, marks or {})
    return render(
        "feedback.html",
        result=result,
        questions=asked,
        others=others,
        level=level(result.level),
        total=sum(question.points or 0 for question in asked),
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


def questions(result, marks):
    """Return the Questions of a Result, and the student's cells after the last of them."""
    budget, cells, found = clean.Budget(), [], []
    for cell in cells_of(result.notebook):
        flags = cell.metadata.get("nbgrader", {})
        if not flags.get("grade"):
            if cell.cell_type == "code" and not flags.get("locked"):
                cells.append(shown(cell, budget, is_answer=bool(flags.get("solution"))))
            continue
        if flags.get("solution"):
            found.append(written(cell, flags, marks.get(cell.id), budget, cells))
        elif cell.id in result.verdicts:
            found.append(tested(cell.id, result.verdicts[cell.id], marks.get(cell.id), cells))
        cells = []
    if result.state == "failed":  # its notebook is the released one: nothing of the student's could be read
        return [replace(question, cells=()) for question in found], []
    seen = {question.anchor for question in found}
    missing = {name: verdict for name, verdict in result.verdicts.items() if clean.slug(name) not in seen}
    found += [tested(name, verdict, marks.get(name), ()) for name, verdict in missing.items()]
    return found, cells


def cells_of(notebook):
    """Return the cells of a notebook's bytes; none when there is no notebook."""
    return nbformat.reads(notebook.decode(), as_version=4).cells if notebook else []


def tested(name, verdict, mark, cells):
    """Return the Question of a test cell."""
    by_hand = mark is not None and mark.points is not None
    mistake = verdict.get("mistake") or {}
    return Question(
        name=verdict["stem"],
        anchor=clean.slug(name),
        points=mark.points if by_hand else verdict["points"],
        max_points=verdict["max_points"],
        status="graded by hand" if by_hand else verdict["status"],
        summary=clean.one_line(" ".join(verdict["sentences"]), 200),
        message=clean.verdict_html(verdict["html"]),
        comment=mark.comment if mark else "",
        reads=mistake.get("reads", "") if verdict["status"] == "wrong" else "",
        cells=tuple(cells),
    )


def written(cell, flags, mark, budget, cells):
    """Return the Question of a written answer, which waits until it is graded by hand."""
    mark = mark or Mark()
    answer = clean.students_markdown(cell.source, cell.get("attachments", {}))
    own = {"title": "Your answer", "code": "", "outputs": (budget.take("pictures", answer, "the answer"),)}
    return Question(
        name=cell.id.replace("written-", "written question "),
        anchor=clean.slug(cell.id),
        points=mark.points,
        max_points=float(flags.get("points", 0)),
        status=WAITING if mark.points is None else "graded by hand",
        summary="",
        message="",
        comment=mark.comment,
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
        "code": budget.take("code", clean.code(cell.source), "the code") if cell.source.strip() else "",
        "outputs": tuple(outputs),
        "open": is_answer,
    }
