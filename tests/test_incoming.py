"""What comes from outside lands in submitted/<student>/<lesson>/, as a whole or not at all."""

import os
from datetime import datetime

import pytest

from autograder import incoming
from autograder.choices import Keep
from autograder.collect import collect, look_into
from autograder.errors import AutograderError
from autograder.folder import Folder
from autograder.incoming import attempts, take_in
from autograder.people import Directory, Person
from autograder.sanitise import MAX_BYTES
from tests import small_lesson
from tests.handed_in import exchange, zip_bomb, zipped
from tests.small_lesson import LESSON, as_bytes, make_course

RIGHT, BLANK = as_bytes(small_lesson.right()), as_bytes(small_lesson.release())
HALF = as_bytes(small_lesson.right(relu_forward="def relu_forward(x):\n    return x"))
NOBODY = Directory([])


def no_best(_):
    raise AssertionError("nothing is to be graded")


@pytest.fixture
def folder(tmp_path):
    return Folder(make_course(tmp_path / "course"), LESSON)


def taken(folder, source, keep=Keep.LAST, best=no_best, directory=NOBODY, at_most=None):
    found, _ = take_in(folder, source, directory, best, keep, at_most)
    return {each.submission.student: (each.what, each.submission.state) for each in found}


def lines(folder, source, **how):
    return [each.line() for each in take_in(folder, source, NOBODY, no_best, **how)[0]]


def held(folder):
    """Return {student: the notebook that grading would find}, and see that nothing else is left there."""
    if not folder.submitted.is_dir():
        return {}
    assert not [name for name in os.listdir(folder.submitted) if name.startswith(".")]
    return {each.student: each.notebook for each in collect(folder.submitted, LESSON, folder.release)}


CANVAS = {
    f"leeann_12_345_{LESSON}-1.ipynb": RIGHT,
    "leeann_12_346_weights.npz": b"",
    "doejo_LATE_13_400_solution (1).ipynb": HALF,
    "poemax_14_500_essay.pdf": b"%PDF",
}
MOODLE = {
    f"Ann Lee_12_assignsubmission_file_/{LESSON}.ipynb": RIGHT,
    "Jo Doe_13_assignsubmission_file_/handed/solution.ipynb": HALF,
    "Max Poe_14_assignsubmission_onlinetext_/onlinetext.html": b"here it is",
}


def test_a_canvas_download_becomes_a_folder_for_each_student(folder, tmp_path):
    said = lines(folder, zipped(tmp_path / "in.zip", CANVAS))
    assert said == [
        "doejo_13: new, renamed (named solution (1).ipynb; handed in late, says Canvas)",
        "leeann_12: new, found",
        "poemax_14: new, no notebook (no notebook: only essay.pdf)",
    ]
    assert held(folder) == {"doejo_13": HALF, "leeann_12": RIGHT, "poemax_14": b""}
    assert sorted(os.listdir(folder.submitted / "leeann_12" / LESSON)) == [f"{LESSON}.ipynb", "weights.npz"]


def test_a_moodle_download_becomes_a_folder_for_each_student(folder, tmp_path):
    source = zipped(tmp_path / "in.zip", MOODLE)
    assert taken(folder, source) == {
        "Ann Lee_12": ("new", "found"),
        "Jo Doe_13": ("new", "renamed"),
        "Max Poe_14": ("new", "no notebook"),
    }
    assert held(folder)["Jo Doe_13"] == HALF


def test_an_unpacked_download_is_taken_as_well(folder, tmp_path):
    for name, data in CANVAS.items():
        (tmp_path / "in").mkdir(exist_ok=True)
        (tmp_path / "in" / name).write_bytes(data)
    assert taken(folder, tmp_path / "in")["leeann_12"] == ("new", "found")


def test_the_roster_gives_the_students_of_a_platform_their_own_ids(folder, tmp_path):
    people = Directory([Person("al1", "Ann", "Lee", number="12"), Person("jd2", "Jo", "Doe")])
    for files in (CANVAS, MOODLE):
        found = taken(folder, zipped(tmp_path / "in.zip", files), directory=people)
        assert {"al1", "jd2"} < set(found)
    assert set(held(folder)) == {"al1", "jd2", "poemax_14", "Max Poe_14"}


