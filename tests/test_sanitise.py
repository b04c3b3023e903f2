import json

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbformat import v4
from nbgrader.utils import compute_checksum

from autograder.sanitise import MAX_BYTES, MAX_CELLS, Unreadable, read, sanitise
from tests import small_lesson
from tests.small_lesson import as_bytes, cell

RELEASE = small_lesson.release()


def sanitised(notebook):
    return sanitise(as_bytes(notebook), RELEASE)


def ids(notebook):
    return [cell.id for cell in notebook.cells]


def at(notebook, name):
    return ids(notebook).index(name)


def test_an_untouched_notebook_comes_back_as_it_was_without_a_note():
    notebook, notes = sanitised(RELEASE)
    assert notebook == RELEASE
    assert notes == ()


def test_answers_and_own_cells_stay_and_outputs_go():
    submitted = small_lesson.right(written_1="Because of the chain rule.")
    cell(submitted, "solution-relu_forward").outputs = [v4.new_output("stream", text="forged")]
    submitted.cells.insert(4, v4.new_code_cell("x = 1", id="mine"))
    submitted.cells.insert(5, v4.new_markdown_cell("a thought"))
    notebook, notes = sanitised(submitted)
    assert ids(notebook)[4] == "mine" and notebook.cells[5].source == "a thought"
    assert cell(notebook, "solution-relu_forward").source == small_lesson.RIGHT["relu_forward"]
    assert cell(notebook, "written-1").source == "Because of the chain rule."
    assert all(not each.outputs for each in notebook.cells if each.cell_type == "code")
    assert notes == ()


def test_an_edited_test_and_an_edited_locked_cell_get_their_released_text_back():
    submitted = small_lesson.right()
    cell(submitted, "test-relu_forward").source = "check.relu_forward(lambda x: (x, x), points=2)"
    cell(submitted, "modular-layers-2").source = "check = None"
    notebook, notes = sanitised(submitted)
    assert cell(notebook, "test-relu_forward").source == small_lesson.TESTS["relu_forward"]
    assert cell(notebook, "modular-layers-2").source == small_lesson.OPENING
    assert notes == (
        "a locked cell was edited, its released text was put back: modular-layers-2, test-relu_forward",
    )


def test_edited_points_and_flags_are_those_of_the_release_again():
    submitted = small_lesson.right()
    cell(submitted, "test-relu_forward").metadata.nbgrader.update(points=200)
    cell(submitted, "test-affine_forward").metadata.nbgrader.update(locked=False, solution=True)
    notebook, notes = sanitised(submitted)
    for name in ("test-relu_forward", "test-affine_forward"):
        assert cell(notebook, name).metadata == cell(RELEASE, name).metadata
    assert len(notes) == 1 and notes[0].startswith("points or grading flags were changed")
    assert notes[0].endswith(": test-affine_forward, test-relu_forward")


def test_a_student_cannot_make_a_cell_of_their_own_count():
    submitted = small_lesson.right()
    submitted.cells.append(v4.new_code_cell("1", metadata={**cell(RELEASE, "test-relu_forward").metadata}))
    submitted.cells[-1].metadata.nbgrader = {**submitted.cells[-1].metadata.nbgrader, "grade_id": "bonus"}
    notebook, _ = sanitised(submitted)
    assert "nbgrader" not in notebook.cells[-1].metadata


def test_deleted_cells_come_back_at_their_place_an_answer_as_the_stub():
    submitted = small_lesson.right()
    gone = {"modular-layers-2", "solution-affine_backward", "test-affine_backward", "written-1"}
    submitted.cells = [each for each in submitted.cells if each.id not in gone]
    notebook, notes = sanitised(submitted)
    assert ids(notebook) == ids(RELEASE)
    assert "NotImplementedError" in cell(notebook, "solution-affine_backward").source
    assert len(notes) == 1 and all(name in notes[0] for name in gone)


def test_a_deleted_cell_of_prose_or_plain_code_stays_deleted():
    submitted = small_lesson.right()
    gone = ("modular-layers-1", "modular-layers-9")
    submitted.cells = [each for each in submitted.cells if each.id not in gone]
    notebook, notes = sanitised(submitted)
    assert ids(notebook) == ids(submitted) and notes == ()


