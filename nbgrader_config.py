"""Where things are, and what stands in place of an answer: for nbgrader and for `autograder build`."""

from pathlib import Path

c = get_config()  # noqa: F821 (nbgrader defines it)

c.CourseDirectory.root = str(Path(__file__).resolve().parent)
c.CourseDirectory.course_id = "neural-networks"

c.ClearSolutions.code_stub = {"python": "# Your code, in place of the next line.\nraise NotImplementedError"}
c.ClearSolutions.text_stub = "Your answer, in place of this line."
