"""A known wrong answer: the reference function with a small edit, and what to say about it."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

FAULTS = {
    "wrong": "costs the groups of cases in which it answers wrongly",
    "care": "right on ordinary inputs; costs the care group",
    "note": "right, and named; costs nothing",
    "convention": "another agreement than the task's text, accepted; costs nothing",
}


@dataclass(frozen=True)
class Mistake:
    """A wrong answer to one TODO.

    reference: the right function.  slug: the name without the stem.  fault: a key of FAULTS.
    edits: pairs (old, new) on the reference's source.  sentence: what went wrong, said to the student.
    hints: three, from vague to concrete.  reads: the heading in the lesson to read again.
    """

    reference: Callable
    slug: str
    fault: str
    edits: tuple[tuple[str, str], ...]
    sentence: str
    hints: tuple[str, ...]
    reads: str

    @property
    def stem(self):
        """Name the TODO, e.g. "affine_forward"."""
        return self.reference.__name__

    @property
    def name(self):
        """Name the mistake, e.g. "affine_forward.bias_forgotten"."""
        return f"{self.stem}.{self.slug}"

    @cached_property
    def source(self):
        """Return the reference's source with every edit made.

        Raises ValueError when the text to replace does not stand exactly once in the reference.
        """
        source = inspect.getsource(self.reference)
        for old, _ in self.edits:
            if source.count(old) != 1:
                raise ValueError(
                    f"{self.name}: expected {old!r} once in the reference's source, "
                    f"found it {source.count(old)} times; bring the edit up to date"
                )
        for old, new in self.edits:
            source = source.replace(old, new)
        return source

    @cached_property
    def function(self):
        """Return the wrong answer as a function that knows what the reference's module knows."""
        return define(self.source, self.name, self.reference.__globals__)[self.stem]


def define(source, name, known):
    """Run a source text where the names in `known` stand for something; return all names afterwards."""
    names = dict(known)
    exec(compile(source, f"<{name}>", "exec"), names)
    return names


def about(reference, reads):
    """Return a function that makes Mistakes of one reference function, read about under one heading."""

    def mistake(fault, slug, edits, sentence, *hints):
        return Mistake(reference, slug, fault, tuple(edits.items()), sentence, hints, reads)

    return mistake
