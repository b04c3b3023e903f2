"""Which submissions are more alike than is usual in their class: a reason to talk, never a proof.

Short right answers are alike by nature. So nothing is said of a pair by itself: in each cell the class's
usual likeness, the median over all pairs, is taken off first, and a pair stands out only among all pairs.
Names that students choose themselves, comments and released lines do not count.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import count

import nbformat
import numpy as np
from nbformat import NotebookNode
from pygments.lexers import PythonLexer
from pygments.token import Comment, Keyword, Name, String, Text, Whitespace
from rapidfuzz.distance import Indel
from rapidfuzz.process import cdist

from autograder.engine import Result
from autograder.sanitise import is_answer

SHORTEST = 15  # tokens: what is shorter is alike by chance
SPREADS = 5.0  # how far from the class's middle a pair stands out
STANDS_OUT = (0.5, 0.95)  # never below the first, always from the second on
COMMON = 0.1  # of all pairs: a cell that fewer have written says nothing of what is usual
ABOVE = 0.1  # above the usual likeness of a cell: it is shown
OWN = "own cells"


@dataclass(frozen=True)
class Likeness:
    """One cell of a pair: how alike its two versions are, and how alike any two of the class usually are."""

    cell: str
    alike: float
    usual: float
    sources: tuple[str, str]


@dataclass(frozen=True)
class Pair:
    """Two students. above: 0 where their work is as alike as is usual, 1 where it is the same throughout."""

    students: tuple[str, str]
    above: float
    cells: tuple[Likeness, ...]


@dataclass(frozen=True)
class Similarity:
    """What comparing a class found. above: of all pairs.  bound: from where on a pair stands out."""

    students: int
    above: np.ndarray
    bound: float
    pairs: tuple[Pair, ...]


@dataclass(frozen=True)
class Work:
    """What a student wrote in each cell: {cell: source} and {cell: the same as a string of codes}."""

    student: str
    sources: dict[str, str]
    codes: dict[str, str]


class Coder:
    """Turn what a student wrote into a string, one letter a token, without what was released."""

    def __init__(self, release: NotebookNode):
        self._lexer = PythonLexer(stripnl=False, stripall=False)
        sources = [cell.source for cell in release.cells]
        self._lines = {line.strip() for source in sources for line in source.splitlines()}
        code = "\n".join(cell.source for cell in release.cells if cell.cell_type == "code")
        self._names = {text for kind, text in self._lexer.get_tokens(code) if kind in Name}
        self._letters: dict[str, str] = {}
        self._next = map(chr, count(0x4E00))  # far from the surrogates, which no string may hold alone

    def code(self, source: str) -> str:
        """Return the letters of Python code; names of the student's own are all the same."""
        lines = source.splitlines()
        released = [line.strip() in self._lines for line in lines] + [True]
        words, at, previous = [], 0, ""
        for kind, text in self._lexer.get_tokens(source):
            if not released[min(at, len(lines))] and not _says_nothing(kind):
                words.append(self._word(kind, text, previous))
                previous = text
            at += text.count("\n")
        return self._coded(words)

    def prose(self, source: str) -> str:
        """Return the letters of words."""
        own = [line for line in source.splitlines() if line.strip() not in self._lines]
        return self._coded(" ".join(own).casefold().split())

    def _word(self, kind, text: str, previous: str) -> str:
        if kind in String:
            return "'"
        is_kept = kind in Name.Builtin or kind in Keyword or previous == "." or text in self._names
        return text if kind not in Name or is_kept else "a name"

    def _coded(self, words: Iterable[str]) -> str:
        for word in words:
            if word not in self._letters:
                self._letters[word] = next(self._next)
        return "".join(self._letters[word] for word in words)


def _says_nothing(kind) -> bool:
    return any(kind in group for group in (Text, Whitespace, Comment, String.Doc))


