"""One process of the central store: everything it needs, built once and handed in."""

from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import Connection

from audit_app.central.accounts import roles_of
from audit_app.central.anchors import CentreKey, TrailSigner
from audit_app.central.database import Database
from audit_app.central.devices import DeviceDesk
from audit_app.central.exchange import Exchange, Policy
from audit_app.central.gate import Gate
from audit_app.central.metrics import Metrics
from audit_app.central.migrate import refuse_unready
from audit_app.central.objects import Objects
from audit_app.central.policy import DUTIES, EVERYBODYS_DUTIES, Duty
from audit_app.central.security import refuse_a_mighty_role
from audit_app.central.tokens import TokenDesk, Who
from audit_app.clock import Clock


@dataclass(frozen=True, slots=True)
class Centre:
    """What the routes work with. It holds no state of its own: many may share one database.

    Attributes:
        policy: the gate of one user, for one request.
        shows_docs: whether the OpenAPI description is given out.
    """

    database: Database
    key: CentreKey
    exchange: Exchange
    devices: DeviceDesk
    tokens: TokenDesk
    objects: Objects | None
    clock: Clock
    version: str
    policy: Callable[[UUID], Policy] = Gate
    shows_docs: bool = False
    metrics: Metrics = field(default_factory=Metrics)

    def duties(self, who: Who) -> frozenset[Duty]:
        """What this person may do here beside writing rows."""
        roles = self.database.run(lambda connection: roles_of(connection, who.user))
        return EVERYBODYS_DUTIES.union(*(DUTIES[role] for role in roles))

    def check(self) -> None:
        """Refuse to serve from a database that does not fit or cannot be reached.

        Raises:
            AuditError: with what is wrong.
        """
        refuse_unfit(self.database, self.version)


def refuse_unfit(database: Database, version: str) -> None:
    """Refuse a database that is older or newer, or whose role row-level security does not bind.

    Raises:
        AuditError: with what is wrong.
    """

    def look(connection: Connection) -> None:
        refuse_unready(connection, version=version)
        refuse_a_mighty_role(connection)

    database.run(look)


def build_centre(
    database: Database,
    clock: Clock,
    *,
    version: str,
    objects: Objects | None = None,
    shows_docs: bool = False,
) -> Centre:
    """Put the parts together over a database that was set up.

    Raises:
        AuditError: it was not, it is newer, or its role could read what users may not.
    """
    refuse_unfit(database, version)
    key = CentreKey.load(database)
    return Centre(
        database=database,
        key=key,
        exchange=Exchange(database, key.instance, TrailSigner(key, clock)),
        devices=DeviceDesk(database, clock),
        tokens=TokenDesk(database, clock),
        objects=objects,
        clock=clock,
        version=version,
        shows_docs=shows_docs,
    )
