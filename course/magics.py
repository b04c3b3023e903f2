"""%%after: a cell that waits for functions which the student still has to write."""

import ast
import symtable
import sys

from IPython import get_ipython
from IPython.core.displayhook import DisplayHook

unmade = {}  # a name that a waiting cell would have made -> (function that it waits for, what it is by now)


def register():
    """Make %%after known to the IPython that is running, if there is one."""
    shell = get_ipython()
    if shell is not None:
        load_ipython_extension(shell)


def load_ipython_extension(shell):
    """Make %%after known to this IPython."""
    shell.register_magic_function(after, magic_kind="cell")


def after(line, cell):
    """Run the cell, or say which of the functions named in the line is still to be written.

    A function is still to be written when there is none of that name, or when it raises NotImplementedError.
    A cell that needs what a waiting cell would have made waits for the same function.
    """
    shell = get_ipython()
    missing = [name for name in line.split() if not callable(shell.user_ns.get(name))]
    if missing:
        return say_first(missing[0], shell, cell)
    figures = open_figures()
    try:
        return run(shell, cell)
    except Exception as error:
        name = unwritten(error, shell.user_ns)
        if name is None:
            show_from_cell(error, shell)
            raise
    close_figures(open_figures() - figures)  # half a picture says nothing
    return say_first(name, shell, cell)


def say_first(name, shell, cell):
    """Print what is to be done before the cell can run, and take note of what it would have made."""
    unmade.update(dict.fromkeys(made_by(shell.transform_cell(cell)), (name, shell.user_ns.get(name))))
    sys.stdout.write(f"write {name} first\n")  # in one piece, so that it is one output


def made_by(source):
    """Return the names that Python source makes, none when it is no Python."""
    try:
        table = symtable.symtable(source, "<cell>", "exec")
    except SyntaxError:
        return []
    return [made.get_name() for made in table.get_symbols() if made.is_assigned() or made.is_imported()]


def run(shell, cell):
    """Run a cell in the user's namespace; return the value of its last line when that is an expression."""
    source = shell.transform_cell(cell)
    name = shell.compile.cache(source, shell.displayhook.prompt_count, cell)
    tree = shell.compile.ast_parse(source, name)
    ends_in_value = bool(tree.body) and isinstance(tree.body[-1], ast.Expr)
    last = tree.body.pop() if ends_in_value else None
    exec(compile(tree, name, "exec"), shell.user_ns)
    if not ends_in_value:
        return None
    value = eval(compile(ast.Expression(last.value), name, "eval"), shell.user_ns)
    return None if is_silenced(cell) else value


def is_silenced(cell):
    """Tell whether a cell ends with a semicolon, which keeps its value to itself."""
    return ";" in cell and DisplayHook.semicolon_at_end_of_expression(cell)  # the latter takes it all apart


def unwritten(error, names):
    """Return the name of the function among `names` that has to be written first, or None.

    The error is its own NotImplementedError, or the cell's NameError about what waits for it as it stands.
    """
    trace = error.__traceback__
    while trace.tb_next:
        trace = trace.tb_next
    code = trace.tb_frame.f_code
    if isinstance(error, NameError) and code.co_name.startswith("<"):  # <module>: not in a function's work
        name, function = unmade.get(error.name, (None, None))
        return name if names.get(name) is function else None
    theirs = getattr(names.get(code.co_name), "__code__", None) is code
    return code.co_name if theirs and isinstance(error, NotImplementedError) else None


def show_from_cell(error, shell):
    """Let IPython show the error's traceback from the cell on, without this module's steps above it."""
    trace = error.__traceback__.tb_next.tb_next
    error._render_traceback_ = lambda: shell.InteractiveTB.structured_traceback(
        type(error), error, trace, tb_offset=0
    )


def open_figures():
    """Return the numbers of matplotlib's open figures."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    return set(pyplot.get_fignums()) if pyplot else set()


def close_figures(numbers):
    """Close matplotlib figures."""
    for number in numbers:
        sys.modules["matplotlib.pyplot"].close(number)