def work_of(result: Result, release: NotebookNode, coder: Coder) -> Work:
    """Return what a student wrote: each answer, and all cells of the student's own, whatever their order."""
    known = {cell.id: cell for cell in release.cells}
    released = {cell.source for cell in release.cells}
    sources, codes, own = {}, {}, []
    for cell in nbformat.reads(result.notebook.decode(), as_version=4).cells:
        if cell.id in known and is_answer(known[cell.id]):
            sources[cell.id] = cell.source
            codes[cell.id] = coder.code(cell.source) if cell.cell_type == "code" else coder.prose(cell.source)
        elif cell.cell_type == "code" and cell.source not in released:
            own.append((coder.code(cell.source), cell.source))
    own = sorted((code, source) for code, source in own if code)
    sources[OWN] = "\n\n".join(source for _, source in own)
    codes[OWN] = "".join(code for code, _ in own)
    told = {name: code for name, code in codes.items() if len(code) >= SHORTEST}
    return Work(result.student, sources, told)


def compare(results: Iterable[Result], release: NotebookNode) -> Similarity:
    """Compare each two submissions that could be graded; pairs that stand out come most alike first."""
    coder = Coder(release)
    works = [work_of(result, release, coder) for result in results if result.state != "failed"]
    first, second = np.triu_indices(len(works), k=1)
    cells = dict.fromkeys(name for work in works for name in work.codes)
    tables = {cell: _alike([work.codes.get(cell, "") for work in works], first, second) for cell in cells}
    tables = {cell: table for cell, table in tables.items() if table[1].any()}
    usual = _usual(tables)
    over, possible = np.zeros(len(first)), np.zeros(len(first))
    for cell, (alike, weight) in tables.items():
        over += weight * np.clip(alike - usual[cell], 0, None)
        possible += weight * (1 - usual[cell])
    above = np.divide(over, possible, out=np.zeros_like(over), where=possible > SHORTEST)
    bound = _bound(above)
    chosen = [i for i in np.argsort(-above, kind="stable") if above[i] >= bound]
    pairs = [
        Pair(
            (works[first[i]].student, works[second[i]].student),
            float(above[i]),
            _standing_out(works[first[i]], works[second[i]], i, tables, usual),
        )
        for i in chosen
    ]
    return Similarity(len(works), above, bound, tuple(pairs))


def _alike(codes: list[str], first: np.ndarray, second: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return of each pair how alike a cell is, and how many tokens say so: 0 where one wrote nothing."""
    sizes = np.array([len(code) for code in codes], dtype=float)
    table = cdist(codes, codes, scorer=Indel.normalized_similarity, dtype=np.float32, workers=-1)
    both = (sizes[first] > 0) & (sizes[second] > 0)
    return table[first, second].astype(float), np.where(both, (sizes[first] + sizes[second]) / 2, 0.0)


def _usual(tables: dict[str, tuple[np.ndarray, np.ndarray]]) -> dict[str, float]:
    """Return {cell: usual likeness}; of a cell that few have written, what is usual in the others."""
    medians = {cell: float(np.median(alike[weight > 0])) for cell, (alike, weight) in tables.items()}
    common = [medians[cell] for cell, (_, weight) in tables.items() if np.mean(weight > 0) >= COMMON]
    elsewhere = float(np.median(common)) if common else 1.0
    return {
        cell: medians[cell] if np.mean(weight > 0) >= COMMON else elsewhere
        for cell, (_, weight) in tables.items()
    }


def _bound(above: np.ndarray) -> float:
    """Return from where on a pair stands out: so many spreads from the middle, both robust."""
    least, most = STANDS_OUT
    if not above.size:
        return most
    middle = np.median(above)
    spread = 1.4826 * np.median(np.abs(above - middle))
    return float(min(most, max(least, middle + SPREADS * spread)))


def _standing_out(one: Work, other: Work, i: int, tables: dict, usual: dict) -> tuple[Likeness, ...]:
    """Return the cells of pair i that are clearly more alike than usual, the most telling first."""
    telling = {
        cell: weight[i] * (alike[i] - usual[cell])
        for cell, (alike, weight) in tables.items()
        if weight[i] and alike[i] >= usual[cell] + ABOVE
    }
    return tuple(
        Likeness(cell, float(tables[cell][0][i]), usual[cell], (one.sources[cell], other.sources[cell]))
        for cell in sorted(telling, key=lambda cell: -telling[cell])
    )
