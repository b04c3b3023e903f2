"""The small Keras-style API: layers, losses, optimisers, and the model that puts them together."""

import io
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course import live
from course.gradient_check import check_gradient
from course.reference.sequential import SGD, Activation, Dense, Layer, Sequential, ShapeError
from course.reference.sequential.losses import LOSSES
from course.reference.sequential.optimizers import Optimizer
from tests.xor import X, Y, compiled, net

RNG = np.random.default_rng(5)
IMPORTS = """
import numpy as np
from course.reference.sequential import SGD, Activation, Dense, Sequential
"""
SEEDS_SCRIPT = """
model = Sequential()
model.add(Dense(10, input_dim=2))
model.add(Activation('tanh'))
model.add(Dense(1))
model.add(Activation('sigmoid'))

sgd = SGD(lr=0.1)
model.compile(loss='binary_crossentropy', optimizer=sgd)
model.summary()

X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
y = np.array([[0], [1], [1], [0]])
print(model.predict(X))
model.fit(X, y, batch_size=1, epochs=1000)
print(model.predict(X))
print(model.predict_classes(X))

with open('xor.json', 'w') as file:
    file.write(model.to_json())
model.save_weights('xor.h5')
"""
LAYERS = {
    "dense": lambda: Dense(3),
    "tanh": lambda: Activation("tanh"),
    "sigmoid": lambda: Activation("sigmoid"),
    "relu": lambda: Activation("relu"),
    "softmax": lambda: Activation("softmax"),
}
of_every_layer = pytest.mark.parametrize("kind", LAYERS)


def built(kind, size=4):
    layer = LAYERS[kind]()
    layer.build((size,), np.random.default_rng(2))
    return layer


def targets(name, N, C, rng):
    labels = rng.integers(0, C, N)
    return {
        "binary_crossentropy": rng.integers(0, 2, (N, C)).astype(float),
        "categorical_crossentropy": np.eye(C)[labels],
        "sparse_categorical_crossentropy": labels.astype(float),
        "mean_squared_error": rng.standard_normal((N, C)),
    }[name]


def test_the_script_runs_as_it_stands_but_for_its_import_lines(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    names = {}
    exec(IMPORTS + SEEDS_SCRIPT, names)
    assert "Trainable parameters: 41" in capsys.readouterr().out
    assert names["model"].predict_classes(X).tolist() == Y.tolist()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["xor.h5", "xor.json"]


@of_every_layer
def test_a_layer_says_beforehand_which_shapes_it_has(kind):
    layer = built(kind)
    shapes = layer.shapes((4,))
    assert {name: value.shape for name, value in layer.parameters.items()} == shapes
    assert layer.forward(np.ones((5, 4))).shape == (5, *layer.output_shape)


@of_every_layer
@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000), N=st.integers(1, 5), D=st.integers(2, 6))
def test_the_gradients_of_a_layer_are_those_that_are_measured(kind, seed, N, D):
    rng, layer = np.random.default_rng(seed), built(kind, D)
    x = rng.standard_normal((N, D))
    dout = rng.standard_normal(layer.forward(x, training=True).shape)
    dx = layer.backward(dout)
    assert check_gradient(lambda v: np.sum(dout * layer.forward(v)), x, dx).verdict != "wrong"
    for name, value in layer.parameters.items():

        def loss(changed, name=name, value=value):
            layer.parameters[name] = changed
            out = np.sum(dout * layer.forward(x))
            layer.parameters[name] = value
            return out

        assert layer.grads[name].shape == value.shape
        assert check_gradient(loss, value, layer.grads[name]).verdict == "pass"


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize(("N", "C"), [(4, 3), (1, 2), (6, 2)])
def test_the_gradient_of_a_loss_is_the_one_that_is_measured(name, N, C):
    rng = np.random.default_rng(7)
    y, p = targets(name, N, C, rng), rng.uniform(0.1, 0.9, (N, C))
    loss, dp = LOSSES[name](y, p)
    assert loss > 0 and dp.shape == p.shape
    assert check_gradient(lambda v: LOSSES[name](y, v)[0], p, dp).verdict == "pass"


@pytest.mark.parametrize("name", ["binary_crossentropy", "categorical_crossentropy"])
def test_a_probability_of_0_for_what_is_right_costs_a_finite_amount(name):
    loss, dp = LOSSES[name](np.array([[1.0, 0.0]]), np.array([[0.0, 1.0]]))
    assert loss == pytest.approx(-np.log(1e-7), rel=1e-6) and np.isfinite(dp).all()


