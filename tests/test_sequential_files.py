"""Models as JSON and weights as HDF5: the same to the last bit, and no trust in what a file says."""

import json
import os
from pathlib import Path

import h5py
import numpy as np
import pytest

from course.reference.sequential import (
    Activation,
    Dense,
    ModelError,
    Sequential,
    WeightsError,
    model_from_json,
    structure,
    weights,
)
from tests.xor import X, Y, compiled, net

DENSE = {"class_name": "Dense", "config": {"units": 10}}
TANH = {"class_name": "Activation", "config": {"function": "tanh"}}


def text(*layers, shape=(2,), **more):
    """A model's JSON text with these layers."""
    return json.dumps(
        {"class_name": "Sequential", "config": {"input_shape": shape, "layers": layers}, **more}
    )


def described(**config):
    return {"class_name": "Dense", "config": config}


@pytest.fixture
def trained():
    model = compiled(1)
    model.fit(X, Y, epochs=100, verbose=0)
    return model


def test_a_model_read_back_predicts_the_same_to_the_last_bit(trained, tmp_path):
    trained.save_weights(tmp_path / "xor.h5")
    again = model_from_json(trained.to_json())
    assert not np.array_equal(again.predict(X), trained.predict(X))
    again.load_weights(tmp_path / "xor.h5")
    assert again.predict(X).tobytes() == trained.predict(X).tobytes()
    assert again.to_json() == trained.to_json()


def test_a_structure_read_back_is_a_model_that_can_be_trained(trained):
    again = model_from_json(trained.to_json(), rng=3)
    again.compile(loss="binary_crossentropy", optimizer="sgd")
    assert len(again.fit(X, Y, epochs=2, verbose=0).history["loss"]) == 2
    assert [layer.name for layer in again.layers] == [layer.name for layer in trained.layers]


def test_an_empty_model_comes_back_empty():
    assert model_from_json(Sequential().to_json()).layers == []


