"""What handing in late costs: nbgrader's plugin for it, as the course's nbgrader_config.py chooses it."""

from collections.abc import Callable
from datetime import datetime, timedelta

from nbgrader.preprocessors import AssignLatePenalties
from traitlets import TraitError
from traitlets.config import Config

from autograder.errors import AutograderError

Penalty = Callable[[str, float, float], float]  # student, points, seconds late -> points to take off


def seconds_late(handed_in: datetime | None, due: datetime | None, extension: timedelta | None) -> float:
    """Return how long after its due date, and the student's extension, a submission came; 0 without dates."""
    if handed_in is None or due is None:
        return 0.0
    return max(0.0, (handed_in - due - (extension or timedelta())).total_seconds())


def free(student: str, points: float, seconds: float) -> float:
    """Take nothing off."""
    return 0.0


def penalty(config: Config) -> Penalty:
    """Return what a course takes off; never less than nothing, never more than there is.

    Raises: AutograderError when its plugin cannot be found, and later when the plugin raises.
    """
    try:
        step = AssignLatePenalties(config=config)
    except TraitError as error:
        raise AutograderError(
            f"nbgrader_config.py: AssignLatePenalties.plugin_class {config.AssignLatePenalties.plugin_class} "
            "cannot be used: write the class into nbgrader_config.py itself"
        ) from error
    step.init_plugin()

    def taken_off(student: str, points: float, seconds: float) -> float:
        if seconds <= 0:
            return 0.0
        try:
            asked = step.plugin_inst.late_submission_penalty(student, points, seconds)
        except Exception as error:  # the course's own code
            raise AutograderError(f"the late penalty of {student} cannot be told: {error!r}") from error
        return min(max(0.0, asked or 0.0), points)

    return taken_off
