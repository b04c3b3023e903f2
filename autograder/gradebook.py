"""nbgrader's gradebook, the only file that opens its database: one writer, one transaction a submission."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path

from nbformat import NotebookNode
from nbgrader import api
from sqlalchemy.orm import Query

from autograder import automatic, database, late, lesson_cells
from autograder.engine import Result
from autograder.errors import AutograderError
from autograder.people import Person

LONGEST_NAME = 128  # of a student, in nbgrader's tables


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
    seconds_late: float = 0.0


@dataclass(frozen=True)
class Dates:
    """When a lesson is due, and {student: how much longer that one has}; None: there is no due date."""

    due: datetime | None
    extensions: dict[str, timedelta]


class Gradebook:
    """A lesson in nbgrader's database, to be used in a `with` statement; to read it changes nothing.

    penalty: what handing in late costs.
    Raises: AutograderError when the database cannot be used, or holds submissions of this lesson with other
    graded cells.
    """

    def __init__(
        self, url: str, course: str, lesson: str, release: NotebookNode, penalty: late.Penalty = late.free
    ):
        self._url, self._lesson, self._release, self._penalty = url, lesson, release, penalty
        self._order = lesson_cells.graded(release)
        self._names: dict[str, str] = {}  # of the cells by their ids, once they are recorded
        with database.named_errors(url):
            database.prepare(url, api.Base.metadata, Path(api.__file__).with_name("alembic"))
            self._gradebook = api.Gradebook(url, course)
            database.index(self._gradebook.engine)
            self._gradebook.close()
            database.begin_when_told(self._gradebook.engine)
            try:
                with self._transaction() as gradebook:
                    lesson_cells.check(gradebook, lesson, release)
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
        _check_name(result.student)
        points, comments = automatic.points(result), automatic.comments(result)
        with self._transaction() as gradebook:
            names = self._save_cells(gradebook)
            gradebook.update_or_create_student(result.student)
            with gradebook.db().in_one_step():
                submission = gradebook.update_or_create_submission(
                    self._lesson, result.student, timestamp=timestamp
                )
                (notebook,) = submission.notebooks
                for grade in notebook.grades:
                    grade.auto_score = points[names[grade.cell_id]]
                    if grade.manual_score is None:
                        grade.needs_manual_grade = grade.auto_score is None
                    elif changed:
                        grade.needs_manual_grade = True
                for comment in notebook.comments:
                    comment.auto_comment = comments[names[comment.cell_id]]
            self._penalise(gradebook, result.student)
        self._names = names

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
        """Return all students whom the gradebook knows, by id."""
        with self._transaction() as gradebook:
            people = [
                Person(
                    student.id,
                    student.first_name or "",
                    student.last_name or "",
                    student.email or "",
                    student.lms_user_id or "",
                )
                for student in gradebook.students
            ]
        return sorted(people, key=lambda person: person.id)

    def entries(self, student: str | None = None) -> dict[str, Entry]:
        """Return {student: what is recorded of the submission}, of all students or of one."""
        kinds = (api.Student, api.SubmittedAssignment, api.SubmittedNotebook, api.Assignment.duedate)
        with self._transaction() as gradebook:
            commented = self._comments(
                gradebook, student, api.Student.id, api.SolutionCell.name, api.Comment
            )
            comments = {(who, cell): comment for who, cell, comment in commented}
            graded = self._grades(gradebook, student, *kinds, api.GradeCell, api.Grade)
            by_student = groupby(graded.order_by(api.Student.id), key=lambda row: row[0].id)
            found = ((who, list(rows)) for who, rows in by_student)
            return {who: self._entry(rows, comments) for who, rows in found if _is_recorded(rows)}

    def settle(self) -> None:
        """Take off what handing in late costs, by the points, dates and extensions as they are now."""
        with self._transaction() as gradebook:
            self._penalise(gradebook)

    def dates(self) -> Dates:
        """Return when the lesson is due, and for whom later."""
        with self._transaction() as gradebook:
            due = [each.duedate for each in gradebook.assignments if each.name == self._lesson]
            kinds = (api.Student.id, api.SubmittedAssignment.extension)
            given = self._submissions(gradebook, None, *kinds).order_by(api.Student.id)
            return Dates(due[0] if due else None, {who: more for who, more in given if more})

    def extend(self, student: str, extension: timedelta) -> None:
        """Give one student longer, or no longer any more, and settle what being late costs; nothing adds up.

        Raises: AutograderError when the lesson has no due date.
        """
        _check_name(student)
        if self.dates().due is None:
            raise AutograderError(
                f'{self._lesson} has no due date: nbgrader db assignment add {self._lesson} --duedate="..."'
            )
        with self._transaction() as gradebook:
            names = self._save_cells(gradebook)
            gradebook.update_or_create_student(student)
            is_new = not self._submissions(gradebook, student, api.Student.id).all()
            gradebook.update_or_create_submission(self._lesson, student, extension=extension or None)
            if is_new:  # nobody has to grade what has not come yet
                for grade in self._grades(gradebook, student, api.Grade):
                    grade.needs_manual_grade = False
            self._penalise(gradebook, student)
        self._names = names

    def _save_cells(self, gradebook: api.Gradebook) -> dict[str, str]:
        """Record the lesson's cells, once in the life of this object, in the transaction that needs them.

        Returns {id: name} of those with points and of those for answers.
        """
        return self._names or lesson_cells.save(gradebook, self._lesson, self._release)

    def _penalise(self, gradebook: api.Gradebook, student: str | None = None) -> None:
        gradebook.db.flush()  # points that were just written count
        kinds = (api.SubmittedNotebook, api.SubmittedAssignment, api.Assignment.duedate)
        for notebook, submission, due in self._submissions(gradebook, student, *kinds).all():
            seconds = late.seconds_late(submission.timestamp, due, submission.extension)
            notebook.late_submission_penalty = None
            if seconds:  # to add up points costs a look at every grade of the gradebook
                who, scored = submission.student_id, api.SubmittedNotebook.score
                (points,) = self._submissions(gradebook, who, scored).one()
                notebook.late_submission_penalty = self._penalty(who, float(points), seconds)

    def _submissions(self, gradebook: api.Gradebook, student: str | None, *kinds) -> Query:
        """Ask for these columns of the lesson's submissions, of all students or of one."""
        query = (
            gradebook.db.query(*kinds)
            .select_from(api.SubmittedNotebook)
            .join(api.SubmittedAssignment, api.SubmittedAssignment.id == api.SubmittedNotebook.assignment_id)
            .join(api.Assignment, api.Assignment.id == api.SubmittedAssignment.assignment_id)
            .join(api.Student, api.Student.id == api.SubmittedAssignment.student_id)
            .filter(api.Assignment.name == self._lesson)
        )
        return query if student is None else query.filter(api.Student.id == student)

    def _grades(self, gradebook: api.Gradebook, student: str | None, *kinds) -> Query:
        return (
            self._submissions(gradebook, student, *kinds)
            .join(api.Grade, api.Grade.notebook_id == api.SubmittedNotebook.id)
            .join(api.GradeCell, api.GradeCell.id == api.Grade.cell_id)
        )

    def _comments(self, gradebook: api.Gradebook, student: str | None, *kinds) -> Query:
        return (
            self._submissions(gradebook, student, *kinds)
            .join(api.Comment, api.Comment.notebook_id == api.SubmittedNotebook.id)
            .join(api.SolutionCell, api.SolutionCell.id == api.Comment.cell_id)
        )

    def _entry(self, rows: list, comments: dict) -> Entry:
        student, submission, notebook, due = rows[0][:4]
        scores = {cell.name: _score(cell, grade, comments, student.id) for *_, cell, grade in rows}
        return Entry(
            student=student.id,
            first_name=student.first_name or "",
            last_name=student.last_name or "",
            timestamp=submission.timestamp,
            late_penalty=notebook.late_submission_penalty or 0.0,
            scores={name: scores[name] for name in self._order},
            seconds_late=late.seconds_late(submission.timestamp, due, submission.extension),
        )

    @contextmanager
    def _transaction(self) -> Iterator[api.Gradebook]:
        try:
            with database.named_errors(self._url), database.transaction(self._gradebook) as gradebook:
                yield gradebook
        except api.InvalidEntry as error:
            reason = str(error).partition("\n")[0]
            raise AutograderError(f"the gradebook refuses an entry: {reason}") from error


def _check_name(student: str) -> None:
    if len(student) > LONGEST_NAME:
        raise AutograderError(
            f"{student[:40]}...: nbgrader keeps names of at most {LONGEST_NAME} characters, "
            f"this one has {len(student)}: rename the student's folder"
        )


def _is_recorded(rows: list) -> bool:
    """Tell a submission that was graded from one that an extension was entered for."""
    grades = [row[-1] for row in rows]
    return any(
        grade.needs_manual_grade or grade.auto_score is not None or grade.manual_score is not None
        for grade in grades
    )


def _score(cell: api.GradeCell, grade: api.Grade, comments: dict, student: str) -> Score:
    by_hand = grade.manual_score is not None
    own = comments.get((student, cell.name))
    answer = comments.get((student, cell.name.replace("test-", "solution-", 1)))
    said = own.comment if own else answer.manual_comment if answer else None
    return Score(
        points=None if grade.needs_manual_grade and not by_hand else float(grade.score),
        max_points=float(cell.max_score),
        by_hand=by_hand,
        comment=said or "",
    )
