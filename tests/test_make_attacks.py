"""A few of the attacks on the grader, and how what came of them is counted; `make attacks` runs all."""

import json
import os
import tempfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from autograder.sandbox import levels
from benchmarks.attacks import __main__ as command
from benchmarks.attacks import lesson
from benchmarks.attacks.attack import LAYERS, Attack
from benchmarks.attacks.suite import Found, Suite, has_script
from benchmarks.attacks.table import ATTACKS

FAST = {
    "patched: a check of its own",
    "wire: a reply before the reply",
    "a test copied under the id of another",
    "os._exit",
    "every way to change a file",
    "a port on loopback",
    "/proc of others",
    "no notebook: a link to a file of the grader's",
}
NOTICED = {  # these harm nothing but what was laid out for them
    "every way to change a file": {"files", "reached"},
    "a port on loopback": {"network", "reached"},
    "/proc of others": {"reached"},
}
NO_JAIL = levels.find().level != "A"


def chosen(names):
    return [attack for attack in ATTACKS if attack.name in names]


@pytest.fixture(scope="module")
def suite():
    with tempfile.TemporaryDirectory(prefix="course-") as folder:
        os.chmod(folder, 0o755)
        with Suite(Path(folder), chosen(FAST)) as suite:
            suite.warm_up("D" if NO_JAIL else "A")  # or the first attack has to wait until all is loaded
            yield suite


def test_there_are_many_attacks_and_each_has_a_name_of_its_own():
    assert len(ATTACKS) >= 60
    assert len({attack.student for attack in ATTACKS}) == len(ATTACKS)
    assert {attack.name for attack in ATTACKS} >= FAST


@pytest.mark.skipif(NO_JAIL, reason=f"level A is not here: {levels.find().why.get('A')}")
@pytest.mark.parametrize("attack", chosen(FAST), ids=lambda attack: attack.name)
def test_an_attack_earns_harms_and_loses_nothing(suite, attack):
    found = suite.attack(attack, "A")
    assert command.remarks([found]) == []
    assert found.points == attack.worth


@pytest.mark.parametrize("attack", chosen(NOTICED), ids=lambda attack: attack.name)
def test_without_a_sandbox_the_same_attack_is_seen_to_do_harm(suite, attack):
    found = suite.attack(attack, "D")
    assert NOTICED[attack.name] <= {line.partition(":")[0] for line in found.harm}


@pytest.mark.skipif(NO_JAIL, reason=f"level A is not here: {levels.find().why.get('A')}")
def test_points_above_and_below_what_an_answer_is_worth_are_seen(suite):
    right = lesson.right(LAYERS)["relu_forward"]
    better = Attack("better", "forging", answer=right, worth={"affine_forward": 3, "relu_forward": 1})
    worse = Attack("worse", "forging", worth={"affine_forward": 3, "relu_forward": 2})
    assert suite.attack(better, "A").undeserved == ["relu_forward: 2 of 1"]
    assert suite.attack(worse, "A").lost == ["relu_forward: 0 of 2"]


@pytest.mark.parametrize("wrong", ["undeserved", "harm", "lost"])
def test_what_went_wrong_is_counted_and_makes_the_command_fail(monkeypatch, tmp_path, wrong):
    found = [Found("one", "files", limited="why"), Found("two", "files", **{wrong: ["what", "more"]})]
    kept = tmp_path / "attacks.json"
    ran = said(monkeypatch, found, "B", kept)
    assert ran.exit_code == 1
    counts = {name: int(name == wrong) for name in ("undeserved", "harm", "lost")}
    assert ran.stdout.splitlines()[-1] == (
        f"attacks: 2 tried, {counts['undeserved']} undeserved points, {counts['harm']} harm, "
        f"{counts['lost']} lost, 1 limited"
    )
    assert "limited: one: why" in ran.stdout and f"{wrong}: two: what" in ran.stdout
    (figures,) = json.loads(kept.read_bytes()).values()
    assert figures["tried"] == 2 and figures[wrong] == 1


@pytest.mark.parametrize("level, code", [("A", 1), ("B", 0)])
def test_level_a_may_not_be_limited(monkeypatch, tmp_path, level, code):
    found = [Found("one", "files", limited="why")]
    assert said(monkeypatch, found, level, tmp_path / "attacks.json").exit_code == code


def said(monkeypatch, found, level, kept):
    monkeypatch.setattr(command, "run", lambda level, attacks: found)
    monkeypatch.setattr(command.levels, "why_not", lambda level: "")
    application = command.typer.Typer()
    application.command()(command.main)
    return CliRunner().invoke(application, ["--level", level, "--into", str(kept)])


@pytest.mark.parametrize(
    "page, runs",
    [
        ("<script>attackScript</script>", True),
        ("<p onclick='attackScript()'>", True),
        ("<a href='javascript:attackScript()'>", True),
        ("&lt;script&gt;attackScript&lt;/script&gt;", False),
        ("<p title='attackScript'>attackScript</p>", False),
    ],
)
def test_scripts_on_a_page_are_seen(page, runs):
    assert has_script(page) == runs
