"""Training: a loss with gradients and an update rule, over and over."""

from dataclasses import dataclass

import numpy as np

from . import updates

RULES = ("sgd", "momentum", "nesterov", "rmsprop", "adam")
WITH_MU = ("momentum", "nesterov")  # the rules that take mu, the trainer's momentum
MOST_MEASURED = 1000  # training samples whose accuracy is measured


@dataclass
class Training:
    """A training as it stands at the end of an epoch.

    states: {name: state} of the update rule.  few: the training samples whose accuracy is measured.
    epochs: how many are over.  learning_rate: of the next one.
    """

    model: dict
    states: dict
    best_model: dict | None
    few: np.ndarray
    rng: np.random.Generator
    learning_rate: float
    epochs: int
    loss_history: list
    train_acc_history: list
    val_acc_history: list

    def note(self, train_acc, val_acc):
        """Take note of accuracies, and of the model when it is the best so far."""
        if self.best_model is None or val_acc > max(self.val_acc_history):
            self.best_model = {name: value.copy() for name, value in self.model.items()}
        self.train_acc_history.append(train_acc)
        self.val_acc_history.append(val_acc)

    def result(self):
        """Return what ClassifierTrainer.train returns."""
        return self.best_model, self.loss_history, self.train_acc_history, self.val_acc_history


@dataclass(frozen=True)
class Step:
    """Where a training stands after one iteration.

    iteration: from 1 to iterations.  epoch: from 1.  loss: of this iteration's batch.
    train_accuracy, val_accuracy: None where they were not measured.  model: the parameters now.
    training: at the end of an epoch all that is needed to go on from here, else None.
    so_far: the training as it stands now, whether an epoch is over or not.
    """

    iteration: int
    iterations: int
    epoch: int
    loss: float
    learning_rate: float
    train_accuracy: float | None
    val_accuracy: float | None
    model: dict
    training: Training | None
    so_far: Training | None = None

    def result(self):
        """Return what ClassifierTrainer.train returns when it ends here."""
        return self.so_far.result()


def begin(model, N, learning_rate, rng):
    """Return a Training before its first step; the model is copied."""
    rng = np.random.default_rng() if rng is None else rng
    few = rng.permutation(N)[:MOST_MEASURED]  # drawn once: measuring does not change the training
    copied = {name: value.copy() for name, value in model.items()}
    return Training(copied, dict.fromkeys(model), None, few, rng, learning_rate, 0, [], [], [])


def accuracy(X, y, model, loss_function, batch_size=500):
    """Return which part of the samples has its largest score at the right label, a number from 0 to 1.

    X: (N, ...).  y: (N,).  loss_function(X, model) -> scores (N, C).
    """
    right = 0
    for start in range(0, len(X), batch_size):
        scores = loss_function(X[start : start + batch_size], model)
        right += np.sum(scores.argmax(axis=1) == y[start : start + batch_size])
    return float(right / len(X))


