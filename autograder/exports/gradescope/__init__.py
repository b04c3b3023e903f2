"""Gradescope: results.json of a submission, and the zip with which Gradescope grades one by itself."""

from .pack import pack
from .results import as_json, results

__all__ = ["as_json", "pack", "results"]
