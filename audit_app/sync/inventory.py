"""At the end both ends count: "complete" is what was compared, not what was said."""

from collections.abc import Iterable, Mapping

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from audit_app.sync import mirror
from db.tables import CursorLog, ScopeCursor, Staged


def counts(session: Session) -> dict[str, tuple[int, int]]:
    """Rows of each scope that the centre is said to hold, and how many of them are deleted."""
    totals: dict[str, tuple[int, int]] = {}
    for table in mirror.TABLES.values():
        query = (
            select(table.c.scope, func.count(), func.count(table.c.deleted_at))
            .where(table.c.seq.is_not(None))
            .group_by(table.c.scope)
        )
        for scope, rows, deleted in session.execute(query):
            before = totals.get(scope, (0, 0))
            totals[scope] = (before[0] + rows, before[1] + deleted)
    for scope, rows in session.execute(select(Staged.scope, func.count()).group_by(Staged.scope)):
        # Aside, but here: a newer program or a parent will let them be shown.
        before = totals.get(scope, (0, 0))
        totals[scope] = (before[0] + rows, before[1])
    return totals


def differing(session: Session, central: Mapping[str, tuple[int, int]]) -> tuple[str, ...]:
    """Scopes of which this device does not hold what the centre holds."""
    here = counts(session)
    aside = set(session.scalars(select(Staged.scope)))
    return tuple(
        sorted(
            scope
            for scope, told in central.items()
            if here.get(scope, (0, 0)) != told
            and not (scope in aside and here.get(scope, (0, 0))[0] == told[0])
        )
    )


def read_anew(session: Session, scopes: Iterable[str]) -> None:
    """Forget how far these scopes were read; what is here stays until it has come again."""
    named = list(scopes)
    session.execute(
        update(ScopeCursor)
        .where(ScopeCursor.scope.in_(named))
        .values(seq=0, commit_id="", fresh=True)
    )
    session.execute(delete(CursorLog).where(CursorLog.scope.in_(named)))