def batches(N, batch_size, rng):
    """Return the indices of each batch of an epoch: max(1, N // batch_size) arrays, no sample twice.

    batch_size: None for a single batch with all samples in their order.
    """
    if batch_size is None:
        return [np.arange(N)]
    order = rng.permutation(N)
    return [order[i * batch_size : (i + 1) * batch_size] for i in range(max(1, N // batch_size))]


class ClassifierTrainer:
    """Train a model, a dictionary of arrays, and keep the one that does best on validation data.

    rules: {name: update rule}, each called as rule(g, state, learning_rate) -> (dx, state), and with mu
    as well when its name is "momentum" or "nesterov".  None: those of course.reference.updates.
    """

    def __init__(self, rules=None):
        self.rules = rules

    def rule(self, name, mu):
        """Return the update rule of this name as a function of gradient, state and learning rate.

        Raises ValueError naming the known rules when there is none of this name.
        """
        known = RULES if self.rules is None else tuple(self.rules)
        if name not in known:
            raise ValueError(f"update must be one of {', '.join(known)}, got {name!r}")
        rule = getattr(updates, name) if self.rules is None else self.rules[name]
        settings = {"mu": mu} if name in WITH_MU else {}
        return lambda g, state, learning_rate: rule(g, state, learning_rate, **settings)

    def train(
        self,
        X,
        y,
        X_val,
        y_val,
        model,
        loss_function,
        reg=0.0,
        learning_rate=1e-2,
        momentum=0,
        learning_rate_decay=0.95,
        update="momentum",
        sample_batches=True,
        num_epochs=30,
        batch_size=100,
        acc_frequency=None,
        verbose=False,
        *,
        rng=None,
        callback=None,
        start=None,
    ):
        """Train a copy of a model and return the best one.

        An epoch has max(1, N // batch_size) iterations, or one with all samples when sample_batches is
        False; at its end the learning rate is multiplied by learning_rate_decay. Accuracies (the training
        accuracy on at most 1,000 samples) are measured after the first iteration, at the end of each epoch
        and every acc_frequency iterations. The best model is the first with the highest validation accuracy.

        X: (N, ...).  y: (N,).  X_val, y_val: validation data.  model: a dictionary of arrays; not modified.
        loss_function(X, model) -> scores (N, C); loss_function(X, model, y, reg) -> (loss, grads).
        update: the name of a rule, such as "sgd" or "adam".  momentum: mu of "momentum" and
        "nesterov"; with its default 0 they are plain gradient descent.  rng: a numpy Generator.
        callback: called with a Step after each iteration; True ends the training. A list: all of them are.
        start: a Training to go on from, to the same numbers as without the break; model, learning_rate and
        rng then come from it.
        Returns best_model, loss_history (one number an iteration), train_acc_history, val_acc_history.
        Raises ValueError when update is none of the known rules, or num_epochs is less than 1.
        """
        steps = self.steps(
            X, y, X_val, y_val, model, loss_function, reg, learning_rate, momentum, learning_rate_decay,
            update, sample_batches, num_epochs, batch_size, acc_frequency, rng=rng, start=start,
        )
        callbacks = callback if isinstance(callback, list | tuple) else [callback] if callback else []
        last = start
        for last in steps:
            if verbose and last.val_accuracy is not None:
                print(f"epoch {last.epoch} of {num_epochs}: loss {last.loss:.4f}, "
                      f"training {last.train_accuracy:.3f}, validation {last.val_accuracy:.3f}")
            if True in [call(last) is True for call in callbacks]:  # each is called, whoever ends it
                break
        return last.result()

    def steps(
        self,
        X,
        y,
        X_val,
        y_val,
        model,
        loss_function,
        reg=0.0,
        learning_rate=1e-2,
        momentum=0,
        learning_rate_decay=0.95,
        update="momentum",
        sample_batches=True,
        num_epochs=30,
        batch_size=100,
        acc_frequency=None,
        *,
        rng=None,
        start=None,
    ):
        """Return a generator that trains and yields a Step after each iteration; train runs through it.

        Arguments as for train. Whoever asks for the steps decides when the next one is taken, and with
        send(number) takes it with this learning rate in place of the present one.
        Raises ValueError as train does.
        """
        if num_epochs < 1:
            raise ValueError(f"num_epochs must be at least 1, got {num_epochs}")
        rule = self.rule(update, momentum)
        now = begin(model, len(X), learning_rate, rng) if start is None else start

        def measure():
            few = accuracy(X[now.few], y[now.few], now.model, loss_function)
            return few, accuracy(X_val, y_val, now.model, loss_function)

        def run():
            for epoch in range(now.epochs + 1, num_epochs + 1):
                drawn = batches(len(X), batch_size if sample_batches else None, now.rng)
                for at, batch in enumerate(drawn, start=1):
                    loss, grads = loss_function(X[batch], now.model, y[batch], reg)
                    for name, g in grads.items():
                        dx, now.states[name] = rule(g, now.states[name], now.learning_rate)
                        now.model[name] = now.model[name] + dx
                    now.loss_history.append(float(loss))
                    iteration, is_last, measured = len(now.loss_history), at == len(drawn), (None, None)
                    if iteration == 1 or is_last or (acc_frequency and iteration % acc_frequency == 0):
                        measured = measure()
                        now.note(*measured)
                    rate = now.learning_rate
                    if is_last:
                        now.epochs, now.learning_rate = epoch, rate * learning_rate_decay
                    step = Step(iteration, num_epochs * len(drawn), epoch, float(loss), rate, *measured,
                                now.model, now if is_last else None, now)
                    wanted = yield step
                    now.learning_rate = now.learning_rate if wanted is None else wanted

        return run()
