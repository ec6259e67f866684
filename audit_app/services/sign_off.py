"""Signing an audit off, and reopening it with a reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from audit_app.changes import Changes, Kind
from audit_app.clock import Clock
from audit_app.domain.manifest import manifest_hash
from audit_app.domain.words import AuditState, FindingState, VisitState
from audit_app.errors import AuditError, NotAllowed, NotFound
from audit_app.services.checklist import ChecklistService
from audit_app.services.checklist_rows import LeftRow, ProgressRow, ScoreRow
from audit_app.services.checklist_views import score_row
from audit_app.services.explain import left_rows
from audit_app.services.finding_rows import FindingRow
from audit_app.services.findings import finding_rows
from audit_app.services.programme_rows import SignatureRow
from audit_app.services.results import Done
from audit_app.services.sealed_records import audit_records, findings_of, signatures_of
from audit_app.services.settings import SettingsService
from audit_app.services.steps import forget_steps, guard_open
from db.store import Store
from db.tables import (
    Audit,
    Signature,
    Site,
    TemplateVersion,
    Vendor,
    Visit,
)

AUDITOR, VENDOR = "auditor", "vendor"
DECLARATION = (
    "Signing confirms that the findings were presented and received. It does not by itself mean "
    "agreement; remarks are part of the record. An audit is a sample: areas not examined may "
    "hold further gaps."
)


@dataclass(frozen=True, slots=True)
class SignOffView:
    """What stands on the sign-off screen.

    Attributes:
        left: what is still open; the blocking ones come first.
        why_not: why the audit cannot be signed off yet, in words; "" if it can.
        manifest: the hash over everything in the audit, once signed off; else "".
    """

    audit_id: UUID
    visit_id: UUID
    title: str
    vendor: str
    site: str
    state: AuditState
    version: int
    score: ScoreRow
    progress: ProgressRow
    findings: tuple[FindingRow, ...]
    left: tuple[LeftRow, ...]
    signatures: tuple[SignatureRow, ...]
    can_sign_off: bool
    why_not: str
    manifest: str
    declaration: str = DECLARATION
    reopen_reason: str = ""


class SignOffService:
    """From an answered checklist to a signed record."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        settings: SettingsService,
        checklist: ChecklistService,
    ) -> None:
        self._store = store
        self._clock = clock
        self._settings = settings
        self._checklist = checklist

    def summary(self, audit_id: UUID) -> SignOffView:
        """Where the audit stands before signing, or what was signed."""
        with self._store.read() as session:
            found = session.execute(
                select(Audit, Visit, Site, Vendor, TemplateVersion)
                .join(Visit, Audit.visit_id == Visit.id)
                .join(Site, Visit.site_id == Site.id)
                .join(Vendor, Visit.vendor_id == Vendor.id)
                .join(TemplateVersion, Audit.template_version_id == TemplateVersion.id)
                .where(Audit.id == audit_id)
            ).one_or_none()
            if found is None:
                raise NotFound("This audit is not in the workspace.")
            audit, visit, site, vendor, template = found
            live = self._checklist.live_copy(session, audit_id)
            left = left_rows(session, live) if audit.state is AuditState.OPEN else ()
            signatures = signature_rows(session, audit)
            why_not = _why_not(audit, left, signatures)
            return SignOffView(
                audit_id=audit_id,
                visit_id=visit.id,
                title=template.title,
                vendor=vendor.name,
                site=site.name,
                state=audit.state,
                version=audit.version,
                score=score_row(live, live.score()),
                progress=live.progress(),
                findings=finding_rows(session, audit_id=audit_id),
                left=left,
                signatures=signatures,
                can_sign_off=not why_not,
                why_not=why_not,
                manifest=audit.manifest,
                reopen_reason=audit.reopen_reason,
            )

    def sign(
        self,
        audit_id: UUID,
        *,
        party: str,
        name: str,
        role: str = "",
        organisation: str = "",
        remark: str = "",
        strokes: Sequence[Sequence[tuple[float, float]]],
    ) -> Done:
        """Keep a drawn signature; each party has one for each version of the audit.

        Args:
            party: "auditor" or "vendor".
            strokes: polylines, x and y in 0..1 of the pad.
        """
        if not name.strip():
            raise AuditError("The signature has no name.", "Enter who signs.")
        drawn = [[[round(x, 4), round(y, 4)] for x, y in line] for line in strokes if line]
        if sum(len(line) for line in drawn) < 5:
            raise AuditError("The signature field is empty.", "Sign with mouse, finger or pen.")
        with self._store.write(actor=self._settings.auditor, action="sign") as session:
            audit = guard_open(session, audit_id)
            site = _site(session, audit)
            for earlier in signatures_of(session, audit):
                if earlier.party == party:
                    earlier.deleted_at = self._clock.now()
            signature = Signature(
                id=self._clock.new_id(),
                scope=audit.scope,
                audit_id=audit_id,
                audit_version=audit.version,
                party=party,
                name=name.strip(),
                role=role.strip(),
                organisation=organisation.strip(),
                remark=remark.strip(),
                strokes=drawn,
                signed_at=self._clock.now(),
                zone=site.time_zone,
            )
            session.add(signature)
        return self._done(signature.id, audit_id)

    def unsign(self, signature_id: UUID) -> Done:
        """Take a signature back before sign-off."""
        with self._store.write(actor=self._settings.auditor, action="unsign") as session:
            signature = session.get(Signature, signature_id)
            if signature is None:
                raise NotFound("This signature is not in the workspace.")
            guard_open(session, signature.audit_id)
            signature.deleted_at = self._clock.now()
        return self._done(signature_id, signature.audit_id)

    def sign_off(self, audit_id: UUID) -> Done:
        """Freeze the audit: findings are issued, undo ends, the manifest is sealed.

        Raises:
            NotAllowed: something that blocks is still open, or the auditor has not signed.
        """
        with self._store.write(actor=self._settings.auditor, action="sign off") as session:
            audit = guard_open(session, audit_id)
            live = self._checklist.live_copy(session, audit_id)
            why_not = _why_not(audit, left_rows(session, live), signature_rows(session, audit))
            if why_not:
                raise NotAllowed("The audit cannot be signed off yet.", why_not)
            for finding in findings_of(session, audit_id):
                if finding.state is FindingState.DRAFT:
                    finding.state = FindingState.ISSUED
            audit.state = AuditState.SIGNED
            audit.signed_at = self._clock.now()
            session.flush()
            audit.manifest = manifest_hash(audit_records(session, audit))
            forget_steps(session, audit_id)
            self._close_visit(session, audit)
        self._checklist.forget(audit_id)
        return self._done(audit_id, audit_id)

    def reopen(self, audit_id: UUID, *, reason: str) -> Done:
        """Open a signed audit again as its next version; the reason goes on record."""
        if not reason.strip():
            raise AuditError("Reopening needs a reason.", "Write why the audit is reopened.")
        with self._store.write(
            actor=self._settings.auditor, action="reopen", reason=reason.strip()
        ) as session:
            audit = session.get(Audit, audit_id)
            if audit is None:
                raise NotFound("This audit is not in the workspace.")
            if audit.state is not AuditState.SIGNED:
                raise NotAllowed(f"Audit {audit.number} is open already.")
            audit.state = AuditState.OPEN
            audit.version += 1
            audit.reopen_reason = reason.strip()
            audit.manifest = ""
            audit.signed_at = None
            visit = session.get_one(Visit, audit.visit_id)
            visit.state = VisitState.UNDER_WAY
        self._checklist.forget(audit_id)
        return self._done(audit_id, audit_id)

    def _close_visit(self, session: Session, audit: Audit) -> None:
        states = session.scalars(
            select(Audit.state).where(
                Audit.visit_id == audit.visit_id,
                Audit.id != audit.id,
                Audit.deleted_at.is_(None),
            )
        ).all()
        if all(state is AuditState.SIGNED for state in states):
            session.get_one(Visit, audit.visit_id).state = VisitState.SIGNED

    def _done(self, thing: UUID, audit_id: UUID) -> Done:
        return Done(
            thing,
            Changes.of(Kind.SIGNATURE, thing)
            | Changes.of(Kind.AUDIT, audit_id)
            | Changes.of(Kind.VISIT),
        )


