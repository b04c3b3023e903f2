"""The two-layer net and the trainer: known numbers, gradients, and what the trainer promises."""

import inspect

import numpy as np
import pytest

from course.gradient_check import check_gradient
from course.reference import trainer, updates
from course.reference.models import two_layer_net
from course.reference.nets import init_two_layer_model, two_layer_net_grads, two_layer_net_loss
from course.reference.trainer import ClassifierTrainer, accuracy

X = np.linspace(-0.2, 0.5, 20).reshape(5, 4)
Y = np.array([0, 1, 2, 2, 1])
RULES = ["sgd", "momentum", "nesterov", "rmsprop", "adam"]


def toy_model():
    return {
        "W1": np.linspace(-0.2, 0.6, 40).reshape(4, 10),
        "b1": np.linspace(-0.3, 0.7, 10),
        "W2": np.linspace(-0.4, 0.1, 30).reshape(10, 3),
        "b2": np.linspace(-0.5, 0.9, 3),
    }


def train(x=X, y=Y, x_val=X, y_val=Y, model=None, seed=0, **settings):
    model = toy_model() if model is None else model
    rng = np.random.default_rng(seed)
    return ClassifierTrainer().train(x, y, x_val, y_val, model, two_layer_net, rng=rng, **settings)


def same(one, other):
    return one.keys() == other.keys() and all(np.array_equal(one[name], other[name]) for name in one)


def test_the_toy_problem_has_its_known_loss():
    assert two_layer_net(X, toy_model(), Y, reg=0.1)[0] == pytest.approx(1.38191946092, abs=1e-11)


@pytest.mark.parametrize(
    "update, mu, last", [("sgd", 0, 0.940686), ("momentum", 0.9, 0.494394), ("rmsprop", 0, 0.439368)]
)
def test_training_the_toy_problem_ends_at_its_known_loss(update, mu, last):
    settings = {"learning_rate": 0.1, "learning_rate_decay": 1, "reg": 0.001, "momentum": mu}
    losses = train(num_epochs=100, sample_batches=False, update=update, **settings)[1]
    assert len(losses) == 100
    assert losses[-1] == pytest.approx(last, abs=1e-6)


def test_without_labels_scores_come_out():
    scores = two_layer_net(X, toy_model())
    assert scores.shape == (5, 3)
    right = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    assert two_layer_net(X, toy_model(), Y)[0] == pytest.approx(-np.log(right[np.arange(5), Y]).mean())


@pytest.mark.parametrize("reg", [0.0, 0.1, 2.0])
@pytest.mark.parametrize("name", toy_model())
def test_each_gradient_is_the_numerical_one(name, reg):
    model = toy_model()
    grads = two_layer_net(X, model, Y, reg)[1]
    assert grads.keys() == model.keys()
    outcome = check_gradient(
        lambda value: two_layer_net(X, {**model, name: value}, Y, reg)[0], model[name], grads[name]
    )
    assert outcome.verdict == "pass", str(outcome)


def test_the_gradient_of_the_scores_is_the_numerical_one():
    scores = two_layer_net(X, toy_model())
    dscores = two_layer_net_loss(scores, Y, toy_model(), 0.1)[1]
    outcome = check_gradient(lambda s: two_layer_net_loss(s, Y, toy_model(), 0.1)[0], scores, dscores)
    assert outcome.verdict == "pass", str(outcome)


def test_a_hidden_unit_at_exactly_zero_passes_no_gradient():
    hidden = np.zeros((5, 10))
    grads = two_layer_net_grads(np.ones((5, 3)), hidden, X, toy_model())
    assert not grads["W1"].any() and not grads["b1"].any() and grads["b2"].all()


def test_a_new_model_is_small_and_random_and_its_loss_is_that_of_a_guess():
    model = init_two_layer_model(4, 10, 3, rng=np.random.default_rng(1))
    assert {name: value.shape for name, value in model.items()} == {
        name: value.shape for name, value in toy_model().items()
    }
    assert not model["b1"].any() and not model["b2"].any()
    assert 0 < np.abs(model["W1"]).max() < 1e-4 and 0 < np.abs(model["W2"]).max() < 1e-4
    assert same(model, init_two_layer_model(4, 10, 3, rng=np.random.default_rng(1)))
    assert two_layer_net(X, model, Y)[0] == pytest.approx(np.log(3), abs=1e-6)


