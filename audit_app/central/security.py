"""Who may do what in the database itself: grants, and row-level security as the second wall.

The program works as a role that owns nothing and cannot switch row-level security off. A row of a
scope is visible only to its members, and writable only to those of them who are not mere readers,
even where the program forgets to ask (RELIABILITY 4.2).
"""

from collections.abc import Iterator

from sqlalchemy import Connection, Table, text

from audit_app.central.tables import (
    BLOB,
    ERASED,
    HISTORY,
    OP_RESULT,
    OTHER,
    RECORD_TABLES,
    SCOPE_COMMIT,
    SCOPE_MEMBER,
    SERVER,
)
from audit_app.errors import AuditError

APP_ROLE = "onsite_app"
"""The role the program works as; no right of its own beside the grants below."""

SCOPED = frozenset({*RECORD_TABLES.values(), OTHER, HISTORY, SCOPE_COMMIT, BLOB})
"""Tables that hold what is in a scope."""

_READER = "reader"
"""Members of this role write nothing; audit_app.central.policy says the same, cell by cell."""

_APPEND_ONLY = "select, insert"
_RIGHTS: dict[Table, str] = {
    HISTORY: _APPEND_ONLY,
    SCOPE_COMMIT: _APPEND_ONLY,
    ERASED: "select",
    SERVER: "select",
    OP_RESULT: "select, insert, update, delete",
    SCOPE_MEMBER: "select, insert, update, delete",
}
"""What is not named may be read, added and changed, never removed."""

_USER = "nullif(current_setting('app.user', true), '')::uuid"


def rights(table: Table) -> str:
    """What the program may do with a table."""
    return table.info.get("rights") or _RIGHTS.get(table, "select, insert, update")


def make_app_role() -> Iterator[str]:
    """The program's role and the schema it may look into."""
    yield f"create role {APP_ROLE} login nosuperuser nobypassrls nocreatedb nocreaterole noinherit"


def protect(table: Table) -> Iterator[str]:
    """Grants of one table, and its policies if it holds what is in a scope."""
    name = f'"{table.name}"'
    yield f"revoke all on {name} from public, {APP_ROLE}"
    yield f"grant {rights(table)} on {name} to {APP_ROLE}"
    if table not in SCOPED:
        return
    member = (
        f"exists (select 1 from scope_member m "  # noqa: S608 (our own names)
        f"where m.scope = {name}.scope and m.user_id = {_USER}"
    )
    reads, writes = f"{member})", f"{member} and m.role <> '{_READER}')"
    yield f"alter table {name} enable row level security"
    yield f"alter table {name} force row level security"
    for policy, rule in (
        ("members_read", f"for select using ({reads})"),
        ("members_add", f"for insert with check ({writes})"),
        ("members_change", f"for update using ({writes}) with check ({writes})"),
    ):
        yield f"drop policy if exists {policy} on {name}"
        yield f"create policy {policy} on {name} {rule}"


def refuse_a_mighty_role(connection: Connection) -> None:
    """Refuse to work as a role that row-level security does not bind.

    Raises:
        AuditError: the role of this connection is a superuser, may pass by the policies, or owns
            tables.
    """
    row = connection.execute(
        text(
            "select current_user, r.rolsuper or r.rolbypassrls, "
            "exists (select 1 from pg_tables t where t.tableowner = current_user "
            "and t.schemaname = current_schema()) "
            "from pg_roles r where r.rolname = current_user"
        )
    ).one()
    name, is_mighty, is_owner = row
    if is_mighty or is_owner:
        raise AuditError(
            f"The central store may not work as the database role {name}: it could read and "
            "change what its users may not.",
            f"Name the role {APP_ROLE} in the address, and give the owner's with --owner.",
        )