def test_a_plain_folder_is_taken_with_or_without_the_lessons_name(folder, tmp_path):
    for place in (f"ann/{LESSON}", "ann/two-layer-net", "bob/two-layer-net"):
        (tmp_path / "tree" / place).mkdir(parents=True)
        (tmp_path / "tree" / place / "x.ipynb").write_bytes(HALF)
    (tmp_path / "flat" / "zoe").mkdir(parents=True)
    (tmp_path / "flat" / "zoe" / f"{LESSON}.ipynb").write_bytes(RIGHT)
    (tmp_path / "flat" / "zoe" / "timestamp.txt").write_text("2026-03-01 12:00:00 UTC")
    assert taken(folder, tmp_path / "tree") == {"ann": ("new", "renamed")}
    assert taken(folder, tmp_path / "flat") == {"zoe": ("new", "found")}
    zoe = look_into(folder.submitted / "zoe" / LESSON, folder.release)
    assert zoe.timestamp == datetime(2026, 3, 1, 12)


def at(hour):
    return f"2026-03-01 {hour:02}:00:00 UTC"


THRICE = [
    ("ann", at(9), {"x.ipynb": BLANK}),
    ("ann", at(11), {"x.ipynb": HALF}),
    ("ann", at(10), {"x.ipynb": RIGHT}),
]


def most_characters(ordered):
    """Find the best attempt without grading: the right notebook is the longest."""
    return max(ordered, key=lambda attempt: len(attempt.submission.notebook))


KEPT = [(Keep.LAST, HALF, 11), (Keep.FIRST, BLANK, 9), (Keep.BEST, RIGHT, 10)]


@pytest.mark.parametrize("keep, notebook, hour", KEPT)
def test_of_several_attempts_the_policy_chooses_one_with_its_time(folder, tmp_path, keep, notebook, hour):
    source = exchange(tmp_path / "exchange", *THRICE)
    (found,), _ = take_in(folder, source, NOBODY, most_characters, keep)
    assert f"the {keep} of 3 attempts" in found.remarks
    assert held(folder) == {"ann": notebook}
    assert look_into(folder.submitted / "ann" / LESSON, folder.release).timestamp.hour == hour


def test_what_cannot_be_graded_counts_only_when_there_is_nothing_else(folder, tmp_path):
    source = exchange(tmp_path / "exchange", THRICE[0], ("ann", at(12), {"x.ipynb": b"<html>"}))
    assert taken(folder, source) == {"ann": ("new", "renamed")}
    (folder.submitted / "ann" / LESSON / "x.ipynb").write_bytes(b"")
    assert taken(folder, source) == {"ann": ("replaced", "renamed")}


@pytest.mark.parametrize(
    "keep, expected",
    [(Keep.LAST, ["new", "replaced", "unchanged"]), (Keep.FIRST, ["new", "not taken", "not taken"])],
)
def test_what_was_collected_before_is_one_attempt_among_the_others(folder, tmp_path, keep, expected):
    one, two = (
        zipped(tmp_path / name, {f"lee_1_{number}_x.ipynb": data})
        for name, number, data in (("one.zip", 7, BLANK), ("two.zip", 8, RIGHT))
    )
    assert [taken(folder, source, keep)["lee_1"][0] for source in (one, two, two)] == expected
    assert held(folder) == {"lee_1": RIGHT if keep is Keep.LAST else BLANK}


def test_the_same_again_changes_nothing(folder, tmp_path):
    source = exchange(tmp_path / "exchange", *THRICE, ("bob", at(9), {f"{LESSON}.ipynb": RIGHT}))
    taken(folder, source)
    before = {path: path.stat().st_mtime_ns for path in folder.submitted.rglob("*")}
    assert {what for what, _ in taken(folder, source).values()} == {"unchanged"}
    assert {path: path.stat().st_mtime_ns for path in folder.submitted.rglob("*")} == before


def test_an_older_attempt_does_not_replace_a_newer_one(folder, tmp_path):
    taken(folder, exchange(tmp_path / "new", THRICE[1]))
    assert taken(folder, exchange(tmp_path / "old", THRICE[0])) == {"ann": ("not taken", "renamed")}
    assert held(folder) == {"ann": HALF}


def test_the_time_of_the_exchange_is_its_own_and_not_what_a_student_wrote(folder, tmp_path):
    taken(folder, exchange(tmp_path / "exchange", THRICE[0]))
    assert look_into(folder.submitted / "ann" / LESSON, folder.release).timestamp.year == 2026


def test_students_of_a_platform_cannot_bring_a_time_of_their_own(folder, tmp_path):
    files = {"eve_1_2_timestamp.txt": at(1).encode(), "eve_1_3_x.ipynb": RIGHT}
    taken(folder, zipped(tmp_path / "in.zip", files))
    assert look_into(folder.submitted / "eve_1" / LESSON, folder.release).timestamp is None


