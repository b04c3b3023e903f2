"""The pages of the site, as Sphinx reads them: {path: text}."""

import ast
import inspect
import re
from pathlib import Path

import nbformat
from nbformat import NotebookNode, v4

from autograder import build, lectures, teaching
from autograder import slides as slideshow
from autograder.root import ROOT
from course import explorers

INDEX = """# {title}

A course in Jupyter notebooks, in NumPy: perceptrons, back-propagation, convolution, a ConvNet of one's own.
[The course](course.md) has six assignments and three lectures.

Move the sliders of [an explorer](explorers.ipynb): it answers at once, in your browser alone.

{parts}
"""
EXPLORERS = """# Explorers

Each answers at once: nothing is sent anywhere. Each control works by keyboard: Tab, arrows, space, Home, End.
"""
TITLE = "Neural networks from scratch"
WAITS = ("Dashboard",)  # shows a training, which a page cannot run
TITLES = {
    "ActivationExplorer": "Activations",
    "BackpropExplorer": "Back-propagation",
    "ChannelExplorer": "Channels and filters",
    "ConvBackwardExplorer": "Back through a convolution",
    "ConvExplorer": "Convolution",
    "FilterExplorer": "Filter lab",
    "LeNetExplorer": "LeNet",
    "PerceptronExplorer": "Perceptron and XOR",
    "PoolExplorer": "Pooling",
}  # others by their names
GUIDE = ("running", "site", "grading", "collect-and-export", "sandbox", "cluster", "weights", "deeper",
         "record", "honest-numbers", "speed", "mistakes", "add-a-todo")
OUTSIDE = re.compile(r"\[([^\]]+)\]\((\.\./[^)\s]+)\)")
LONG = 6  # lines of code that draws: more are folded


def texts(teachers: bool, root: Path = ROOT) -> dict[str, str]:
    """Return the site's pages; with what is for teachers alone, if asked."""
    found = {"course.md": inside((root / "docs" / "course.md").read_text(encoding="utf-8"), root)}
    found["explorers.ipynb"] = nbformat.writes(all_explorers(root))
    lecture_pages = {name: lecture(name, root) for name in build.lectures(root)}
    found |= {f"lectures/{name}.ipynb": nbformat.writes(page) for name, page in lecture_pages.items()}
    found |= reference(root)
    parts = [
        contents("The course", ["course", "explorers"]),
        contents("Lectures", [f"lectures/{name}" for name in lecture_pages]),
        contents("Reference", ["reference/index"]),
    ]
    if teachers:
        guide, lessons = for_teachers(root)
        found |= guide | lessons
        parts += [contents("Teacher's guide", guide), contents("Teaching a lesson", lessons)]
    found["index.md"] = INDEX.format(title=TITLE, parts="\n".join(parts))
    return found


def contents(caption: str, names) -> str:
    """Return a list of pages for the index and the menu."""
    lines = "\n".join(name.removesuffix(".md") for name in names)
    return f"```{{toctree}}\n:maxdepth: 1\n:caption: {caption}\n\n{lines}\n```\n"


def inside(text: str, root: Path = ROOT) -> str:
    """Return Markdown in which links to what the site does not have are their words alone."""

    def link(found):
        name = Path(found[2]).stem
        return f"[{found[1]}](lectures/{name}.ipynb)" if name in build.lectures(root) else found[1]

    return OUTSIDE.sub(link, text)


def lecture(name: str, root: Path = ROOT) -> NotebookNode:
    """Return a lecture's page: long code that draws is folded, and there is a way to its slides."""
    notebook = lectures.shown(name, root)
    for cell in notebook.cells:
        if cell.cell_type == "code" and draws(cell) and cell.source.count("\n") >= LONG:
            cell.metadata["tags"] = ["hide-input"]
    link = f'<p><a href="../slides/{name}.html">Slides of this lecture</a></p>'
    first = notebook.cells[0]
    heading, _, rest = first.source.partition("\n")
    first.source = f"{heading}\n\n{link}\n{rest}"
    return notebook


def draws(cell: NotebookNode) -> bool:
    """Return True for a code cell with a picture among its outputs."""
    return any(slideshow.image(output) for output in cell.outputs)


def all_explorers(root: Path = ROOT) -> NotebookNode:
    """Return a page with every explorer that needs nothing but its own settings, one below the other."""
    cells = [v4.new_markdown_cell(EXPLORERS, id="explorers")]
    for name in explorers.__all__:
        if name not in WAITS and needs_nothing(getattr(explorers, name)):
            source = f"from course.explorers import {name}\n\n{name}()"
            cells.append(v4.new_markdown_cell(f"## {titled(name)}", id=f"about-{name}"))
            cells.append(v4.new_code_cell(source, id=name, metadata={"tags": ["hide-input"]}))
    notebook = v4.new_notebook(cells=cells, metadata=build.cells.KERNEL)
    return lectures.executed("explorers", notebook, root)


def needs_nothing(kind: type) -> bool:
    """Return True when a class can be called without arguments."""
    optional = (inspect.Parameter.VAR_KEYWORD, inspect.Parameter.VAR_POSITIONAL)
    asked = inspect.signature(kind).parameters.values()
    return all(one.kind in optional or one.default is not one.empty for one in asked)


def titled(name: str) -> str:
    """Return the title of an explorer: "ReceptiveFieldExplorer" is "Receptive field"."""
    words = re.findall(r"[A-Z][a-z0-9]*", name.removesuffix("Explorer"))
    return TITLES.get(name) or " ".join(words).capitalize()


def reference(root: Path = ROOT) -> dict[str, str]:
    """Return the pages of the reference package: what its functions do, take and return, but not how."""
    folder = root / "course" / "reference"
    modules = {}
    for path in sorted(folder.rglob("*.py")):
        name = ".".join(("course", "reference", *path.relative_to(folder).with_suffix("").parts))
        modules[name.removesuffix(".__init__")] = path
    found, lines = {}, []
    for name, path in modules.items():
        short = name.removeprefix("course.reference").lstrip(".")
        is_package = path.name == "__init__.py"
        said = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))).splitlines()[0]
        if short:
            options = "   :no-members:\n" if is_package else ""
            body = f"```{{eval-rst}}\n.. automodule:: {name}\n{options}```"
            found[f"reference/{short}.md"] = f"# {short}\n\n{body}\n"
            lines.append(f"- [`{name}`]({short}.md): {said}")
    pages = "\n".join(path.removeprefix("reference/").removesuffix(".md") for path in found)
    tree = f"```{{toctree}}\n:hidden:\n\n{pages}\n```"
    intro = "What the functions of `course.reference` do, in the words in which the lessons ask for them."
    found["reference/index.md"] = "\n\n".join(["# Reference", intro, "\n".join(lines), tree, ""])
    return found


def for_teachers(root: Path = ROOT) -> tuple[dict[str, str], dict[str, str]]:
    """Return the pages of the guide, and one for each lesson: rubric, sample answers, mistakes to expect."""
    docs = root / "docs"
    guide, lessons = {}, {}
    for path in (docs / f"{name}.md" for name in GUIDE):
        guide[path.name] = inside(path.read_text(encoding="utf-8"), root)
    for name in build.lessons(root):
        samples = (docs / "teaching" / f"{name}.md").read_text(encoding="utf-8")
        lessons[f"teaching/{name}.md"] = teaching.page(build.read(name, root), samples)
    return guide, lessons


def slides(folder: Path, root: Path = ROOT) -> None:
    """Write the slides of every lecture."""
    for name in build.lectures(root):
        slideshow.write(name, folder, root)
