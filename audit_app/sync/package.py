"""Changes travel by file: an encrypted package on a stick, looked at before it is merged."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from sqlalchemy import select

from audit_app.changes import Changes
from audit_app.clock import Clock
from audit_app.errors import ImportRefused
from audit_app.sync.engine import Following
from audit_app.sync.package_apply import apply
from audit_app.sync.package_bytes import Arriving, packed_bytes, written_durably
from audit_app.sync.package_choice import Photos, choose
from audit_app.sync.package_cipher import Sealer, check_passphrase
from audit_app.sync.package_parts import Made, PackedRow
from audit_app.sync.package_plan import plan
from audit_app.sync.package_preview import Inside, Preview, preview_of, refusal
from audit_app.version import VERSION
from db.store import Store
from db.tables import Centre, Package

SUFFIX = ".onsite"
REMEMBERED = 2000
"""So many of its own earlier packages a package names; the newest ones."""


@dataclass(frozen=True, slots=True)
class Exported:
    """A package that was made.

    Attributes:
        absent: photos and files that its rows name and that are not on this device.
        size: bytes of the file.
    """

    id: UUID
    file: Path
    about: str
    rows: int
    files: int
    absent: int
    size: int


@dataclass(frozen=True, slots=True)
class Merged:
    """What merging a package did."""

    preview: Preview
    changes: Changes


class PackagesService:
    """Makes exchange packages, shows what is in them, and merges them."""

    def __init__(
        self, store: Store, clock: Clock, following: Following, auditor: Callable[[], str]
    ) -> None:
        self._store = store
        self._clock = clock
        self._following = following
        self._auditor = auditor

    def export(
        self,
        file: Path,
        *,
        passphrase: str,
        visit_id: UUID | None = None,
        photos: Photos = Photos.ORIGINALS,
    ) -> Exported:
        """Write a package: one visit whole, or all that the centre has not settled yet.

        Raises:
            NotFound: the visit is not in the workspace.
            AuditError: the passphrase is too short, or there is nothing to hand over.
            StoreError: the file could not be written; nothing of it is left.
        """
        from audit_app.sync.package_stream import PackageWriter

        check_passphrase(passphrase)
        with self._store.read() as session:
            chosen = choose(session, visit_id)
            centre = session.scalars(select(Centre)).first()
            mine = select(Package.id).where(Package.device == self._store.device)
            earlier = session.scalars(mine.order_by(Package.id.desc()).limit(REMEMBERED)).all()
        made = Made(
            self._clock.new_id(),
            self._store.device,
            self._auditor(),
            self._clock.now(),
            chosen.about,
            VERSION,
            earlier=frozenset(earlier),
            centre=centre.instance if centre else "",
        )
        # Written down first: a package that this device does not know it made could not be built on.
        with self._store.write(actor=made.by, action="export package") as session:
            session.add(
                Package(id=made.id, device=made.device, by=made.by, made_at=made.at, earlier=[])
            )
        count = absent = 0
        with written_durably(file) as out:
            sealer = Sealer(out.write, passphrase)
            writer = PackageWriter(sealer.write, made)
            for row in chosen.rows:
                writer.row(row)
            for _, blob, data in packed_bytes(self._store, chosen.files, photos):
                if blob is None:
                    absent += 1
                else:
                    writer.blob(blob, data)
                    count += 1
            writer.close()
            sealer.close()
        size = file.stat().st_size
        return Exported(made.id, file, made.about, len(chosen.rows), count, absent, size)

    def preview(self, file: Path, *, passphrase: str) -> Preview:
        """Read a package to its end and say what merging it would do; nothing is changed.

        Raises:
            ImportRefused: not a package, damaged, cut, too large, or made by a newer program.
            WrongKey: the passphrase does not fit.
        """
        inside = _read(file, passphrase)
        with self._store.read() as session:
            planned = plan(session, inside.made, self._store.device, inside.rows)
            before = session.get(Package, inside.made.id)
            arriving = Arriving(self._store, inside.rows)
            return preview_of(self._store.device, inside, planned, arriving, before)

    def merge(self, file: Path, *, passphrase: str) -> Merged:
        """Merge a package: photos first, durably, then all rows in one transaction.

        A row becomes a change of this device, in its trail and on its way to the centre.

        Raises:
            ImportRefused: as in ``preview``, or it was merged before, or made on this device.
            WrongKey: the passphrase does not fit.
            StoreError: the disk is full or fails; no row was changed, and it can be tried again.
        """
        inside = _read(file, passphrase)
        made, me = inside.made, self._store.device
        with self._store.read() as session:
            before = session.get(Package, made.id)
        if words := refusal(made, me, before):
            raise ImportRefused(words, "Nothing needs to be done.")
        arriving = Arriving(self._store, inside.rows)
        if any(arriving.is_wanted(blob) for blob in inside.blobs):
            self._keep_files(file, passphrase, arriving)
        auditor = self._auditor()
        with self._following.quiet():
            with self._store.write(
                actor=f"{made.by} by package",
                action="merge package",
                reason=f"Package {made.id} of {made.at:%Y-%m-%d}, merged by {auditor}",
            ) as session:
                planned = plan(session, made, me, inside.rows)
                told = preview_of(me, inside, planned, arriving, before)
                shown = apply(session, self._clock, made, planned, me, auditor=auditor)
            self._following.after(shown)
        return Merged(told, shown.changes)

    def _keep_files(self, file: Path, passphrase: str, arriving: Arriving) -> None:
        from audit_app.sync.package_stream import read_package

        with _opened(file) as source:
            for piece in read_package(source, passphrase):
                if isinstance(piece, tuple) and arriving.is_wanted(piece[0]):
                    arriving.keep(*piece)


def _read(file: Path, passphrase: str) -> Inside:
    # The unpacker is loaded by who hands something over, not with the window.
    from audit_app.sync.package_stream import read_package

    with _opened(file) as source:
        pieces = read_package(source, passphrase)
        made = next(pieces)
        if not isinstance(made, Made):
            raise TypeError("a package begins with who made it")
        inside = Inside(made)
        for piece in pieces:
            if isinstance(piece, PackedRow):
                inside.rows.append(piece)
            elif isinstance(piece, tuple):
                inside.blobs.append(piece[0])
    return inside


@contextmanager
def _opened(file: Path) -> Iterator[BinaryIO]:
    try:
        with file.open("rb") as source:
            yield source
    except OSError as error:
        raise ImportRefused(
            f"The package {file.name} cannot be read: {error.strerror or error}.",
            "Check the stick, or copy the file to this device first.",
        ) from error
