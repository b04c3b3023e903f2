"""Exercises "find the bug": a known mistake, sealed so that right answers alone open it."""

import ast
import json
from dataclasses import replace

import numpy as np

from course import mistakes
from course.bugs.seal import key_of, seal, views
from course.checks import tasks
from course.checks.answer import Local
from course.checks.oracle import reference
from course.checks.record import fold

from . import answers
from .text import BuildError

SEEDS = 500
MARGIN = 0.02  # of a step: how far the views of right outputs stay from where rounding turns
TOLD = "# Find the mistake, mend it and run the cell: its last line asks the check."


def insert(lesson):
    """Return the lesson with each bug cell filled in: it asks the functions of the matching test.

    Raises BuildError when there is no such mistake, it is none of an earlier task, or costs no points.
    """
    cells, tested = [], {}
    for cell in lesson.cells:
        if cell.kind == "test":
            tested[cell.names[0]] = cell.names[1:]
        if cell.kind == "bug":
            functions = tested.get(mistake_of(cell).stem)
            if functions is None:
                raise BuildError(f"{cell.place}: {cell.mistake} is about no earlier task of this lesson")
            source = f"bugs.{functions[0]}.open({', '.join(functions)})"
            cell = replace(cell, source=source, names=functions, after=functions[::-1])
        cells.append(cell)
    return lesson.with_cells(cells)


def mistake_of(cell):
    """Return the Mistake that a bug cell names.

    Raises BuildError when there is none of that name, or it is not wrong.
    """
    try:
        found = mistakes.find(cell.mistake)
    except KeyError as error:
        raise BuildError(f"{cell.place}: {error.args[0]}") from error
    if found.fault != "wrong":
        raise BuildError(f"{cell.place}: {cell.mistake} answers rightly: take a mistake that is wrong")
    return found


def sealed(lesson):
    """Return the text of the file of a lesson's exercises, "" when it has none."""
    found = {cell.names[0]: exercise(lesson, cell) for cell in lesson.of_kind("bug")}
    return json.dumps(found, separators=(",", ":")) + "\n" if found else ""


def is_closed(cell):
    """Return True for an executed bug cell that has opened nothing."""
    shown = [output.output_type for output in cell.get("outputs", ())]
    return cell.id.startswith("bug-") and "execute_result" not in shown


def exercise(lesson, cell):
    """Return one exercise as plain data: the cases that it asks, and the sealed text."""
    task = tasks(lesson.lesson)[cell.names[0]]
    right = [Local(reference(name)) for name in cell.names]
    places = [place for place, case in enumerate(draw(task, 0)) if case.rule == "values"]
    asked, seen = zip(*(robust(task, right, place) for place in places), strict=True)
    arrays = {}
    entries = [
        {
            "name": case.name,
            "group": case.group,
            "reg": case.reg,
            "inputs": fold(case.inputs, arrays),
            "dout": fold(case.dout, arrays),
        }
        for case in asked
    ]
    numbers = {kind: np.concatenate(parts).tolist() for kind, parts in arrays.items()}
    text = seal(broken(cell), key_of(np.concatenate(seen)))
    return {"cases": entries, "arrays": numbers, "text": text}


def draw(task, seed):
    """Return the cases of a seed, which are neither the recorded nor the hidden ones."""
    return task.draw(np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(2,))))


def robust(task, right, place):
    """Return (the case at this place, the views of its right outputs), with which rounding plays no part.

    Raises BuildError when no seed gives such a case.
    """
    for seed in range(SEEDS):
        drawn = draw(task, seed)[place]
        case = replace(drawn, inputs=short(drawn.inputs), dout=short(drawn.dout))
        seen = views(task, right[0], *right[1:] or [None], case)
        if np.abs(seen % 1 - 0.5).min() > MARGIN:
            return case, seen
    raise BuildError(f"{task.stem}: no numbers for {drawn.name!r} whose right outputs are clear of rounding")


def short(value):
    """Return a tree of tuples and dictionaries with four digits of every number of its float arrays."""
    if isinstance(value, dict):
        return {name: short(part) for name, part in value.items()}
    if isinstance(value, tuple):
        return tuple(map(short, value))
    if isinstance(value, np.ndarray) and value.dtype.kind == "f":
        return np.array([float(f"{number:.3e}") for number in value.flat], value.dtype).reshape(value.shape)
    return value


def broken(cell):
    """Return the text of the cell that a student gets: the wrong answer, and the call of its check."""
    stem, *forward = cell.names
    asks = f"bugs.{stem}.check({', '.join([f'broken_{stem}', *forward])})"
    return "\n".join([TOLD, *broken_lines(cell), "", asks])


def broken_lines(cell):
    """Return the lines of the wrong answer, without the docstring, which stands in the student's own cell."""
    mistake = mistake_of(cell)
    (function,) = ast.parse(mistake.source).body
    docstring = function.body[0]
    lines = mistake.source.replace(f"def {mistake.stem}(", f"def broken_{mistake.stem}(").splitlines()
    kept = lines[: docstring.lineno - 1] + lines[docstring.end_lineno :]
    return [line for line in kept if not is_marker(line)]


def is_marker(line):
    """Return True for a line that marks an answer's begin or end."""
    return answers.BEGIN in line or answers.END in line