def _why_not(audit: Audit, left: Sequence[LeftRow], signatures: Sequence[SignatureRow]) -> str:
    if audit.state is not AuditState.OPEN:
        return "It is signed already."
    blocking = [row for row in left if row.blocking]
    if blocking:
        first = blocking[0]
        more = f" and {len(blocking) - 1} more" if len(blocking) > 1 else ""
        return f"{first.number} {first.reason}{more}".strip()
    if not any(row.party == AUDITOR for row in signatures):
        return "The auditor has not signed."
    return ""


def _site(session: Session, audit: Audit) -> Site:
    visit = session.get_one(Visit, audit.visit_id)
    return session.get_one(Site, visit.site_id)


def signature_rows(session: Session, audit: Audit) -> tuple[SignatureRow, ...]:
    """The signatures under the present version of an audit."""
    return tuple(
        SignatureRow(
            id=row.id,
            party=row.party,
            name=row.name,
            role=row.role,
            organisation=row.organisation,
            remark=row.remark,
            strokes=tuple(tuple((x, y) for x, y in line) for line in row.strokes),
            signed_at=row.signed_at,
            zone=row.zone,
        )
        for row in signatures_of(session, audit)
    )


__all__ = [
    "AUDITOR",
    "VENDOR",
    "SignOffService",
    "SignOffView",
    "audit_records",
    "signature_rows",
]
