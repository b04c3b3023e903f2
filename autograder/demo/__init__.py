"""A class that never was: what it hands in is known, so what grading finds can be counted."""
