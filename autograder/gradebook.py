"""nbgrader's gradebook, the only file that opens its database: one writer, one transaction a submission."""

import os
import sysconfig
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

import nbformat
from nbformat import NotebookNode
from nbgrader import api
from nbgrader.preprocessors import SaveCells
from nbgrader.utils import compute_checksum, determine_grade, is_grade, is_solution
from sqlalchemy import Engine, event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Query, scoped_session, sessionmaker

from autograder.engine import Result
from autograder.errors import AutograderError
from autograder.people import Person

NO_ANSWER = "No response."  # nbgrader's own words for an answer cell that was left as released


@dataclass(frozen=True)
class Score:
    """What the gradebook holds on one graded cell of one submission.

    points: None while a person still has to give them.  by_hand: a person gave them.
    """

    points: float | None
    max_points: float
    by_hand: bool
    comment: str


@dataclass(frozen=True)
class Entry:
    """What the gradebook holds on one submission; scores: {cell id: Score} in the order of the lesson."""

    student: str
    first_name: str
    last_name: str
    timestamp: datetime | None
    late_penalty: float
    scores: dict[str, Score]


class Gradebook:
    """A lesson in nbgrader's database, to be used in a `with` statement.

    Raises: AutograderError when the database cannot be used, or holds submissions of this lesson with other
    graded cells.
    """

    def __init__(self, url: str, course: str, lesson: str, release: NotebookNode):
        self._url, self._lesson = url, lesson
        self._order = [cell.metadata.nbgrader.grade_id for cell in release.cells if is_grade(cell)]
        with self._named_errors():
            with _own_programs_found():
                self._gradebook = api.Gradebook(url, course)
            self._gradebook.close()
            _begin_when_told(self._gradebook.engine)
            try:
                with self._transaction() as gradebook:
                    gradebook.update_or_create_assignment(lesson)
                _save_cells(url, lesson, release)
            except BaseException:
                self.close()
                raise

    def close(self) -> None:
        """Close the connections to the database."""
        self._gradebook.engine.dispose()

    def __enter__(self):
        return self

    def __exit__(self, *_error) -> None:
        self.close()

    def record(self, result: Result, timestamp: datetime | None = None, changed: bool = True) -> None:
        """Write a Result: all of it, or nothing when that fails or is interrupted.

        Points that a person gave stay.  changed: whether the person has to look at them again.
        """
        cells = nbformat.reads(result.notebook.decode(), as_version=4).cells
        held = {c.metadata.nbgrader.grade_id: c for c in cells if is_grade(c) or is_solution(c)}
        with self._transaction() as gradebook:
            gradebook.update_or_create_student(result.student)
            gradebook.update_or_create_submission(self._lesson, result.student, timestamp=timestamp)
            notebook = gradebook.find_submission_notebook(self._lesson, self._lesson, result.student)
            for grade in notebook.grades:
                grade.auto_score = _auto_score(result, held[grade.name])
                if grade.manual_score is None:
                    grade.needs_manual_grade = grade.auto_score is None
                elif changed:
                    grade.needs_manual_grade = True
            for comment in notebook.comments:
                comment.auto_comment = _auto_comment(result, held[comment.name])

    def enrol(self, people: Iterable[Person]) -> None:
        """Enter students, all or none; of those who are there already only what is said anew changes."""
        with self._transaction() as gradebook:
            for person in people:
                said = {
                    "first_name": person.first_name,
                    "last_name": person.last_name,
                    "email": person.email,
                    "lms_user_id": person.number,
                }
                told = {key: value for key, value in said.items() if value}
                gradebook.update_or_create_student(person.id, **told)

    def people(self) -> list[Person]:
        """Return all students whom the gradebook knows."""
        with self._transaction() as gradebook:
            return [
                Person(
                    student.id,
                    student.first_name or "",
                    student.last_name or "",
                    student.email or "",
                    student.lms_user_id or "",
                )
                for student in gradebook.students
            ]

    def entries(self, student: str | None = None) -> dict[str, Entry]:
        """Return {student: what is recorded of the submission}, of all students or of one."""
        with self._transaction() as gradebook:
            graded = self._of_lesson(
                gradebook.db.query(
                    api.Student, api.SubmittedAssignment, api.SubmittedNotebook, api.GradeCell, api.Grade
                )
                .select_from(api.Grade)
                .join(api.GradeCell, api.GradeCell.id == api.Grade.cell_id),
                api.Grade,
                student,
            )
            commented = self._of_lesson(
                gradebook.db.query(api.Student.id, api.SolutionCell.name, api.Comment)
                .select_from(api.Comment)
                .join(api.SolutionCell, api.SolutionCell.id == api.Comment.cell_id),
                api.Comment,
                student,
            )
            comments = {(name, cell): comment for name, cell, comment in commented}
            by_student = groupby(graded.order_by(api.Student.id), key=lambda row: row[0].id)
            return {name: self._entry(list(rows), comments) for name, rows in by_student}

    def _of_lesson(self, query: Query, kind: type, student: str | None) -> Query:
        """Join a query of grades or comments to the submissions of the lesson, of all students or of one."""
        joined = (
            query.join(api.SubmittedNotebook, api.SubmittedNotebook.id == kind.notebook_id)
            .join(api.SubmittedAssignment, api.SubmittedAssignment.id == api.SubmittedNotebook.assignment_id)
            .join(api.Assignment, api.Assignment.id == api.SubmittedAssignment.assignment_id)
            .join(api.Student, api.Student.id == api.SubmittedAssignment.student_id)
            .filter(api.Assignment.name == self._lesson)
        )
        return joined if student is None else joined.filter(api.Student.id == student)

    def _entry(self, rows: list, comments: dict) -> Entry:
        student, submission, notebook = rows[0][:3]
        scores = {cell.name: _score(cell, grade, comments, student.id) for _, _, _, cell, grade in rows}
        return Entry(
            student=student.id,
            first_name=student.first_name or "",
            last_name=student.last_name or "",
            timestamp=submission.timestamp,
            late_penalty=notebook.late_submission_penalty or 0.0,
            scores={name: scores[name] for name in self._order},
        )

    @contextmanager
    def _transaction(self) -> Iterator[api.Gradebook]:
        """Give nbgrader's gradebook inside one transaction: its many commits become savepoints in it."""
        with self._named_errors(), self._gradebook.engine.begin() as connection:
            make = sessionmaker(connection, join_transaction_mode="create_savepoint", autoflush=False)
            self._gradebook.db = scoped_session(make)
            try:
                yield self._gradebook
                self._gradebook.db.commit()
            finally:
                self._gradebook.db.remove()

    @contextmanager
    def _named_errors(self) -> Iterator[None]:
        try:
            yield
        except SQLAlchemyError as error:
            place = self._url.rpartition("@")[2]  # what stands before it is a user's name and password
            reason = str(getattr(error, "orig", None) or error).partition("\n")[0]
            raise AutograderError(f"the gradebook {place} cannot be used: {reason}") from error


