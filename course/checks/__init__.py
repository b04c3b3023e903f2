"""One check for each TODO, used by students, by the grader and by the project's own tests."""

from .examine import examine
from .lessons import checked, find, tasks
from .namespace import check
from .verdict import Verdict, undecided, verdict, with_hidden

__all__ = ["Verdict", "check", "checked", "examine", "find", "tasks", "undecided", "verdict", "with_hidden"]