@pytest.mark.parametrize(
    "N, batch_size, per_epoch", [(5, 1, 5), (5, 2, 2), (5, 3, 1), (5, 5, 1), (5, 100, 1), (1, 100, 1)]
)
def test_an_epoch_has_as_many_iterations_as_full_batches_fit_and_at_least_one(N, batch_size, per_epoch):
    best, losses, train_acc, val_acc = train(X[:N], Y[:N], num_epochs=3, batch_size=batch_size)
    assert len(losses) == 3 * per_epoch
    assert best is not None and not same(best, toy_model())
    assert len(train_acc) == len(val_acc) == (3 if per_epoch == 1 else 4)


def test_a_batch_holds_samples_of_the_epoch_and_none_twice():
    rows = np.arange(10.0)[:, None]
    seen = []

    def loss_function(batch, model, y=None, reg=0.0):
        if y is None:
            return np.eye(2)[np.zeros(len(batch), int)]
        assert np.array_equal(y, batch[:, 0].astype(int))
        seen.append(batch[:, 0].tolist())
        return 0.0, {"w": np.zeros(1)}

    labels = np.arange(10)
    fit = ClassifierTrainer().train
    fit(rows, labels, rows, labels, {"w": np.zeros(1)}, loss_function, num_epochs=2, batch_size=3)
    assert [len(batch) for batch in seen] == [3] * 6
    for epoch in (seen[:3], seen[3:]):
        assert len(set(sum(epoch, []))) == 9
    seen.clear()
    fit(rows, labels, rows, labels, {"w": np.zeros(1)}, loss_function, num_epochs=2, sample_batches=False)
    assert seen == [list(range(10))] * 2


def test_a_validation_accuracy_of_zero_still_gives_a_model():
    best, _, _, val_acc = train(y_val=np.full(5, 7), num_epochs=3)
    assert val_acc == [0, 0, 0]
    assert same(best, train(num_epochs=1)[0])


def test_the_best_model_is_the_first_with_the_highest_validation_accuracy():
    models = []

    def keep(step):
        models.append(dict(step.model))

    settings = {"num_epochs": 30, "learning_rate": 0.5, "batch_size": 2, "acc_frequency": 1}
    best, _, _, val_acc = train(callback=keep, **settings)
    assert len(set(val_acc)) > 1 and val_acc[0] < max(val_acc)
    assert same(best, models[val_acc.index(max(val_acc))])
    assert accuracy(X, Y, best, two_layer_net) == max(val_acc)


@pytest.mark.parametrize("update", RULES)
def test_training_leaves_the_callers_model_and_data_as_they_were(update):
    model, x, y = toy_model(), X.copy(), Y.copy()
    best = train(x, y, model=model, num_epochs=3, update=update, momentum=0.9)[0]
    assert same(model, toy_model()) and np.array_equal(x, X) and np.array_equal(y, Y)
    assert not any(np.shares_memory(best[name], model[name]) for name in model)


@pytest.mark.parametrize("update", RULES)
def test_nothing_leaks_from_one_training_to_the_next(update):
    fit = ClassifierTrainer().train
    data = X, Y, X, Y, toy_model(), two_layer_net
    settings = {"update": update, "momentum": 0.9, "num_epochs": 5, "sample_batches": False}
    assert fit(*data, **settings)[1] == fit(*data, **settings)[1]


@pytest.mark.parametrize("update", ["sgdd", "", None, "SGD"])
def test_an_unknown_rule_is_refused_with_the_known_ones(update):
    with pytest.raises(ValueError, match=f"{', '.join(RULES)}.*{update!r}"):
        train(update=update)


def test_rules_of_your_own_take_the_place_of_those_of_the_course():
    def upside_down(g, state, learning_rate):
        return learning_rate * g, state

    fit = ClassifierTrainer({"up": upside_down, "down": updates.sgd}).train
    data = X, Y, X, Y, toy_model(), two_layer_net
    settings = {"num_epochs": 20, "sample_batches": False, "learning_rate": 0.1}
    up, down = fit(*data, update="up", **settings)[1], fit(*data, update="down", **settings)[1]
    assert up[0] == down[0] and up[-1] > up[0] > down[-1]
    with pytest.raises(ValueError, match="update must be one of up, down, got 'sgd'"):
        fit(*data, update="sgd")


