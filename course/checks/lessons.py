"""Which lesson has which checks."""

from . import conv_step_by_step, convnet, modular_layers, more_layers, perceptron_xor, two_layer_net

LESSONS = {
    module.LESSON: module.TASKS
    for module in (perceptron_xor, two_layer_net, conv_step_by_step, modular_layers, convnet, more_layers)
}

WEIGHED = "free_convnet"  # the test that asks for a file of weights instead of a function


def tasks(lesson):
    """Return {stem: Task} of a lesson, in the order of its text.

    Raises KeyError when there is no such lesson.
    """
    if lesson not in LESSONS:
        raise KeyError(f"no lesson {lesson!r}; there are {', '.join(LESSONS)}")
    return {task.stem: task for task in LESSONS[lesson]}


def find(stem):
    """Return the Task of this name, from whichever lesson has it.

    Raises KeyError when there is none.
    """
    for lesson in LESSONS:
        if stem in tasks(lesson):
            return tasks(lesson)[stem]
    raise KeyError(f"no check is called {stem!r}")
