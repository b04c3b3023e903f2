"""What a process of a pool can be at; it imports little, so that the process starts soon."""

import os
import time

from autograder.pool import Beginning


def nap_and_tell(mark):
    """Leave a mark with this process's number, then sleep."""
    mark.with_name(f"{mark.name}-{os.getpid()}").touch()
    time.sleep(60)


def sleep_deeply(mark):
    """Leave a mark, then sleep and catch whatever is raised, as a check catches what an answer raises."""
    mark.with_name(f"{mark.name}-{os.getpid()}").touch()
    while True:
        try:
            time.sleep(60)
        except BaseException as error:
            mark.with_name(f"{mark.name} {type(error).__name__}").touch()


def stumble():
    """Raise an error."""
    raise ValueError("mine")


class MarkAndStumble(Beginning):
    """Leave a file named after the process, then fail."""

    def __init__(self, folder):
        self._folder, self.is_closed = folder, False

    def __call__(self):
        """Do it."""
        (self._folder / str(os.getpid())).touch()
        raise ValueError("at the beginning")

    def close(self):
        """Note that the process has it."""
        self.is_closed = True
