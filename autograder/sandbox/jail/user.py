"""Who a student's process is: nobody in particular, with no capability."""

from __future__ import annotations

import os

from . import calls

FIRST, COUNT = 61184, 4336  # numbers that belong to no lasting user, kept for uses such as this one


def passing(number: int) -> int:
    """Return the user for a server with this process number."""
    return FIRST + number % COUNT


def become(user: int) -> None:
    """Turn root into this user; give up all capabilities, whoever this is."""
    calls.bound_capabilities()
    if os.geteuid() == 0:
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
    calls.drop_capabilities()
    calls.prctl(calls.PR_SET_DUMPABLE, 1)  # else all of /proc/self belongs to root
