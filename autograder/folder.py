"""Where a course keeps a lesson, what was handed in, and what came of it: nbgrader's folders."""

from functools import cached_property
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.coursedir import CourseDirectory
from sqlalchemy.engine import make_url
from traitlets.config import Config

from autograder import late, scoring
from autograder.bundle import Bundle, bundle_in
from autograder.configuration import configuration
from autograder.errors import AutograderError
from autograder.gradebook import Gradebook

STRUCTURE = "{nbgrader_step}/{student_id}/{assignment_id}"


class Folder:
    """A lesson in a course's folder, laid out as its nbgrader_config.py says.

    root: of the course.  submitted: another folder of submissions than the course's own.
    Raises: AutograderError when the layout is not nbgrader's usual one.
    """

    def __init__(self, root: Path, lesson: str, submitted: Path | None = None):
        own = {"CourseDirectory": {"root": str(root)}}
        config = configuration(root) if (root / "nbgrader_config.py").is_file() else Config(own)
        self._config, self._course = config, CourseDirectory(config=config)
        self.lesson = lesson
        if self._course.directory_structure != STRUCTURE:
            raise AutograderError(
                f"nbgrader_config.py: CourseDirectory.directory_structure must be {STRUCTURE} here, "
                f"got {self._course.directory_structure}"
            )
        self.root = Path(self._course.root)
        self.submitted = submitted or self.root / self._course.submitted_directory
        self.autograded = self.root / self._course.autograded_directory
        self.feedback = self.root / self._course.feedback_directory

    @cached_property
    def bundle(self) -> Bundle:
        """Return what grading needs of the lesson.

        Raises: AutograderError when the released notebook or the students' wheel is not there.
        """
        folders = self._course.release_directory, self._course.source_directory
        return bundle_in(*(self.root / folder for folder in folders), self.lesson)

    @cached_property
    def release(self) -> NotebookNode:
        """Return the released notebook.

        Raises: AutograderError when its test cells are not as the builder makes them.
        """
        release = nbformat.reads(self.bundle.release.decode(), as_version=4)
        scoring.graded_cells(release, self.lesson)
        return release

    def gradebook(self) -> Gradebook:
        """Open the course's gradebook, in the database that nbgrader uses."""
        course, penalty = self._course, self.penalty
        return Gradebook(course.db_url, course.course_id, self.lesson, self.release, penalty)

    @property
    def has_gradebook(self) -> bool:
        """Tell whether there is a gradebook already; one on a server is taken to be there."""
        url = make_url(self._course.db_url)
        return url.get_backend_name() != "sqlite" or Path(url.database or "").is_file()

    @cached_property
    def penalty(self) -> late.Penalty:
        """Return what handing in late costs."""
        return late.penalty(self._config)

    def page(self, student: str) -> Path:
        """Return where a student's feedback lies, so that nbgrader can release it."""
        return self.feedback / student / self.lesson / f"{self.lesson}.html"

    @property
    def report(self) -> Path:
        """Return where the report on the class lies."""
        return self.root / f"report-{self.lesson}.html"

    @property
    def similarity(self) -> Path:
        """Return where the report on likeness in the class lies."""
        return self.root / f"report-{self.lesson}-similarity.html"
