"""The folder of the course, in which source/, release/ and what students hand in lie."""

from importlib.util import find_spec
from pathlib import Path

ROOT = Path(find_spec("course").origin).resolve().parents[1]  # not imported: that takes a while
