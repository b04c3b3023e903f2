"""The folder of the course, in which source/, release/ and what students hand in lie."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
