"""What a check asks: a function, wherever it lives, and what comes back from one call of it."""

from __future__ import annotations

import copy
import io
import linecache
import sys
import time
import traceback
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

PRINTED = 2_000  # characters of a call's printed text that are kept
MESSAGE = 500  # characters of an error's message
WARNINGS = 10  # different warnings of a call
DEPTH = 16  # of containers in containers
DTYPES = frozenset("b1 i1 i2 i4 i8 u1 u2 u4 u8 f2 f4 f8 c8 c16".split())
NATIVE = frozenset(map(np.dtype, DTYPES))
BASES = {int: int.__int__, float: float.__float__, complex: complex.__complex__, str: str.__str__}


@dataclass(frozen=True, eq=False)
class Handle:
    """Stand for an object that stays where it was made; pass it back as an argument of a later call.

    kind: the name of the object's type.  holds: the object itself, or what the holder knows it by.
    """

    kind: str
    holds: object = field(repr=False)


@dataclass(frozen=True)
class Raised:
    """An exception that a call ended with.

    line, source: where, in the file or cell of the function, when that is known.
    written: False for NotImplementedError, which is what an unwritten function raises.
    """

    kind: str
    message: str
    line: int | None = None
    source: str | None = None
    written: bool = True


@dataclass(frozen=True)
class Reply:
    """What one call came to.

    value: None, a number, an array, a tuple, list or dict of such; a Handle for anything else.
    args: the arguments as they stand after the call, None when it has changed none.
    changed: the positions of the arguments that it has changed.
    """

    value: object = None
    args: tuple | None = None
    error: Raised | None = None
    printed: str = ""
    seconds: float = 0.0
    warnings: tuple[str, ...] = ()
    changed: tuple[int, ...] = ()

    @property
    def interrupted(self) -> bool:
        """Return True when the call did not end by itself: its user, or a time limit, has ended it."""
        return self.error is not None and self.error.kind == "KeyboardInterrupt"

    def changed_names(self, names: Sequence[str]) -> list[str]:
        """Return the names of the changed arguments, given the names of all of them."""
        return [names[position] for position in self.changed]


class Local:
    """Ask a function of this process, as one would ask a function that runs somewhere else.

    Each call works on copies of its arguments, so that no call can spoil the next one.
    """

    def __init__(self, function: Callable, name: str | None = None):
        self.name = name or getattr(function, "__name__", type(function).__name__)
        self._function = function

    def call(self, args: tuple, keep: tuple[int, ...] = ()) -> Reply:
        """Call the function once; whatever it raises becomes the reply's error.

        keep: positions in the returned tuple that are not read and stay behind a Handle.
        """
        # What is behind a Handle may be in the hands of the function too; of all else it gets copies alone.
        before = [_copied(argument) if isinstance(argument, Handle) else argument for argument in args]
        given = tuple([_copied(argument) for argument in args])
        value, raised, seconds = None, None, 0.0
        with warnings.catch_warnings(), np.errstate(), _Overheard() as heard:
            start = time.perf_counter()
            try:
                try:
                    value = self._function(*given)
                finally:
                    seconds = time.perf_counter() - start
                value = _kept(value, keep)
            except BaseException as error:  # a student's sys.exit() must not end a check either
                value, raised = None, _raised(error)
        changed = tuple([i for i, pair in enumerate(zip(before, given, strict=True)) if not _same(*pair)])
        after = tuple(_after(*pair) for pair in zip(args, given, strict=True)) if changed else None
        printed, warned = heard.printed.text(), tuple(heard.warned)
        return Reply(value, after, raised, printed, seconds, warned, changed)

    def map(self, calls: Sequence[tuple], keep: tuple[int, ...] = ()) -> list[Reply]:
        """Call the function once for each tuple of arguments.

        Once a call had to be interrupted no more are made: its reply stands for them.
        """
        replies = []
        for args in calls:
            replies.append(replies[-1] if replies and replies[-1].interrupted else self.call(args, keep))
        return replies


def plain(value: object, depth: int = 0) -> object:
    """Return a copy of a value as plain data; what is no plain data becomes a Handle.

    Subclasses (of arrays too) become what they are made of: they could agree to every comparison.
    """
    if value is None or type(value) in (bool, int, float, complex, str):
        return value
    if type(value) is np.ndarray and value.dtype in NATIVE:  # what it is most often
        return value.copy("K")
    if isinstance(value, np.generic) and value.dtype.str[1:] in DTYPES:
        return np.array(value, value.dtype.newbyteorder("="))[()]
    if isinstance(value, np.ndarray) and value.dtype.str[1:] in DTYPES:
        return np.array(value, value.dtype.newbyteorder("="), subok=False)
    for kind, base in BASES.items():
        if isinstance(value, kind) and not isinstance(value, np.generic):
            return base(value)
    if depth < DEPTH:
        if isinstance(value, (tuple, list)):
            parts = [plain(part, depth + 1) for part in value]
            return tuple(parts) if isinstance(value, tuple) else parts
        if isinstance(value, dict) and all(type(key) is str for key in value):
            return {key: plain(part, depth + 1) for key, part in value.items()}
    return _handle(value)


