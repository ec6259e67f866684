"""Keeping the directory of sites in step with the sites themselves."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import Connection, select

from audit_app.central.gate import markets_of
from audit_app.central.grants import Place, lock_memberships, put_places, scopes_at, write_members
from audit_app.central.tables import RECORD_TABLES
from audit_app.sync.protocol import Op


def sites_changed(ops: Iterable[Op]) -> frozenset[str]:
    """The vendor scopes in which these ops may have made a site or moved it to other markets."""
    return frozenset(op.scope for op in ops if op.entity == "site")


def follow_sites(connection: Connection, scopes: Iterable[str]) -> None:
    """Note where the sites of these vendors lie now, and who therefore belongs to what.

    Runs as the user who pushed: what he may not see is not looked at.
    """
    table = RECORD_TABLES["site"]
    query = select(table.c.id, table.c.vendor_id, table.c.markets).where(
        table.c.scope.in_(sorted(scopes)), table.c.vendor_id.is_not(None)
    )
    places = [
        Place(row.id, row.vendor_id, markets_of(row.markets)) for row in connection.execute(query)
    ]
    if not places:
        return
    lock_memberships(connection)
    put_places(connection, places, replace=True)
    vendors: set[UUID] = {place.vendor for place in places}
    for vendor in sorted(vendors):
        write_members(connection, scopes_at(connection, vendor=vendor))
