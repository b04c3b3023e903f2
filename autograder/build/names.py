"""Free names: what a function in a cell may use without having made it."""

import builtins
import symtable

from IPython.core.inputtransformer2 import TransformerManager

from .text import BuildError

BUILTINS = set(dir(builtins))


def check(lesson):
    """Return the lesson, if every function in it uses only what earlier cells define for certain.

    A cell that something may skip defines nothing for certain.
    Raises BuildError for a free name, and for a cell that waits for a function that no earlier cell asks for.
    """
    defined, asked = set(), set()
    for cell in lesson.cells:
        if cell.cell_type == "markdown":
            continue
        unknown = [name for name in cell.after if name not in asked]
        if unknown:
            raise BuildError(f"{cell.place}: waits for {unknown[0]}, which no earlier cell asks for or gives")
        if cell.kind in ("solution", "given"):
            free = used(cell.source) - BUILTINS - defined - set(cell.names)
            if free:
                raise BuildError(
                    f"{cell.place}: {', '.join(cell.names)} uses {', '.join(sorted(free))}, "
                    "which no earlier cell defines: import it above, or use only np and the arguments"
                )
            asked |= set(cell.names)
        if cell.always_runs:
            defined |= bound(cell)
    return lesson


def used(source):
    """Return the names that functions in this source read from their module."""
    found, tables = set(), [symtable.symtable(source, "<cell>", "exec")]
    while tables:
        table = tables.pop()
        tables += table.get_children()
        at_top = table.get_type() == "module"
        for symbol in table.get_symbols():
            if symbol.is_referenced() and (symbol.is_global() or at_top):
                found.add(symbol.get_name())
    return found


def bound(cell):
    """Return the names that a cell binds at its top level.

    Raises BuildError when the cell is not Python.
    """
    source = TransformerManager().transform_cell(cell.source)
    try:
        table = symtable.symtable(source, "<cell>", "exec")
    except SyntaxError as error:
        raise BuildError(f"{cell.place}: {error.msg} in its line {error.lineno}") from error
    return {
        symbol.get_name() for symbol in table.get_symbols() if symbol.is_assigned() or symbol.is_imported()
    }
