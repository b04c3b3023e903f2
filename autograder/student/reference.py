"""Which reference modules ship with a lesson, and what stands in place of functions that are open."""

import ast
import re
from functools import cache

from autograder.build import BuildError, leaks
from autograder.build.answers import function_lines
from autograder.build.names import used

PACKAGE = "course.reference"
STAY = ("reference", "mistakes", "lessons", "lectures")
ABSENT = '''

OPEN = {names!r}


def __getattr__(name):
    """Say whose work a missing name is."""
    if name in OPEN:
        raise ImportError(f"{{name}} is what you write in this lesson")
    raise AttributeError(f"module {{__name__!r}} has no attribute {{name!r}}")
'''


def modules(folder, lessons, number):
    """Return {module: text} of the reference modules in this folder that ship with the lesson of this number.

    A module is called by its path in the folder: "layers", "sequential/dense", "sequential/__init__".
    These are the modules that a lesson so far names, and those that they import; but not one that imports
    an open function or a module that does not ship, nor what an earlier lesson taught when a line of it
    answers a later one. A function is open while its own lesson is not over.
    Raises BuildError when what is left of a module needs an open function.
    """
    texts = {
        path.relative_to(folder).with_suffix("").as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*.py"))
    }
    open_names = {}
    for lesson in lessons:
        for cell in lesson.of_kind("solution") if lesson.number >= number else ():
            open_names.setdefault(cell.module, set()).update(cell.names)
    kept = set(texts) - telling(texts, lessons, number)
    while unfit := {module for module in kept if not can_ship(module, texts, kept, open_names)}:
        kept -= unfit
    start = {"__init__"}.union(*(named(lesson, texts) for lesson in lessons if lesson.number <= number))
    return {
        module: without(module, texts[module], open_names.get(module, set()))
        for module in sorted(reached(start & kept, texts))
    }


def telling(texts, lessons, number):
    """Return the modules that earlier lessons taught and in which an answer of a lesson not over stands."""
    taught = {module for lesson in lessons if lesson.number < number for module in lesson.reference}
    secrets = {secret for lesson in lessons if lesson.number >= number for secret in leaks.secrets(lesson)}
    plain = {module: leaks.normalised(texts[module]) for module in taught & set(texts)}
    return {module for module, text in plain.items() if any(secret in text for secret in secrets)}


def named(lesson, texts):
    """Return the modules that a lesson names: those it is about, and those that its cells import."""
    said = re.findall(r"course\.reference\.(\w+)", "\n".join(cell.source for cell in lesson.cells))
    cells = [cell.module for cell in lesson.of_kind("solution", "given")]
    return {module_of(name, texts) for name in (*lesson.reference, *said, *cells)}


def module_of(name, texts):
    """Return the module with a dotted name: of a package its __init__."""
    path = name.replace(".", "/")
    return f"{path}/__init__" if f"{path}/__init__" in texts else path


def reached(start, texts):
    """Return the modules of `start`, those that they import, and so on."""
    found, new = set(), start
    while new:
        found |= new
        new = {module for name in new for module, _ in imports(name, texts)} - found
    return found


def can_ship(module, texts, kept, open_names):
    """Return True when a module imports neither an open function nor a module that is not kept."""
    asked = imports(module, texts)
    return all(other in kept and name not in open_names.get(other, ()) for other, name in asked)


def imports(module, texts):
    """Yield (module, name) of what a module imports from the reference, (module, "") for all of a module.

    A package that something is imported from is imported too.
    """
    folder = module.split("/")[:-1]
    for node in from_imports(texts[module]):
        base = (node.module or "").split(".") if node.module else []
        if node.level:
            up = node.level - 1
            if up > len(folder):
                continue  # from another part of the course
            base = folder[: len(folder) - up] + base
        elif (node.module or "").startswith(PACKAGE):
            base = base[2:]
        else:
            continue
        for depth in range(1, len(base)):
            yield "/".join([*base[:depth], "__init__"]), ""
        for alias in node.names:
            inner = module_of(".".join([*base, alias.name]), texts)
            yield (inner, "") if inner in texts else (module_of(".".join(base), texts), alias.name)


@cache
def from_imports(text):
    """Return the nodes of all `from ... import ...` lines of a module's text."""
    return [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ImportFrom)]


def early(course, shipped):
    """Return what stands directly in course and needs more of the reference than what is shipped.

    shipped: {module: text}.

    A folder is early when one of its files is. Imports inside functions do not count.
    """
    found, left_out = set(), {module: open_in(text) for module, text in shipped.items()}
    for path in course.rglob("*.py"):
        top = path.relative_to(course).parts[0]
        body = ast.parse(path.read_text(encoding="utf-8")).body if top not in STAY else ()
        for node in body:
            name = node.module or "" if isinstance(node, ast.ImportFrom) and node.level else ""
            if not name.startswith("reference."):
                continue
            module = module_of(name[10:], shipped)
            if module not in shipped or left_out[module] & {alias.name for alias in node.names}:
                found.add(top)
    return found


def open_in(text):
    """Return the names that `without` has left out of a module's text."""
    given = [node for node in ast.parse(text).body if isinstance(node, ast.Assign)]
    tuples = [node.value for node in given if getattr(node.targets[0], "id", None) == "OPEN"]
    return {name for value in tuples for name in ast.literal_eval(value)}


def without(module, text, names):
    """Return a module's text with these functions replaced by the word that they are the student's.

    Raises BuildError when what is left needs one of them.
    """
    functions = [function for function in function_lines(text) if function[0].name in names]
    if not functions:
        return text
    lines = text.splitlines()
    for _, first, last in reversed(functions):
        del lines[first - 1 : last]
    left = "\n".join(lines).rstrip()
    needed = used(left) & names
    if needed:
        raise BuildError(
            f"course/reference/{module}.py: {min(needed)} is open, and used by what students get"
        )
    return left + "\n" + ABSENT.format(names=tuple(node.name for node, _, _ in functions))
