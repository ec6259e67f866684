"""The central database reaches this version's form once, whoever starts first."""

import subprocess
import sys
from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy import create_engine, inspect
from sqlalchemy.engine import make_url

from audit_app.central.account_tables import ACCOUNT
from audit_app.central.database import Database
from audit_app.central.migrate import migrate, refuse_unready
from audit_app.central.migrations import STEPS
from audit_app.central.security import refuse_a_mighty_role
from audit_app.errors import AuditError
from tests.central.conftest import Databases

START = (
    "import sys; from audit_app.central.migrate import migrate; "
    "print(migrate(sys.argv[1], version='1.0'))"
)


def steps_of(url: str) -> list[tuple[int, str]]:
    with psycopg.connect(url) as connection:
        found = connection.execute("select number, version from schema_step order by number")
        return [(number, version) for number, version in found]


def a_step(words: str) -> Iterator[str]:
    yield f"create table if not exists {words} (id int)"


def test_six_processes_that_start_at_once_take_each_step_once(databases: Databases) -> None:
    urls = databases.bare()
    started = [
        subprocess.Popen(
            [sys.executable, "-c", START, urls.owner],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(6)
    ]
    done = [process.communicate() for process in started]
    assert [process.returncode for process in started] == [0] * 6, done
    assert sorted(int(out) for out, _ in done) == [0] * 5 + [len(STEPS)]
    assert steps_of(urls.owner) == [(number + 1, "1.0") for number in range(len(STEPS))]


def test_a_step_that_was_cut_off_is_begun_again(databases: Databases) -> None:
    urls = databases.bare()

    def cut() -> Iterator[str]:
        yield from a_step("first")
        yield "this is no statement"

    def whole() -> Iterator[str]:
        yield from a_step("first")
        yield from a_step("second")

    with pytest.raises(Exception, match="syntax error"):
        migrate(urls.owner, version="1.0", steps=[cut])
    assert steps_of(urls.owner) == []
    assert migrate(urls.owner, version="1.0", steps=[whole]) == 1
    assert steps_of(urls.owner) == [(1, "1.0")]


def test_a_newer_database_is_refused_in_words(databases: Databases) -> None:
    urls = databases.bare()
    migrate(urls.owner, version="9.0", steps=[*STEPS, lambda: a_step("later")])
    with pytest.raises(AuditError, match=r"newer form by version 9\.0; this program is 1\.0"):
        migrate(urls.owner, version="1.0")
    database = Database(urls.app)
    with pytest.raises(AuditError, match="newer form"):
        database.run(lambda connection: refuse_unready(connection, version="1.0"))
    database.close()


def test_a_database_that_was_not_brought_up_to_date_is_not_served(databases: Databases) -> None:
    urls = databases.bare()
    migrate(urls.owner, version="1.0", steps=[])
    database = Database(urls.app)
    with pytest.raises(AuditError, match="at step 0"):
        database.run(lambda connection: refuse_unready(connection, version="1.0"))
    database.close()


def test_the_migrated_database_is_the_one_the_program_knows(owner_url: str) -> None:
    engine = create_engine(make_url(owner_url).set(drivername="postgresql+psycopg"))
    differing = {}
    known = inspect(engine)
    for table in ACCOUNT.metadata.sorted_tables:
        found = {
            column["name"]: column["type"].compile(dialect=engine.dialect)
            for column in known.get_columns(table.name)
        }
        wanted = {
            column.name: column.type.compile(dialect=engine.dialect) for column in table.columns
        }
        if found != wanted:
            differing[table.name] = (found, wanted)
    engine.dispose()
    assert differing == {}


def test_the_program_does_not_work_as_a_role_that_sees_everything(
    owner_url: str, central_database: Database
) -> None:
    central_database.run(refuse_a_mighty_role)
    owner = Database(owner_url)
    with pytest.raises(AuditError, match="may not work as the database role onsite_owner"):
        owner.run(refuse_a_mighty_role)
    owner.close()
