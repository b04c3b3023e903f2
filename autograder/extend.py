"""Longer for one student: nbgrader's extension of a submission, which may be given before there is one."""

from datetime import timedelta

from autograder.errors import AutograderError
from autograder.folder import Folder


def extended(folder: Folder, student: str | None, extension: timedelta | None) -> list[str]:
    """Give a student this much longer, None to change nothing; return lines on who has longer now.

    Raises: AutograderError when nobody knows the student, the lesson is never due, or time would be taken.
    """
    with folder.gradebook() as book:
        if extension is not None:
            if extension < timedelta():
                raise AutograderError(f"expected days and hours from 0 on, got {extension}")
            known = {person.id for person in book.people()}
            if student not in known and not (folder.submitted / student).is_dir():
                raise AutograderError(
                    f"nobody in the gradebook or in {folder.submitted} is {student}; "
                    f"is it right? nbgrader db student add {student}"
                )
            book.extend(student, extension)
        dates = book.dates()
    if dates.due is None:
        return [f"{folder.lesson}: no due date"]
    each = [f"{who}: {dates.due + more} UTC, {words(more)} longer" for who, more in dates.extensions.items()]
    return [*each, f"{folder.lesson}: due {dates.due} UTC, {len(each)} have longer"]


def words(time: timedelta) -> str:
    """Return a length of time in days and hours."""
    hours = f"{time.seconds / 3600:.4g} h" if time.seconds else ""
    days = f"{time.days} day{'s' * (time.days != 1)}" if time.days else ""
    return " ".join(filter(None, [days, hours])) or "0 days"
