"""Planning visits, starting them, and what today holds."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from audit_app.changes import Changes, Kind
from audit_app.clock import Clock
from audit_app.domain.visits import IN_PROGRESS, may_move
from audit_app.domain.words import AuditState, VisitState
from audit_app.errors import AuditError, NotAllowed, NotFound
from audit_app.services import programme_reads as reads
from audit_app.services.facts import prefill
from audit_app.services.programme_rows import TodayView, VisitRow
from audit_app.services.readiness import Readiness, readiness
from audit_app.services.results import Done
from audit_app.services.settings import SettingsService
from db.store import Store
from db.tables import Audit, Site, TemplateVersion, Visit

_WORDS = {
    VisitState.PLANNED: "planned",
    VisitState.UNDER_WAY: "under way",
    VisitState.TO_REVIEW: "to review",
    VisitState.SIGNED: "signed",
    VisitState.ISSUED: "issued",
    VisitState.CLOSED: "closed",
    VisitState.CANCELLED: "cancelled",
}


class VisitsService:
    """Visits from plan to close."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        settings: SettingsService,
        backup_at: Callable[[], datetime | None],
        waiting: Callable[[], int],
    ) -> None:
        self._store = store
        self._clock = clock
        self._settings = settings
        self._backup_at = backup_at
        self._waiting = waiting

    def listed(self) -> tuple[VisitRow, ...]:
        """All visits, newest first."""
        with self._store.read() as session:
            return reads.visit_rows(session)

    def view(self, visit_id: UUID) -> VisitRow:
        """One visit with its audits."""
        with self._store.read() as session:
            return reads.visit_row(session, visit_id)

    def readiness(self, visits: Sequence[VisitRow]) -> dict[UUID, Readiness]:
        """What each of these visits finds on this device without a network."""
        with self._store.read() as session:
            return readiness(session, visits)

    def of_audit(self, audit_id: UUID) -> VisitRow:
        """The visit an audit belongs to."""
        with self._store.read() as session:
            audit = session.get(Audit, audit_id)
            if audit is None:
                raise NotFound("This audit is not in the workspace.")
            return reads.visit_row(session, audit.visit_id)

    def audit_number(self, audit_id: UUID) -> str:
        """The printed number of an audit."""
        with self._store.read() as session:
            audit = session.get(Audit, audit_id)
            if audit is None:
                raise NotFound("This audit is not in the workspace.")
            return audit.number

    def today(self) -> TodayView:
        """What the auditor needs first."""
        today = self._clock.now().date()
        with self._store.read() as session:
            rows = reads.visit_rows(session)
            actions = reads.action_rows(session, today)
        under_way = [row for row in rows if row.state in IN_PROGRESS]
        planned = sorted(
            (row for row in rows if row.state is VisitState.PLANNED), key=lambda row: row.starts
        )
        return TodayView(
            under_way=under_way[0] if under_way else None,
            today=tuple(row for row in planned if row.starts <= today) + tuple(under_way[1:]),
            upcoming=tuple(row for row in planned if row.starts > today)[:8],
            overdue=tuple(action for action in actions if action.overdue),
            backup_at=self._backup_at(),
            waiting=self._waiting(),
        )

    def plan(
        self,
        *,
        site_id: UUID,
        starts: date,
        ends: date,
        template_version_ids: Sequence[UUID],
        team: Sequence[str] = (),
        purpose: str = "",
        agenda: str = "",
        visit_id: UUID | None = None,
    ) -> Done:
        """Plan a visit with one audit for each checklist chosen.

        Raises:
            AuditError: no checklist, or it ends before it starts.
            NotFound: the site is not in the workspace.
        """
        _check_dates(starts, ends)
        if not template_version_ids:
            raise AuditError("This visit has no checklist.", "Choose at least one.")
        with self._store.write(actor=self._settings.auditor, action="plan visit") as session:
            site = session.get(Site, site_id)
            if site is None:
                raise NotFound("The site of this visit is not in the workspace.")
            visit = Visit(
                id=visit_id or self._clock.new_id(),
                scope=f"vendor:{site.vendor_id}",
                vendor_id=site.vendor_id,
                site_id=site.id,
                number=_number(session, site, starts),
                starts=starts,
                ends=ends,
                state=VisitState.PLANNED,
                purpose=purpose.strip(),
                agenda=agenda.strip(),
                team=[name.strip() for name in team if name.strip()] or [self._settings.auditor],
                started_at=None,
            )
            session.add(visit)
            session.flush()
            for version_id in template_version_ids:
                self._add_audit(session, visit, version_id)
        return Done(visit.id, Changes.of(Kind.VISIT, visit.id))

    def add_checklist(self, visit_id: UUID, *, template_version_id: UUID) -> Done:
        """Run one more checklist at this visit; gives the new audit's id."""
        with self._store.write(actor=self._settings.auditor, action="add checklist") as session:
            visit = self._visit(session, visit_id)
            if visit.state not in (VisitState.PLANNED, VisitState.UNDER_WAY):
                raise NotAllowed(
                    f"Visit {visit.number} is {_WORDS[visit.state]}; "
                    "no checklist can be added to it.",
                    "Plan a new visit, or reopen an audit of this one.",
                )
            audit = self._add_audit(session, visit, template_version_id)
            if visit.state is VisitState.UNDER_WAY:
                prefill(session, audit, self._clock.now(), self._settings.auditor)
        return Done(audit.id, Changes.of(Kind.VISIT, visit_id) | Changes.of(Kind.AUDIT, audit.id))

    def change(
        self,
        visit_id: UUID,
        *,
        starts: date | None = None,
        ends: date | None = None,
        team: Sequence[str] | None = None,
        purpose: str | None = None,
        agenda: str | None = None,
    ) -> Done:
        """Change the plan of a visit."""
        with self._store.write(actor=self._settings.auditor, action="change visit") as session:
            visit = self._visit(session, visit_id)
            _check_dates(starts or visit.starts, ends or visit.ends)
            visit.starts, visit.ends = starts or visit.starts, ends or visit.ends
            if team is not None:
                visit.team = [name.strip() for name in team if name.strip()]
            if purpose is not None:
                visit.purpose = purpose.strip()
            if agenda is not None:
                visit.agenda = agenda.strip()
        return Done(visit_id, Changes.of(Kind.VISIT, visit_id))

    def start(self, visit_id: UUID) -> Done:
        """The auditor is on site: the site's facts go into each checklist."""
        with self._store.write(actor=self._settings.auditor, action="start visit") as session:
            visit = self._move(session, visit_id, VisitState.UNDER_WAY)
            visit.started_at = visit.started_at or self._clock.now()
            for audit in session.scalars(
                select(Audit).where(Audit.visit_id == visit_id, Audit.deleted_at.is_(None))
            ):
                if audit.state is AuditState.OPEN:
                    prefill(session, audit, self._clock.now(), self._settings.auditor)
        return Done(visit_id, Changes.of(Kind.VISIT, visit_id))

    def cancel(self, visit_id: UUID) -> Done:
        """The visit does not take place; what was entered is kept."""
        return self._set_state(visit_id, VisitState.CANCELLED, "cancel visit")

    def restore(self, visit_id: UUID) -> Done:
        """A cancelled visit is planned again."""
        return self._set_state(visit_id, VisitState.PLANNED, "restore visit")

    def close(self, visit_id: UUID) -> Done:
        """Everything about this visit is done."""
        return self._set_state(visit_id, VisitState.CLOSED, "close visit")

    def duplicate_last(self, site_id: UUID, *, starts: date) -> Done:
        """Plan a visit like the last one at this site, with today's checklist versions.

        Raises:
            NotFound: there was no visit at this site yet.
        """
        with self._store.read() as session:
            earlier = reads.visit_rows(session, site_id=site_id)
            if not earlier:
                raise NotFound("There was no visit at this site yet.", "Plan one from scratch.")
            last = earlier[0]
            versions = session.scalars(
                select(Audit.template_version_id)
                .where(Audit.visit_id == last.id, Audit.deleted_at.is_(None))
                .order_by(Audit.created_at)
            ).all()
            newest = [_newest_version(session, version) for version in versions]
        return self.plan(
            site_id=site_id,
            starts=starts,
            ends=starts + (last.ends - last.starts),
            template_version_ids=newest,
            team=last.team,
            purpose=last.purpose,
            agenda=last.agenda,
        )

    def _set_state(self, visit_id: UUID, state: VisitState, action: str) -> Done:
        with self._store.write(actor=self._settings.auditor, action=action) as session:
            self._move(session, visit_id, state)
        return Done(visit_id, Changes.of(Kind.VISIT, visit_id))

    def _visit(self, session: Session, visit_id: UUID) -> Visit:
        visit = session.get(Visit, visit_id)
        if visit is None:
            raise NotFound("This visit is not in the workspace.")
        return visit

    def _move(self, session: Session, visit_id: UUID, to: VisitState) -> Visit:
        visit = self._visit(session, visit_id)
        if not may_move(visit.state, to):
            raise NotAllowed(
                f"Visit {visit.number} is {_WORDS[visit.state]}; it cannot become {_WORDS[to]}."
            )
        visit.state = to
        return visit

    def _add_audit(self, session: Session, visit: Visit, version_id: UUID) -> Audit:
        version = session.get(TemplateVersion, version_id)
        if version is None:
            raise NotFound("A chosen checklist is not in the workspace.", "Choose it again.")
        count = session.scalar(select(func.count()).where(Audit.visit_id == visit.id)) or 0
        audit_id = self._clock.new_id()
        audit = Audit(
            id=audit_id,
            scope=f"audit:{audit_id}",
            visit_id=visit.id,
            template_version_id=version.id,
            number=f"AUD-{visit.number}-{count + 1}",
            state=AuditState.OPEN,
            form_sha256=version.sha256,
            signed_at=None,
        )
        session.add(audit)
        session.flush()
        return audit


def _check_dates(starts: date, ends: date) -> None:
    if ends < starts:
        raise AuditError("The visit ends before it starts.", "Correct the dates.")
    if ends - starts > timedelta(days=60):
        raise AuditError("The visit is longer than 60 days.", "Correct the dates.")


def _number(session: Session, site: Site, starts: date) -> str:
    """Site code and date: unique on each device without asking a centre for a number."""
    stem = f"{site.code}-{starts:%y%m%d}"
    taken = set(session.scalars(select(Visit.number).where(Visit.number.startswith(stem))))
    if stem not in taken:
        return stem
    return next(f"{stem}-{n}" for n in range(2, 1000) if f"{stem}-{n}" not in taken)


def _newest_version(session: Session, version_id: UUID) -> UUID:
    version = session.get(TemplateVersion, version_id)
    if version is None:
        return version_id
    newest = session.scalars(
        select(TemplateVersion)
        .where(
            TemplateVersion.template_id == version.template_id,
            TemplateVersion.deleted_at.is_(None),
        )
        .order_by(TemplateVersion.added_at.desc(), TemplateVersion.id.desc())
    ).first()
    return newest.id if newest else version_id