def test_a_file_of_weights_is_the_same_to_the_byte_each_time(trained, tmp_path):
    for name in ("one", "two"):
        trained.save_weights(tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_a_file_that_cannot_be_written_leaves_the_one_before_as_it_was(trained, tmp_path, monkeypatch):
    trained.save_weights(tmp_path / "xor.h5")
    before = (tmp_path / "xor.h5").read_bytes()

    def fails(*_):
        raise OSError("the disk is full")

    monkeypatch.setattr(os, "replace", fails)
    with pytest.raises(OSError, match="the disk is full"):
        net(9).save_weights(tmp_path / "xor.h5")
    assert [path.name for path in tmp_path.iterdir()] == ["xor.h5"]
    assert (tmp_path / "xor.h5").read_bytes() == before


CODE = "__import__('os').system('touch caught')"
NO_MODELS = {
    "nothing": ("", "this is no JSON"),
    "no text": (b"{}", r"expected JSON text from to_json\(\), got bytes"),
    "Python": (CODE, "this is no JSON"),
    "half a text": (text(DENSE)[:60], "this is no JSON"),
    "a list": ("[]", r"expected a dictionary with class_name 'Sequential', got \[\]"),
    "a deep list": ("[" * 50_000, "its brackets nest too deep"),
    "a list in a list in": ('{"class_name": ' + "[" * 900 + "]" * 900 + "}", "class_name 'Sequential', got"),
    "a long text": (text(*[DENSE] * 5_000), "characters, at most 100,000 are read"),
    "another class": (text(DENSE).replace("Sequential", "Functional"), "class_name 'Sequential'"),
    "no config": ('{"class_name": "Sequential"}', "expected a config with input_shape and layers, got None"),
    "a model of Keras": (
        '{"module": "keras", "class_name": "Sequential", "config": {"name": "x", "layers": []}}',
        "expected a config with input_shape and layers",
    ),
    "layers that are none": (text("Dense"), "layer 1: expected class_name and config, got 'Dense'"),
    "too many layers": (text(*[TANH] * 300), "a list of at most 200 layers"),
    "an unknown layer": (
        text(DENSE, {"class_name": "Lambda", "config": {"function": CODE}}),
        "layer 2: a layer is",
    ),
    "a name with dots": (text({"class_name": "os.system", "config": {}}), "one of Dense, Activation"),
    "a list as a name": (text({"class_name": ["Dense"], "config": {}}), "one of Dense, Activation"),
    "settings that are none": (
        text({"class_name": "Dense", "config": [10]}),
        "expected a dictionary as config",
    ),
    "an unknown setting": (text(described(units=3, kernel=1)), r"layer 1 \(Dense\): .*unexpected keyword"),
    "self": (text(described(units=3, self=1)), r"layer 1 \(Dense\)"),
    "a missing setting": (text(described()), r"layer 1 \(Dense\): .*missing"),
    "input_dim in a layer": (text(described(units=3, input_dim=2)), r"expected \{'units': 3\}"),
    "half a unit": (
        text(described(units=0.5)),
        r"layer 1 \(Dense\): units must be a whole number, got float",
    ),
    "yes": (text(described(units=True)), "units must be a whole number, got bool"),
    "no units": (text(described(units=0)), "units must be at least 1, got 0"),
    "infinitely many units": (text(DENSE).replace("10", "1e999"), "units must be a whole number"),
    "a number of 5,000 digits": (text(DENSE).replace("10", "1" * 5000), "this is no JSON"),
    "a billion units": (text(described(units=10**9)), "more than 20,000,000 parameters"),
    "many layers of many units": (text(*[described(units=4_000)] * 9), "layer 3: the model has more than"),
    "an unknown function": (
        text({"class_name": "Activation", "config": {"function": CODE}}),
        r"layer 1 \(Activation\): an activation is one of",
    ),
    "softmax of one": (
        text(described(units=1), {"class_name": "Activation", "config": {"function": "softmax"}}),
        r"layer 2 \(Activation\): softmax of one number .* expected at least 2 units before it, got 1",
    ),
    "no shape": (
        text(DENSE, shape=None),
        "input_shape must be a list of 1 to 8 whole numbers above 0, got None",
    ),
    "a shape of nothing": (text(DENSE, shape=[]), r"whole numbers above 0, got \[\]"),
    "a negative shape": (text(DENSE, shape=[-2]), r"got \[-2\]"),
    "a shape of words": (text(DENSE, shape=["2"]), r"got \['2'\]"),
    "pictures": (text(DENSE, shape=[2, 2]), r"layer 1 \(Dense\): .*shape \(D,\), got \(2, 2\)"),
    "control characters": (text({"class_name": "\x1b[2J\n", "config": {}}), "got '"),
}


@pytest.mark.parametrize("case", NO_MODELS)
def test_a_text_that_is_no_model_is_refused_in_one_line(case, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    content, message = NO_MODELS[case]
    with pytest.raises(ModelError, match=message) as raised:
        model_from_json(content)
    assert str(raised.value).isprintable() and len(str(raised.value)) < 200
    assert list(tmp_path.iterdir()) == []


def written(path, change=None, **groups):
    """Write a file as save_weights does, then change the open file."""
    model = net()
    weights.save(path, model.layers)
    with h5py.File(path, "r+") as file:
        for name, value in groups.items():
            place = name.replace("__", "/")
            del file[place]
            if value is not None:
                file[place] = value
        if change:
            change(file)
    return path


def linked(link):
    """Change an open file so that a name is a link."""

    def change(file):
        del file["dense_1/W"]
        file["dense_1/W"] = link

    return change


def virtual(file):
    """Make a dataset that takes its numbers from another file."""
    del file["dense_1/W"]
    layout = h5py.VirtualLayout(shape=(2, 10), dtype="f8")
    layout[:] = h5py.VirtualSource("other.h5", "dense_1/W", shape=(2, 10))
    file.create_virtual_dataset("dense_1/W", layout)


def outside(file):
    """Make a dataset whose numbers lie in any file that can be read."""
    del file["dense_1/W"]
    file.create_dataset("dense_1/W", (2, 10), "f8", external=[("/etc/passwd", 0, 160)])


def packed(file):
    """Make a dataset that a filter must unpack."""
    del file["dense_1/W"]
    file.create_dataset("dense_1/W", data=np.zeros((2, 10)), compression="gzip")


def in_pieces(file):
    """Make a dataset that is read in pieces, each far larger than itself."""
    del file["dense_1/W"]
    file.create_dataset("dense_1/W", (2, 10), "f8", chunks=(2, 10**7), maxshape=(2, None))


def renamed(file):
    file.move("dense_2", "dense_3")


def crowded(file):
    for number in range(500):
        file.create_group(f"layer {number}")


NO_WEIGHTS = {
    "another shape": (
        {"dense_2__W": np.zeros((5, 1))},
        r"dense_2, W: expected shape \(10, 1\), got \(5, 1\)",
    ),
    "as many numbers in another shape": (
        {"dense_1__W": np.zeros((10, 2))},
        r"shape \(2, 10\), got \(10, 2\)",
    ),
    "a scalar": ({"dense_2__b": 1.0}, r"dense_2, b: expected shape \(1,\), got \(\)"),
    "no bias": ({"dense_1__b": None}, "dense_1: expected the parameters W, b, got W"),
    "no layer": ({"dense_2": None}, "expected the layers dense_1, dense_2, got dense_1"),
    "one layer more": ({"change": lambda file: file.create_group("more")}, "got dense_1, dense_2, more"),
    "another name": ({"change": renamed}, "expected the layers dense_1, dense_2, got dense_1, dense_3"),
    "many layers more": ({"change": crowded}, "got 502 entries"),
    "float32": ({"dense_2__b": np.zeros(1, "f4")}, "dense_2, b: expected float64, got float32"),
    "words": ({"dense_2__b": np.array([b"x"])}, "dense_2, b: expected float64"),
    "nan": ({"dense_2__b": np.array([np.nan])}, "dense_2, b: expected finite numbers"),
    "a group for numbers": (
        {"dense_2__W": None, "change": lambda file: file.create_group("dense_2/W")},
        "dense_2, W",
    ),
    "numbers for a group": ({"dense_1": np.zeros(3)}, "dense_1: expected dense_1 as a group"),
    "a soft link": ({"change": linked(h5py.SoftLink("/dense_2/W"))}, "W as a dataset in the file itself"),
    "a link that goes nowhere": (
        {"change": linked(h5py.SoftLink("/none"))},
        "W as a dataset in the file itself",
    ),
    "a link to another file": (
        {"change": linked(h5py.ExternalLink("/etc/passwd", "/"))},
        "in the file itself",
    ),
    "numbers from another file": ({"change": virtual}, "expected numbers stored in the file as they are"),
    "numbers from any file": ({"change": outside}, "expected numbers stored in the file as they are"),
    "packed numbers": ({"change": packed}, "expected numbers stored in the file as they are"),
    "numbers in pieces": ({"change": in_pieces}, "expected numbers stored in the file as they are"),
    "no word on its format": ({"change": lambda file: file.attrs.clear()}, "was not written by save_weights"),
    "another format": (
        {"change": lambda file: file.attrs.update(format="x")},
        "was not written by save_weights",
    ),
    "text of any length for a format": (
        {"change": lambda file: file.attrs.update(format=weights.FORMAT.decode())},
        "was not written by save_weights",
    ),
    "a number for a format": (
        {"change": lambda file: file.attrs.update(format=1)},
        "not written by save_weights",
    ),
}


def refused(model, path):
    """The line with which a file is refused; the model keeps its weights."""
    before = model.predict(X)
    with pytest.raises(WeightsError) as raised:
        model.load_weights(path)
    assert np.array_equal(model.predict(X), before)
    assert str(raised.value).isprintable() and len(str(raised.value)) < 200
    return str(raised.value)


@pytest.mark.parametrize("case", NO_WEIGHTS)
def test_a_file_that_is_not_for_this_model_is_refused_in_one_line(case, tmp_path):
    changes, message = NO_WEIGHTS[case]
    path = written(tmp_path / "xor.h5", **changes)
    with pytest.raises(WeightsError, match=message):
        net(3).load_weights(path)
    refused(net(3), path)


def test_a_large_number_of_numbers_is_refused_before_they_are_read(tmp_path):
    def vast(file):
        del file["dense_1/W"]
        file.create_dataset("dense_1/W", (10**6, 10**6), "f8", chunks=(1000, 1000))

    assert "expected shape (2, 10), got (1000000, 1000000)" in refused(net(), written(tmp_path / "x", vast))


def test_a_large_file_is_refused_before_it_is_opened(tmp_path):
    path = tmp_path / "xor.h5"
    with open(path, "wb") as file:
        file.truncate(10**10)
    assert refused(net(), path) == "xor.h5 has 10,000.0 MB, expected at most 1.0 for this model"


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"\x89HDF\r\n\x1a\n", os.urandom(999)])
def test_a_file_of_another_kind_is_refused(content, tmp_path):
    (tmp_path / "xor.h5").write_bytes(content)
    assert "xor.h5 is no whole HDF5 file" in refused(net(), tmp_path / "xor.h5")


