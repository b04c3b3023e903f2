"""Run a student's notebook in a process of its own, and ask its functions from outside."""

from .levels import NoJail
from .server import JailBroken, ServerGone, SessionDied
from .session import Limits, Session

__all__ = ["JailBroken", "Limits", "NoJail", "ServerGone", "Session", "SessionDied"]