def test_a_rehearsal_says_the_same_of_the_first_students_and_writes_nothing(folder, tmp_path):
    source = zipped(tmp_path / "in.zip", CANVAS)
    told = lines(folder, source, at_most=2)
    assert not folder.submitted.exists()
    assert told == lines(folder, source)[:2]


def test_hostile_files_end_in_a_state_and_cost_the_others_nothing(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(attempts, "MAX_FILES", 5)
    bomb = tmp_path / "bomb.zip"
    bomb.write_bytes(zip_bomb("bob_1_2_x.ipynb", MAX_BYTES + 2_000_000))
    source = exchange(
        tmp_path / "exchange",
        ("ann", at(9), {"x.ipynb": RIGHT}),
        ("eve", at(9), {f"{i}.txt": b"" for i in range(9)} | {"z.ipynb": RIGHT}),
        ("max", at(9), {}),
    )
    links = source / "neural-networks" / "inbound" / f"max+{LESSON}+{at(9)}+r2"
    (links / "x.ipynb").symlink_to("/etc/passwd")
    found, _ = take_in(folder, source, NOBODY, no_best)
    told = {each.submission.student: each.line() for each in found}
    assert taken(folder, bomb) == {"bob_1": ("new", "too large")}
    assert held(folder)["ann"] == held(folder)["eve"] == RIGHT
    assert "only 5 of 11 files were taken" in told["eve"]
    assert "no notebook" in told["max"] and "x.ipynb: a link" in told["max"]
    assert not list(folder.submitted.rglob("passwd"))


def test_an_attempt_of_too_many_bytes_is_cut_and_says_so(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(attempts, "MAX_TOTAL", len(RIGHT) + 10)
    files = {"eve_1_2_x.ipynb": RIGHT, "eve_1_3_y.txt": bytes(11), "eve_1_4_z.txt": b""}
    (said,) = lines(folder, zipped(tmp_path / "in.zip", files))
    assert "only the first" in said and held(folder) == {"eve_1": RIGHT}


@pytest.mark.parametrize(
    "files, said",
    [
        ({"x.ipynb": RIGHT}, "expected nbgrader's exchange, a download of Canvas or Moodle"),
        ({}, "holds nothing"),
        ({"a_1_2_x.ipynb": RIGHT, "../b_3_4_x.ipynb": RIGHT}, "nothing was taken"),
    ],
)
def test_a_source_that_makes_no_sense_leaves_the_course_as_it_was(folder, tmp_path, files, said):
    with pytest.raises(AutograderError, match=said):
        taken(folder, zipped(tmp_path / "in.zip", files))
    assert held(folder) == {}


def test_a_zip_that_breaks_off_in_the_middle_leaves_the_course_as_it_was(folder, tmp_path):
    source = zipped(tmp_path / "in.zip", {"a_1_2_x.ipynb": RIGHT, "b_3_4_x.ipynb": RIGHT})
    data = bytearray(source.read_bytes())
    place = data.index(b"b_3_4_x.ipynb") + 200
    data[place] ^= 0xFF
    source.write_bytes(data)
    with pytest.raises(AutograderError, match="download it again"):
        taken(folder, source)
    assert held(folder) == {}


def test_names_that_no_scheme_explains_are_left_out_and_named(folder, tmp_path):
    source = zipped(tmp_path / "in.zip", {**CANVAS, "readme.txt": b""})
    _, said = take_in(folder, source, NOBODY, no_best)
    assert said == [f"{source}: a Canvas download", "left out, nobody's: readme.txt"]


def test_several_courses_in_an_exchange_have_to_be_told_apart(folder, tmp_path):
    root = exchange(tmp_path / "exchange", THRICE[0])
    exchange(root, ("bob", at(9), {"x.ipynb": RIGHT}), course="other")
    with pytest.raises(AutograderError, match="several courses .neural-networks, other."):
        taken(folder, root)
    assert set(taken(folder, root / "other")) == {"bob"}
    assert incoming.inbound(root / "other" / "inbound") == root / "other" / "inbound"


def test_other_lessons_of_the_exchange_stay_where_they_are(folder, tmp_path):
    root = exchange(tmp_path / "exchange", THRICE[0])
    exchange(root, ("bob", at(9), {"x.ipynb": RIGHT}), lesson="two-layer-net")
    assert set(taken(folder, root)) == {"ann"}
    exchange(tmp_path / "other", ("bob", at(9), {"x.ipynb": RIGHT}), lesson="two-layer-net")
    with pytest.raises(AutograderError, match=f"no submissions of {LESSON}"):
        taken(folder, tmp_path / "other")
