"""The small Keras-style API against Keras itself, where it is installed with torch underneath."""

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from course.reference.sequential import SGD, Activation, Dense, Sequential
from tests.xor import X, Y, net

missing = [name for name in ("keras", "torch") if find_spec(name) is None]
if missing:
    pytest.skip(f"{' and '.join(missing)} not installed, see `make keras`", allow_module_level=True)

RNG = np.random.default_rng(9)
SAMPLES = RNG.standard_normal((7, 3))
LABELS = RNG.integers(0, 4, 7)
ROWS = np.eye(4)[LABELS]
# name: (units and functions, samples, loss, targets, batch size)
NETS = {
    "XOR": ([10, "tanh", 1, "sigmoid"], X, "binary_crossentropy", Y, 4),
    "XOR, batches of 3": ([10, "tanh", 1, "sigmoid"], X, "binary_crossentropy", Y, 3),
    "relu and softmax": ([6, "relu", 4, "softmax"], SAMPLES, "categorical_crossentropy", ROWS, 7),
    "labels": ([5, "sigmoid", 4, "softmax"], SAMPLES, "sparse_categorical_crossentropy", LABELS, 2),
    "numbers": ([8, "tanh", 2], SAMPLES, "mean_squared_error", SAMPLES[:, 1:], 5),
    "far off": ([3, "relu", 1, "sigmoid"], 40 * SAMPLES, "binary_crossentropy", SAMPLES[:, :1] > 0, 7),
}
RATE, EPOCHS = 0.1, 100
ASK = """
import json, sys
import numpy as np
import keras
keras.config.set_floatx("float64")
said = {}
for name, (layers, x, loss, y, batch_size, weights) in json.load(sys.stdin).items():
    x, y = np.array(x, float), np.array(y, float)
    model = keras.Sequential([keras.layers.Input(x.shape[1:])])
    for layer in layers:
        model.add(keras.layers.Dense(layer) if isinstance(layer, int) else keras.layers.Activation(layer))
    model.set_weights([np.array(value) for value in weights])
    model.compile(loss=loss, optimizer=keras.optimizers.SGD(RATE), metrics=["accuracy"])
    outs, out = [], x
    for layer in model.layers:
        out = layer(out)
        outs.append(np.array(keras.ops.convert_to_numpy(out)).tolist())
    def weights_now():
        return [value.tolist() for value in model.get_weights()]
    first = model.evaluate(x, y, batch_size=len(x), verbose=0)
    one = model.fit(x, y, epochs=1, batch_size=batch_size, shuffle=False, verbose=0)
    after_one = weights_now()
    rest = model.fit(x, y, epochs=EPOCHS - 1, batch_size=batch_size, shuffle=False, verbose=0)
    said[name] = {
        "params": model.count_params(), "outs": outs, "evaluate": first, "after one": after_one,
        "loss": one.history["loss"] + rest.history["loss"], "after all": weights_now(),
    }
print(json.dumps(said))
""".replace("RATE", str(RATE)).replace("EPOCHS", str(EPOCHS))


def made(name):
    """Our model of this name, compiled."""
    layers, x, loss, _, _ = NETS[name]
    model = Sequential(rng=1)
    for layer in layers:
        given = {} if model.layers else {"input_dim": x.shape[1]}
        model.add(Activation(layer) if isinstance(layer, str) else Dense(layer, **given))
    model.compile(loss=loss, optimizer=SGD(RATE), metrics=["accuracy"])
    return model


def weights(model):
    return [value for layer in model.layers for value in layer.parameters.values()]


@pytest.fixture(scope="module")
def keras():
    """What Keras says of every net, from the same weights; asked in a process of its own."""
    asked = {
        name: [layers, x.tolist(), loss, y.tolist(), size, [value.tolist() for value in weights(made(name))]]
        for name, (layers, x, loss, y, size) in NETS.items()
    }
    done = subprocess.run(
        [sys.executable, "-c", ASK],
        input=json.dumps(asked), capture_output=True, text=True, env={**os.environ, "KERAS_BACKEND": "torch"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


of_every_net = pytest.mark.parametrize("name", NETS)


def close(ours, theirs):
    """Whether numbers agree to 1e-6, as the course promises."""
    return np.allclose(ours, np.array(theirs), rtol=1e-6, atol=1e-6)


@of_every_net
def test_every_layer_gives_what_keras_gives(name, keras):
    x = NETS[name][1].astype(float)
    assert len(made(name).layers) == len(keras[name]["outs"])
    for layer, out in zip(made(name).layers, keras[name]["outs"], strict=True):
        x = layer.forward(x)
        assert close(x, out)


@of_every_net
def test_loss_and_accuracy_are_those_of_keras(name, keras):
    ours = made(name).evaluate(*(np.array(NETS[name][place], float) for place in (1, 3)))
    if name == "numbers":  # what accuracy is of targets that are no classes is nobody's agreement
        ours, theirs = ours[:1], keras[name]["evaluate"][:1]
    else:
        theirs = keras[name]["evaluate"]
    assert close(ours, theirs)


@of_every_net
def test_one_epoch_and_a_hundred_end_where_keras_ends(name, keras):
    _, x, _, y, batch_size = NETS[name]
    model, said = made(name), keras[name]
    losses = model.fit(x, y, epochs=1, batch_size=batch_size, shuffle=False, verbose=0).history["loss"]
    assert all(map(close, weights(model), said["after one"]))
    rest = model.fit(x, y, epochs=EPOCHS - 1, batch_size=batch_size, shuffle=False, verbose=0)
    assert close(losses + rest.history["loss"], said["loss"])
    assert all(map(close, weights(model), said["after all"]))


def test_the_net_of_the_lesson_has_as_many_parameters(keras):
    assert net().count_params() == keras["XOR"]["params"] == 41


def test_the_script_of_the_course_runs_in_keras_too(tmp_path):
    from tests.test_sequential import SEEDS_SCRIPT

    imports = "import numpy as np\nfrom keras.models import Sequential\nfrom keras.optimizers import SGD\n"
    imports += "from keras.layers import Activation, Dense\n"
    today = SEEDS_SCRIPT.replace("lr=", "learning_rate=").replace("'xor.h5'", "'xor.weights.h5'")
    today = today.replace("print(model.predict_classes(X))", "").replace("epochs=1000", "epochs=2")
    done = subprocess.run(
        [sys.executable, "-c", imports + today],
        cwd=tmp_path, capture_output=True, text=True, env={**os.environ, "KERAS_BACKEND": "torch"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    assert "41" in done.stdout and Path(tmp_path, "xor.json").exists()
