"""The bank of known answers: wrong ones with names, and right ones that differ from the reference.

It stays with the teacher: students never get this package.
"""

import ast
from functools import cache
from importlib import import_module
from pathlib import Path

from .mistake import FAULTS, Mistake, define

__all__ = ["FAULTS", "LESSONS", "Mistake", "define", "find", "mistakes", "right_ways"]

LESSONS = (
    "perceptron-xor",
    "two-layer-net",
    "conv-step-by-step",
    "modular-layers",
    "convnet-cifar10",
    "more-layers",
)
WAYS = Path(__file__).parent / "right_ways"


def mistakes(lesson):
    """List the known mistakes of a lesson, TODO by TODO in the lesson's order.

    Raises ValueError when the lesson has no bank.
    """
    return list(import_module(f".{folder(lesson)}", __name__).MISTAKES)


def find(name):
    """Return the mistake with this name, e.g. "affine_forward.bias_forgotten".

    Raises KeyError when there is none.
    """
    for lesson in LESSONS:
        for mistake in mistakes(lesson):
            if mistake.name == name:
                return mistake
    raise KeyError(f"no known mistake is called {name!r}")


def right_ways(lesson):
    """Return right answers that differ from the reference: {stem: {name of the way: source text}}.

    Each text stands alone where `np` is known, and what the lesson's reference is made of, and defines the
    function called `stem`. A backward pass that reads a cache of its own comes with the forward pass that
    makes it, in the same text.

    Raises ValueError when the lesson has no bank.
    """
    ways = {}
    for path in sorted((WAYS / folder(lesson)).glob("*.py")):
        for stem, source in functions(path).items():
            ways.setdefault(stem, {})[path.stem] = source
    for path in sorted((WAYS / folder(lesson) / "pairs").glob("*.py")):
        sources = functions(path)
        for stem, source in sources.items():
            forward = sources[stem.replace("_backward", "_forward").replace("_grads", "_scores")]
            ways.setdefault(stem, {})[path.stem] = source if source == forward else f"{forward}\n\n{source}"
    return ways


@cache
def functions(path):
    """Return the source text of each function in a Python file: {name: text}."""
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    return {
        node.name: ast.get_source_segment(text, node)
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
    }


def folder(lesson):
    """Name the folder of a lesson's bank, e.g. "modular_layers"."""
    if lesson not in LESSONS:
        raise ValueError(f"no bank of mistakes for lesson {lesson!r}; there is one for {', '.join(LESSONS)}")
    return lesson.replace("-", "_")
