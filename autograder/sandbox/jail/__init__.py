"""The walls around a student's process: each file one kind of wall of the Linux kernel.

These files are also copied to where the project is not: they import the standard library and each other.
"""
