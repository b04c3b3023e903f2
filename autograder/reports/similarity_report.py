"""The page on likeness in a class: which pairs stand out, and their cells side by side."""

from . import clean, plots
from .page import render

MOST_PAIRS = 30
MOST_CELLS = 6  # of a pair, side by side


def similarity_report(lesson, found):
    """Return the report on a similarity.Similarity as HTML text."""
    budget = clean.Budget(code=3_000_000)
    return render(
        "similarity.html",
        lesson=lesson,
        students=found.students,
        compared=len(found.above),
        bound=found.bound,
        picture=plots.likeness(found.above, found.bound) if len(found.above) else "",
        pairs=[pair(each, number, budget) for number, each in enumerate(found.pairs[:MOST_PAIRS], 1)],
        left_out=max(0, len(found.pairs) - MOST_PAIRS),
    )


def pair(each, number, budget):
    """Return what the page shows of a pair."""
    return {
        "anchor": f"pair-{number}",
        "students": each.students,
        "above": each.above,
        "cells": [cell(one, budget) for one in each.cells[:MOST_CELLS]],
        "more": [one.cell.removeprefix("solution-") for one in each.cells[MOST_CELLS:]],
    }


def cell(one, budget):
    """Return a cell's two versions as HTML, and how alike they are."""
    return {
        "name": one.cell.removeprefix("solution-"),
        "alike": one.alike,
        "usual": one.usual,
        "versions": [budget.take("code", clean.code(source), "this version") for source in one.sources],
    }
