"""Whose file it is, told by its name alone, as nbgrader, Moodle and Canvas name what was handed in."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

TEACHERS = ("timestamp.txt", "submission_secret.txt")  # nbgrader's own files beside a submission


@dataclass(frozen=True)
class Claim:
    """What a name says: whose file it is and how it was called at home.

    student: the student's id, or the name that Canvas and Moodle give.  number: by which they know the
    student.  attempt: what tells two attempts of one student apart.  time: as nbgrader writes it.
    lesson: "" where the name does not say.
    """

    student: str
    file: str
    number: str = ""
    is_late: bool = False
    attempt: str = ""
    time: str = ""
    lesson: str = ""


@dataclass(frozen=True)
class Scheme:
    """A way to name files. says: what it is called.  knows_ids: names hold the ids of the course itself."""

    says: str
    knows_ids: bool
    patterns: tuple[str, ...]

    def claim(self, name: str) -> Claim | None:
        """Return what a name says, None when it is not named this way."""
        for pattern in self.patterns:
            match = re.fullmatch(pattern, name, re.DOTALL)
            if match:
                said = {key: value or "" for key, value in match.groupdict().items()}
                return Claim(**{**said, "is_late": bool(said.get("is_late"))})
        return None


# The file of a student stands last in every pattern, and what stands before it cannot be chosen by students:
# Moodle leaves no "_" in a name, Canvas no "_<digits>_". A folder around all is tried last ("??"): what looks
# like one may be a student's name for a file.
EXCHANGE = Scheme(
    "nbgrader's exchange",
    True,
    (
        r"(?:.*?/)??(?P<attempt>(?P<student>[^/]+)\+(?P<lesson>[^/+]+)\+(?P<time>\d{4}-[^/+]*)(?:\+[^/+]*)?)"
        r"/(?P<file>.+)",
    ),
)
MOODLE = Scheme(
    "a Moodle download",
    False,
    (r"(?:[^/]+/)??(?P<student>[^/_]+)_(?P<number>\d+)_assignsubmission_[a-z]+(?:_?/|_)(?P<file>.+)",),
)
CANVAS = Scheme(
    "a Canvas download",
    False,
    (
        r"(?:[^/]+/)??(?P<is_late>LATE_)?(?P<student>anon_[^/_]+)_\d+_(?P<file>[^/]+)",
        r"(?:[^/]+/)??(?P<student>[^/]+?)(?P<is_late>_LATE)?_(?P<number>\d+)_\d+_(?P<file>[^/]+)",
        r"(?:[^/]+/)??(?P<student>[^/]+?)(?P<is_late>_LATE)?_(?P<number>\d+)_(?P<file>(?:text|link)\.html)",
    ),
)
TREE = Scheme("<student>/<lesson>/", True, (r"(?P<student>[^/]+)/(?P<lesson>[^/]+)/(?P<file>.+)",))
FOLDERS = Scheme("<student>/", True, (r"(?P<student>[^/]+)/(?P<file>.+)",))
SCHEMES = (EXCHANGE, MOODLE, CANVAS, TREE, FOLDERS)


def recognise(names: Iterable[str], lesson: str) -> Scheme | None:
    """Return the scheme that explains most of the names, the first of equals; None when none explains any."""
    names = list(names)
    counts = {scheme: sum(scheme.claim(name) is not None for name in names) for scheme in SCHEMES}
    if not any(claim.lesson == lesson for name in names if (claim := TREE.claim(name))):
        counts[TREE] = 0  # whatever the inner folders are, they are not lessons
    best = max(SCHEMES, key=counts.get)
    return best if counts[best] else None


def home_names(names: list[str], lesson: str, scheme: Scheme) -> list[str]:
    """Return the names of a student's files without the "-1" that Canvas gives to what is uploaded again."""
    numbers = {name: re.fullmatch(rf"{re.escape(lesson)}-(\d{{1,3}})\.ipynb", name) for name in names}
    again = [name for name, match in numbers.items() if match]
    if scheme is not CANVAS or not again or f"{lesson}.ipynb" in names:
        return names
    newest = max(again, key=lambda name: int(numbers[name][1]))
    return [f"{lesson}.ipynb" if name == newest else name for name in names]