def test_a_loss_does_not_broadcast_targets_over_predictions():
    p = np.full((4, 1), 0.3)
    y = Y[:, 0].astype(float)
    assert LOSSES["binary_crossentropy"](y, p)[1].shape == (4, 1)
    with pytest.raises(ShapeError, match=r"expected \(4, 1\), got \(4, 2\)"):
        LOSSES["mean_squared_error"](np.ones((4, 2)), p)


@pytest.mark.parametrize(("labels", "message"), [
    ([0, 3, 1], "labels must be whole numbers from 0 to 2"),
    ([0, 0.5, 1], "labels must be whole numbers"),
    ([-1, 0, 1], "labels must be whole numbers"),
    ([[0, 1], [1, 0], [1, 1]], r"labels must have shape \(3,\) or \(3, 1\), got \(3, 2\)"),
])
def test_labels_that_are_none_are_refused(labels, message):
    with pytest.raises(ValueError, match=message):
        LOSSES["sparse_categorical_crossentropy"](np.array(labels, float), np.full((3, 3), 1 / 3))


@pytest.mark.parametrize("kind", ["sigmoid", "tanh", "softmax"])
def test_large_numbers_overflow_nowhere(kind):
    layer = built(kind, 3)
    out = layer.forward(np.array([[-1e4, 0.0, 1e4], [1e300, 1e300, -1e300]]), training=True)
    assert np.isfinite(out).all() and np.isfinite(layer.backward(np.ones_like(out))).all()


def test_a_sigmoid_keeps_its_small_numbers():
    out = Activation("sigmoid").forward(np.array([-30.0, 0.0, 30.0]))
    assert out[0] == pytest.approx(np.exp(-30), rel=1e-12) and out[1] == 0.5


def test_the_summary_counts_41_parameters():
    said = []
    net().summary(print_fn=said.append)
    rows = [line.split() for line in said[0].splitlines()]
    assert [row[-1] for row in rows if row[0].startswith(("dense", "activation"))] == ["30", "0", "11", "0"]
    assert rows[-1] == ["Trainable", "parameters:", "41"] and net().count_params() == 41


def test_weights_start_as_glorot_and_bengio_say():
    W = Dense(60, input_dim=40)
    W.build((40,), np.random.default_rng(0))
    limit = np.sqrt(6 / 100)
    assert 0.98 * limit < np.abs(W.parameters["W"]).max() <= limit
    assert W.parameters["W"].std() == pytest.approx(limit / np.sqrt(3), rel=0.03)
    assert not W.parameters["b"].any()


@pytest.mark.parametrize("seed", range(20))
def test_0_0_is_predicted_as_exactly_one_half_before_training(seed):
    assert net(seed).predict(X)[0, 0] == 0.5


def test_training_again_goes_on_where_it_stood():
    once, twice = compiled(), compiled()
    once.fit(X, Y, epochs=30, batch_size=3, verbose=0)
    for epochs in (10, 20):
        twice.fit(X, Y, epochs=epochs, batch_size=3, verbose=0)
    assert np.array_equal(once.predict(X), twice.predict(X))


def test_what_an_optimiser_remembers_stays_between_two_trainings():
    class Counting(Optimizer):
        def step(self, g, state):
            return 0 * g, (state or 0) + 1

    model, counting = compiled(), Counting(0.1)
    model.compile(loss="binary_crossentropy", optimizer=counting)
    model.fit(X, Y, epochs=2, verbose=0)
    model.fit(X, Y, epochs=3, verbose=0)
    assert set(counting.states.values()) == {5} and len(counting.states) == 4


def test_the_same_seed_gives_the_same_training_and_another_seed_another_one():
    models = [compiled(seed) for seed in (3, 3, 4)]
    for model in models:
        model.fit(X, Y, epochs=5, batch_size=2, verbose=0)
    one, same, other = (model.predict(X) for model in models)
    assert np.array_equal(one, same) and not np.array_equal(one, other)


def test_an_rng_of_its_own_decides_the_order_of_a_training():
    models = [compiled(3) for _ in range(3)]
    for model, rng in zip(models, (1, 1, 2), strict=True):
        model.fit(X, Y, epochs=5, batch_size=1, verbose=0, rng=rng)
    one, same, other = (model.predict(X) for model in models)
    assert np.array_equal(one, same) and not np.array_equal(one, other)


