"""Whether students' code is run on this machine, and behind which walls."""

from autograder.errors import NoSandbox
from autograder.sandbox import NoJail, levels

NO_KERNEL = (
    "this lesson needs a kernel, so a sandbox of level A; this machine has level B, "
    "which allows neither new processes nor sockets"
)


def sandbox_level(trusted: bool, needs_kernel: bool = False) -> str:
    """Return the level of the sandbox at which submissions run in this process.

    trusted: run them even where there is none.  needs_kernel: level B is none for them.
    Raises: NoSandbox where there is none.
    """
    try:
        level = levels.choose(trusted)
        if level != "B" or not needs_kernel:
            return level
        if trusted:
            return levels.NONE
        raise NoJail(NO_KERNEL)
    except NoJail as problem:
        raise NoSandbox(f"{problem}; see `autograder doctor`, or trust it: --i-trust-this-code") from None
