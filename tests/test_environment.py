"""What is installed is said once, in pyproject.toml; everything else agrees with it."""

import re
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tools import system, venv

ROOT = Path(__file__).resolve().parent.parent
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = PYPROJECT["project"]
TESTED = venv.tested_versions((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
EXTRAS = PROJECT["optional-dependencies"]
CONDA = ("cluster", "postgresql", "site")  # the extras that conda gets too
DECLARED = PROJECT["dependencies"] + [line for lines in EXTRAS.values() for line in lines]


def locked():
    """Return {name: (version, [hash, ...])} as requirements.lock has it."""
    entries = re.split(r"^(?=[a-z0-9])", LOCK, flags=re.MULTILINE)[1:]
    pins = (re.match(r"([a-z0-9.-]+)==(\S+)", entry) for entry in entries)
    return {
        pin[1]: (pin[2], re.findall(r"--hash=sha256:([0-9a-f]{64})\b", entry))
        for pin, entry in zip(pins, entries, strict=True)
    }


def needed(declared):
    """Return the names of all packages that declared need here, and those that they need, and so on."""
    names, todo = set(), [Requirement(line) for line in declared]
    while todo:
        requirement = todo.pop()
        extras = requirement.extras or {""}
        if requirement.marker and not any(requirement.marker.evaluate({"extra": extra}) for extra in extras):
            continue
        name = canonicalize_name(requirement.name)
        if name not in names:
            names.add(name)
            todo += [Requirement(line) for line in requires(name) or [] if "extra ==" not in line]
    return names


def test_conda_gets_the_same_packages_as_pip():
    lines = (ROOT / "environment.yml").read_text(encoding="utf-8").splitlines()
    listed = [line.removeprefix("  - ") for line in lines if line.startswith("  - ")]
    python, pip, *packages, own = listed[listed.index("conda-forge") + 1:]
    assert (python, pip, own) == ("python" + PROJECT["requires-python"], "pip", "pip:")
    extras = [line.replace("[binary]", "") for name in CONDA for line in EXTRAS[name]]
    assert packages == [*PROJECT["dependencies"], *extras]  # conda's psycopg brings PostgreSQL's library
    assert set(EXTRAS) == {"cluster", "postgresql", "site", "test"}


def test_no_package_is_declared_twice():
    names = [Requirement(line).name for line in DECLARED]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("line", DECLARED)
def test_the_lock_satisfies_each_declared_package(line):
    requirement = Requirement(line)
    version, _ = locked()[canonicalize_name(requirement.name)]
    assert requirement.specifier.contains(version)


def test_the_lock_covers_what_the_declared_packages_need_in_turn():
    try:
        names = needed(DECLARED)
    except PackageNotFoundError as missing:
        pytest.fail(f"{missing.name} is needed and not installed: run `make setup`")
    assert not names - set(locked())


def test_each_locked_package_has_hashes():
    assert [name for name, (_, hashes) in locked().items() if not hashes] == []


def test_the_lock_names_no_host_no_path_and_no_option_but_hashes():
    for line in LOCK.splitlines():
        code = line.split("#")[0]
        assert re.fullmatch(r"(    --hash=sha256:[0-9a-f]{64}|[a-z0-9.-]+==[^/@]+)?[ \\]*", code), line
    assert not re.search(r"://|/|\bfile:|\.(org|com|io)\b", LOCK)


def test_the_lock_brings_no_torch_and_nothing_of_cuda():
    assert not [name for name in locked() if re.match("torch|nvidia|triton", name)]


def test_the_wheel_holds_every_file_of_both_packages(tmp_path):
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    [wheel] = tmp_path.glob("*.whl")
    packed = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    files = (path for package in ("course", "autograder") for path in (ROOT / package).rglob("*"))
    kept = {path.relative_to(ROOT) for path in files if path.is_file() and "__pycache__" not in path.parts}
    assert packed == {path.as_posix() for path in kept}


def test_every_make_target_is_documented_and_phony():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.findall(r"^([a-z-]+):(?!=)", makefile, flags=re.MULTILINE)
    phony = re.search(r"^\.PHONY: (.*)$", makefile, flags=re.MULTILINE)[1].split()
    ask = ["make", "--no-print-directory", "help"]
    said = subprocess.run(ask, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    helped = dict(line.split(maxsplit=1) for line in said.splitlines())
    assert targets == list(helped)
    assert set(targets) == set(phony)
    assert all(len(text) > 10 for text in helped.values())


def test_tested_python_versions_are_named_equally_everywhere():
    assert TESTED == sorted(TESTED, key=venv.number)
    assert PROJECT["requires-python"] == ">=" + TESTED[0]
    assert PYPROJECT["tool"]["ruff"]["target-version"] == "py" + TESTED[0].replace(".", "")
    assert f"--python-version {TESTED[0]} " in (ROOT / "Makefile").read_text(encoding="utf-8")


def test_the_readme_names_the_tested_python_versions_or_none():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"\b3\.\d\d\b", readme)) in (set(), set(TESTED))


FOUND = [("python3", "3.14"), ("python3.12", None), ("python3.13", "3.13"), ("python3.11", "3.11")]


@pytest.mark.parametrize(("found", "unlocked", "chosen"), [
    (FOUND, False, "python3.13"),
    (FOUND, True, "python3"),
    (FOUND[:2], False, None),
    ([("python3", "3.10")], False, None),
    ([("python3", "3.10")], True, None),
    ([("python3", "3.9")], True, None),
    ([("python3", None)], True, None),
])
def test_set_up_takes_the_first_tested_python_and_a_newer_one_only_unlocked(found, unlocked, chosen):
    assert venv.choose(found, ["3.11", "3.12", "3.13"], unlocked) == chosen


@pytest.mark.parametrize(("version", "advice"), [
    ("3.14", "make setup UNLOCKED=1"),
    ("3.10", "too old"),
    (None, "venv module"),
])
def test_set_up_says_in_one_line_why_no_python_will_do(version, advice):
    sentence = venv.why_none([("python3", version)], ["3.11", "3.12", "3.13"])
    assert advice in sentence and "\n" not in sentence


def test_set_up_reads_the_version_of_a_real_python_and_of_none():
    assert venv.version_of(sys.executable) == "{}.{}".format(*sys.version_info)
    assert venv.version_of(ROOT / "no-such-python") is None


def test_a_missing_system_package_is_named_with_what_goes_without_it(monkeypatch, capsys):
    monkeypatch.setattr(system.shutil, "which", lambda name: None)
    monkeypatch.setattr(system.glob, "glob", lambda pattern: [])
    system.main()
    said = capsys.readouterr().out.splitlines()
    assert [line.split(" is missing")[0] for line in said] == ["Chromium", "Node.js", "npm", "PostgreSQL"]
    assert all("goes without" in line for line in said)
