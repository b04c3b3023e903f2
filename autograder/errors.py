"""What every command of the grader may raise."""


class AutograderError(Exception):
    """A failure that a person can mend: its message is one line that says what to do."""

    exit_code = 1


class NoSandbox(AutograderError):
    """This machine has nothing to keep a student's code in."""

    exit_code = 3
