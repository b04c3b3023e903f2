"""Points for Canvas and Moodle: their own tables, filled in, and nothing else in them changed."""

import csv
import io

import pytest

from autograder.engine import Result
from autograder.errors import AutograderError
from autograder.exports import canvas, grades, moodle
from autograder.exports.grades import number
from autograder.gradebook import Entry, Score
from autograder.people import Directory, Person
from autograder.reports.page import level
from tests.small_lesson import LESSON

PEOPLE = [
    Person("al1", "Ann", "Lee", "ann@x.org", "12"),
    Person("bo2", "Bob", "O'Neil", "bob@x.org"),
    Person("jd3", "Jo", "Doe", "jo@x.org"),
    Person("poemax_14"),
    Person("eve", "Eve", "Poe"),
]
DIRECTORY = Directory(PEOPLE)


def grade_of(student, *points, state="graded", reason="", penalty=0.0):
    names = ("test-affine_forward", "written-1")
    scores = {name: Score(got, 5.0, False, "") for name, got in zip(names, points, strict=True)}
    entry = Entry(student, "", "", None, penalty, scores)
    return entry, Result(student, LESSON, state, reason, b"", {}, seed=1, level="B")


def all_grades(*graded):
    return grades([entry for entry, _ in graded], [result for _, result in graded])


CLASS = all_grades(
    grade_of("al1", 4.5, 3.0),
    grade_of("bo2", 5.0, None),
    grade_of("eve", 0.0, 0.0, state="failed", reason="no notebook"),
    grade_of("jd3", 4.0, 3.0, penalty=1 / 3),
    grade_of("poemax_14", 1.0, 0.0),
)
CANVAS = """Student,ID,SIS User ID,SIS Login ID,Section,Modular Layers (77),Two-layer net (78),Current Score
,,,,,Manual Posting,,
    Points Possible,,,,,10.00,30.00,(read only)
"Lee, Ann",12,,ann,A,,20,81.5
"O'Neil, Bob",13,bo2,bob,A,1.00,,
"Poe, Max",14,,,"A, B",,,
"=cmd()|x",15,,JO@x.org,A,2.5,,-4
"Poe, Eve",16,,,A,,,
"Student, Test",99,,,A,,,
"""


def filled(make, tmp_path, text, graded=CLASS, directory=DIRECTORY, **how):
    path = tmp_path / "template.csv"
    path.write_bytes(text.encode())
    made = make(path, LESSON, graded, directory, **how)
    return made, {row[0].strip(): row for row in csv.reader(io.StringIO(made.table), **dialect(made.table))}


def dialect(text):
    first = text.partition("\n")[0]
    return {"delimiter": max(",;", key=first.count)}


def test_canvas_gets_its_own_table_with_one_column_filled(tmp_path):
    made, rows = filled(canvas, tmp_path, CANVAS)
    assert {name: row[5] for name, row in rows.items()} == {
        **{"Student": "Modular Layers (77)", "": "Manual Posting", "Points Possible": "10.00"},
        **{"Lee, Ann": "7.5", "O'Neil, Bob": "1.00", "Poe, Max": "1", "'=cmd()|x": "6.67", "Poe, Eve": "0"},
        "Student, Test": "",
    }
    before = list(csv.reader(io.StringIO(CANVAS)))
    after = list(csv.reader(io.StringIO(made.table)))
    assert [row[1:5] + row[6:] for row in after] == [row[1:5] + row[6:] for row in before]
    assert [row[0] for row in after][:6] == [row[0] for row in before][:6]


def test_what_waits_is_left_as_canvas_has_it_and_named(tmp_path):
    made, _ = filled(canvas, tmp_path, CANVAS)
    assert made.said == ["bo2: left as it is, written-1 waits for its teacher"]


@pytest.mark.parametrize("cell", ["EX", "N/A"])
def test_who_is_excused_in_canvas_stays_excused(tmp_path, cell):
    made, rows = filled(canvas, tmp_path, CANVAS.replace("ann,A,,20", f"ann,A,{cell},20"))
    assert rows["Lee, Ann"][5] == cell and f"al1: left {cell}, as Canvas has it" in made.said


def test_a_canvas_table_with_semicolons_and_decimal_commas_is_filled_the_same(tmp_path):
    text = (
        CANVAS.replace("A, B", "A B")
        .replace(",", ";")
        .replace('"Lee; Ann"', "Lee Ann")
        .replace("10.00", "10,00")
    )
    _, rows = filled(canvas, tmp_path, "\ufeff" + text)
    assert rows["Lee Ann"][5] == "7.5" and rows["Student"][5] == "Modular Layers (77)"


def test_names_apart_and_columns_of_the_same_name_are_as_canvas_makes_them(tmp_path):
    text = CANVAS.replace("Student,ID", "LastName,FirstName,ID").replace('"Poe, Eve"', "Poe,Eve")
    text = (
        text.replace("Possible,", "Possible,,")
        .replace('"Poe, Max"', "Poe,Max")
        .replace("Current Score", "Section")
    )
    text = "\n".join(line for line in text.split("\n") if line.startswith(("L", " ", "Poe")))
    made, rows = filled(canvas, tmp_path, text)
    assert made.table.startswith('"LastName","FirstName","ID"') and made.table.count('"Section"') == 2
    assert [row[6] for row in csv.reader(io.StringIO(made.table))][2:] == ["1", "0"]


