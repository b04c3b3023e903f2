"""Whose file it is, told by its name."""

import pytest

from autograder.incoming.attempts import folder_name, owners, unused
from autograder.incoming.schemes import CANVAS, EXCHANGE, FOLDERS, MOODLE, TREE, home_names, recognise
from autograder.people import Directory, Person
from tests.small_lesson import LESSON

EXCHANGED = f"neural/inbound/ann+{LESSON}+2026-03-01 12:00:00.5 UTC+x9Z"
NAMED = [
    (EXCHANGE, f"{EXCHANGED}/{LESSON}.ipynb", "ann", "", f"{LESSON}.ipynb"),
    (EXCHANGE, f"a+b+{LESSON}+2026-03-01 12:00:00 UTC/x.ipynb", "a+b", "", "x.ipynb"),
    (MOODLE, "Ann Lee_4711_assignsubmission_file_/sub/x (1).ipynb", "Ann Lee", "4711", "sub/x (1).ipynb"),
    (MOODLE, "Ann Lee_4711_assignsubmission_file/x.ipynb", "Ann Lee", "4711", "x.ipynb"),
    (MOODLE, "Ann Lee_4711_assignsubmission_file_my_x.ipynb", "Ann Lee", "4711", "my_x.ipynb"),
    (MOODLE, "all/Participant_9_assignsubmission_onlinetext/o.html", "Participant", "9", "o.html"),
    (CANVAS, "leeann_12_345_my_x-2.ipynb", "leeann", "12", "my_x-2.ipynb"),
    (CANVAS, "leeann_LATE_12_345_x.ipynb", "leeann", "12", "x.ipynb"),
    (CANVAS, "o_brienéric_12_345_6_7_x.ipynb", "o_brienéric", "12", "6_7_x.ipynb"),
    (CANVAS, "submissions/leeann_12_text.html", "leeann", "12", "text.html"),
    (CANVAS, "LATE_anon_a1B2c_345_x.ipynb", "anon_a1B2c", "", "x.ipynb"),
    (TREE, f"ann/{LESSON}/x.ipynb", "ann", "", "x.ipynb"),
    (FOLDERS, "Lee, Ann/x.ipynb", "Lee, Ann", "", "x.ipynb"),
]


@pytest.mark.parametrize("scheme, name, student, number, file", NAMED, ids=range(len(NAMED)))
def test_a_name_says_whose_file_it_is(scheme, name, student, number, file):
    claim = scheme.claim(name)
    assert (claim.student, claim.number, claim.file) == (student, number, file)
    assert recognise([name], LESSON) is scheme


def test_canvas_says_what_came_late():
    assert [CANVAS.claim(name).is_late for _, name, *_ in NAMED if CANVAS.claim(name)] == [
        *(False, True, False, False, True)
    ]


def test_attempts_in_the_exchange_are_told_apart_by_their_folders():
    first, again = EXCHANGE.claim(f"{EXCHANGED}/a"), EXCHANGE.claim(f"{EXCHANGED.replace('9Z', '8Y')}/a")
    assert first.attempt != again.attempt and first.time == again.time == "2026-03-01 12:00:00.5 UTC"


# What a student may choose is the end of the name; in the exchange also whole names of folders.
FORGED = [
    (CANVAS, "eve_66_7_bob_1_assignsubmission_file_x.ipynb", "eve"),
    (CANVAS, f"eve_66_7_bob+{LESSON}+2026-03-01 12:00:00 UTC+x.ipynb", "eve"),
    (CANVAS, "eve_66_7_bob_55_8_x.ipynb", "eve"),
    (MOODLE, "Eve_66_assignsubmission_file_/bob_55_8_x.ipynb", "Eve"),
    (MOODLE, f"Eve_66_assignsubmission_file_/bob/{LESSON}/x.ipynb", "Eve"),
    (MOODLE, "Eve_66_assignsubmission_file_/Bob_5_assignsubmission_file_/x.ipynb", "Eve"),
    (MOODLE, "Eve_66_assignsubmission_file_Bob_5_assignsubmission_file_x.ipynb", "Eve"),
    (EXCHANGE, f"eve+{LESSON}+2026-03-01 12:00:00 UTC/bob+{LESSON}+2026-03-02 12:00:00 UTC/x.ipynb", "eve"),
    (TREE, f"eve/{LESSON}/bob+{LESSON}+x.ipynb", "eve"),
]


