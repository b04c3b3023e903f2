"""README names the commands that there are, and none that there is not."""

import re
import subprocess
import sys

import pytest
from typer.main import get_command

from autograder.__main__ import app
from autograder.build import ROOT
from course.train import RECIPES

README = (ROOT / "README.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
COMMANDS = sorted(get_command(app).commands)
CODE = "\n".join(re.findall(r"^```\w*\n.*?^```$|`[^`\n]+`", README, re.MULTILINE | re.DOTALL))


def test_readme_names_every_command_and_no_other():
    assert set(re.findall(r"autograder (\w+)", CODE)) == set(COMMANDS)


def test_readme_names_every_documented_make_target_or_make_help_does():
    targets = set(re.findall(r"^([a-z-]+):.*##", MAKEFILE, re.MULTILINE))
    named = set(re.findall(r"make ([a-z-]+)", CODE))
    assert named <= targets
    assert set(re.findall(r"course\.train ([a-z-]+)", CODE)) == set(RECIPES)
    assert {"setup", "demo", "test", "lab", "build", "release", "help"} <= named


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command):
    ran = subprocess.run(
        [sys.executable, "-m", "autograder", command, "--help"], capture_output=True, text=True, timeout=60
    )
    assert ran.returncode == 0 and "Usage:" in ran.stdout and ran.stderr == ""


def test_every_file_that_readme_points_to_is_there():
    links = re.findall(r"\]\(([^)#:]+)\)", README)
    assert links and all((ROOT / link).exists() for link in links)


def test_readme_is_read_in_two_minutes():
    assert len(README.split()) <= 500
