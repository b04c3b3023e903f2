"""Run a student's notebook in a process of its own, and ask its functions from outside."""

from .session import Limits, Session, SessionDied

__all__ = ["Limits", "Session", "SessionDied"]
