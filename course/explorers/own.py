"""The learner's own function behind a picture: it is called when settings change, and may do anything."""

import numpy as np
from traitlets import Dict

from course.explorers.explorer import Explorer

LONGEST = 200  # characters of a message that are shown


class ComparingExplorer(Explorer):
    """An explorer that may hold functions of the learner's, whose numbers are compared with the picture's."""

    own = Dict(help="what the learner's function gave, of which settings").tag(sync=True)

    def compare_with(self, functions, names, examine):
        """Call examine(), which gives what `outcome` gives, now and when one of these traits changes.

        functions: those that examine calls; None among them does not count. Without any nothing is compared.
        """
        called = [name_of(function) for function in functions if function is not None]
        if not called:
            return

        def answer(change=None):
            settings = [getattr(self, name) for name in names]
            if self.own.get("of") != settings:  # else several have changed at once, and this is done
                self.own = {"name": " and ".join(called), "of": settings} | examine()

        self.observe(answer, names=names)
        answer()

    def differing(self, name):
        """Return the cells (row, column) of an array in which the learner's function gave another number."""
        cells = (cell.removesuffix("]").split("[") for cell in self.own.get("wrong", []))
        return [tuple(map(int, place.split(", "))) for key, place in cells if key == name]


def name_of(function):
    """Return what a function is called."""
    return getattr(function, "__name__", type(function).__name__)


def outcome(function, arguments, returns, expected):
    """Call function(*arguments) and say what came of it, as plain data for the browser.

    returns: names of what it should return, ("out", "cache"), or one name.
    expected: {name: right numbers (n, m)}; the function returns them with axes of length 1 in front, four in
    all. Empty when there is nothing to compute: then it should raise ValueError.
    Returns {"line": one sentence, "amiss": whether it tells of a fault, "wrong": ["out[0, 1]", ...]}.
    Nothing that the function raises gets out, except what interrupts the kernel.
    """
    name = name_of(function)
    try:
        returned = function(*arguments)
    except NotImplementedError:
        return _fault(f"{name} is not written yet.")
    except Exception as error:
        if not expected and isinstance(error, ValueError):
            return {"line": f"{name} raised {_one_line(error)}: rightly, there is no output.", "amiss": False,
                    "wrong": []}
        return _fault(f"{name} raised {_one_line(error)}{_line_of(function, error)}.")
    if not expected:
        return _fault(f"{name} returned something, but there is no output: expected a ValueError.")
    if isinstance(returns, str):
        returns, returned = (returns,), (returned,)
    if not isinstance(returned, tuple) or len(returned) != len(returns):
        what = f"{len(returned)} values" if isinstance(returned, tuple) else _kind(returned)
        return _fault(f"{name} returned {what}, expected ({', '.join(returns)}).")
    values = dict(zip(returns, returned, strict=True))
    faults = [fault for key, right in expected.items() if (fault := _shape_fault(key, values[key], right))]
    return _fault(f"{name}: {faults[0]}.") if faults else _compared(name, values, expected)


def _shape_fault(key, value, right):
    wanted = (1,) * (4 - right.ndim) + right.shape if right.ndim > 1 else right.shape
    if not isinstance(value, np.ndarray):
        return f"{key} is {_kind(value)}, expected an array of shape {wanted}"
    if value.shape != wanted:
        return f"{key} has shape {value.shape}, expected {wanted}"
    return "" if value.dtype.kind in "fiub" else f"{key} has dtype {value.dtype}, expected numbers"


def _compared(name, values, expected):
    wrong, lines = [], []
    for key, right in expected.items():
        value = values[key].reshape(right.shape).astype(float)
        off = np.argwhere(~(np.abs(value - right) <= 1e-6 * np.maximum(1, np.abs(right))))
        if not off.size:
            continue
        cells = [f"{key}[{', '.join(map(str, cell))}]" for cell in off.tolist()]
        wrong += cells
        at = tuple(off[0])
        lines.append(f"{len(cells)} of {_count(right.size)} {'differs' if len(cells) == 1 else 'differ'}: "
                     f"{cells[0]} is {_said(right[at])}, yours is {_said(value[at])}")
    right_in_all = f"right in all {_count(sum(right.size for right in expected.values()))}"
    return {"line": f"{name}: {'; '.join(lines) or right_in_all}.", "amiss": bool(lines), "wrong": wrong}


def _fault(line):
    return {"line": line, "amiss": True, "wrong": []}


def _count(cells):
    return f"{cells} cell{'s' if cells > 1 else ''}"


def _kind(value):
    return "None" if value is None else f"a {type(value).__name__}"


def _one_line(error):
    message = " ".join(str(error).split())
    text = f"{type(error).__name__}: {message}" if message else type(error).__name__
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}..."


def _line_of(function, error):
    """Say in which line of the function it went wrong; nothing when it was not in there."""
    code, line, trace = getattr(function, "__code__", None), None, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code is code:
            line = trace.tb_lineno - code.co_firstlineno + 1
        trace = trace.tb_next
    return "" if line is None else f" (its line {line})"


def _said(number):
    return f"{round(float(number), 4) + 0:.10g}".replace("-", "−")