def test_an_empty_notebook_with_one_cell_of_the_lesson_is_made_whole():
    submitted = small_lesson.right()
    submitted.cells = [cell(submitted, "solution-relu_forward")]
    notebook, _ = sanitised(submitted)
    held = [each.id for each in RELEASE.cells if "nbgrader" in each.metadata]
    assert ids(notebook) == held
    assert cell(notebook, "solution-relu_forward").source == small_lesson.RIGHT["relu_forward"]


def test_a_copied_test_is_dropped():
    submitted = small_lesson.right()
    submitted.cells.append(nbformat.from_dict({**cell(submitted, "test-relu_forward"), "id": "copy"}))
    notebook, notes = sanitised(submitted)
    assert ids(notebook) == ids(RELEASE)
    assert notes == ("a copied test was dropped: test-relu_forward",)


def test_of_two_answers_with_one_id_the_first_counts_and_the_other_is_a_plain_cell():
    submitted = small_lesson.right()
    again = {"source": "second = True", "id": "again"}
    copy = nbformat.from_dict({**cell(submitted, "solution-relu_forward"), **again})
    submitted.cells.insert(at(submitted, "test-relu_forward"), copy)
    notebook, notes = sanitised(submitted)
    second = notebook.cells[at(notebook, "solution-relu_forward") + 1]
    assert (second.source, dict(second.metadata)) == ("second = True", {})
    assert "solution-relu_forward" in notes[0]


@pytest.mark.parametrize("name", ["solution-relu_forward", "written-1"])
def test_of_two_answers_with_one_id_the_first_counts_that_was_touched(name):
    submitted = small_lesson.release()
    place = at(submitted, name)
    for source in ("mine = 1", "mine = 2"):
        copy = {**submitted.cells[place], "source": source, "id": source.replace(" = ", "")}
        submitted.cells.insert(place + 1, nbformat.from_dict(copy))
    notebook, notes = sanitised(submitted)
    assert cell(notebook, name).source == "mine = 2"
    plain = [each.source for each in notebook.cells if "nbgrader" not in each.metadata]
    assert "mine = 1" in plain and cell(RELEASE, name).source in plain
    assert notes == (f"stands more than once, one counts, others are plain cells: {name}, {name}",)


def test_cells_are_known_by_their_cell_id_when_a_tool_dropped_the_metadata():
    submitted = small_lesson.right()
    for each in submitted.cells:
        each.metadata = nbformat.NotebookNode()
    notebook, _ = sanitised(submitted)
    assert [each.metadata for each in notebook.cells] == [each.metadata for each in RELEASE.cells]


def test_cells_are_known_by_their_grade_id_when_a_tool_made_new_cell_ids():
    submitted = small_lesson.right()
    for number, each in enumerate(submitted.cells):
        each.id = f"new{number}"
    notebook, notes = sanitised(submitted)
    assert [name for name in ids(notebook) if not name.startswith("new")] == [
        each.id for each in RELEASE.cells if "nbgrader" in each.metadata
    ]
    assert notes == ()


def test_moved_tests_go_back_behind_their_answers_with_the_cells_that_follow_them():
    submitted = small_lesson.right()
    test = submitted.cells.pop(at(submitted, "test-relu_forward"))
    submitted.cells[2:2] = [test, v4.new_code_cell("follows", id="mine")]
    notebook, notes = sanitised(submitted)
    place = at(notebook, "solution-relu_forward")
    assert ids(notebook)[place : place + 3] == ["solution-relu_forward", "test-relu_forward", "mine"]
    assert notes == ("cells of the lesson were moved, and moved back",)


def test_an_answer_turned_into_text_is_code_again():
    submitted = small_lesson.right()
    place = at(submitted, "solution-relu_forward")
    code = submitted.cells[place]
    submitted.cells[place] = v4.new_markdown_cell(code.source, id=code.id, metadata=code.metadata)
    notebook, _ = sanitised(submitted)
    assert notebook.cells[place].cell_type == "code" and notebook.cells[place].source == code.source