def test_a_rule_of_your_own_by_the_name_of_momentum_is_given_mu():
    given = []

    def mine(g, state, learning_rate, mu):
        given.append(mu)
        return -learning_rate * g, state

    data = X, Y, X, Y, toy_model(), two_layer_net
    ClassifierTrainer({"momentum": mine}).train(*data, momentum=0.7, num_epochs=1)
    assert given == [0.7] * 4


def test_the_rules_of_the_course_are_looked_up_when_asked_for(monkeypatch):
    made = ClassifierTrainer()
    monkeypatch.setattr(updates, "sgd", lambda g, state, learning_rate: (0 * g, state))
    data = X, Y, X, Y, toy_model(), two_layer_net
    losses = made.train(*data, update="sgd", num_epochs=3, sample_batches=False)[1]
    assert len(set(losses)) == 1


@pytest.mark.parametrize("num_epochs", [0, -1])
def test_a_training_of_no_epochs_is_refused(num_epochs):
    with pytest.raises(ValueError, match=f"num_epochs must be at least 1, got {num_epochs}"):
        train(num_epochs=num_epochs)


def test_all_of_several_callbacks_are_called_and_any_may_end_the_training():
    one, other = [], []
    calls = [one.append, lambda step: step.iteration == 2, other.append]
    losses = train(num_epochs=3, batch_size=2, callback=calls)[1]
    assert [step.loss for step in one] == [step.loss for step in other] == losses and len(losses) == 2


def test_momentum_without_a_number_is_plain_gradient_descent_as_the_docstring_says():
    settings = {"num_epochs": 5, "sample_batches": False}
    plain, half = train(update="sgd", **settings)[1], train(update="momentum", momentum=0.5, **settings)[1]
    assert train(**settings)[1] == plain == train(update="nesterov", **settings)[1]
    assert half != plain
    assert "default 0 they are plain gradient descent" in inspect.getdoc(ClassifierTrainer.train)


def test_nothing_is_printed_unless_verbose(capsys):
    train(num_epochs=2)
    assert capsys.readouterr() == ("", "")
    train(num_epochs=2, verbose=True)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2 and lines[1].startswith("epoch 2 of 2: loss ")


def test_the_same_generator_gives_the_same_training_and_another_one_another():
    settings = {"num_epochs": 4, "batch_size": 2}
    one, again, other = train(seed=1, **settings), train(seed=1, **settings), train(seed=2, **settings)
    assert one[1:] == again[1:] and same(one[0], again[0])
    assert one[1] != other[1]


def test_the_global_generator_of_numpy_is_left_alone():
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    ClassifierTrainer().train(X, Y, X, Y, toy_model(), two_layer_net, num_epochs=2, batch_size=2)
    assert np.array_equal(before, np.random.get_state()[1])  # noqa: NPY002


def test_measuring_more_often_does_not_change_the_training():
    settings = {"num_epochs": 4, "batch_size": 2}
    assert train(**settings)[1] == train(acc_frequency=1, **settings)[1]


@pytest.mark.parametrize(
    "acc_frequency, measured", [(None, [1, 2, 4, 6]), (3, [1, 2, 3, 4, 6]), (1, [1, 2, 3, 4, 5, 6])]
)
def test_accuracies_are_measured_at_the_start_at_each_epochs_end_and_as_often_as_asked(
    acc_frequency, measured
):
    steps = []
    settings = {"num_epochs": 3, "batch_size": 2, "acc_frequency": acc_frequency}
    _, losses, train_acc, val_acc = train(callback=steps.append, **settings)
    with_numbers = [step for step in steps if step.val_accuracy is not None]
    assert [step.iteration for step in with_numbers] == measured
    assert [step.train_accuracy for step in with_numbers] == train_acc
    assert [step.val_accuracy for step in with_numbers] == val_acc
    assert [step.loss for step in steps] == losses
    assert all((step.train_accuracy is None) == (step.val_accuracy is None) for step in steps)


