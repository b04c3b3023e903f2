"""`check`: what notebooks call, e.g. check.affine_forward(affine_forward, points=3)."""

from functools import partial
from html import escape

from ..version import VERSION
from .answer import Local
from .examine import examine
from .lessons import WEIGHED, checked, find
from .oracle import OracleError, recording
from .verdict import undecided, verdict
from .whole import answers_of


class Check:
    """The checks of the open lesson; each is a method with the name of its TODO."""

    def __init__(self):
        self.lesson, self.verdicts = None, {}

    def open(self, lesson):
        """Choose the lesson of this notebook and forget earlier verdicts."""
        checked(lesson)
        self.lesson, self.verdicts = lesson, {}

    def __getattr__(self, stem):
        try:
            task = find(stem)
        except KeyError as error:
            raise AttributeError(error.args[0]) from None
        return partial(self.one, task)

    def __dir__(self):
        return [*super().__dir__(), *(checked(self.lesson) if self.lesson else ())]

    def one(self, task, *functions, points=1):
        """Return the Verdict on a function; behind it stands the forward pass of a backward one.

        Of a whole net, functions are all that it is made of.
        """
        answer, forward = answers_of(task, [Local(function) for function in functions])
        try:
            results = examine(task, answer, forward)
            result = verdict(task, points, results, forward=forward)
        except OracleError as error:
            result = undecided(task.stem, points, str(error))
        self.verdicts[task.stem] = result
        return result

    def free_convnet(self, *, points=1):
        """Return the Verdict on the weights file beside the notebook."""
        from ..submission import ladder  # ships with the lesson that asks for weights

        result = self.verdicts[WEIGHED] = ladder.beside_the_notebook(points)
        return result

    def all(self):
        """Return the points so far, and what to do next."""
        return Overview(recording(self.lesson).points, dict(self.verdicts))


class Overview:
    """The state of a notebook: points so far, what is open, what comes next."""

    def __init__(self, points, verdicts):
        self.points, self.verdicts = points, verdicts

    def rows(self):
        """Return [(stem, state, points, of)] in the order of the lesson."""
        for stem, most in self.points.items():
            seen = self.verdicts.get(stem)
            yield stem, seen.status if seen else "not checked yet", seen.points if seen else 0.0, most

    def lines(self):
        """Return the sum, and the next thing to do."""
        rows = list(self.rows())
        todo = [stem for stem, state, _, _ in rows if state != "right"]
        after = (
            f"Next: {todo[0]}." if todo else "Every check passes. Answer the written question, then submit."
        )
        total = f"{sum(row[2] for row in rows):g} of {sum(row[3] for row in rows):g} points by checks."
        whole = "this notebook and weights.npz" if WEIGHED in self.points else "this notebook alone"
        return [total, after, f"Package: course {VERSION}. The submission is {whole}."]

    def __str__(self):
        table = [f"{stem:28}{state:18}{got:>6g} of {most:g}" for stem, state, got, most in self.rows()]
        return "\n".join([*table, *self.lines()])

    def _repr_mimebundle_(self, include=None, exclude=None):
        cells = "".join(
            f"<tr><td style='text-align:left'>{escape(stem)}</td><td style='text-align:left'>{state}</td>"
            f"<td>{got:g} of {most:g}</td></tr>"
            for stem, state, got, most in self.rows()
        )
        lines = "".join(f"<div>{escape(line)}</div>" for line in self.lines())
        return {"text/plain": str(self), "text/html": f"<table>{cells}</table>{lines}"}


check = Check()
