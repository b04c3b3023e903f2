"""Export a lesson: write the files that a format has, and say what a person has to know of them."""

from pathlib import Path

from autograder import grade as grading
from autograder import incoming
from autograder.choices import Format
from autograder.errors import AutograderError
from autograder.folder import Folder
from autograder.incoming.attempts import folder_name
from autograder.reports.page import level as level_in_words
from course import files

from .canvas import canvas
from .grades import Grade, grades
from .gradescope import as_json, pack
from .moodle import moodle
from .points import per_question


def export(
    folder: Folder,
    form: Format = Format.CSV,
    template: Path | None = None,
    column: str | None = None,
    output: Path | None = None,
    trusted: bool = False,
) -> list[str]:
    """Write a lesson's points in a format; return what to say of it, a line each, the sum last.

    The table per question is written with every format: it says how each submission was graded.
    template: what Canvas or Moodle has exported.  column: the assignment in Canvas.  output: the file to
    write, of Gradescope's results the folder.  trusted: of Gradescope's autograder, see `pack`.
    Raises: AutograderError when there is nothing to export or the template does not fit.
    """
    lesson = folder.lesson
    if form is Format.GRADESCOPE_ZIP:
        output = output or folder.root / "dist" / f"gradescope-{lesson}.zip"
        files.write(output, pack(folder.bundle, trusted))
        return [f"{lesson}: autograder in {output}: it holds the answers, for Gradescope and you alone"]
    if form in (Format.CANVAS, Format.MOODLE) and template is None:
        raise AutograderError(f"name the table that {form.capitalize()} exports: --template FILE")
    results, entries = grading.recorded(folder)
    graded = grades(entries.values(), results)
    table = Path(f"points-{lesson}.csv")
    output = output or {
        Format.CSV: table,
        Format.GRADESCOPE: Path(f"points-{lesson}-gradescope"),
    }.get(form, Path(f"points-{lesson}-{form}.csv"))
    said = _write(folder, form, template, column, output, graded)
    if form is not Format.CSV:
        files.write(table, per_question(graded).encode())
        said += [_failed(grade) for grade in graded if grade.state == "failed"]
        levels = dict.fromkeys(grade.level for grade in graded if grade.level)
        said += [f"sandbox level {level}: {level_in_words(level)}" for level in levels]
        said.append(f"points per question, with state and sandbox level, in {table}")
    return [*said, f"{lesson}: {len(graded)} submissions in {output}"]


def _write(
    folder: Folder, form: Format, template: Path, column: str | None, output: Path, graded: list[Grade]
) -> list[str]:
    """Write what is asked for; return what to say of it."""
    if form is Format.CSV:
        files.write(output, per_question(graded).encode())
    elif form is Format.GRADESCOPE:
        for grade in graded:
            path = output / folder_name(grade.student) / "results.json"
            files.write(path, as_json(grade, folder.lesson).encode())
        waits = [grade for grade in graded if grade.waiting]
        return [f"{grade.student}: {', '.join(grade.waiting)} waits for its teacher" for grade in waits]
    else:
        directory = incoming.directory(folder)
        if form is Format.CANVAS:
            filled = canvas(template, folder.lesson, graded, directory, column)
        else:
            filled = moodle(template, folder.lesson, graded, directory)
        files.write(output, filled.table.encode())
        return filled.said
    return []


def _failed(grade: Grade) -> str:
    reason = grade.result.reason if grade.result else ""
    return f"{grade.student}: {grade.so_far:g} points, because grading failed ({reason})"