def _handle(value: object) -> Handle:
    """Return a Handle of an object; an array's dtype is part of its kind."""
    kind = f"array of {value.dtype}" if isinstance(value, np.ndarray) else type(value).__name__
    return Handle(str(kind)[:100], value)


def _kept(value: object, keep: tuple[int, ...]) -> object:
    """Return a returned value as plain data, but for the positions that stay behind a Handle."""
    if not isinstance(value, (tuple, list)):
        return plain(value)
    parts = [_handle(part) if i in keep else plain(part, 1) for i, part in enumerate(value)]
    return tuple(parts) if isinstance(value, tuple) else parts


def _copied(argument: object) -> object:
    """Return a deep copy of an argument, or of the object behind a Handle where that can be copied."""
    if type(argument) is np.ndarray:
        return argument.copy()
    if not isinstance(argument, Handle):
        return copy.deepcopy(argument)
    try:
        return copy.deepcopy(argument.holds)
    except Exception:  # a generator, a lock: any object can stand in a student's cache
        return argument.holds


def _after(argument: object, given: object) -> object:
    """Return an argument as it stands after the call, in the form in which it came."""
    return _handle(given) if isinstance(argument, Handle) else plain(given)


def _same(old: object, new: object, depth: int = 0) -> bool:
    """Return True when a copied object is still what it was, as far as plain data goes."""
    if old is new:  # a number is its own copy
        return True
    if type(old) is not type(new):
        return False
    if depth > DEPTH:  # a list that contains itself
        return True
    if isinstance(old, np.ndarray):
        if (old.shape, old.dtype) != (new.shape, new.dtype):
            return False
        return old.dtype.hasobject or old.tobytes() == new.tobytes()  # bytes: nan equals nan
    if isinstance(old, (tuple, list)):
        return len(old) == len(new) and all(_same(*pair, depth + 1) for pair in zip(old, new, strict=True))
    if isinstance(old, dict):
        return old.keys() == new.keys() and all(_same(old[key], new[key], depth + 1) for key in old)
    if isinstance(old, (bool, int, float, complex, str, np.generic)):
        return repr(old) == repr(new)
    return True


class _Printed(io.TextIOBase):
    """Keep the beginning of what is printed."""

    def __init__(self):
        self._parts, self._left = [], PRINTED

    def write(self, text: str) -> int:
        if self._left and text:
            self._parts.append(text[: self._left])
            self._left -= len(self._parts[-1])
        return len(text)

    def text(self) -> str:
        return "".join(self._parts)


class _Overheard:
    """Collect what is printed and warned of inside; whoever enters it puts the warnings' filters back."""

    def __init__(self):
        self.printed, self.warned = _Printed(), []

    def __enter__(self) -> _Overheard:
        self._streams = sys.stdout, sys.stderr
        sys.stdout = sys.stderr = self.printed
        warnings.simplefilter("always")
        warnings.showwarning = self._note  # a list of record=True would grow with every warning of a loop
        return self

    def __exit__(self, *_error) -> None:
        sys.stdout, sys.stderr = self._streams

    def _note(self, message, category, *_place) -> None:
        line = f"{category.__name__}: {message}"[:MESSAGE]
        if line not in self.warned and len(self.warned) < WARNINGS:
            self.warned.append(line)


def _raised(error: BaseException) -> Raised:
    """Return what is known of an exception that a call ended with."""
    try:
        message = str(error)[:MESSAGE]
    except Exception:
        message = "(an error without a readable message)"
    line, source = _place(error)
    return Raised(type(error).__name__, message, line, source, not isinstance(error, NotImplementedError))


def _place(error: BaseException) -> tuple[int | None, str | None]:
    """Return line number and text of the deepest line in the file of the called function."""
    frames = [(frame.f_code.co_filename, line) for frame, line in traceback.walk_tb(error.__traceback__)]
    called = frames[1][0] if len(frames) > 1 else __file__  # the first frame is the call in this module
    if called == __file__:
        return None, None
    line = [line for file, line in frames if file == called][-1]
    return line, linecache.getline(called, line).strip()[:MESSAGE] or None
