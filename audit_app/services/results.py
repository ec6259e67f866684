"""What a step gives back when there is no row to show."""

from dataclasses import dataclass
from uuid import UUID

from audit_app.changes import Changes


@dataclass(frozen=True, slots=True)
class Done:
    """A step that succeeded: the thing it was about, and what it touched."""

    id: UUID
    changes: Changes
