"""Which lesson has which checks."""

from . import conv_step_by_step, convnet, modular_layers, more_layers, perceptron_xor, two_layer_net
from .wholes import WHOLES

LESSONS = {
    module.LESSON: module.TASKS
    for module in (perceptron_xor, two_layer_net, conv_step_by_step, modular_layers, convnet, more_layers)
}

WEIGHED = "free_convnet"  # the test that asks for a file of weights instead of a function


def tasks(lesson):
    """Return {stem: Task} of a lesson's TODOs, in the order of its text.

    Raises KeyError when there is no such lesson.
    """
    if lesson not in LESSONS:
        raise KeyError(f"no lesson {lesson!r}; there are {', '.join(LESSONS)}")
    return {task.stem: task for task in LESSONS[lesson]}


def checked(lesson):
    """Return {stem: Task} of all that a lesson checks by asking functions: its TODOs, and its whole net.

    Raises KeyError when there is no such lesson.
    """
    whole, found = WHOLES.get(lesson), {}
    if whole is None:
        return tasks(lesson)
    left = set(whole.of)
    for stem, task in tasks(lesson).items():
        found[stem] = task
        left.discard(stem)
        if not left and whole.stem not in found:
            found[whole.stem] = whole  # behind the last of the functions that it is made of
    return found


def find(stem):
    """Return the Task of this name, from whichever lesson has it.

    Raises KeyError when there is none.
    """
    for lesson in LESSONS:
        if stem in checked(lesson):
            return checked(lesson)[stem]
    raise KeyError(f"no check is called {stem!r}")