@contextmanager
def _own_programs_found() -> Iterator[None]:
    """Let a new database be made: nbgrader starts `alembic` by name, and the PATH need not lead to it."""
    before = os.environ.get("PATH", os.defpath)
    os.environ["PATH"] = os.pathsep.join([sysconfig.get_path("scripts"), before])
    try:
        yield
    finally:
        os.environ["PATH"] = before


def _begin_when_told(engine: Engine) -> None:
    """Let SQLAlchemy begin sqlite's transactions: Python's driver leaves some statements outside of them."""
    if engine.dialect.name != "sqlite":
        return
    engine.dispose()  # what follows is for connections that are made from here on

    @event.listens_for(engine, "connect")
    def _connected(connection, _record):
        connection.isolation_level = None

    @event.listens_for(engine, "begin")
    def _begun(connection):
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _save_cells(url: str, lesson: str, release: NotebookNode) -> None:
    """Record the lesson's graded cells, as `nbgrader generate_assignment` does."""
    step = SaveCells()
    try:
        step.preprocess(release, {"nbgrader": {"notebook": lesson, "assignment": lesson, "db_url": url}})
    except RuntimeError:
        raise AutograderError(
            f"{lesson}: the gradebook holds submissions with other graded cells than the lesson has now; "
            "keep the gradebook of the old lesson aside and begin a new one"
        ) from None
    finally:
        step.gradebook.engine.dispose()


def _auto_score(result: Result, cell: NotebookNode) -> float | None:
    """Return the points of a test; of a written answer 0 when it was left as released, else None."""
    if cell.id in result.verdicts:
        return float(result.verdicts[cell.id]["points"])
    score, _most = determine_grade(cell)
    return score


def _auto_comment(result: Result, cell: NotebookNode) -> str | None:
    if result.state == "failed":
        return result.reason
    return NO_ANSWER if cell.metadata.nbgrader.checksum == compute_checksum(cell) else None


def _score(cell: api.GradeCell, grade: api.Grade, comments: dict, student: str) -> Score:
    by_hand = grade.manual_score is not None
    own = comments.get((student, cell.name))
    answer = comments.get((student, cell.name.replace("test-", "solution-", 1)))
    text = own.comment if own else answer.manual_comment if answer else None
    return Score(
        points=None if grade.needs_manual_grade and not by_hand else float(grade.score),
        max_points=float(cell.max_score),
        by_hand=by_hand,
        comment=text or "",
    )
