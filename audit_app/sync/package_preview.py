"""What is in a package and what merging it would do, for a person to look at first."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from audit_app.domain.merge import OPEN
from audit_app.domain.records import DELETED
from audit_app.sync.guards import FEW, LARGE_SHARE, MOST_DELETIONS
from audit_app.sync.package_bytes import Arriving
from audit_app.sync.package_parts import SCHEMA, Made, PackedBlob, PackedRow
from audit_app.sync.package_plan import Plan
from db.tables import Package


@dataclass(frozen=True, slots=True)
class Preview:
    """What is in a package and what merging it would do; nothing was changed.

    Attributes:
        by, at: who made it, and when by that laptop's clock.
        new, changed: rows that are new here, and rows of which fields would change, by kind.
        fields: how many fields would change.
        deletions: rows that would be deleted here.
        conflicts: pairs of values that would wait for a person.
        photos, photo_bytes: photos and files that are not here yet.
        refusal: why it cannot be merged; "" if it can.
        warnings: what a person should know before merging, a sentence each.
    """

    id: UUID
    by: str
    at: datetime
    about: str
    app: str
    rows: int
    new: Mapping[str, int]
    changed: Mapping[str, int]
    fields: int
    deletions: int
    conflicts: int
    photos: int
    photo_bytes: int
    is_own: bool
    is_applied: bool
    refusal: str
    warnings: tuple[str, ...]


@dataclass(slots=True)
class Inside:
    """A package that was read to its end and proven whole."""

    made: Made
    rows: list[PackedRow] = field(default_factory=list)
    blobs: list[PackedBlob] = field(default_factory=list)


def preview_of(
    me: UUID, inside: Inside, planned: Plan, arriving: Arriving, before: Package | None
) -> Preview:
    """What a plan amounts to; ``before`` is what is known of the package, None if nothing."""
    made = inside.made
    coming = [blob for blob in inside.blobs if arriving.is_wanted(blob)]
    brought = {blob.sha256 for blob in inside.blobs}
    new: Counter[str] = Counter()
    changed: Counter[str] = Counter()
    fields = deletions = conflicts = 0
    for settled in planned.rows:
        decision = settled.decision
        if settled.is_new:
            new[settled.row.entity] += bool(decision.changes)
        elif decision.changes:
            changed[settled.row.entity] += 1
            fields += len(decision.changes)
            deletions += decision.changes.get(DELETED) is not None
        conflicts += sum(clash.status == OPEN for clash in decision.clashes)
    absent = sum(
        1 for sha256 in arriving.photos if sha256 not in brought and not arriving.is_here(sha256)
    )
    return Preview(
        made.id,
        made.by,
        made.at,
        made.about,
        made.app,
        len(inside.rows),
        +new,
        +changed,
        fields,
        deletions,
        conflicts,
        len(coming),
        sum(blob.size for blob in coming),
        made.device == me,
        before is not None and before.merged_at is not None,
        refusal(made, me, before),
        tuple(_warnings(made, me, planned, absent, deletions)),
    )


def refusal(made: Made, me: UUID, before: Package | None) -> str:
    """Why a package is not merged (again); "" if it may be."""
    if before is None:
        return ""
    if before.merged_at is not None:
        return f"This package was merged here already, on {before.merged_at:%Y-%m-%d}."
    if made.device == me:
        return "This package was made on this device, which holds all of it."
    return ""


def _warnings(made: Made, me: UUID, planned: Plan, absent: int, deletions: int) -> Iterator[str]:
    if made.device == me:
        yield (
            "It was made on this device, which has since been put back to an older state: "
            "what it holds is merged as if it came from elsewhere."
        )
    if made.schema > SCHEMA:
        yield (
            f"It was made by a newer version of Onsite ({made.app}): what this one does not know "
            "is kept, and cannot be seen before an update."
        )
    if planned.unknown:
        yield (
            f"{planned.unknown} rows cannot be understood by this version and are left out. "
            "Update Onsite, then merge the package again."
        )
    if planned.orphans:
        yield f"{planned.orphans} rows are left out: what they belong to is not here."
    if planned.stale:
        yield (
            f"{planned.stale} rows are older than what this device has had from {made.by} "
            "before; they change nothing."
        )
    yield from planned.refused
    if absent:
        yield f"{absent} photos or files are neither in the package nor on this device."
    alive = sum(not settled.is_new for settled in planned.rows)
    if deletions > MOST_DELETIONS or (deletions > FEW and deletions > alive * LARGE_SHARE):
        yield f"It deletes {deletions} things on this device. Make sure that this is meant."