def test_who_is_not_in_the_template_is_named(tmp_path):
    text = CANVAS.replace('"Lee, Ann",12', '"Somebody, Else",17').replace(",ann,", ",,")
    made, _ = filled(canvas, tmp_path, text)
    assert "al1: not exported, no row of the template is this student's: is the roster imported?" in made.said


def test_two_rows_that_seem_to_be_one_student_are_both_left_alone(tmp_path):
    made, rows = filled(canvas, tmp_path, CANVAS + '"Poe, Eve",17,,,A,,,\n')
    assert rows["Poe, Eve"][5] == "" and made.said[0].startswith("eve: not exported, two rows seem to be")


COLUMNS = [None, "77", "Modular Layers", "Modular Layers (77)"]


@pytest.mark.parametrize("column", COLUMNS)
def test_the_assignment_is_found_by_the_lessons_name_or_as_it_is_named(tmp_path, column):
    _, rows = filled(canvas, tmp_path, CANVAS, column=column)
    assert rows["Lee, Ann"][5:7] == ["7.5", "20"]


REFUSED = [
    (CANVAS.replace("Modular Layers", "Week 4"), {}, "expected one assignment modular-layers, got 0 .Week 4"),
    (CANVAS.replace("Two-layer net", "modular-layers 2"), {}, "got 2"),
    (CANVAS, {"column": "Current Score"}, "expected one assignment Current Score, got 0"),
    (CANVAS.replace("10.00", "100"), {}, "has 100 points in Canvas, the lesson 10: give it 10"),
    (CANVAS.replace("10.00", ""), {}, "has no points in Canvas"),
    (CANVAS.replace("Points Possible", "?"), {}, "no row 'Points Possible'"),
    (CANVAS.replace("ID,SIS", "Number,SIS"), {}, "no column 'ID'"),
    ("", {}, "is empty"),
    ('a,"b', {}, "not a CSV file"),
]


@pytest.mark.parametrize("text, how, said", REFUSED, ids=range(len(REFUSED)))
def test_a_template_that_does_not_fit_is_refused_in_one_line(tmp_path, text, how, said):
    with pytest.raises(AutograderError, match=said) as failure:
        filled(canvas, tmp_path, text, **how)
    assert "\n" not in str(failure.value)


MOODLE = """Identifier,"Full name","Email address",Status,Grade,"Maximum Grade","Grade can be changed",\
"Last modified (submission)","Last modified (grade)","Feedback comments"
"Participant 501","Ann Lee",ann@x.org,"Submitted for grading",,10.00,Yes,"Sunday, 1 March 2026, 9:00 PM",-,
"Participant 502","Bob O'Neil",bob@x.org,"Submitted for grading",2.00,10.00,Yes,-,-,"See me."
"Participant 14","Poe Max",,"No submission",,10.00,Yes,-,-,"modular-layers: 3 of 10 points."
"Participant 504","@Jo Doe",JO@X.ORG,"No submission",,10.00,No,-,-,
"Participant 505","Eve Poe",,"No submission",-,"10,00",Yes,-,-,
"Participant 506","Zoe Zed",,"No submission",,10.00,Yes,-,-,
"""


def test_moodle_gets_its_own_worksheet_with_grades_and_comments(tmp_path):
    made, rows = filled(moodle, tmp_path, MOODLE)
    assert {name: row[4] for name, row in rows.items() if row[0] != "Identifier"} == {
        **{"Participant 501": "7.5", "Participant 502": "2.00", "Participant 14": "1"},
        **{"Participant 504": "", "Participant 505": "0", "Participant 506": ""},
    }
    assert rows["Participant 501"][-1] == f"{LESSON}: 7.5 of 10 points; graded; {level('B')}."
    assert rows["Participant 14"][-1].startswith(f"{LESSON}: 1 of 10 points; graded; ")
    assert "failed (no notebook)" in rows["Participant 505"][-1]
    assert rows["Participant 502"][-1] == "See me." and rows["Participant 506"][-1] == ""
    assert rows["Participant 504"][1] == "'@Jo Doe" and rows["Participant 501"][8] == "-"
    assert made.said == [
        "bo2: left as it is, written-1 waits for its teacher",
        "jd3: left as it is, Moodle says that the grade cannot be changed",
    ]


def test_a_comment_says_what_waits(tmp_path):
    _, rows = filled(moodle, tmp_path, MOODLE.replace('"See me."', ""))
    assert rows["Participant 502"][-1].startswith(
        f"{LESSON}: 5 of 10 points so far; written-1 waits for your teacher; graded; "
    )


def test_a_worksheet_without_comments_is_filled_and_the_lack_is_said(tmp_path):
    text = "\n".join(line.rpartition(",")[0] for line in MOODLE.strip().split("\n"))
    made, rows = filled(moodle, tmp_path, text)
    assert rows["Participant 501"][4] == "7.5" and "no column 'Feedback comments'" in made.said[-1]


@pytest.mark.parametrize(
    "text, said",
    [
        (MOODLE.replace("10.00", "100.00"), "has 100.00 points in Moodle, the lesson 10: give it 10"),
        (MOODLE.replace("Grade,", "Bewertung,"), "no column 'Grade'"),
    ],
)
def test_a_worksheet_that_does_not_fit_is_refused_in_one_line(tmp_path, text, said):
    with pytest.raises(AutograderError, match=said):
        filled(moodle, tmp_path, text)


@pytest.mark.parametrize(
    "points, expected", [(0, "0"), (41.5, "41.5"), (41.25, "41.25"), (2 / 3, "0.67"), (100, "100")]
)
def test_points_have_two_decimals_at_most(points, expected):
    assert number(points) == expected
