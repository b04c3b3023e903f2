"""From the source notebook to the release notebook, by nbgrader's own steps."""

from copy import deepcopy

from nbgrader.converters import GenerateAssignment
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import SaveCells

from autograder.configuration import configuration


def release(source, root):
    """Return the notebook that students get, by all steps but the one that writes a database."""
    config = configuration(root)
    steps = GenerateAssignment(coursedir=CourseDirectory(config=config), config=config).preprocessors
    notebook, resources = deepcopy(source), {}
    for step in steps:
        if step is not SaveCells:
            notebook, resources = step(config=config)(notebook, resources)
    return notebook
