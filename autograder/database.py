"""The database behind nbgrader's gradebook, sqlite or PostgreSQL: many commits become one transaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Column, Engine, MetaData, String, Table, create_engine, event, inspect, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, scoped_session, sessionmaker

from autograder.errors import AutograderError

# nbgrader looks for these without an index: through all submissions, to find what belongs to one.
SOUGHT = {"grade": "notebook_id", "comment": "notebook_id", "submitted_notebook": "assignment_id"}
VERSION = Table("alembic_version", MetaData(), Column("version_num", String(32), nullable=False))


class Steps(Session):
    """A session that sends what is new at each commit, and leaves it to its connection to commit.

    A savepoint for each would be a statement more, and all objects would be read again behind it.
    """

    _waits = False

    def commit(self) -> None:
        """Send what is new."""
        if not self._waits:
            self.flush()

    @contextmanager
    def in_one_step(self) -> Iterator[None]:
        """Send what is new at the end, whatever is committed inside: a grade is written with its points."""
        self._waits = True
        try:
            yield
        finally:
            self._waits = False
        self.flush()


MAKE = sessionmaker(class_=Steps, autoflush=False)  # each one makes a class


@contextmanager
def transaction(gradebook) -> Iterator:
    """Give nbgrader's gradebook inside one transaction: its commits are steps of it, and end nothing."""
    with gradebook.engine.begin() as connection:
        gradebook.db = scoped_session(lambda: MAKE(bind=connection))
        try:
            yield gradebook
            gradebook.db.commit()
        finally:
            gradebook.db.remove()


@contextmanager
def named_errors(url: str) -> Iterator[None]:
    """Turn what a database raises into one line that names it without its password."""
    place = url.rpartition("@")[2]  # what stands before it is a user's name and password
    try:
        yield
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", None) or error).partition("\n")[0]
        raise AutograderError(f"the gradebook {place} cannot be used: {reason}") from error
    except ModuleNotFoundError as error:
        raise AutograderError(
            f"the gradebook {place} needs the driver {error.name}: for PostgreSQL, write "
            'postgresql+psycopg:// in front of the address and run `pip install "psycopg[binary]"`'
        ) from error


def prepare(url: str, tables: MetaData, scripts: Path) -> None:
    """Make the tables that a database lacks, and name their version in a new one, or one left half made.

    nbgrader does so too, but learns the version from a program that takes seconds and must be on the PATH.
    scripts: nbgrader's folder of changes to its tables, the last of which is their version.
    """
    engine = create_engine(url)
    try:
        with engine.begin() as connection:
            tables.create_all(connection)
            VERSION.create(connection, checkfirst=True)
            if not connection.execute(select(VERSION)).first():
                connection.execute(VERSION.insert().values(version_num=_version(scripts)))
    finally:
        engine.dispose()


def _version(scripts: Path) -> str:
    from alembic.script import ScriptDirectory  # late: only a new database needs it

    return ScriptDirectory(str(scripts)).get_current_head()


def index(engine: Engine) -> None:
    """Keep the time that a submission takes from growing with the number of those that are there."""
    with engine.begin() as connection:
        known = inspect(connection)
        for table, column in SOUGHT.items():
            name = f"autograder_{table}_{column}"
            if name not in {each["name"] for each in known.get_indexes(table)}:
                connection.execute(text(f"CREATE INDEX IF NOT EXISTS {name} ON {table} ({column})"))


def begin_when_told(engine: Engine) -> None:
    """Let SQLAlchemy begin sqlite's transactions: Python's driver leaves some statements outside of them."""
    if engine.dialect.name != "sqlite":
        return
    engine.dispose()  # what follows is for connections that are made from here on

    @event.listens_for(engine, "connect")
    def _connected(connection, _record):
        connection.isolation_level = None

    @event.listens_for(engine, "begin")
    def _begun(connection):
        connection.exec_driver_sql("BEGIN IMMEDIATE")
