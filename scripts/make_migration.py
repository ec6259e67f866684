"""Write the first migration from the tables; until the first release it may be written anew."""

from pathlib import Path

from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

import db.tables
import db.tables.system
from db.base import Base

TARGET = Path(__file__).parent.parent / "db" / "migrations" / "m0001_initial.py"
HEAD = '''"""Schema 1: every table of the first release, trail and outbox included.

Frozen text: a later change of the tables is a new step, never a change here.
"""

from typing import Any

STATEMENTS = (
'''
TAIL = ''')


def run(connection: Any) -> None:
    """Make the tables in an empty file."""
    for statement in STATEMENTS:
        connection.execute(statement)
'''
TRIGGERS = (
    """CREATE TRIGGER trail_is_append_only_update BEFORE UPDATE ON trail
BEGIN SELECT RAISE(ABORT, 'the trail is append-only'); END""",
    """CREATE TRIGGER trail_is_append_only_delete BEFORE DELETE ON trail
BEGIN SELECT RAISE(ABORT, 'the trail is append-only'); END""",
)


def statements() -> list[str]:
    """The SQL of all tables, indexes and triggers, in an order that can be run."""
    dialect = sqlite.dialect()
    made: list[str] = []
    for table in Base.metadata.sorted_tables:
        made.append(str(CreateTable(table).compile(dialect=dialect)))
        made.extend(
            str(CreateIndex(index).compile(dialect=dialect))
            for index in sorted(table.indexes, key=lambda index: str(index.name))
        )
    tidy = ["\n".join(line.rstrip() for line in text.strip().splitlines()) for text in made]
    return [text.replace("\t", "    ") for text in (*tidy, *TRIGGERS)]


def main() -> None:
    """Write the file."""
    body = "".join(f'    """{text}""",\n' for text in statements())
    TARGET.write_text(HEAD + body + TAIL, encoding="utf-8")
    print(f"{TARGET.name}: {len(statements())} statements")


if __name__ == "__main__":
    main()

__all__ = ["db", "statements"]
