"""The page that a teacher gets: the class in pictures, who made which mistake, what went wrong in grading."""

from collections import Counter
from statistics import mean, median

from . import clean, plots
from .feedback import cells_of
from .page import level, render

LOST = ("some points", "no point", "not written")
COSTS_NOTHING = ("note", "convention")  # classes of faults that are named and take no points


def class_report(lesson, results, entries=None):
    """Return the report on a lesson's Results as HTML text.

    entries: {student: what the gradebook holds} (see gradebook.Entry): names, points given by hand.
    """
    entries = entries or {}
    results = sorted(results, key=lambda result: result.student)
    asked = columns(results)
    rows = [row(result, asked, entries.get(result.student)) for result in results]
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
        is_open=any(result.level == "UNSANDBOXED" for result in results),
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


def row(result, asked, recorded):
    """Return one submission's line of the table."""
    scores = recorded.scores if recorded else {}
    cells = [entry(column, result.verdicts.get(column["id"]), scores.get(column["id"])) for column in asked]
    name = f"{recorded.first_name} {recorded.last_name}".strip() if recorded else ""
    return {
        "student": name or result.student,
        "state": result.state,
        "cells": cells,
        "total": max(
            0, sum(cell["points"] or 0 for cell in cells) - (recorded.late_penalty if recorded else 0)
        ),
        "waiting": any(cell["points"] is None for cell in cells),
    }


def entry(column, verdict, score):
    """Return one question of one submission: points (None while they wait), status, mistake."""
    if column["written"] or score is not None and score.by_hand:
        points = score.points if score else None
        share = part(points, column) if points is None or score.by_hand else "not written"
        return {"points": points, "status": "", "part": share, "mistake": "", "sentence": ""}
    if verdict is None:
        return {"points": 0.0, "status": "no verdict", "part": "no point", "mistake": "", "sentence": ""}
    mistake = verdict.get("mistake") or {}
    named = mistake.get("name", "") if mistake.get("fault") not in COSTS_NOTHING else ""
    return {
        "points": verdict["points"],
        "status": verdict["status"],
        "part": "not written" if verdict["status"] == "not written" else part(verdict["points"], column),
        "mistake": named.removeprefix(f"{column['title']}."),
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
                costs = mistake["fault"] not in COSTS_NOTHING
                about = {"name": mistake["name"], "costs": costs, "sentence": mistake["sentence"]}
                made.setdefault(mistake["name"], {**about, "students": []})["students"].append(result.student)
    order = {verdict["stem"]: i for result in results for i, verdict in enumerate(result.verdicts.values())}
    return sorted(
        made.values(), key=lambda one: (order.get(one["name"].split(".")[0], 0), -len(one["students"]))
    )


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
    drawn += [plots.states(Counter(clean.one_line(result.state, 20) for result in results))]
    costly = {clean.one_line(one["name"], 45): len(one["students"]) for one in made if one["costs"]}
    drawn += [plots.mistakes(costly)] if costly else []
    where = what_went_wrong(rows, asked)
    drawn += [plots.heat_map(where)] if where else []
    return drawn


def what_went_wrong(rows, asked):
    """Return {question: {mistake: number of submissions}} of the questions that somebody lost points at.

    What is wrong and none of the known mistakes counts as plots.UNNAMED.
    """
    found = {}
    for i, column in enumerate(asked):
        cells = [line["cells"][i] for line in rows if line["cells"][i]["part"] in LOST]
        names = [
            plots.UNWRITTEN
            if cell["part"] == "not written"
            else clean.one_line(cell["mistake"], 30) or plots.UNNAMED
            for cell in cells
        ]
        if names and not column["written"]:
            found[clean.one_line(column["title"], 30)] = Counter(names)
    return found
