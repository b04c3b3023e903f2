"""From a lesson's text to its notebooks: what each cell becomes, and what is refused."""

import os
import subprocess
import sys

import nbformat
import pytest

from autograder import build
from autograder.build import BuildError, release
from course import files
from tests import toy

LESSONS = list(build.lessons())


@pytest.fixture
def built(tmp_path):
    return build.make("toy", toy.plant(tmp_path))


def cells(text):
    return {cell.id: cell for cell in nbformat.reads(text, as_version=4).cells}


def test_every_cell_gets_an_id_after_what_it_stands_for(built):
    assert (
        list(cells(built.source))
        == list(cells(built.release))
        == [
            "setup",
            "toy-1",
            "toy-2",
            "solution-double",
            "test-double",
            "toy-3",
            "given-show",
            "solution-halve",
            "test-halve",
            "toy-4",
            "written-1",
        ]
    )


FLAGS = {  # id: (grade, solution, locked, points)
    "setup": (False, False, True, None),
    "solution-double": (False, True, False, None),
    "test-double": (True, False, True, 3),
    "given-show": (False, False, True, None),
    "test-halve": (True, False, True, 1.5),
    "written-1": (True, True, False, 2),
}


@pytest.mark.parametrize("name", FLAGS)
def test_nbgrader_reads_what_a_cell_is(built, name):
    said = cells(built.source)[name].metadata.nbgrader
    assert (said.grade, said.solution, said.locked, said.get("points")) == FLAGS[name]
    assert (said.grade_id, said.schema_version) == (name, 3)


def test_other_cells_say_nothing_to_nbgrader(built):
    assert [name for name, cell in cells(built.source).items() if "nbgrader" not in cell.metadata] == [
        "toy-1",
        "toy-2",
        "toy-3",
        "toy-4",
    ]


def test_an_import_line_becomes_the_functions_source(built):
    double, halve = toy.TWICE.split("\n\n\n")[1], toy.TWICE.split("\n\n\n")[3]
    assert cells(built.source)["solution-double"].source == double
    assert cells(built.source)["solution-halve"].source == halve
    assert halve.endswith("### END SOLUTION")


def test_given_functions_stand_in_one_cell_two_lines_apart(built):
    _, _, show, _, shout = toy.TWICE.rstrip("\n").split("\n\n\n")
    assert cells(built.release)["given-show"].source == f"{show}\n\n\n{shout}"


def test_a_test_cell_is_one_expression_with_its_points(built):
    assert cells(built.source)["test-double"].source == "check.double(double, points=3)"
    assert cells(built.release)["test-halve"].source == "check.halve(halve, double, points=1.5)"


def test_a_cell_that_waits_says_so_in_its_first_line(built):
    cell = cells(built.release)["toy-3"]
    assert cell.source == "%%after double\nquadruple = double(double(1))\nquadruple"
    assert cell.metadata.tags == ["skip-execution"]


def test_the_first_cell_opens_the_lesson_and_knows_the_version(built):
    source = cells(built.release)["setup"].source
    major, minor, _ = build.course.__version__.split(".")
    assert source.endswith('\ncheck.open("toy")') and f'load_course("{major}.{minor}.2")' in source


def test_the_first_cell_is_folded_to_its_first_line(built):
    cell = cells(built.release)["setup"]
    assert cell.metadata.jupyter.source_hidden
    assert cell.source.startswith("# Run this cell first")


def test_a_release_has_stubs_in_place_of_answers(built):
    assert cells(built.release)["solution-double"].source == toy.TWICE.split("\n\n\n")[1].replace(
        """    ### BEGIN SOLUTION
    two_of_it = np.add(x, x)  # no product needed
    ### END SOLUTION
""",
        "    # yours\n    raise NotImplementedError\n",
    )
    assert "undoes" not in cells(built.release)["written-1"].source


def test_the_stub_is_what_nbgraders_configuration_says(tmp_path):
    other = build.make("toy", toy.plant(tmp_path, config=toy.CONFIG.replace("# yours", "# over to you")))
    assert "# over to you\n" in cells(other.release)["solution-double"].source


def test_locked_cells_cannot_be_deleted_in_the_release(built):
    for name, cell in cells(built.release).items():
        assert (cell.metadata.get("deletable", True) is False) == (name in FLAGS or name == "solution-halve")


def test_a_notebook_says_which_kernel_it_needs_and_nothing_else(built):
    metadata = nbformat.reads(built.release, as_version=4).metadata
    assert set(metadata) == {"kernelspec", "language_info"}
    assert (metadata.kernelspec.name, metadata.kernelspec.language) == ("python3", "python")


def test_a_lesson_that_needs_a_kernel_says_so_in_its_release(tmp_path):
    toy.plant(tmp_path, toy.TEXT.replace("[twice]", "[twice]\n#     needs_kernel: true"))
    metadata = nbformat.reads(build.make("toy", tmp_path).release, as_version=4).metadata
    assert metadata.course == {"needs_kernel": True}


