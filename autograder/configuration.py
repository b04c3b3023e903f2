"""What a course's own nbgrader_config.py says."""

from functools import lru_cache
from pathlib import Path

from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

FILE = "nbgrader_config.py"


@lru_cache
def configuration(root: Path) -> Config:
    """Return what the configuration in a course's folder says."""
    return PyFileConfigLoader(FILE, path=str(root)).load_config()
