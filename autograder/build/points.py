"""Points: written into test cells, which are one expression each; every answer has one."""

import ast
from dataclasses import replace

from course.checks.lessons import WEIGHED
from course.checks.wholes import WHOLES

from .answers import parse
from .text import BuildError

WHOLE = {task.stem for task in WHOLES.values()}  # each part of a whole net has a test of its own besides


def insert_points(lesson):
    """Return the lesson with the points written into each test cell's expression.

    Raises BuildError when a test cell has another form, asks for what no earlier solution cell is about,
    or a solution cell has no test.
    """
    cells, solutions, tested = [], [], set()
    for cell in lesson.cells:
        if cell.kind == "solution":
            solutions += cell.names
        if cell.kind == "test":
            cell = with_points(cell)
            unknown = [name for name in cell.names[1:] if name not in solutions]
            if unknown:
                raise BuildError(f"{cell.place}: no earlier solution cell is about {unknown[0]}")
            if cell.names[0] not in WHOLE:
                tested.update(cell.names[1:2])
        cells.append(cell)
    untested = [name for name in solutions if name not in tested]
    if untested:
        raise BuildError(f"{lesson.lesson}: {untested[0]} has no test cell")
    return lesson.with_cells(cells)


def with_points(cell):
    """Return a test cell with its points; its names are the stem and the functions that it hands over.

    `check.relu_backward(relu_backward, relu_forward)` becomes
    `check.relu_backward(relu_backward, relu_forward, points=2)`.
    """
    tree = parse(cell)
    call = tree.body[0].value if len(tree.body) == 1 and isinstance(tree.body[0], ast.Expr) else None
    if not is_check(call):
        raise BuildError(
            f"{cell.place}: expected one expression `check.<stem>(<function>)`, got {cell.source!r}"
        )
    names = tuple(argument.id for argument in call.args)
    source = f"check.{call.func.attr}({', '.join([*names, f'points={cell.points:g}'])})"
    return replace(cell, source=source, names=(call.func.attr, *names))


def is_check(call):
    """Return True for a call `check.<stem>(<name>, ...)` with nothing but names in it.

    A test of handed-in weights has no names: `check.free_convnet()`.
    """
    return (
        isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id == "check"
        and bool(call.args) == (call.func.attr != WEIGHED)
        and all(isinstance(argument, ast.Name) for argument in call.args)
        and not call.keywords
    )
