"""What nbgrader's own steps repair in a submitted notebook, sanitising repairs too."""

from copy import deepcopy

import nbformat
import pytest
from nbformat import v4
from nbgrader.preprocessors import DeduplicateIds, OverwriteCells

from autograder.gradebook import Gradebook
from autograder.sanitise import sanitise
from tests import small_lesson
from tests.small_lesson import LESSON, as_bytes, cell
from tests.test_gradebook import result

RELEASE = small_lesson.release()


def delete(*names):
    def damage(notebook):
        notebook.cells = [each for each in notebook.cells if each.id not in names]

    return damage


def copy(name):
    def damage(notebook):
        notebook.cells.append(nbformat.from_dict({**cell(notebook, name), "id": "a-copy"}))

    return damage


def flag(name, **flags):
    def damage(notebook):
        cell(notebook, name).metadata.nbgrader.update(flags)

    return damage


def edit(name, source):
    def damage(notebook):
        cell(notebook, name).source = source

    return damage


def turn_into_text(name):
    def damage(notebook):
        place = next(i for i, each in enumerate(notebook.cells) if each.id == name)
        old = notebook.cells[place]
        notebook.cells[place] = v4.new_markdown_cell(old.source, id=old.id, metadata=old.metadata)

    return damage


DAMAGES = {
    "nothing": lambda notebook: None,
    "a deleted test": delete("test-affine_forward"),
    "two deleted tests": delete("test-affine_backward", "test-relu_forward"),
    "a deleted written answer": delete("written-1"),
    "a copied test": copy("test-relu_forward"),
    "a copied answer": copy("solution-relu_forward"),
    "more points": flag("test-relu_forward", points=50),
    "an unlocked test": flag("test-relu_forward", locked=False),
    "another checksum": flag("test-relu_forward", checksum="0" * 32),
    "an edited test": edit("test-relu_forward", "2.0"),
    "an edited locked cell": edit("modular-layers-2", "check = None"),
    "a test turned into text": turn_into_text("test-relu_forward"),
}


@pytest.fixture(scope="module")
def url(tmp_path_factory):
    """Return a gradebook that knows the lesson."""
    url = f"sqlite:///{tmp_path_factory.mktemp('gradebook')}/gradebook.db"
    with Gradebook(url, "a-course", LESSON, RELEASE) as book:
        book.record(result())
    return url


def by_nbgrader(notebook, url):
    """Return a notebook as `nbgrader autograde` would repair it, with missing cells put back."""
    resources = {"nbgrader": {"notebook": LESSON, "assignment": LESSON, "db_url": url}}
    has_copies = any(each.id == "a-copy" for each in notebook.cells)  # beside which 0.9.6 cannot put any back
    for step in (DeduplicateIds(), OverwriteCells(add_missing_cells=not has_copies)):
        notebook, resources = step.preprocess(deepcopy(notebook), resources)
    return notebook


def graded(notebook):
    """Return {name: (kind, points, checksum)} of the cells with points, in their order."""
    flags = [(each.cell_type, each.metadata.get("nbgrader", {})) for each in notebook.cells]
    return {
        said["grade_id"]: (kind, float(said["points"]), said["checksum"])
        for kind, said in flags
        if said.get("grade")
    }


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_the_graded_cells_are_those_that_nbgrader_would_restore(damage, url):
    submitted = small_lesson.right(written_1="The chain rule.")
    damage(submitted)
    ours, _ = sanitise(as_bytes(submitted), RELEASE)
    theirs = by_nbgrader(submitted, url)
    assert graded(ours) == graded(theirs) == graded(RELEASE)
    assert list(graded(ours)) == list(graded(RELEASE))
    held = [each for each in RELEASE.cells if "nbgrader" in each.metadata]
    assert [cell(ours, each.id).metadata for each in held] == [each.metadata for each in held]


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_every_locked_cell_has_its_released_text(damage):
    submitted = small_lesson.right()
    damage(submitted)
    ours, _ = sanitise(as_bytes(submitted), RELEASE)
    locked = [each for each in RELEASE.cells if each.metadata.get("nbgrader", {}).get("locked")]
    assert [cell(ours, each.id).source for each in locked] == [each.source for each in locked]