@pytest.mark.parametrize(("batch_size", "updates"), [(1, 4), (2, 2), (3, 2), (4, 1), (32, 1)])
def test_an_epoch_has_as_many_updates_as_batches(batch_size, updates):
    steps = []
    compiled().fit(X, Y, epochs=3, batch_size=batch_size, verbose=0, callback=steps.append)
    assert [step.iteration for step in steps] == list(range(1, 3 * updates + 1))
    assert {step.iterations for step in steps} == {3 * updates}
    assert [step.epoch for step in steps] == [epoch for epoch in (1, 2, 3) for _ in range(updates)]


def test_the_loss_of_an_epoch_is_the_mean_over_its_samples():
    model, steps = compiled(), []
    history = model.fit(X, Y, epochs=2, batch_size=3, verbose=0, callback=steps.append)
    first = [step.loss for step in steps[:2]]
    assert history.history["loss"][0] == pytest.approx((3 * first[0] + first[1]) / 4)
    assert set(history.history) == {"loss", "accuracy"} and history.epoch == [0, 1]


def test_a_callback_ends_a_training_by_returning_true():
    history = compiled().fit(X, Y, epochs=9, verbose=0, callback=lambda step: step.iteration == 4)
    assert len(history.history["loss"]) == 4


def test_the_live_displays_of_the_course_serve_as_callbacks(monkeypatch):
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    history = compiled().fit(X, Y, epochs=3, verbose=0, callback=[live.Progress(), live.Plot()])
    assert len(history.history["loss"]) == 3 and "3/3" in sys.stderr.getvalue()


@pytest.mark.parametrize(("verbose", "shown"), [(1, True), (0, False)])
def test_a_bar_shows_how_far_a_training_is(verbose, shown, monkeypatch):
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    compiled().fit(X, Y, epochs=20, verbose=verbose)
    assert ("20/20" in sys.stderr.getvalue()) == shown


def test_prediction_in_batches_is_prediction_at_once():
    x = RNG.standard_normal((10, 2))
    assert np.allclose(net().predict(x, batch_size=3), net().predict(x, batch_size=100), rtol=1e-15)


def test_classes_of_one_output_are_yes_or_no_and_of_several_the_largest():
    assert compiled().predict_classes(X).shape == (4, 1)
    model = Sequential([Dense(3, input_dim=2), Activation("softmax")], rng=0)
    assert np.array_equal(model.predict_classes(X), model.predict(X).argmax(axis=1))


@pytest.mark.parametrize("name", ["categorical_crossentropy", "sparse_categorical_crossentropy"])
def test_three_classes_are_learnt_with_either_kind_of_targets(name):
    rng = np.random.default_rng(1)
    labels = rng.integers(0, 3, 60)
    x = np.array([[2, 0], [-1, 2], [-1, -2]])[labels] + 0.3 * rng.standard_normal((60, 2))
    model = Sequential([Dense(3, input_dim=2), Activation("softmax")], rng=0)
    model.compile(loss=name, optimizer=SGD(0.2), metrics=["accuracy"])
    y = np.eye(3)[labels] if name.startswith("cat") else labels
    model.fit(x, y, epochs=100, batch_size=10, verbose=0)
    loss, right = model.evaluate(x, y)
    assert loss < 0.3 and right > 0.95


def test_evaluate_gives_the_loss_alone_where_no_metric_was_chosen():
    model = compiled(metrics=None)
    p = model.predict(X)
    assert model.evaluate(X, Y) == pytest.approx(-np.mean(Y * np.log(p) + (1 - Y) * np.log(1 - p)))


def test_targets_may_be_a_row():
    one, other = compiled(), compiled()
    one.fit(X, Y, epochs=5, verbose=0)
    other.fit(X, Y[:, 0], epochs=5, verbose=0)
    assert np.array_equal(one.predict(X), other.predict(X))
    assert one.evaluate(X, Y) == other.evaluate(X, Y[:, 0])


def test_what_is_handed_over_is_not_changed():
    x, y = X.astype(float), Y.astype(float)
    compiled().fit(x, y, epochs=3, batch_size=1, verbose=0)
    assert np.array_equal(x, X) and np.array_equal(y, Y)


def test_lr_is_another_name_of_learning_rate():
    assert SGD(lr=0.3).learning_rate == SGD(0.3).learning_rate == SGD(learning_rate=0.3).learning_rate == 0.3
    assert SGD().learning_rate == 0.01