def test_half_a_file_is_refused(trained, tmp_path):
    trained.save_weights(tmp_path / "xor.h5")
    content = (tmp_path / "xor.h5").read_bytes()
    (tmp_path / "xor.h5").write_bytes(content[: len(content) // 2])
    assert "is no whole HDF5 file" in refused(net(), tmp_path / "xor.h5")


def test_a_file_that_is_not_there_is_said(tmp_path):
    with pytest.raises(FileNotFoundError, match="no file .*none.h5: save_weights writes one"):
        net().load_weights(tmp_path / "none.h5")


def test_weights_of_another_model_name_the_layer(tmp_path):
    wide = Sequential([Dense(20, input_dim=2), Activation("tanh"), Dense(1), Activation("sigmoid")], rng=0)
    wide.save_weights(tmp_path / "wide.h5")
    assert refused(net(), tmp_path / "wide.h5") == "dense_1, W: expected shape (2, 10), got (2, 20)"
    deep = Sequential([Dense(10, input_dim=2), Dense(10), Dense(1)], rng=0)
    assert "expected the layers dense_1, dense_2, dense_3" in refused(deep, tmp_path / "wide.h5")


def test_broken_bytes_anywhere_are_refused_or_give_finite_numbers_of_the_right_shape(trained, tmp_path):
    trained.save_weights(tmp_path / "xor.h5")
    content, rng = (tmp_path / "xor.h5").read_bytes(), np.random.default_rng(0)
    model, refusals = net(), 0
    for _ in range(300):
        broken = bytearray(content)
        for place in rng.integers(0, len(content), rng.integers(1, 5)):
            broken[place] = rng.integers(256)
        Path(tmp_path / "broken.h5").write_bytes(broken)
        try:
            model.load_weights(tmp_path / "broken.h5")
        except WeightsError as error:
            refusals += 1
            assert "\n" not in str(error)
        assert np.isfinite(model.predict(X)).all()
    assert refusals > 30


def test_what_is_refused_as_too_large_is_measured_before_it_is_made():
    assert structure.MOST_PARAMETERS * 8 < 200e6  # bytes, which a laptop has
