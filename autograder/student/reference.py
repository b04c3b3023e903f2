"""Which reference modules ship with a lesson, and what stands in place of functions that are open."""

import ast

from autograder.build import BuildError
from autograder.build.answers import function_lines
from autograder.build.names import used

PACKAGE = "course.reference"
ABSENT = '''

OPEN = {names!r}


def __getattr__(name):
    """Say whose work a missing name is."""
    if name in OPEN:
        raise ImportError(f"{{name}} is what you write in this lesson")
    raise AttributeError(f"module {{__name__!r}} has no attribute {{name!r}}")
'''


def shipped(folder, open_names, later):
    """Return {module: text} of the reference modules in this folder that students get.

    open_names: {module: names that students still have to write}.  later: modules of lessons to come.
    A module that imports an open name, or a module that does not ship, does not ship either.
    Raises BuildError when what is left of a module needs an open name.
    """
    texts = {path.stem: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.py"))}
    kept = {module: text for module, text in texts.items() if module not in later}
    while True:
        fit = {module: text for module, text in kept.items() if can_ship(text, kept, open_names)}
        if len(fit) == len(kept):
            break
        kept = fit
    return {module: without(module, text, open_names.get(module, ())) for module, text in kept.items()}


def can_ship(text, kept, open_names):
    """Return True when a module's text imports neither an open name nor a module that is not kept."""
    for module, name in imports(text):
        if module not in kept or name in open_names.get(module, ()):
            return False
    return True


def imports(text):
    """Yield (module, name) of what a text imports from the reference, (module, "") for all of a module."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom) and (node.level or (node.module or "").startswith(PACKAGE)):
            module = (node.module or "").removeprefix(PACKAGE).removeprefix(".")
            yield from ((module, alias.name) if module else (alias.name, "") for alias in node.names)


def without(module, text, open_names):
    """Return a module's text with its open functions replaced by the word that they are the student's.

    Raises BuildError when what is left needs one of them.
    """
    functions = [function for function in function_lines(text) if function[0].name in open_names]
    if not functions:
        return text
    lines = text.splitlines()
    for _, first, last in reversed(functions):
        del lines[first - 1 : last]
    left = "\n".join(lines).rstrip()
    needed = used(left) & set(open_names)
    if needed:
        raise BuildError(
            f"course/reference/{module}.py: {min(needed)} is open, and used by what students get"
        )
    return left + "\n" + ABSENT.format(names=tuple(node.name for node, _, _ in functions))
