import nbformat
import pytest
from nbgrader import api
from nbgrader.preprocessors import SaveCells
from sqlalchemy import text

from autograder.errors import AutograderError
from autograder.gradebook import Gradebook
from tests import small_lesson
from tests.small_lesson import LESSON, cell
from tests.test_gradebook import RELEASE, result

KINDS = ("assignment", "notebook", "grade_cells", "solution_cells", "source_cell", "base_cell")
RANDOM = ("id", "assignment_id", "notebook_id")


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(api, "get_alembic_version", lambda: "a version")  # a process of its own, and seconds


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path}/gradebook.db"


def record(url, release, student="lee"):
    with Gradebook(url, "a-course", LESSON, release) as book:
        book.record(result(student))


def cells(url):
    """Return what the gradebook holds on the lesson, without the ids that are drawn."""
    found = {}
    with api.Gradebook(url, "a-course") as book:
        for table in api.Base.metadata.sorted_tables:
            if table.name in KINDS:
                rows = book.db.execute(table.select()).mappings().all()
                found[table.name] = sorted(
                    repr({key: value for key, value in row.items() if key not in RANDOM}) for row in rows
                )
    return found


def test_the_gradebook_gets_the_cells_that_nbgrader_would_give_it(tmp_path, url):
    record(url, RELEASE)
    theirs = f"sqlite:///{tmp_path}/theirs.db"
    nbgrader_saves(theirs, RELEASE)
    assert cells(url) == cells(theirs) and all(cells(url)[kind] for kind in KINDS)


def test_to_read_a_gradebook_writes_nothing(url):
    record(url, RELEASE)
    before = cells(url)
    other = small_lesson.release()
    cell(other, "test-relu_forward").metadata.nbgrader.points = 5
    with Gradebook(url, "a-course", LESSON, other) as book:
        assert book.entries()["lee"].scores["test-relu_forward"].max_points == 2
        assert book.dates().due is None and book.people()[0].id == "lee"
    assert cells(url) == before
    record(url, other)
    with Gradebook(url, "a-course", LESSON, other) as book:
        assert book.entries()["lee"].scores["test-relu_forward"].max_points == 5


def test_a_lesson_may_get_another_text_and_other_locked_cells_while_there_are_submissions(url):
    record(url, RELEASE)
    other = small_lesson.release()
    opening, extra = cell(other, "modular-layers-2"), nbformat.v4.new_code_cell("x = 1", id="more")
    opening.source += "\n"
    other.cells[2:2] = [small_lesson.held(extra, locked=True)]
    record(url, other, "ann")
    record(url, other)
    with api.Gradebook(url, "a-course") as book:
        notebook = book.find_notebook(LESSON, LESSON)
        assert {each.name for each in notebook.source_cells} >= {"more", "modular-layers-2"}
    record(url, RELEASE)
    with api.Gradebook(url, "a-course") as book:
        assert "more" not in {each.name for each in book.find_notebook(LESSON, LESSON).source_cells}
        assert book.db.execute(text("SELECT count(*) FROM base_cell WHERE name = 'more'")).scalar() == 0


def nbgrader_saves(url, release):
    with api.Gradebook(url, "a-course") as book:
        book.update_or_create_assignment(LESSON)
    step = SaveCells()
    step.preprocess(release, {"nbgrader": {"notebook": LESSON, "assignment": LESSON, "db_url": url}})
    step.gradebook.close()


def test_other_graded_cells_are_taken_before_there_are_submissions_and_refused_then(url):
    other = small_lesson.release()
    other.cells = [each for each in other.cells if each.id != "test-relu_forward"]
    nbgrader_saves(url, other)
    record(url, RELEASE)
    with pytest.raises(AutograderError, match="other graded cells"):
        Gradebook(url, "a-course", LESSON, other)
