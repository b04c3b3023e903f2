"""Weights files: honest ones are read to the bit, all others end in a named state and one line."""

import json
import zipfile

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.build import ROOT
from autograder.demo.weights import archive, promising, text
from course.data import Dataset
from course.reference.network import Network
from course.submission import Refused, exams, ladder, pack, unpack
from course.submission.accuracy import correct
from course.submission.exams import Exam
from course.submission.pack import packed
from course.submission.weights import MAX_BYTES

SMALL = [{"layer": "conv", "filters": 2, "size": 3, "pad": 1}, {"layer": "relu"},
         {"layer": "max_pool", "size": 8, "stride": 8}, {"layer": "affine", "units": 10}]
NORMAL = [{"layer": "batchnorm"}, {"layer": "affine", "units": 10}]


def model_of(architecture, seed=0):
    network = Network(architecture)
    return network, network.init(rng=np.random.default_rng(seed))


def with_changes(architecture_of=SMALL, /, **changes):
    """Return a right file but for these arrays; None leaves one out."""
    _, model = model_of(architecture_of)
    arrays = {"architecture": text(architecture_of), **model, **changes}
    return archive([(name, value) for name, value in arrays.items() if value is not None])


def of_layers(*architecture):
    """Return a file of another architecture."""
    return with_changes(architecture=text(list(architecture)))


def of_text(content):
    """Return a file with these bytes as its architecture."""
    return with_changes(architecture=np.frombuffer(content, np.uint8))


class Dangerous:
    """Leaves a trace when it is unpickled."""

    done = []

    def __reduce__(self):
        return self.done.append, ("unpickled",)


WHOLE = with_changes()
BIAS = np.zeros(2, np.float32)
TWICE = [("architecture", text(SMALL)), *model_of(SMALL)[1].items(), ("0.b", BIAS)]
CHEAP = {"layer": "conv", "filters": 64, "size": 3, "pad": 1}
REFUSED = {
    "no bytes": (b"", "damaged", "no whole .npz file"),
    "text": (b"weights", "damaged", "no whole .npz file"),
    "cut off": (WHOLE[: len(WHOLE) // 2], "damaged", "no whole .npz file"),
    "changed inside": (WHOLE[:200] + bytes(9) + WHOLE[209:], "damaged", "no whole .npz file"),
    "too many bytes": (bytes(MAX_BYTES + 1), "too large", "20.0 MB, at most 20"),
    "a zip bomb": (with_changes(**{"0.w": np.zeros(30_000_000, np.float32)}), "too large", "to 120 MB"),
    "thousands of files": (archive([(str(i), b"") for i in range(500)]), "too large", "500 files"),
    "another compression": (archive(TWICE[:-1], zipfile.ZIP_LZMA), "damaged", "another way than np.savez"),
    "python objects": (with_changes(**{"0.b": np.array([Dangerous(), None])}), "pickled", "never unpickled"),
    "objects as layers": (with_changes(architecture=np.array([Dangerous()])), "pickled", "never unpickled"),
    "a pickle itself": (with_changes(**{"0.b": b"\x80\x04K\x01."}), "damaged", "no whole .npz file"),
    "an absurd shape": (with_changes(**{"0.w": promising((2**40, 2**20))}), "damaged", "it has the shape"),
    "a negative shape": (with_changes(**{"0.w": promising((-1, 2))}), "damaged", "it has the shape"),
    "too few numbers": (with_changes(**{"0.w": promising((2, 3, 3, 3))}), "damaged", "say otherwise"),
    "a wrong shape": (with_changes(**{"0.b": np.zeros((1, 2), np.float32)}), "wrong shape", "asks for (2,)"),
    "float64": (with_changes(**{"0.b": np.zeros(2)}), "wrong type", "float64', expected float32"),
    "other byte order": (with_changes(**{"0.b": BIAS.astype(">f4")}), "wrong type", "f4', expected float32"),
    "nan": (with_changes(**{"0.b": BIAS + np.nan}), "not finite", "nan or infinity"),
    "infinity": (with_changes(**{"0.b": BIAS + np.inf}), "not finite", "nan or infinity"),
    "a variance below 0": (with_changes(NORMAL, **{"0.var": -np.ones(3, "f4")}), "not finite", "no root"),
    "an array too few": (with_changes(**{"0.b": None}), "wrong names", "asks for '0.b'"),
    "an array too many": (with_changes(**{"4.w": BIAS}), "wrong names", "has no '4.w'"),
    "a path as name": (with_changes(**{"../../x": BIAS}), "wrong names", "has no '../../x'"),
    "an array twice": (archive(TWICE), "wrong names", "stands in it twice"),
    "no architecture": (with_changes(architecture=None), "wrong names", "'architecture' is missing"),
    "layers as floats": (with_changes(architecture=BIAS), "architecture", "bytes of JSON"),
    "a megabyte of layers": (of_text(bytes(10**6)), "architecture", "bytes of JSON"),
    "layers no JSON": (of_text(b"[{"), "architecture", "its layers make no network"),
    "layers no text": (of_text(b"\xff\xfe"), "architecture", "its layers make no network"),
    "layers too deep": (of_text(b"[" * 9_999), "architecture", "its layers make no network"),
    "an unknown layer": (of_layers({"layer": "lambda"}), "architecture", "layer 0"),
    "eleven scores": (of_layers({"layer": "affine", "units": 11}), "architecture", "(11,)"),
    "images as scores": (of_layers(CHEAP), "architecture", "(64, 32, 32)"),
    "too many multiply-adds": (of_layers(CHEAP, CHEAP, CHEAP, NORMAL[1]), "too costly", "multiply-adds"),
    "too much to lay out": (
        of_layers({**CHEAP, "size": 1}, *[{"layer": "relu"}] * 59, NORMAL[1]),
        "too costly",
        "numbers in its layers",
    ),
}


@pytest.mark.parametrize(("content", "state", "said"), REFUSED.values(), ids=REFUSED)
def test_a_weights_file_that_is_not_as_it_must_be_ends_in_a_named_state(content, state, said):
    with pytest.raises(Refused) as caught:
        unpack(content)
    assert caught.value.state == state
    assert said in str(caught.value) and "\n" not in str(caught.value) and len(str(caught.value)) < 300
    verdict = ladder.judge(content, 10, lambda: pytest.fail("pictures are drawn for a refused file"))
    assert (verdict.points, verdict.status) == (0, "wrong")
    assert verdict.sentences[0].startswith(f"weights.npz, {state}: ")
    assert not Dangerous.done


@given(st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(0, 255)), min_size=1, max_size=6))
def test_whatever_bytes_change_the_file_is_read_or_refused(changes):
    content = bytearray(WHOLE)
    for place, byte in changes:
        content[place] = byte
    try:
        unpack(bytes(content))
    except Refused as refused:
        assert refused.state