@pytest.mark.parametrize("scheme, name, owner", FORGED, ids=range(len(FORGED)))
def test_no_name_of_a_file_makes_it_somebody_elses(scheme, name, owner):
    honest = {
        CANVAS: ["ann_1_2_x.ipynb", "lou_3_4_x.ipynb"],
        MOODLE: ["Ann_1_assignsubmission_file_/x.ipynb", "Lou_2_assignsubmission_file_x.ipynb"],
        EXCHANGE: [f"ann+{LESSON}+2026-03-01 12:00:00 UTC/x.ipynb"],
        TREE: [f"ann/{LESSON}/x.ipynb", f"lou/{LESSON}/x.ipynb"],
    }[scheme]
    assert recognise([*honest, name], LESSON) is scheme
    assert scheme.claim(name).student == owner


def test_other_lessons_beside_this_one_do_not_hide_how_names_are_made():
    names = [f"ann/{LESSON}/x.ipynb", "ann/two-layer-net/x.ipynb", "bob/two-layer-net/x.ipynb"]
    assert recognise(names, LESSON) is TREE
    assert recognise(names[1:], LESSON) is FOLDERS  # whatever the inner folders are
    assert recognise(["x.ipynb", "y.ipynb"], LESSON) is None


def test_what_canvas_adds_to_a_notebook_that_is_uploaded_again_is_taken_off():
    names = ["notes.txt", f"{LESSON}-2.ipynb", f"{LESSON}-11.ipynb"]
    assert home_names(names, LESSON, CANVAS) == ["notes.txt", f"{LESSON}-2.ipynb", f"{LESSON}.ipynb"]
    assert home_names([*names, f"{LESSON}.ipynb"], LESSON, CANVAS)[:3] == names
    assert home_names(names, LESSON, MOODLE) == names


ROSTER = Directory(
    [
        Person("al1", "Ann", "Lee", "ann@x.org", "12"),
        Person("bo2", "Bob", "D'Arcy-O'Neil", "bob@x.org", "13"),
        Person("jd3", "Jo", "Doe"),
        Person("jd4", "Jo", "Doe"),
        Person("ék5", "Éric", "Königs"),
    ]
)
WHOSE = [
    (CANVAS, [("leeann", "12")], {"al1": ""}),
    (CANVAS, [("somebodyelse", "12")], {"al1": ""}),
    (CANVAS, [("darcyoneilbob", "99")], {"bo2": ""}),
    (CANVAS, [("königséric", "5")], {"ék5": ""}),
    (CANVAS, [("doejo", "5")], {"doejo_5": "not in the roster"}),
    (MOODLE, [("Ann Lee", "4711")], {"al1": ""}),
    (MOODLE, [("Max", "4712")], {"Max_4712": "not in the roster"}),
    (CANVAS, [("leeann", "12"), ("leeann", "66")], {"al1": "", "leeann_66": "perhaps al1, whom others are"}),
    (
        MOODLE,
        [("Ann Lee", "1"), ("Lee Ann", "2")],
        {"Ann Lee_1": "perhaps al1, whom others are", "Lee Ann_2": "perhaps al1, whom others are"},
    ),
    (EXCHANGE, [("al1", ""), ("zed", "")], {"al1": "", "zed": "not in the roster"}),
]


@pytest.mark.parametrize("scheme, names, expected", WHOSE, ids=range(len(WHOSE)))
def test_a_name_of_a_platform_leads_to_one_student_of_the_roster_or_to_none(scheme, names, expected):
    sample = {CANVAS: "{}_{}_1_x", MOODLE: "{}_{}_assignsubmission_file_/x"}
    claims = [
        scheme.claim(sample[scheme].format(*who) if scheme in sample else f"{who[0]}+a+2026-01-01/x")
        for who in names
    ]
    found = dict(owners(claims, scheme, ROSTER).values())
    assert set(found) == set(expected)
    assert all(found[student].startswith(remark) for student, remark in expected.items())
    assert all(not remark for _, remark in owners(claims, scheme, Directory([])).values())


@pytest.mark.parametrize("name", ["..", ".hidden", "a/b", "a\nb", "x" * 200 + ".ipynb", "\ud800"])
def test_any_name_becomes_one_that_a_folder_can_have_and_stays_itself(name):
    fit = folder_name(name)
    assert fit and "/" not in fit and not fit.startswith(".") and fit.isprintable() and len(fit) <= 100
    assert fit != folder_name(name + "y") and fit == folder_name(name)
    assert not name.endswith(".ipynb") or fit.endswith(".ipynb")


def test_files_of_one_name_stay_apart_in_any_case():
    used = set()
    names = [unused(name, used) for name in ("x.ipynb", "X.ipynb", "x.ipynb", "x")]
    assert names == ["x.ipynb", "X (2).ipynb", "x (3).ipynb", "x"]
