"""What a training shows while it runs: callbacks for course.reference.trainer.

    trainer.train(..., callback=[live.Progress(), live.Plot()])

Each begins anew with the first step of a training, so one may serve for several in a row.
"""

from math import isnan, nan
from time import monotonic

from IPython import get_ipython
from IPython.display import display

from . import plots
from .data.progress import Bar


class Progress:
    """A bar with the time left, the last loss and the last validation accuracy.

    It shows in a notebook and in a terminal, there on stderr.
    """

    def __init__(self, what="Training"):
        self.what, self.bar = what, None

    def __call__(self, step):
        """Move the bar to this step of the training."""
        if self.bar is None or step.iteration <= self.bar.n or step.iterations != self.bar.total:
            self.start(step)
        if step.val_accuracy is not None:
            said = f"loss {step.loss:.3f}, validation {step.val_accuracy:.1%}"
            self.bar.set_postfix_str(said, refresh=False)
        self.bar.update(step.iteration - self.bar.n)
        if step.iteration == step.iterations:
            self.bar.close()

    def start(self, step):
        """Put a new bar below what has been shown so far."""
        if self.bar is not None:
            self.bar.close()
        self.bar = Bar(
            total=step.iterations, initial=step.iteration - 1, desc=self.what, unit=" steps", mininterval=0.2
        )


class Plot:
    """Loss and accuracy as curves that grow: one picture, drawn anew every few seconds.

    The last step of a training draws it a last time; where something else ends the training, call draw().
    Outside of a notebook nothing is shown.
    """

    def __init__(self, seconds=2.0):
        self.seconds, self.losses, self.measured, self.iterations = seconds, [], [], None

    def __call__(self, step):
        """Take note of this step of the training, and draw when it is time."""
        if step.iteration <= len(self.losses) or step.iterations != self.iterations:
            self.start(step)
        self.losses.append(step.loss)
        if step.val_accuracy is not None:
            self.measured.append((step.iteration, step.train_accuracy, step.val_accuracy))
        if step.iteration == step.iterations or monotonic() >= self.due:
            self.draw()

    def start(self, step):
        """Forget an earlier training; the picture of this one gets a place of its own."""
        self.losses = [nan] * (step.iteration - 1)  # a training that goes on: its losses so far are not known
        self.measured, self.iterations = [], step.iterations
        self.handle, self.due = None, monotonic() + self.seconds

    def draw(self):
        """Show the training so far, in place of the picture before."""
        if not in_notebook() or not self.measured:
            return
        begun = monotonic()
        measured, train_acc, val_acc = zip(*self.measured, strict=True)
        axes = plots.training(self.losses, train_acc, val_acc, measured, self.iterations)
        first = next((loss for loss in self.losses if not isnan(loss)), nan)
        alt = (
            f"The loss of {len(self.losses)} of {self.iterations} iterations, from {first:.3f} to "
            f"{self.losses[-1]:.3f}, and the accuracies: training {train_acc[-1]:.1%}, "
            f"validation {val_acc[-1]:.1%}."
        )
        picture = {"text/html": plots.html_of(axes, alt, steady=True), "text/plain": alt}
        if self.handle is None:
            self.handle = display(picture, raw=True, display_id=True)
        else:
            self.handle.update(picture, raw=True)
        now = monotonic()
        self.due = now + max(self.seconds, 4 * (now - begun))  # at least four fifths of the time to train


def in_notebook():
    """Return whether a notebook's kernel runs this, so that pictures can be shown."""
    return hasattr(get_ipython(), "kernel")