class Flat(Layer):
    """A layer that the package does not know: it lays a sample out as a row."""

    def shape_after(self, input_shape):
        return (int(np.prod(input_shape)),)

    def forward(self, x, training=False):
        self.shape = x.shape
        return x.reshape(len(x), -1)

    def backward(self, dout):
        return dout.reshape(self.shape)


def test_a_layer_of_another_kind_fits_in():
    model = Sequential([Flat(input_shape=(2, 3)), Dense(1), Activation("sigmoid")], rng=0)
    model.compile(loss="binary_crossentropy", optimizer=SGD(1))
    x = RNG.standard_normal((8, 2, 3))
    before = model.evaluate(x, x[:, 0, 0] > 0)
    model.fit(x, x[:, 0, 0] > 0, epochs=50, verbose=0)
    assert model.evaluate(x, x[:, 0, 0] > 0) < before / 2
    with pytest.raises(ShapeError, match=r"dense_1: .*expected samples of shape \(D,\), got \(2, 3\)"):
        Sequential([Activation2D(), Dense(1)])


class Activation2D(Flat):
    """It says that pictures come out of it."""

    def __init__(self):
        super().__init__(input_shape=(2, 3))

    def shape_after(self, input_shape):
        return input_shape


REFUSED = {
    "no input_dim": (lambda: Sequential([Dense(3)]), ValueError, "dense_1 is the first layer: say what"),
    "an input_dim that does not fit": (
        lambda: Sequential([Dense(10, input_dim=2), Dense(1, input_dim=3)]),
        ShapeError,
        r"dense_2 expects samples of shape \(3,\), got \(10,\) from dense_1",
    ),
    "softmax of one": (
        lambda: Sequential([Dense(1, input_dim=2), Activation("softmax")]),
        ShapeError,
        "activation_1: softmax of one number .* expected at least 2 units before it, got 1",
    ),
    "too many inputs": (
        lambda: net().predict(np.ones((4, 3))),
        ShapeError,
        r"dense_1: expected samples x of shape \(N, 2\), got \(4, 3\)",
    ),
    "one sample without its axis": (lambda: net().predict(np.ones(2)), ShapeError, r"\(N, 2\), got \(2,\)"),
    "no samples": (lambda: net().predict(np.ones((0, 2))), ShapeError, r"got \(0, 2\)"),
    "words": (lambda: net().predict([["a", "b"]]), TypeError, "x must hold numbers"),
    "fewer targets": (lambda: compiled().fit(X, Y[:3]), ShapeError, "a target for each of 4 samples"),
    "two targets each": (
        lambda: compiled().fit(X, np.ones((4, 2)), verbose=0),
        ShapeError,
        r"expected \(4, 1\), got \(4, 2\)",
    ),
    "not compiled": (lambda: net().fit(X, Y), RuntimeError, "compile the model first"),
    "no layers": (lambda: Sequential().predict(X), RuntimeError, "the model has no layers"),
    "no layer": (lambda: Sequential([Dense]), TypeError, "add takes a layer such as .*, got type"),
    "a layer twice": (lambda: Sequential([dense := Dense(2, input_dim=2), dense]), ValueError, "already"),
    "an unknown loss": (lambda: net().compile(loss="hinge"), ValueError, "loss must be one of binary_cross"),
    "an unknown optimiser": (lambda: net().compile("mean_squared_error", "adam"), ValueError, "one of sgd"),
    "an unknown metric": (
        lambda: net().compile("mean_squared_error", metrics=["f1"]),
        ValueError,
        "metric must be one of accuracy; got 'f1'",
    ),
    "an unknown activation": (lambda: Activation("elu"), ValueError, "one of sigmoid, tanh, relu, softmax"),
    "half a unit": (lambda: Dense(0.5), TypeError, "units must be a whole number, got float"),
    "no unit": (lambda: Dense(0), ValueError, "units must be at least 1, got 0"),
    "both names": (lambda: SGD(0.1, lr=0.1), TypeError, "lr is another name of learning_rate"),
    "a step uphill": (lambda: SGD(-0.1), ValueError, "learning_rate must be above 0, got -0.1"),
    "no epochs": (lambda: compiled().fit(X, Y, epochs=0), ValueError, "epochs must be at least 1"),
    "empty batches": (lambda: compiled().fit(X, Y, batch_size=0), ValueError, "batch_size must be at least"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_is_said_in_one_line(case):
    call, error, message = REFUSED[case]
    with pytest.raises(error, match=message) as raised:
        call()
    assert "\n" not in str(raised.value)