@pytest.mark.parametrize("architecture", [SMALL, NORMAL], ids=["conv", "batchnorm"])
def test_a_packed_network_comes_back_to_the_bit(architecture):
    network, model = model_of(architecture)
    again, arrays = unpack(packed(model, network))
    assert again.architecture == architecture and arrays.keys() == model.keys()
    assert all(np.array_equal(arrays[name], value) for name, value in model.items())


def data(count=30):
    rng = np.random.default_rng(5)
    X, y = 60 * rng.standard_normal((count, 3, 32, 32)).astype(np.float32), rng.integers(0, 10, count)
    return Dataset(X, y, X, y, X, y, np.zeros((3, 32, 32), np.float32), tuple("abcdefghij"), "stand-in")


def test_pack_writes_a_file_and_says_size_cost_and_accuracy(tmp_path):
    network, model = model_of(SMALL)
    done = pack(model, network, data(), path=tmp_path / "weights.npz")
    right = correct(network, model, data().X_val, data().y_val)
    assert f"right on {right.mean():.1%} of 30 validation images" in repr(done)
    assert "of 20 MB" in repr(done) and "0.1 of 50 million multiply-adds" in repr(done)
    assert (tmp_path / "weights.npz").stat().st_size == done.size
    assert [path.name for path in tmp_path.iterdir()] == ["weights.npz"]


def test_pixels_that_were_divided_in_training_change_the_first_weights_instead(tmp_path):
    network, model = model_of(SMALL)
    _, arrays = unpack(packed(model, network, divided_by=64))
    X = data().X_val
    np.testing.assert_allclose(network(X, arrays), network(X / 64, model), rtol=1e-4, atol=1e-5)
    normal, its_model = model_of(NORMAL)
    with pytest.raises(ValueError, match="layer 0 is a batchnorm"):
        packed(its_model, normal, divided_by=64)


def test_pack_writes_nothing_when_the_file_would_be_refused(tmp_path):
    network, model = model_of(SMALL)
    model["0.b"] = model["0.b"] * np.nan
    (tmp_path / "weights.npz").write_bytes(b"before")
    with pytest.raises(Refused, match="the training has diverged"):
        pack(model, network, data(), path=tmp_path / "weights.npz")
    assert (tmp_path / "weights.npz").read_bytes() == b"before"


def always(label):
    """Return a file whose network says the same of every image."""
    network, model = model_of(NORMAL[1:])
    bias = np.eye(10, dtype=np.float32)[label]
    return packed({"0.w": np.zeros_like(model["0.w"]), "0.b": bias}, network)


