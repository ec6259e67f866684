"""Findings: opened by an answer or by hand, written up, graded, followed."""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from audit_app.changes import Changes, Kind
from audit_app.clock import Clock
from audit_app.domain.findings import counts, may_move, missing_parts, suggestion
from audit_app.domain.words import AuditState, FindingState, Grade
from audit_app.errors import AuditError, NotAllowed, NotFound
from audit_app.services.answer_findings import next_number
from audit_app.services.checklist import ChecklistService
from audit_app.services.evidence_reads import evidence_rows
from audit_app.services.finding_counts import action_counts, photo_counts
from audit_app.services.finding_merge import merge
from audit_app.services.finding_rows import FindingRow, FindingView
from audit_app.services.programme_reads import action_rows, finding_label
from audit_app.services.results import Done
from audit_app.services.settings import SettingsService
from audit_app.services.steps import Steps
from db.store import Store
from db.tables import Answer, Audit, Evidence, Finding, Site, Vendor, Visit
from db.trail_reads import history_of

_SEALED = ("title", "criterion", "statement", "impact")
"""What was signed; cause, containment and what the vendor says belong to the follow-up."""

_TEXTS = ("title", "criterion", "statement", "cause", "impact", "containment", "dissent")


class FindingsService:
    """All findings of the workspace, and each of them."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        settings: SettingsService,
        steps: Steps,
        checklist: ChecklistService,
    ) -> None:
        self._store = store
        self._clock = clock
        self._settings = settings
        self._steps = steps
        self._checklist = checklist

    def listed(
        self, *, audit_id: UUID | None = None, visit_id: UUID | None = None
    ) -> tuple[FindingRow, ...]:
        """Findings that stand, gravest first; of one audit, of one visit, or all."""
        with self._store.read() as session:
            rows = finding_rows(session, audit_id=audit_id, visit_id=visit_id)
        return tuple(sorted(rows, key=lambda row: (row.grade.rank, -row.opened_at.timestamp())))

    def view(self, finding_id: UUID) -> FindingView:
        """One finding, whole.

        Raises:
            NotFound: no such finding.
        """
        with self._store.read() as session:
            finding = _get(session, finding_id)
            row = finding_rows(session, finding_id=finding_id)[0]
            audit = session.get_one(Audit, finding.audit_id)
            same = session.scalars(
                select(Finding.grade).where(
                    Finding.audit_id == finding.audit_id,
                    Finding.clause == finding.clause,
                    Finding.state != FindingState.VOID,
                    Finding.deleted_at.is_(None),
                )
            ).all()
            proposed = suggestion(
                finding.grade,
                repeat_of=finding.repeat_of,
                same_clause=same,
                clause=finding.clause,
            )
            evidence = evidence_rows(session, finding_id=finding_id)
            return FindingView(
                row=row,
                criterion=finding.criterion,
                statement=finding.statement,
                cause=finding.cause,
                impact=finding.impact,
                containment=finding.containment,
                dissent=finding.dissent,
                actions=action_rows(session, self._clock.now().date(), finding_id=finding_id),
                evidence=evidence,
                missing=_missing(session, finding),
                suggested=proposed[0] if proposed and not finding.graded_by_hand else None,
                suggestion=proposed[1] if proposed and not finding.graded_by_hand else "",
                locked=audit.state is not AuditState.OPEN,
                history=history_of(session, "finding", finding_id),
            )

    def open(self, audit_id: UUID, *, grade: Grade, title: str, ref: str = "") -> Done:
        """Open a finding by hand, on a question or on none."""
        if not title.strip():
            raise AuditError("The finding has no title.", "Say in one line what was found.")
        placed = None
        if ref:
            with self._store.read() as session:
                placed = self._checklist.live_copy(session, audit_id).placed(ref)
        question = placed.question if placed else None
        with self._steps.step(audit_id, action="open finding", label="New finding") as session:
            audit = session.get_one(Audit, audit_id)
            clause = question.clause if question else ""
            text = question.text if question else ""
            finding = Finding(
                id=self._clock.new_id(),
                scope=audit.scope,
                audit_id=audit_id,
                number=next_number(session, audit),
                ref=ref,
                question_code=question.code if question else "",
                question_number=question.number if question else "",
                grade=grade,
                graded_by_hand=True,
                opened_by_hand=True,
                state=FindingState.DRAFT,
                title=title.strip(),
                clause=clause,
                criterion=f"{clause}: {text}" if clause else text,
                opened_at=self._clock.now(),
                opened_by=self._settings.auditor,
            )
            session.add(finding)
        return self._done(finding)

    def edit(
        self,
        finding_id: UUID,
        *,
        title: str | None = None,
        criterion: str | None = None,
        statement: str | None = None,
        cause: str | None = None,
        impact: str | None = None,
        containment: str | None = None,
        dissent: str | None = None,
    ) -> Done:
        """Change the texts of a finding; None leaves a text as it is.

        Raises:
            NotAllowed: the audit is signed, and a text is meant that was signed with it.
        """
        given = dict(
            zip(
                _TEXTS,
                (title, criterion, statement, cause, impact, containment, dissent),
                strict=True,
            )
        )
        finding = self._find(finding_id)
        label = f"Text of {finding_label(finding.number)}"
        is_follow_up = all(given[name] is None for name in _SEALED)
        step = self._steps.step_or_follow_up if is_follow_up else self._steps.step
        with step(finding.audit_id, action="edit finding", label=label) as session:
            row = _get(session, finding_id)
            for name, text in given.items():
                if text is not None:
                    setattr(row, name, text)
        return self._done(finding)

    def regrade(self, finding_id: UUID, *, grade: Grade, reason: str = "") -> Done:
        """Give a finding another grade; the answer no longer changes it."""
        finding = self._find(finding_id)
        label = f"Grade of {finding_label(finding.number)}"
        with self._steps.step(
            finding.audit_id, action=f"regrade finding {reason}".strip(), label=label
        ) as session:
            row = _get(session, finding_id)
            row.grade, row.graded_by_hand = grade, True
        self._checklist.forget(finding.audit_id)
        return self._done(finding)

    def merge(self, finding_id: UUID, *, into: UUID) -> Done:
        """Let one finding go up in another of the same audit; undo parts them again.

        Raises:
            NotAllowed: the audit is signed, they are of two audits, or it is one and the same.
        """
        finding = self._find(finding_id)
        label = f"Merge of {finding_label(finding.number)}"
        with self._steps.step(finding.audit_id, action="merge findings", label=label) as session:
            merge(session, _get(session, finding_id), _get(session, into))
        self._checklist.forget(finding.audit_id)
        return self._done(finding)

    def acknowledge(self, finding_id: UUID) -> Done:
        """The vendor accepts the finding."""
        return self._move(finding_id, FindingState.ACKNOWLEDGED)

    def dispute(self, finding_id: UUID, *, dissent: str) -> Done:
        """The vendor disagrees; their words are kept and printed."""
        if not dissent.strip():
            raise AuditError("The disagreement has no words.", "Write what the vendor says.")
        return self._move(finding_id, FindingState.DISPUTED, dissent=dissent.strip())

    def close(self, finding_id: UUID, *, note: str) -> Done:
        """Everything about the finding is done; the note says how that was verified."""
        if not note.strip():
            raise AuditError("The closing note is empty.", "Say how closure was verified.")
        return self._move(finding_id, FindingState.CLOSED, reason=note.strip())

    def void(self, finding_id: UUID, *, reason: str) -> Done:
        """The finding does not stand; it stays on record with the reason."""
        if not reason.strip():
            raise AuditError("The reason is empty.", "Say why the finding does not stand.")
        done = self._move(finding_id, FindingState.VOID, reason=reason.strip())
        self._checklist.forget(self._find(finding_id).audit_id)
        return done

    def _move(
        self, finding_id: UUID, to: FindingState, *, reason: str = "", dissent: str = ""
    ) -> Done:
        with self._store.write(
            actor=self._settings.auditor, action=f"finding {to.value}", reason=reason or None
        ) as session:
            finding = _get(session, finding_id)
            if not may_move(finding.state, to):
                raise NotAllowed(
                    f"{finding_label(finding.number)} is {finding.state.value}; "
                    f"it cannot become {to.value}.",
                    "Findings are issued when the audit is signed.",
                )
            finding.state = to
            if to is FindingState.VOID:
                finding.void_reason = reason
            if dissent:
                finding.dissent = dissent
        return self._done(finding)

    def _find(self, finding_id: UUID) -> Finding:
        with self._store.read() as session:
            return _get(session, finding_id)

    def _done(self, finding: Finding) -> Done:
        changes = Changes.of(Kind.FINDING, finding.id) | Changes.of(Kind.AUDIT, finding.audit_id)
        return Done(finding.id, changes)


def _get(session: Session, finding_id: UUID) -> Finding:
    finding = session.get(Finding, finding_id)
    if finding is None or finding.deleted_at is not None:
        raise NotFound("This finding is not in the workspace.")
    return finding


def _missing(session: Session, finding: Finding) -> tuple[str, ...]:
    note = session.scalars(
        select(Answer.note).where(Answer.audit_id == finding.audit_id, Answer.ref == finding.ref)
    ).first()
    photos = session.scalar(
        select(func.count()).where(
            Evidence.audit_id == finding.audit_id,
            Evidence.deleted_at.is_(None),
            Evidence.binned_at.is_(None),
            (Evidence.finding_id == finding.id)
            | ((Evidence.ref == finding.ref) & (Evidence.ref != "")),
        )
    )
    return missing_parts(
        criterion=finding.criterion,
        evidence=(photos or 0) + bool((note or "").strip()),
        statement=finding.statement,
    )


def finding_rows(
    session: Session,
    *,
    audit_id: UUID | None = None,
    visit_id: UUID | None = None,
    finding_id: UUID | None = None,
) -> tuple[FindingRow, ...]:
    """Findings that stand, with what hangs on them."""
    query = (
        select(Finding, Audit, Site.name, Vendor.name)
        .join(Audit, Finding.audit_id == Audit.id)
        .join(Visit, Audit.visit_id == Visit.id)
        .join(Site, Visit.site_id == Site.id)
        .join(Vendor, Visit.vendor_id == Vendor.id)
        .where(Finding.deleted_at.is_(None))
        .order_by(Finding.number)
    )
    if audit_id is not None:
        query = query.where(Finding.audit_id == audit_id)
    if visit_id is not None:
        query = query.where(Audit.visit_id == visit_id)
    if finding_id is not None:
        query = query.where(Finding.id == finding_id)
    found = [row for row in session.execute(query) if finding_id or counts(row[0].state)]
    by_finding, by_question = photo_counts(session)
    actions = action_counts(session)
    rows = []
    for finding, audit, site, vendor in found:
        own, done = actions.get(finding.id, (0, 0))
        photos = by_finding.get(finding.id, 0)
        if finding.ref:
            photos += by_question.get((finding.audit_id, finding.ref), 0)
        rows.append(
            FindingRow(
                id=finding.id,
                audit_id=finding.audit_id,
                visit_id=audit.visit_id,
                number=finding_label(finding.number),
                grade=finding.grade,
                state=finding.state,
                title=finding.title,
                clause=finding.clause,
                question=finding.question_number,
                question_ref=finding.ref,
                vendor=vendor,
                site=site,
                opened_at=finding.opened_at,
                photos=photos,
                actions=own,
                actions_done=done,
                repeat_of=finding.repeat_of,
                complete=bool(finding.criterion.strip() and finding.statement.strip()),
            )
        )
    return tuple(rows)
