"""Wrong answers that the course does not know: what people might write whose mistake is in no list.

They were written from the lessons' texts and docstrings, without a look at what the checks recognise, and
so were the words that a helpful statement about each would hold. Those that turned out to be known were
replaced.
"""

from dataclasses import dataclass
from importlib import import_module

MORE_THAN_ONE = (  # samples or images
    "single (sample|image)",
    "more than one (sample|image)",
    r"\b[Nm] = 1\b",
    r"\b[Nm] > 1\b",
    r"\b[Nm] is larger than 1",
)


@dataclass(frozen=True)
class Stranger:
    """A wrong answer.

    stem: the function that it answers.  slug: a name for it.  fault: what is wrong, in words.
    says: regular expressions; a statement that holds any of them would help its writer.
    source: the function, standing alone where np is known, and what its lesson gives.
    also: further ones, added when the statements were read: other words for the same.
    names: known mistakes whose sentence is true of it too.
    """

    stem: str
    slug: str
    fault: str
    says: tuple[str, ...]
    source: str
    also: tuple[str, ...] = ()
    names: tuple[str, ...] = ()

    @property
    def name(self):
        return f"{self.stem}.{self.slug}"


def strangers(lesson):
    """Return the wrong answers to a lesson's TODOs."""
    return import_module(f"tests.strangers.{lesson.replace('-', '_')}").STRANGERS
