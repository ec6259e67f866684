"""Every table of the first version, and who may do what with it."""

from collections.abc import Iterator

from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

from audit_app.central.account_tables import ACCOUNT
from audit_app.central.security import protect


def statements() -> Iterator[str]:
    """Tables, their indexes, grants and row-level security."""
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    for table in ACCOUNT.metadata.sorted_tables:
        yield str(CreateTable(table, if_not_exists=True).compile(dialect=dialect))
        for index in sorted(table.indexes, key=lambda index: str(index.name)):
            yield str(CreateIndex(index, if_not_exists=True).compile(dialect=dialect))
    # A policy names the members' table, so that has to be there first.
    for table in ACCOUNT.metadata.sorted_tables:
        yield from protect(table)