def test_the_training_accuracy_is_measured_on_a_thousand_samples_at_most(monkeypatch):
    sizes = []
    right = accuracy

    def counting(x, *others):
        sizes.append(len(x))
        return right(x, *others)

    monkeypatch.setattr(trainer, "accuracy", counting)
    train(np.tile(X, (300, 1)), np.tile(Y, 300), num_epochs=1, sample_batches=False)
    assert sizes == [1000, 5]


def test_the_callback_sees_each_iteration_and_the_decayed_learning_rate():
    steps = []
    train(num_epochs=3, batch_size=2, learning_rate=0.8, learning_rate_decay=0.5, callback=steps.append)
    assert [step.iteration for step in steps] == [1, 2, 3, 4, 5, 6]
    assert {step.iterations for step in steps} == {6}
    assert [step.epoch for step in steps] == [1, 1, 2, 2, 3, 3]
    assert [step.learning_rate for step in steps] == [0.8, 0.8, 0.4, 0.4, 0.2, 0.2]


def test_the_callback_ends_the_training_with_true_alone():
    stopped = train(num_epochs=3, batch_size=2, callback=lambda step: step.iteration == 3)
    whole = train(num_epochs=3, batch_size=2, callback=lambda step: 1)
    assert stopped[1] == whole[1][:3] and len(whole[1]) == 6
    assert stopped[0] is not None and len(stopped[3]) == 2


def test_the_settings_of_training_are_those_that_the_course_promises():
    parameters = inspect.signature(ClassifierTrainer().train).parameters
    defaults = {name: parameter.default for name, parameter in parameters.items()}
    assert list(defaults)[:6] == ["X", "y", "X_val", "y_val", "model", "loss_function"]
    assert {name: defaults[name] for name in list(defaults)[6:]} == {
        "reg": 0.0,
        "learning_rate": 1e-2,
        "momentum": 0,
        "learning_rate_decay": 0.95,
        "update": "momentum",
        "sample_batches": True,
        "num_epochs": 30,
        "batch_size": 100,
        "acc_frequency": None,
        "verbose": False,
        "rng": None,
        "callback": None,
        "start": None,
    }
    only_named = [name for name, each in parameters.items() if each.kind is inspect.Parameter.KEYWORD_ONLY]
    assert only_named == ["rng", "callback", "start"]


@pytest.mark.parametrize("batch_size", [1, 2, 5, 500])
def test_accuracy_does_not_depend_on_how_the_samples_are_dealt_out(batch_size):
    scores = two_layer_net(X, toy_model())
    expected = np.mean(scores.argmax(axis=1) == Y)
    assert accuracy(X, Y, toy_model(), two_layer_net, batch_size) == expected


def steps(**settings):
    rng = np.random.default_rng(0)
    return ClassifierTrainer().steps(X, Y, X, Y, toy_model(), two_layer_net, rng=rng, **settings)


def test_steps_taken_one_by_one_are_those_of_train():
    settings = {"num_epochs": 3, "batch_size": 2, "update": "adam"}
    *_, last = steps(**settings)
    best, *histories = last.result()
    expected, *others = train(**settings)
    assert same(best, expected) and histories == others


def test_a_learning_rate_that_is_sent_holds_from_the_next_step_on():
    running = steps(num_epochs=4, sample_batches=False, learning_rate=0.1, learning_rate_decay=0.5)
    assert [next(running).learning_rate, next(running).learning_rate] == [0.1, 0.05]
    before = next(running).model
    before = {name: value.copy() for name, value in before.items()}
    sent = running.send(0.0)
    assert sent.learning_rate == 0 and same(sent.model, before)


def test_a_training_that_was_left_half_way_has_its_result():
    running = steps(num_epochs=2, batch_size=2)
    next(running)
    best, losses, train_acc, val_acc = next(running).result()
    assert len(losses) == 2 and len(train_acc) == len(val_acc) > 0 and best.keys() == toy_model().keys()


def test_wrong_settings_of_steps_are_refused_before_the_first_step():
    with pytest.raises(ValueError, match="num_epochs"):
        steps(num_epochs=0)
    with pytest.raises(ValueError, match="update"):
        steps(update="newton")
