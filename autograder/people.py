"""Who is in a course: the roster, and how a name that a learning platform gives leads to a student."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import AutograderError

MAX_BYTES = 10_000_000
COLUMNS = {  # what a heading may say, without blanks and signs -> field of Person
    "id": "id", "first": "first_name", "firstname": "first_name", "last": "last_name",
    "lastname": "last_name", "surname": "last_name", "email": "email", "emailaddress": "email",
    "lmsid": "number", "lmsuserid": "number", "canvasid": "number", "moodleid": "number",
}  # fmt: skip


@dataclass(frozen=True)
class Person:
    """A student: the id that the course uses, and what others use.

    number: the student's id on the learning platform.
    """

    id: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    number: str = ""

    @property
    def names(self) -> set[str]:
        """Return the ways in which the name is written, as `squeezed` compares them; none without a name."""
        first, last = squeezed(self.first_name), squeezed(self.last_name)
        return {first + last, last + first} - {""}


def squeezed(text: str) -> str:
    """Return a name without case, blanks and signs, letters in one of the ways in which they can be coded."""
    text = unicodedata.normalize("NFKC", text).casefold()
    return "".join(letter for letter in text if letter.isalnum())


def table(path: Path) -> tuple[list[list[str]], str]:
    """Return the rows of a CSV file from a spreadsheet or a learning platform, and what separates its fields.

    Raises: AutograderError when it cannot be read as such.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise AutograderError(f"{path} is larger than {MAX_BYTES / 1e6:.0f} MB: expected a class's table")
        text = data.decode("utf-8-sig")
        first = text.partition("\n")[0]
        separator = max(",;\t", key=first.count)
        rows = [row for row in csv.reader(io.StringIO(text), delimiter=separator, strict=True) if any(row)]
    except OSError as error:
        raise AutograderError(f"{path} cannot be read: {error.strerror}") from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise AutograderError(f"{path} is not a CSV file in UTF-8 ({error})") from None
    if not rows:
        raise AutograderError(f"{path} is empty: expected a line of headings and a line for each student")
    return rows, separator


def roster(path: Path) -> list[Person]:
    """Return the students that a CSV file lists: id, and where there are first and last name, email, LMS id.

    Raises: AutograderError when there is no column of ids, or an id is missing, unfit or there twice.
    """
    (heading, *rows), _ = table(path)
    fields = [COLUMNS.get(squeezed(name), "") for name in heading]
    if fields.count("id") != 1:
        raise AutograderError(
            f"{path}: expected the headings id (needed), first_name, last_name, email, lms_user_id, "
            f"got {', '.join(heading)[:100]}"
        )
    people = []
    for row in rows:
        said = {field: cell.strip() for field, cell in zip(fields, row, strict=False) if field}
        people.append(Person(**said))
    for number, person in enumerate(people, 2):
        if not re.fullmatch(r"[^/\x00-\x1f.][^/\x00-\x1f]{0,99}", person.id):
            raise AutograderError(f"{path}, line {number}: {person.id[:40]!r} cannot be the name of a folder")
    ids = [person.id for person in people]
    twice = next((each for each in ids if ids.count(each) > 1), None) if len(set(ids)) < len(ids) else None
    if twice is not None:
        raise AutograderError(f"{path}: the id {twice} is there twice")
    return people


class Directory:
    """The people of a course, to be found by whatever another program calls them."""

    def __init__(self, people: Iterable[Person]):
        self.people = {person.id: person for person in people}

    def by_id(self, *ids: str) -> Person | None:
        """Return the first whose id or email is one of these."""
        for asked in filter(None, ids):
            found = self.people.get(asked) or self._only("email", asked)
            if found:
                return found
        return None

    def by_number(self, number: str) -> Person | None:
        """Return whom the learning platform knows by this number."""
        return self._only("number", number) if number else None

    def by_folder(self, name: str, number: str) -> Person | None:
        """Return whom collecting named by a platform's name and number, for want of an id."""
        asked = {person_id for person_id in self.people if number and person_id.endswith(f"_{number}")}
        known = {squeezed(person_id.removesuffix(f"_{number}")): person_id for person_id in asked}
        last, _, first = name.partition(",")
        found = [known[each] for each in (squeezed(name), squeezed(first + last)) if each in known]
        return self.people[found[0]] if found else None

    def by_name(self, name: str) -> Person | None:
        """Return the only one of this name, None when there are two."""
        asked = squeezed(name)
        found = [person for person in self.people.values() if asked in person.names]
        return found[0] if len(found) == 1 else None

    def _only(self, field: str, value: str) -> Person | None:
        asked = value.strip().casefold()
        found = [each for each in self.people.values() if getattr(each, field).casefold() == asked]
        return found[0] if len(found) == 1 else None
