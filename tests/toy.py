"""A lesson of the smallest size, for tests of what is done with lessons."""

from pathlib import Path

TEXT = """\
# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   course:
#     lesson: toy
#     number: 2
#     title: Twice and half
#     hours: 1
#     reference: [twice]
# ---

# %% [markdown]
# # Twice and half
# Words, and $2x$.

# %%
import numpy as np
%matplotlib inline
from course.reference.checked import expect_number

# %% kind="solution"
from course.reference.twice import double

# %% kind="test" points=3
check.double(double)

# %% after="double" tags=["skip-execution"]
quadruple = double(double(1))
quadruple

# %% kind="given"
from course.reference.twice import show, shout

# %% kind="solution"
from course.reference.twice import halve

# %% kind="test" points=1.5
check.halve(halve, double)

# %% [markdown]
# Why is a half the opposite of a double?

# %% [markdown] kind="written" points=2
# Because one undoes what the other one does.
"""

TWICE = '''\
"""Two functions to write, and two that are given."""

import numpy as np

from .checked import expect_number


def double(x):
    """Return two x."""
    expect_number(x)
    ### BEGIN SOLUTION
    two_of_it = np.add(x, x)  # no product needed
    ### END SOLUTION
    return two_of_it


def show(x):
    """Return x as text."""
    return f"x is {expect_number(x)}"


def halve(x):
    """Return half of x."""
    ### BEGIN SOLUTION
    return np.divide(np.multiply(x, 3), 6)
    ### END SOLUTION


def shout(x):
    """Return x as loud text."""
    return show(x).upper()
'''

CHECKED = '''\
"""What is asked of a number."""


def expect_number(x):
    """Return x; raise TypeError when it is no number."""
    return x + 0
'''

PAIRS = '''\
"""Made of what is to be written."""

from .twice import double


def double_twice(x):
    """Return four x."""
    return double(double(x))
'''

ABOVE = '''\
"""Made of what is made of what is to be written."""

from . import pairs


def double_four_times(x):
    """Return sixteen x."""
    return pairs.double_twice(pairs.double_twice(x))
'''

CONFIG = """\
c = get_config()
c.ClearSolutions.code_stub = {"python": "# yours\\nraise NotImplementedError"}
"""


def plant(root, text=TEXT, twice=TWICE, config=CONFIG):
    """Write the toy course into a folder; return the folder."""
    for path, content in {
        "course/lessons/toy.py": text,
        "course/reference/__init__.py": "",
        "course/reference/twice.py": twice,
        "course/reference/checked.py": CHECKED,
        "course/reference/pairs.py": PAIRS,
        "course/reference/above.py": ABOVE,
        "nbgrader_config.py": config,
    }.items():
        (Path(root) / path).parent.mkdir(parents=True, exist_ok=True)
        (Path(root) / path).write_text(content, encoding="utf-8")
    return Path(root)
