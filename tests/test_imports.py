"""Who may import whom, and other habits that a reader of the project may rely on."""

import ast
import re
import sys
import tomllib
from functools import cache
from graphlib import TopologicalSorter
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
OURS = ("course", "autograder", "benchmarks", "tests", "tools")
LESSONS = ROOT / "course" / "lessons"
FILES = sorted(path for folder in OURS for path in (ROOT / folder).rglob("*.py"))
LIMIT_LINES = 500

# What of ours a module may import besides the package that its row names; the most specific row counts.
MAY_IMPORT = {
    "course": ("course.checks", "course.explorers", "course.magics", "course.version"),
    "course.gradient_check": (),
    "course.files": (),
    "course.version": (),
    "course.checks": ("course.checks", "course.files", "course.gradient_check", "course.version"),
    "course.bugs": ("course.bugs", "course.checks"),
    "course.data": ("course.data",),
    "course.explorers": ("course.explorers", "course.data", "course.filters"),
    "course.record": ("course.record", "course.data"),
    "course.reference": ("course.reference",),
    "course.reference.inputs": (),
    "course.reference.layers": ("course.reference.inputs",),
    "course.reference.sequential": ("course.reference.sequential", "course.data.progress", "course.files"),
    "course.plots": ("course.plots",),
    "course.live": ("course.plots", "course.data.progress"),
    "course.checkpoint": ("course.files", "course.reference.trainer"),
    "course.submission": ("course.submission", "course.checks", "course.data", "course.files",
                          "course.reference"),
    "course.augment": (),
    "course.deeper": ("course.reference",),
    "course.schedules": (),
    "course.train": ("course.augment", "course.checkpoint", "course.data", "course.deeper", "course.live",
                     "course.reference", "course.schedules"),
    "course.lessons": ("course",),
    "course.lectures": ("course",),
    "course.mistakes": ("course.mistakes", "course.reference"),
    "autograder": ("autograder", "course.checks", "course.files"),
    "autograder.collect": ("autograder", "course.submission.weights"),
    "autograder.cluster": ("autograder", "course"),
    "autograder.weights": ("course.checks", "course.submission"),
    "autograder.build": ("autograder.build", "autograder.configuration", "autograder.errors",
                         "autograder.root", "course"),
    "autograder.student": ("autograder.student", "autograder.build", "autograder.errors", "course.version"),
    "autograder.demo": ("autograder", "course"),
    "autograder.sandbox": ("autograder.sandbox", "course.checks.answer"),
    "autograder.sandbox.preloaded": ("autograder.sandbox", "course"),
    "autograder.scoring": ("autograder.errors", "autograder.sanitise", "course.checks"),
    "autograder.engine": ("autograder.run", "autograder.sandbox", "autograder.sanitise", "autograder.scoring",
                          "autograder.bundle", "autograder.errors", "autograder.notebooks",
                          "autograder.trust", "autograder.weights", "course.checks"),
    "autograder.reports": ("autograder.reports", "autograder.errors", "autograder.notebooks",
                           "course.checks.render"),
    "benchmarks": ("benchmarks", "course", "autograder"),
    "benchmarks.explorers": ("benchmarks", "course", "tests.explorer_pages", "tests.test_explorer_browser"),
    "autograder.site": ("autograder", "course.explorers", "course.files"),
    "autograder.teaching": ("autograder.build", "course.checks", "course.files", "course.mistakes"),
    "tests": ("course", "autograder", "benchmarks", "tools", "tests"),
    "tools": (),
}
# What a module may import only inside a function: the students' package has it not.
LATE = {
    "course.checks.oracle": ("course.reference", "course.mistakes"),
    "course.checks.namespace": ("course.submission.ladder",),
}
# What only one module may import.
RESERVED = {"nbgrader.api": "autograder.gradebook"}
# What of others' packages these may import; all other modules: what pyproject.toml declares.
OTHERS = {
    "course.data": {"numpy", "tqdm"},
    "course.data.download": {"pooch", "requests"},
    "course.record": {"numpy"},
    "course.reference": {"numpy"},
    "course.reference.sequential.weights": {"numpy", "h5py"},
    "course.plots": {"numpy", "matplotlib", "IPython"},
    "course.live": {"IPython"},
    "course.explorers": {"numpy", "matplotlib", "ipywidgets", "anywidget", "traitlets"},
}
# Not declared: a second opinion where it happens to be installed.
OPTIONAL = {"torch"}


def short(path):
    """Return the path of a file of ours as a reader says it."""
    return path.relative_to(ROOT).as_posix()