REFUSED = {  # what is wrong: (text that goes, text that comes, message)
    "no test": ("check.double(double)", "double(2)", "line 27, test cell: expected one expression"),
    "two lines": ("check.double(double)", "check.double(double)\n3", "test cell: expected one expression"),
    "a number": ("check.double(double)", "check.double(double, 3)", "test cell: expected one expression"),
    "own points": ("check.double(double)", "check.double(double, points=9)", "expected one expression"),
    "not Python": ("check.double(double)", "check.double(", "line 27, test cell: .* in its line 1"),
    "unknown answer": (
        "check.double(double)",
        "check.double(treble)",
        "no earlier solution cell is about treble",
    ),
    "too early": ("check.double(double)", "check.double(halve)", "no earlier solution cell is about halve"),
    "not tested": ("check.halve(halve, double)", "check.halve(double, halve)", "toy: halve has no test cell"),
    "the same stem": (
        "check.halve(halve",
        "check.double(halve",
        "line 40, test cell: there is a cell test-double",
    ),
    "no points": (" points=3", "", "expected points=<number above 0>, got points=None"),
    "points in words": (" points=3", ' points="3"', "expected points=<number above 0>"),
    "points for prose": ("# %%\nimport", "# %% points=3\nimport", "only a test or written cell has points"),
    "misspelt": (" points=3", " points=3 pints=3", "expected after, kind, mistake, points, tags, got pints"),
    "unknown kind": ('kind="given"', 'kind="gift"', "may be code or solution or given or locked or test"),
    "code by hand": ('[markdown] kind="written"', 'kind="written"', "a code cell may be"),
    "empty": ("check.double(double)\n", "\n", "the cell is empty"),
    "two answers": (
        "import double",
        "import double, halve",
        "expected one function of the open modules twice",
    ),
    "not open": (
        "twice import double",
        "checked import expect_number",
        "expected one function of the open modules",
    ),
    "not there": ("import double", "import treble", "course/reference/twice.py has no function treble"),
    "no module": ("twice import show", "thrice import show", "course/reference has no module thrice"),
    "no import": (
        "from course.reference.twice import double",
        "double = 3",
        "expected one line `from course.ref",
    ),
    "renamed": ("import double", "import double as twice", "`as` is not known here"),
    "answer given": (
        "import show, shout",
        "import show, halve",
        "halve in .*twice.py must not have ### BEGIN",
    ),
    "nothing to do": ("import halve", "import show", "show in .*twice.py needs ### BEGIN SOLUTION"),
    "free name": (
        "from course.reference.checked import expect_number",
        "",
        "double uses expect_number, which no",
    ),
    "waits for none": (
        'after="double"',
        'after="treble"',
        "line 30, code cell: waits for treble, which no earlier",
    ),
    "test waits": (" points=3", ' points=3 after="double"', "only a plain or locked code cell can wait"),
    "other name": ("lesson: toy", "lesson: tay", "the header names the lesson tay, the file is toy.py"),
    "no number": (
        "#     number: 2\n",
        "",
        "the header's `course:` needs lesson, number, title, hours, reference",
    ),
    "perhaps a kernel": (
        "[twice]",
        "[twice]\n#     needs_kernel: perhaps",
        "the header's needs_kernel must be true or false, got 'perhaps'",
    ),
    "no list": ("[twice]", "twice", "its reference a list of modules"),
    "loose text": (
        "# %% [markdown]\n# # Twice",
        "loose = 1\n\n# %% [markdown]\n# # Twice",
        "does text stand above",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_text_that_cannot_be_built_is_refused_in_one_line_that_says_where(tmp_path, case):
    old, new, message = REFUSED[case]
    assert toy.TEXT.count(old) == 1
    toy.plant(tmp_path, toy.TEXT.replace(old, new))
    with pytest.raises(BuildError, match=message) as error:
        build.make("toy", tmp_path)
    assert str(error.value).startswith("toy") and "\n" not in str(error.value)


def test_a_name_from_a_cell_that_may_be_skipped_is_still_free(tmp_path):
    text = toy.TEXT.replace("# %%\nimport numpy", '# %% tags=["skip-execution"]\nimport numpy')
    with pytest.raises(BuildError, match="double uses expect_number, np, which no earlier cell defines"):
        build.make("toy", toy.plant(tmp_path, text))


def test_free_names_are_seen_in_defaults_and_inner_functions(tmp_path):
    twice = toy.TWICE.replace("def halve(x):", "def halve(x, by=two):").replace(
        "    return np.divide(np.multiply(x, 3), 6)",
        "    return [lambda part: part / six for x in [x]][0](x)",
    )
    with pytest.raises(BuildError, match="halve uses six, two, which no earlier cell defines"):
        build.make("toy", toy.plant(tmp_path, twice=twice))


def test_a_lesson_that_does_not_exist_is_refused(tmp_path):
    with pytest.raises(BuildError, match="no lesson 'tax' in course/lessons, only toy"):
        build.make("tax", toy.plant(tmp_path))


def test_a_lesson_without_checks_is_not_built(tmp_path):
    with pytest.raises(BuildError, match="toy: course.checks has no lesson 'toy'"):
        build.build("toy", toy.plant(tmp_path))


@pytest.mark.parametrize(
    ("stems", "message"),
    [
        (["double"], "halve is in one alone"),
        (["double", "halve", "treble"], "treble is in one alone"),
        (["halve", "double"], "their order differs"),
    ],
)
def test_tests_and_checks_must_agree(tmp_path, monkeypatch, stems, message):
    monkeypatch.setattr(build, "checked", lambda lesson: dict.fromkeys(stems))
    with pytest.raises(BuildError, match=f"test cells and its tasks in course.checks must agree: {message}"):
        build.build("toy", toy.plant(tmp_path))


def test_nothing_of_a_lesson_is_written_when_it_does_not_run(tmp_path, monkeypatch):
    root = toy.plant(tmp_path)
    cases = root / "course" / "checks" / "recorded" / "toy.npz"
    cases.parent.mkdir(parents=True)
    cases.write_bytes(b"as it was")
    before = sorted(root.rglob("*"))
    monkeypatch.setattr(build, "checked", lambda lesson: dict.fromkeys(["double", "halve"]))
    monkeypatch.setattr(build.record, "write", lambda name, points, path: path.write_bytes(b"new"))
    monkeypatch.setattr(
        build.run, "run", lambda *args, **kwargs: executed_with_an_error(build.make("toy", root))
    )
    with pytest.raises(
        BuildError, match="toy: the source notebook does not run: toy-2: ValueError: broken; test-"
    ):
        build.build("toy", root)
    assert cases.read_bytes() == b"as it was"
    assert sorted(root.rglob("*")) == before


def executed_with_an_error(built):
    notebook = nbformat.reads(built.source, as_version=4)
    notebook.cells[2].outputs = [
        nbformat.v4.new_output("error", ename="ValueError", evalue="broken", traceback=[])
    ]
    return notebook


def test_only_full_points_prove_a_lesson(tmp_path, monkeypatch):
    built = build.make("toy", toy.plant(tmp_path))

    def points(double, halve):
        notebook = nbformat.reads(built.source, as_version=4)
        for cell in notebook.cells:
            if cell.id.startswith("test-"):
                text = {"test-double": double, "test-halve": halve}[cell.id]
                cell.outputs = [nbformat.v4.new_output("execute_result", {"text/plain": text})]
        return lambda *args, **kwargs: notebook

    monkeypatch.setattr(build.run, "run", points("3", "1.5"))
    build.prove(built, tmp_path)
    monkeypatch.setattr(build.run, "run", points("3", "1.25"))
    with pytest.raises(BuildError, match="test-halve: gives its answer 1.25 of 1.5 points"):
        build.prove(built, tmp_path)


def test_files_are_replaced_together_or_not_at_all(tmp_path, monkeypatch):
    one, other = tmp_path / "one.txt", tmp_path / "folder" / "other.txt"
    one.write_bytes(b"before")
    with monkeypatch.context() as broken:
        kept = iter([None])  # the first is on the disk before it is full
        broken.setattr(files.os, "fsync", lambda descriptor: next(kept))
        with pytest.raises(StopIteration):
            files.write_all({one: b"after", other: b"after"})
    assert one.read_bytes() == b"before" and [*other.parent.iterdir()] == []
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["one.txt"]
    files.write_all({one: b"after", other: b"after"})
    assert one.read_bytes() == other.read_bytes() == b"after"


@pytest.mark.parametrize("name", LESSONS)
def test_the_committed_notebooks_are_what_the_text_makes(name):
    built = build.make(name)
    for path, made in build.files(built).items():
        assert path.read_bytes() == made.encode(), path


MAKE = """
import sys
from pathlib import Path
from autograder import build
built = build.make("toy", Path(sys.argv[1]))
sys.stdout.buffer.write((built.source + built.release).encode())
"""


@pytest.mark.parametrize("seed", ["0", "77"])
def test_the_bytes_do_not_depend_on_the_order_of_sets(tmp_path, seed):
    toy.plant(tmp_path)
    done = subprocess.run(
        [sys.executable, "-c", MAKE, tmp_path],
        env={**os.environ, "PYTHONHASHSEED": seed},
        capture_output=True,
    )
    built = build.make("toy", tmp_path)
    assert done.stdout == (built.source + built.release).encode(), done.stderr


def test_the_steps_are_nbgraders_own_without_the_one_that_needs_a_database(built, tmp_path, monkeypatch):
    ran = []
    for step in release.GenerateAssignment.preprocessors.default_args[0]:
        monkeypatch.setattr(
            step, "preprocess", lambda self, nb, resources: (ran.append(type(self)), (nb, resources))[1]
        )
    release.release(nbformat.reads(built.source, as_version=4), tmp_path)
    assert ran == [
        step
        for step in release.GenerateAssignment.preprocessors.default_args[0]
        if step is not release.SaveCells
    ]
