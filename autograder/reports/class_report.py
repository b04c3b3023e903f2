"""The page that a teacher gets: the class in pictures, who made which mistake, what went wrong in grading."""

from collections import Counter
from statistics import mean, median

from . import clean, plots
from .feedback import cells_of
from .page import level, render


def class_report(lesson, results, marks=None, names=None):
    """Return the report on a lesson's Results as HTML text.

    marks: {student: {cell id: Mark}}, what was graded by hand.  names: {student: name} from the roster.
    """
    marks, names = marks or {}, names or {}
    results = sorted(results, key=lambda result: result.student)
    asked = columns(results)
    rows = [row(result, asked, marks.get(result.student, {}), names) for result in results]
    made = mistakes_made(results)
    return render(
        "class.html",
        lesson=lesson,
        columns=asked,
        rows=rows,
        waiting=sum(1 for line in rows if line["waiting"]),
        possible=sum(column["max_points"] for column in asked),
        middle=median(line["total"] for line in rows) if rows else 0,
        means=[mean_points(rows, i) for i in range(len(asked))],
        made=made,
        pictures=pictures(rows, asked, made, results) if rows else [],
        remarks=[result for result in results if result.state != "graded" or result.reason or result.notes],
        states=Counter(result.state for result in results),
        levels=Counter(level(result.level) for result in results),
    )


def columns(results):
    """Return the questions of the lesson, {id, title, max_points, written}, in its order."""
    found = {}
    for result in results:
        for cell in cells_of(result.notebook):
            flags = cell.metadata.get("nbgrader", {})
            if flags.get("grade") and flags.get("solution"):
                title = cell.id.replace("written-", "written ")
                most = float(flags.get("points", 0))
                found.setdefault(
                    cell.id, {"id": cell.id, "title": title, "max_points": most, "written": True}
                )
            elif cell.id in result.verdicts:
                verdict = result.verdicts[cell.id]
                most, title = verdict["max_points"], verdict["stem"]
                found.setdefault(
                    cell.id, {"id": cell.id, "title": title, "max_points": most, "written": False}
                )
        if found:  # the graded cells of every submission are the released ones
            break
    return list(found.values())


def row(result, asked, marks, names):
    """Return one submission's line of the table."""
    cells = [entry(column, result.verdicts.get(column["id"]), marks.get(column["id"])) for column in asked]
    return {
        "student": names.get(result.student) or result.student,
        "state": result.state,
        "cells": cells,
        "total": sum(cell["points"] or 0 for cell in cells),
        "waiting": any(cell["points"] is None for cell in cells),
    }


def entry(column, verdict, mark):
    """Return one question of one submission: points (None while they wait), status, mistake."""
    by_hand = mark is not None and mark.points is not None
    if by_hand or verdict is None:
        points = mark.points if by_hand else (None if column["written"] else 0.0)
        status = "graded by hand" if by_hand else ("waiting" if column["written"] else "no verdict")
        return {
            "points": points,
            "status": status,
            "part": part(points, column),
            "mistake": "",
            "sentence": "",
        }
    mistake = verdict.get("mistake") or {}
    return {
        "points": verdict["points"],
        "status": verdict["status"],
        "part": "not written" if verdict["status"] == "not written" else part(verdict["points"], column),
        "mistake": mistake.get("name", "").removeprefix(f"{column['title']}."),
        "sentence": mistake.get("sentence") or " ".join(verdict["sentences"]),
    }


def part(points, column):
    """Return which share of a question's points was reached, in words."""
    if points is None:
        return "waiting"
    return "all points" if points >= column["max_points"] else "some points" if points > 0 else "no point"


def mean_points(rows, i):
    """Return the mean points of question i over those that have any, or None."""
    given = [line["cells"][i]["points"] for line in rows if line["cells"][i]["points"] is not None]
    return mean(given) if given else None


def mistakes_made(results):
    """Return the known mistakes that were recognised, in the order of the lesson, with their students."""
    made = {}
    for result in results:
        for verdict in result.verdicts.values():
            mistake = verdict.get("mistake")
            if mistake:
                about = {"name": mistake["name"], "fault": mistake["fault"], "sentence": mistake["sentence"]}
                made.setdefault(mistake["name"], {**about, "students": []})["students"].append(result.student)
    order = {verdict["stem"]: i for result in results for i, verdict in enumerate(result.verdicts.values())}
    return sorted(made.values(), key=lambda one: (order[one["name"].split(".")[0]], -len(one["students"])))


def pictures(rows, asked, made, results):
    """Return the plots of the class."""
    possible = sum(column["max_points"] for column in asked)
    shares = {
        clean.one_line(column["title"], 30): Counter(line["cells"][i]["part"] for line in rows)
        for i, column in enumerate(asked)
    }
    decided = {name: parts for name, parts in shares.items() if parts["waiting"] < len(rows)}
    drawn = [plots.histogram([line["total"] for line in rows], possible)] if asked else []
    drawn += [plots.per_question(decided)] if decided else []
    drawn += [plots.times([result.seconds for result in results])]
    drawn += [plots.states(Counter(result.state for result in results))]
    drawn += [plots.mistakes({one["name"]: len(one["students"]) for one in made})] if made else []
    return drawn