def exam(source, right, count=100):
    """Return an Exam on which the label 3 is right for so many images, evenly spread."""
    order = np.random.default_rng(0).permutation(count)
    y = np.where(order < right, 3, 4)
    return Exam(source, {"black images": np.zeros((count, 3, 32, 32), np.float32)}, y)


@pytest.mark.parametrize("source", ladder.LADDERS)
def test_each_step_of_a_ladder_is_worth_its_share_and_a_hair_below_the_one_before(source):
    steps = ladder.LADDERS[source]
    shares = [0.0, *(share for _, share in steps)]
    assert shares == sorted(shares) and shares[-1] == 1
    assert [accuracy for accuracy, _ in steps] == sorted(accuracy for accuracy, _ in steps)
    for before, (accuracy, share) in zip(shares, steps, strict=False):
        at = round(1000 * accuracy)
        reached = ladder.judge(always(3), 10, lambda at=at: [exam(source, at, count=1000)])
        below = ladder.judge(always(3), 10, lambda at=at: [exam(source, at - 1, count=1000)])
        assert (reached.points, below.points) == (10 * share, 10 * before)
        assert reached.status == ("right" if share == 1 else "partly right")


def test_the_source_that_a_network_does_best_on_counts():
    verdict = ladder.judge(always(3), 10, lambda: [exam("stand-in", 10), exam("CIFAR-10", 90)])
    assert verdict.points == 10 and "90.0% of 100" in verdict.sentences[0]


def test_the_lower_of_two_views_counts_and_a_wide_gap_is_told():
    X = np.zeros((100, 3, 32, 32), np.float32)
    darker = X - 1
    weights = np.zeros((3072, 10), np.float32)
    weights[0, 4] = -1  # sees a class 4 in what is dark
    bias = np.float32(0.5) * np.eye(10, dtype=np.float32)[3]
    content = packed({"0.w": weights, "0.b": bias}, Network(NORMAL[1:]))
    y = np.where(np.arange(100) < 70, 3, 4)
    two_views = Exam("CIFAR-10", {"as they are": X, "darker": darker}, y)
    verdict = ladder.judge(content, 10, lambda: [two_views])
    assert "70.0% of 100 as they are and on 30.0% of 100 darker, the lower" in verdict.sentences[0]
    assert verdict.points < 10 and "40 points apart" in verdict.notes[0]


def test_without_a_file_it_is_not_written_and_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    verdict = ladder.beside_the_notebook(10)
    assert (verdict.status, verdict.points) == ("not written", 0)
    assert "run the cell with submission.pack" in verdict.sentences[0]


def test_beside_the_notebook_pictures_are_drawn_that_no_lesson_trains_on(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CIFAR10_DIR", raising=False)
    monkeypatch.setattr(exams.cifar10, "cache_folder", lambda: None)
    (tmp_path / "weights.npz").write_bytes(always(3))
    verdict = ladder.beside_the_notebook(10)
    assert "10.0% of 1,000 generated pictures" in verdict.sentences[0]  # each class is a tenth of them
    monkeypatch.setenv("COURSE_ORACLE", "fresh")
    assert "10.0% of 4,000 fresh generated pictures" in ladder.beside_the_notebook(10).sentences[0]


def test_every_submission_gets_pictures_of_its_own():
    one, again, other = (exams.in_grading(seed)[0] for seed in (1, 1, 2))
    (view,) = one.views
    assert np.array_equal(one.views[view], again.views[view])
    assert not np.array_equal(one.views[view], other.views[view])


def test_the_changed_copy_is_mirrored_shifted_and_brighter():
    image = np.zeros((1, 3, 32, 32), np.uint8)
    image[0, 0, 10, 20] = 200
    changed = exams.changed(image)
    assert changed[0, 0, 11, 31 - 20 + 1] == 206 and (changed == 6).sum() == changed.size - 1
    assert exams.changed(image + 250).max() == 255


@pytest.mark.parametrize("source", ladder.LADDERS)
def test_the_ladders_are_those_that_were_measured(source):
    runs = json.loads((ROOT / "benchmarks" / "ladder.json").read_text())["runs"]
    for net, share in {"LeNet": 0.85, "three convolutions": 1.0}.items():
        mine = [run for run in runs if (run["source"], run["net"]) == (source, net)]
        assert len({run["seed"] for run in mine}) >= 5
        scores = [ladder.Score(source, 1, run["accuracies"]) for run in mine]
        assert {ladder.rung(score)[0] for score in scores} == {share}
        assert all(score.gap <= ladder.GAP / 2 for score in scores)  # honest nets are far from a remark
