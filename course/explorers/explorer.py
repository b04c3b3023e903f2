"""What all explorers share in Python: the display, the words, and how a setting is declared."""

import inspect
from pathlib import Path

from anywidget import AnyWidget
from traitlets import Bool, Enum, Float, Int, TraitType, Unicode, default

HERE = Path(__file__).parent


def setting(value, least, most):
    """Return a number that the reader may set, from least to most; whole when `value` is an int."""
    kind = Int if isinstance(value, int) else Float
    return kind(value, min=least, max=most).tag(sync=True, setting=True)


def choice(value, values):
    """Return one of several values that the reader may choose."""
    return Enum(list(values), default_value=value).tag(sync=True, setting=True)


def switch(value):
    """Return something that the reader may turn on and off."""
    return Bool(value).tag(sync=True, setting=True)


class Explorer(AnyWidget):
    """A widget that the browser draws without the kernel, with a still picture and words for everyone else.

    A subclass gives `_esm` (a bundle), its settings, `alt` (the picture in words) and `figure()` (a Picture).
    The first line of its docstring stands above it.
    """

    _esm = "export default { render() {} };"
    _css = HERE / "explorer.css"

    what = Unicode(help="what it shows").tag(sync=True)

    @default("what")
    def _first_line(self):
        # A widget's class is made anew for its traits, and has no docstring of its own.
        said = next(kind.__doc__ for kind in type(self).__mro__ if kind.__doc__)
        return inspect.cleandoc(said).splitlines()[0]

    @property
    def settings(self):
        """The reader's settings, {name: value}, in the order in which they are declared."""
        declared = (name for kind in reversed(type(self).__mro__) for name, trait in vars(kind).items()
                    if isinstance(trait, TraitType) and trait.metadata.get("setting"))
        return {name: getattr(self, name) for name in dict.fromkeys(declared)}

    def _repr_mimebundle_(self, **kwargs):
        # The picture stays in the saved notebook, for GitHub, nbconvert and a reopened page without a kernel.
        picture, alt = self.figure()._repr_mimebundle_()
        widget, metadata = super()._repr_mimebundle_(**kwargs)
        return picture | widget | {"text/plain": repr(self)}, alt | metadata

    def __repr__(self):
        settings = ", ".join(f"{name}={value!r}" for name, value in self.settings.items())
        return f"{type(self).__name__}({settings}): {self.alt}"


class AskingExplorer(Explorer):
    """An explorer with a question: guess first, then see. Nothing is graded."""

    guessed = Int(0, min=0, help="questions that were answered").tag(sync=True)
    right = Int(0, min=0, help="of these, those answered rightly").tag(sync=True)
