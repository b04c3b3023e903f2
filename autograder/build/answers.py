"""Import lines become the sources of the functions that they name."""

import ast
from dataclasses import replace
from pathlib import Path

from .text import BuildError

PACKAGE = "course.reference."
BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"


def insert(lesson, folder):
    """Return the lesson with sources from this folder in place of the import lines.

    Raises BuildError when a solution or given cell is no such line, or a function is not there
    or not marked as its kind asks.
    """
    return lesson.with_cells(
        fill(cell, lesson, Path(folder)) if cell.kind in ("solution", "given") else cell
        for cell in lesson.cells
    )


def fill(cell, lesson, folder):
    """Return a solution or given cell with the sources of its functions."""
    module, names = imported(cell)
    if cell.kind == "solution" and (len(names) != 1 or module not in lesson.reference):
        raise BuildError(
            f"{cell.place}: expected one function of the open modules {', '.join(lesson.reference)}, "
            f"got {', '.join(names)} of {module}"
        )
    sources = functions(folder / f"{module}.py", cell)
    missing = [name for name in names if name not in sources]
    if missing:
        raise BuildError(f"{cell.place}: course/reference/{module}.py has no function {missing[0]}")
    for name in names:
        if (BEGIN in sources[name]) != (cell.kind == "solution"):
            wanted = f"needs {BEGIN}" if cell.kind == "solution" else f"must not have {BEGIN}"
            raise BuildError(f"{cell.place}: {name} in course/reference/{module}.py {wanted}")
    return replace(cell, source="\n\n\n".join(sources[name] for name in names), names=names, module=module)


def imported(cell):
    """Return (module, names) of the one import line from the reference package that a cell must be."""
    tree = parse(cell)
    line = tree.body[0] if len(tree.body) == 1 else None
    if not isinstance(line, ast.ImportFrom) or not (line.module or "").startswith(PACKAGE):
        raise BuildError(f"{cell.place}: expected one line `from {PACKAGE}<module> import <function>`")
    if any(alias.asname for alias in line.names):
        raise BuildError(f"{cell.place}: a function keeps its name, `as` is not known here")
    return line.module.removeprefix(PACKAGE), tuple(alias.name for alias in line.names)


def parse(cell):
    """Return a cell's syntax tree.

    Raises BuildError when it is not Python.
    """
    try:
        return ast.parse(cell.source)
    except SyntaxError as error:
        raise BuildError(f"{cell.place}: {error.msg} in its line {error.lineno}") from error


def functions(path, cell):
    """Return {name: source} of a module's functions, comments at their ends included."""
    if not path.is_file():
        raise BuildError(f"{cell.place}: course/reference has no module {path.stem}")
    text = path.read_text(encoding="utf-8")
    return {
        node.name: "\n".join(text.splitlines()[first - 1 : last])
        for node, first, last in function_lines(text)
    }


def function_lines(text):
    """Return [(node, first line, last line)] of a module's functions, counted from 1."""
    lines = text.splitlines()
    found = []
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef):
            first = min([node.lineno] + [decorator.lineno for decorator in node.decorator_list])
            last = node.end_lineno
            while last < len(lines) and lines[last].startswith(" "):  # a comment at its end
                last += 1
            found.append((node, first, last))
    return found


def split(source):
    """Return (lines between the markers, lines outside them) of a function's source."""
    inside, answer, given = False, [], []
    for line in source.splitlines():
        if BEGIN in line or END in line:
            inside = BEGIN in line
        else:
            (answer if inside else given).append(line)
    return answer, given
