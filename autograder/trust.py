"""Whether students' code is run on this machine, and behind which walls."""

from autograder.errors import NoSandbox
from autograder.sandbox import NoJail, levels


def sandbox_level(trusted: bool) -> str:
    """Return the level of the sandbox at which submissions run in this process.

    trusted: run them even where there is none.
    Raises: NoSandbox where there is none.
    """
    try:
        return levels.choose(trusted)
    except NoJail as problem:
        raise NoSandbox(f"{problem}; see `autograder doctor`, or trust it: --i-trust-this-code") from None
