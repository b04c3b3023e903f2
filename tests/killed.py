"""Kill what writes a gradebook at its n-th statement, for one n after the other, and tell what is left.

Run as a program, `python -m tests.killed ADDRESS`, for a new database: it forks, and must be alone to do so.
"""

import json
import os
import signal
import sys
import traceback
from datetime import datetime, timedelta
from itertools import count

from nbgrader import api
from sqlalchemy import Engine, create_engine, event, inspect

from autograder.gradebook import Gradebook
from tests.test_gradebook import RELEASE, result

COURSE, LESSON = "a-course", "modular-layers"
DUE = datetime(2026, 3, 1)
HANDED_IN = DUE + timedelta(hours=30)
WRITES = {
    "a new submission": lambda book: book.record(result("two"), HANDED_IN),
    "a submission again": lambda book: book.record(result("two", (1, 1, 1), "Another."), HANDED_IN),
    "an extension": lambda book: book.extend("two", timedelta(days=1)),
    "an extension for a new student": lambda book: book.extend("three", timedelta(days=1)),
}


def main(url):
    """Print {what was written: [what the database held after each kill, the steps of the write]} as JSON."""
    def begin():
        with opened(url) as book:
            book.record(result("one"))

    left = {"a new gradebook": after_kills(url, begin, step=13)}
    with api.Gradebook(url, COURSE) as book:
        book.update_or_create_assignment(LESSON, duedate=DUE)
    with opened(url) as book:
        book.record(result("one"))  # from here on it knows the lesson's cells
        for name, write in WRITES.items():
            book.close()  # no connection may be open across a fork
            left[name] = after_kills(url, lambda write=write: write(book))
    sys.stdout.write(json.dumps(left))


def opened(url):
    """Return a gradebook in which being late costs a point."""
    return Gradebook(url, COURSE, LESSON, RELEASE, lambda *_: 1.0)


def after_kills(url, write, step=1):
    """Return "nothing", "all" or "half" for each n at which a process that writes was killed, and its steps.

    The steps are those of the last process that was killed; one more comes to its end.
    """
    before, states = content(url), []
    reader, writer = os.pipe()
    for n in count(1, step):
        child = os.fork()
        if not child:
            try:
                kill_at(n, writer)
                write()
                os._exit(0)
            except BaseException:
                traceback.print_exc()
                os._exit(1)
        _, status = os.waitpid(child, 0)
        states.append(content(url))
        if status == 0:
            break
        assert os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL, status
    whole = states[-1]
    os.close(writer)
    with os.fdopen(reader) as said:
        steps = json.loads(said.readlines()[-1])
    return ["nothing" if state == before else "all" if state == whole else "half" for state in states], steps


def kill_at(n, writer):
    """Kill this process at the n-th step from now: a statement, a commit, or a connection that is left.

    It tells the pipe before which steps it has taken, as a line of JSON: a statement by its first words.
    """
    steps = []

    def step(what):
        steps.append(what)
        if len(steps) == n:
            os.write(writer, json.dumps(steps).encode() + b"\n")
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(Engine, "before_cursor_execute", lambda _1, _2, statement, *_: step(statement[:40]))
    event.listen(Engine, "commit", lambda _: step("commit"))
    event.listen(Engine, "checkin", lambda *_: step("left"))


def content(url):
    """Return all rows of all tables but the course's; a table that is not there has none."""
    engine = create_engine(url)
    with engine.connect() as connection:
        there = set(inspect(connection).get_table_names()) - {"course"}
        tables = [table for table in api.Base.metadata.sorted_tables if table.name in there]
        rows = {table.name: sorted(map(repr, connection.execute(table.select()))) for table in tables}
    engine.dispose()
    return {name: found for name, found in rows.items() if found}


if __name__ == "__main__":
    main(sys.argv[1])