def test_an_untouched_answer_keeps_the_checksum_by_which_nbgrader_knows_it():
    notebook, _ = sanitised(small_lesson.right())
    untouched = [
        each.id
        for each in notebook.cells
        if "nbgrader" in each.metadata and compute_checksum(each) == each.metadata.nbgrader.checksum
    ]
    assert "written-1" in untouched and "solution-relu_forward" not in untouched


def test_a_photographed_derivation_stays_and_other_attachments_go():
    submitted = small_lesson.right(written_1="![](a.png)")
    cell(submitted, "written-1")["attachments"] = {
        "a.png": {"image/png": "iVBORw0KGgo="},
        "b.svg": {"image/svg+xml": "<svg onload='x()'/>"},
    }
    notebook, _ = sanitised(submitted)
    assert cell(notebook, "written-1").attachments == {"a.png": {"image/png": "iVBORw0KGgo="}, "b.svg": {}}


UNREADABLE = [
    ("empty", b""),
    ("empty", b" \n"),
    ("empty", b'{"nbformat": 4, "cells": []}'),
    ("not JSON", b"hello"),
    ("not JSON", b"\xff\xfe\x00"),
    ("not JSON", b'{"nbformat": 4, "cells": ['),
    ("not JSON", b"[" * 200_000),
    ("not JSON", b'{"nbformat": ' + b"9" * 5_000 + b"}"),
    ("not a notebook", b"[]"),
    ("not a notebook", b'{"cells": []}'),
    ("not a notebook", b'{"nbformat": "4", "cells": []}'),
    ("not a notebook", b'{"nbformat": 4, "cells": {"a": 1}}'),
    ("not a notebook", b'{"nbformat": 4, "cells": [1]}'),
    ("nbformat 3", b'{"nbformat": 3, "worksheets": [{"cells": []}]}'),
    ("too large", b" " * (MAX_BYTES + 1)),
    ("too large", json.dumps({"nbformat": 4, "cells": [{}] * (MAX_CELLS + 1)}).encode()),
]


@pytest.mark.parametrize("state, data", UNREADABLE, ids=range(len(UNREADABLE)))
def test_what_is_no_notebook_is_named_in_one_line(state, data):
    with pytest.raises(Unreadable) as caught:
        sanitise(data, RELEASE)
    assert caught.value.state == state
    assert str(caught.value) and "\n" not in str(caught.value)


def test_a_notebook_with_a_byte_order_mark_is_read():
    assert read(b"\xef\xbb\xbf" + as_bytes(RELEASE))["nbformat"] == 4


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.just("\ud800"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
ID = st.sampled_from([cell.id for cell in RELEASE.cells] + ["", "a b", "own-3"]) | JSON
FLAGS = st.fixed_dictionaries({}, optional={"grade_id": ID, "points": JSON, "solution": JSON, "locked": JSON})
RAW_CELL = st.fixed_dictionaries(
    {},
    optional={
        "cell_type": st.sampled_from(["code", "markdown", "raw", "heading"]) | JSON,
        "source": st.text(max_size=9) | JSON,
        "id": ID,
        "metadata": st.fixed_dictionaries({}, optional={"nbgrader": FLAGS | JSON}) | JSON,
        "attachments": JSON,
        "outputs": JSON,
    },
)


@settings(max_examples=150, deadline=None)
@given(st.lists(RAW_CELL, min_size=1, max_size=8))
def test_whatever_stands_in_the_cells_the_result_is_the_lesson_made_whole(cells):
    notebook, _ = sanitise(json.dumps({"nbformat": 4, "cells": cells}).encode(), RELEASE)
    nbformat.writes(notebook).encode()
    assert [each.id for each in notebook.cells if "nbgrader" in each.metadata] == [
        each.id for each in RELEASE.cells if "nbgrader" in each.metadata
    ]
    for each in notebook.cells:
        if "nbgrader" in each.metadata and each.metadata.nbgrader.locked:
            assert each.source == cell(RELEASE, each.id).source
    again, notes = sanitise(as_bytes(notebook), RELEASE)
    assert again == notebook and notes == ()
