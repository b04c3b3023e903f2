"""The learning rate over the epochs, and when to end early: callbacks for course.reference.trainer.

Both look at the training alone and remember nothing, so a training that goes on needs nothing of them. A
Schedule stands before a Checkpoint in the list of callbacks: it sets the rate that the checkpoint keeps.
"""

from dataclasses import dataclass
from math import cos, pi

import numpy as np


def cosine(done):
    """Return (1 + cos(pi done)) / 2, from 1 to 0; done: which part of the training is over."""
    return (1 + cos(pi * done)) / 2


def step(done):
    """Return 1, from one half of the training on 0.1, and from three quarters on 0.01."""
    return 0.01 if done >= 0.75 else 0.1 if done >= 0.5 else 1.0


SCHEDULES = {"cosine": cosine, "step": step}


@dataclass(frozen=True)
class Schedule:
    """Set the next epoch's learning rate: shape(epochs over / num_epochs) times learning_rate."""

    name: str
    learning_rate: float
    num_epochs: int

    def __call__(self, step):
        """Set the rate, if an epoch ends with this step."""
        if step.training is not None:
            done = step.training.epochs / self.num_epochs
            step.training.learning_rate = SCHEDULES[self.name](done) * self.learning_rate


@dataclass(frozen=True)
class EarlyStopping:
    """End a training when so many measurements in a row were no better on validation data than the best."""

    patience: int

    def __call__(self, step):
        """Return whether the training ends with this step, which only an epoch's last one may."""
        return step.training is not None and self.over(step.training)

    def over(self, training):
        """Return whether a training has waited long enough."""
        measured = training.val_acc_history
        return len(measured) - 1 - int(np.argmax(measured)) >= self.patience
