"""The version of the course package; the wheel of a later lesson has a higher one."""

VERSION = "1.0.0"