def name_of(path):
    """Return the dotted name of a file of ours."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def within(name, packages):
    """Return whether name is one of packages or lies inside one."""
    return any(name == package or name.startswith(package + ".") for package in packages)


def row(table, name):
    """Return the key of table that fits name most closely, or None."""
    return max((key for key in table if within(name, [key])), key=len, default=None)


@cache
def tree(path):
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def targets(node, path):
    """Return the dotted names that one import statement, or a call of import_module, asks for."""
    package = path.relative_to(ROOT).parts
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        base = ".".join([*package[: -node.level or 0], *([node.module] if node.module else [])])
        inner = [f"{base}.{alias.name}" for alias in node.names]
        return [name if name in MODULES else base for name in inner]
    if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module"):
        asked = re.match(r"""f?['"](\.*)([\w.]*)""", ast.unparse(node.args[0]))
        if asked:  # of a name that is put together at run time, the start
            parts = [*package[: -len(asked[1]) or 0], asked[2]]
            return [".".join(parts).rstrip(".")]
    return []


def edits_path(node):
    """Return whether a node changes sys.path, or gives it another name under which it could be."""
    if isinstance(node, ast.ImportFrom):
        return node.module == "sys" and any(alias.name == "path" for alias in node.names)
    if isinstance(node, ast.Call):
        called = ast.unparse(node.func)
        return called.startswith("sys.path.") or called.split(".")[-1] == "addsitedir"
    if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign | ast.Delete | ast.NamedExpr):
        changed = getattr(node, "targets", None) or [node.target]
        touched = [ast.unparse(target).split("[")[0] for target in changed]
        return "sys.path" in touched or (getattr(node, "value", None) is not None
                                         and ast.unparse(node.value) == "sys.path")
    return False


@cache
def imports(path):
    """Return the set of (imported name, late) of a file; late: inside a function."""
    late = {inner for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef | ast.Lambda)
            for inner in ast.walk(node)}
    return {(name, node in late) for node in ast.walk(tree(path)) for name in targets(node, path)}


MODULES = {name_of(path): path for path in FILES}
IMPORTED = sorted((name, target, late) for name, path in MODULES.items() for target, late in imports(path))
OWN = [case for case in IMPORTED if within(case[1], OURS)]
FOREIGN = [case for case in IMPORTED
           if not within(case[1], OURS) and case[1].split(".")[0] not in sys.stdlib_module_names]


def test_imports_of_every_kind_are_found():
    assert {(name, target) for name, target, _ in OWN} >= {
        ("tests.test_environment", "tools.venv"),
        ("course.reference.sandwiches", "course.reference.layers"),
        ("course.checks.oracle", "course.mistakes"),
        ("course.checks.oracle", "course.reference"),
    }
    assert ("course.reference.layers", "numpy", False) in FOREIGN


@pytest.mark.parametrize("name", [*MAY_IMPORT, *LATE, *RESERVED.values(), *OTHERS])
def test_every_row_of_the_tables_is_about_something_that_exists(name):
    assert any(within(module, [name]) for module in MODULES)


def test_modules_of_ours_import_only_what_their_row_allows():
    late_too = {name: (*MAY_IMPORT[row(MAY_IMPORT, name)], *LATE.get(name, ())) for name in MODULES}
    wrong = [f"{name} imports {target}" for name, target, late in OWN
             if not within(target, late_too[name] if late else MAY_IMPORT[row(MAY_IMPORT, name)])]
    assert wrong == []


def test_nothing_imports_in_a_circle():
    graph = {name: {target for source, target, _ in OWN if source == name} - {name} for name in MODULES}
    TopologicalSorter(graph).prepare()


def test_every_package_of_others_is_declared():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    wanted = [line for name in extras.keys() - {"test"} for line in extras[name]]  # by who has asked for it
    distributions = packages_distributions()
    undeclared = set()
    for name, target, _ in FOREIGN:
        tests = extras["test"] if within(name, ["tests", "benchmarks"]) else []
        lines = project["dependencies"] + wanted + tests
        declared = {canonicalize_name(Requirement(line).name) for line in lines}
        package = target.split(".")[0]
        known = {canonicalize_name(distribution) for distribution in distributions.get(package, ())}
        if not known & declared and package not in OPTIONAL:
            undeclared.add(f"{name} imports {package}")
    assert undeclared == set()


def test_some_modules_keep_to_few_packages_of_others():
    wrong = [f"{name} imports {target}" for name, target, _ in FOREIGN
             if row(OTHERS, name) and target.split(".")[0] not in OTHERS[row(OTHERS, name)]]
    assert wrong == []


def test_a_reserved_package_has_one_importer():
    wrong = [f"{name} imports {target}" for name, target, _ in FOREIGN for package, owner in RESERVED.items()
             if within(target, [package]) and name != owner and not within(name, ["tests"])]
    assert wrong == []


def test_no_file_imports_with_a_star():
    starred = [f"{short(path)}:{node.lineno}" for path in FILES for node in ast.walk(tree(path))
               if isinstance(node, ast.ImportFrom) and node.names[0].name == "*"]
    assert starred == []


def test_no_file_edits_the_path_of_modules():
    edits = [f"{short(path)}:{node.lineno}" for path in FILES for node in ast.walk(tree(path))
             if edits_path(node)]
    assert edits == []


@pytest.mark.parametrize("text", [
    "sys.path.insert(0, '..')", "if here:\n    sys.path.append('..')", "site.addsitedir('..')",
    "sys.path += ['..']", "sys.path = []", "sys.path[0] = '..'", "del sys.path[0]",
    "from sys import path", "p = sys.path",
])
def test_every_way_to_edit_the_path_is_seen(text):
    assert any(edits_path(node) for node in ast.walk(ast.parse(text)))


def test_no_file_is_longer_than_a_sitting():
    scripts = (ROOT / "course").rglob("*.mjs")
    files = [*(path for path in FILES if LESSONS not in path.parents), *scripts]
    lines = {short(path): len(path.read_text(encoding="utf-8").splitlines()) for path in files}
    assert {path: count for path, count in lines.items() if count > LIMIT_LINES} == {}
