"""The page on the course: its lessons in order, and a table of all that it contains."""

import re
import tomllib

from . import text

HEAD = """# The course

Made by `autograder build` from the lessons' texts and from `docs/rows.toml`.

Six assignments and three lectures, in this order. An assignment is graded: checks give points at once, a
teacher grades one written question. A lecture asks for nothing.

"""
GOALS = re.compile(r"^After this (?:lesson|lecture) you can\n\n((?:- .*\n|  .*\n)+)", re.MULTILINE)
NEEDS = re.compile(r"^You need: (.+?)(?:\n\n|\Z)", re.MULTILINE | re.DOTALL)


def course_page(lessons, rows):
    """Return the page as Markdown.

    lessons: every Lesson and lecture with its answers in place, in order.
    rows: the [[row]] of docs/rows.toml.
    Raises BuildError when a row names something that is not there.
    """
    by_name = {lesson.lesson: lesson for lesson in lessons}
    lines = ["| | title | what | hours | points |", "|---|---|---|---|---|"]
    lines += [in_short(number, lesson) for number, lesson in enumerate(lessons, 1)]
    goals = [part for lesson in lessons for part in goals_of(lesson)]
    table = ["| row | what | taught in | checked by | shown by |", "|---|---|---|---|---|"]
    table += [line_of(row, by_name) for row in rows]
    return HEAD + "\n".join([*lines, "", *goals, "## All that is taught", "", *table, ""])


def in_short(number, lesson):
    """Return a lesson's line in the list of lessons."""
    kind = "lecture" if lesson.is_lecture else "assignment"
    points = sum(cell.points for cell in lesson.of_kind("test", "written"))
    title = f"[{lesson.title}](../release/{lesson.lesson}/{lesson.lesson}.ipynb)"
    columns = [str(number), title, f"{kind} `{lesson.lesson}`", lesson.hours, f"{points:g}" if points else ""]
    return f"| {' | '.join(columns)} |"


def goals_of(lesson):
    """Yield what one can do after a lesson, and what one needs before it."""
    prose = prose_of(lesson)
    found = GOALS.search(prose)
    if not found:
        raise text.BuildError(f"{lesson.lesson}: no list below 'After this lesson you can'")
    yield f"## {lesson.title}\n\nAfterwards you can\n\n{found[1].rstrip()}\n"
    needs = NEEDS.search(prose)
    if needs:
        yield "Needed: " + " ".join(needs[1].split()) + "\n"


def prose_of(lesson):
    """Return all Markdown of a lesson."""
    return "\n\n".join(cell.source for cell in lesson.of_kind("prose")) + "\n"


def line_of(row, lessons):
    """Return a row's line in the table.

    Raises BuildError when its lesson, heading, check or picture is not there.
    """
    lesson = lessons.get(row["lesson"])
    problem = "no such lesson" if lesson is None else missing(row, lesson)
    if problem:
        raise text.BuildError(f"docs/rows.toml, row {row['id']}: {problem}")
    given = [f"[{path.rpartition('/')[2]}](../{path})" for path in row.get("tests", ())]
    checked = ", ".join([f"`{check}`" for check in row.get("checks", ())] + given)
    picture = f"\"{row['picture'].rstrip('.')}\"" if "picture" in row else ""
    return f"| {row['id']} | {row['what']} | `{row['lesson']}`, {row['heading']} | {checked} | {picture} |"


def missing(row, lesson):
    """Return what a row names and its lesson has not, or an empty text."""
    if not re.search(rf"^#+ {re.escape(row['heading'])}$", prose_of(lesson), re.MULTILINE):
        return f"{lesson.lesson} has no heading {row['heading']!r}"
    unknown = set(row.get("checks", ())) - set(lesson.points)
    if unknown:
        return f"{lesson.lesson} has no check {min(unknown)!r}"
    code = "\n".join(cell.source for cell in lesson.of_kind("code"))
    if not re.search(rf'alt=f?"{re.escape(row.get("picture", ""))}', code):
        return f"{lesson.lesson} has no picture described as {row['picture']!r}"
    return ""


def read_rows(path):
    """Return the rows of a file."""
    return tomllib.loads(path.read_text(encoding="utf-8"))["row"]
