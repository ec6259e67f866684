"""Answering a checklist: each method is one thing the auditor does, one transaction."""

from contextlib import AbstractContextManager
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from sqlalchemy.orm import Session

from audit_app.clock import Clock
from audit_app.domain.scoring import to_decimal
from audit_app.domain.words import Mark
from audit_app.errors import AuditError, NotFound
from audit_app.forms.kinds import QuestionKind
from audit_app.reports.content import Point
from audit_app.services import previous_audits
from audit_app.services.checklist_rows import (
    AuditView,
    Explanation,
    LeftRow,
    PreviousAnswer,
    Saved,
)
from audit_app.services.checklist_steps import ChecklistSteps, around
from audit_app.services.checklist_views import audit_view, saved, summarise
from audit_app.services.explain import explain, left_rows, points
from audit_app.services.facts import answer_row
from audit_app.services.live import LiveAudit
from audit_app.services.loading import AuditLoader
from audit_app.services.open_audits import OpenAudits
from audit_app.services.settings import SettingsService
from audit_app.services.steps import Steps
from db.store import Store
from db.tables import Audit


class ChecklistService:
    """The checklist of one audit: open it, answer it, take answers back.

    Open audits stay in memory between steps. Any failed step drops the copy, so that the next
    step starts from what is on disk.
    """

    def __init__(self, store: Store, clock: Clock, settings: SettingsService, steps: Steps) -> None:
        self._store = store
        self._clock = clock
        self._settings = settings
        self._journal = steps
        self._audits = OpenAudits(AuditLoader(clock))
        self._steps = ChecklistSteps(store, clock, settings, steps, self._audits)

    def open(self, audit_id: UUID) -> AuditView:
        """One audit, whole, as it stands on disk.

        Raises:
            NotFound: it is not in the workspace.
        """
        with self._audits.lock, self._store.read() as session:
            self._audits.forget(audit_id)
            live = self._audits.live(session, audit_id)
            return audit_view(
                live,
                self._audits.loader.heading(session, audit_id),
                self._journal.labels(session, audit_id),
                previous_audits.last_signed_at(session, audit_id),
            )

    def forget(self, audit_id: UUID) -> None:
        """Drop the copy in memory; something outside this service changed the audit."""
        self._audits.forget(audit_id)

    def quiet(self) -> AbstractContextManager[object]:
        """Let no step of the auditor begin while rows change from outside."""
        return self._audits.lock

    def renew(self, audit_id: UUID) -> None:
        """Reckon an audit anew from its rows; something outside changed its answers.

        An audit whose checklist has not arrived yet keeps the score it had.
        """
        with self._audits.lock:
            self._audits.forget(audit_id)
            try:
                with self._store.read() as session:
                    live = self._audits.live(session, audit_id)
            except NotFound:
                return
            with self._store.settle() as session:
                summarise(session, live)

    def answer(self, audit_id: UUID, *, ref: str, selected: tuple[str, ...]) -> Saved:
        """Give the chosen answers of a question; none clears it.

        Raises:
            AuditError: a name that is not among the choices.
        """

        def change(session: Session, audit: Audit, live: LiveAudit) -> set[str]:
            offered = {choice.name for choice in live.engine.choices(ref)}
            unknown = [name for name in selected if name not in offered]
            if unknown:
                raise AuditError(
                    f"“{unknown[0]}” is not one of the answers of this question.",
                    "Choose one that is shown.",
                )
            return self._steps.put(session, audit, live, {ref: " ".join(selected)}, drop_mark=ref)

        def named(live: LiveAudit, number: str) -> str:
            given = [item.label for item in live.engine.choices(ref) if item.name in selected]
            # A long list of answers says no more than that there was one.
            return f"{given[0]} on {number}" if len(given) == 1 else f"Answer to {number}"

        return self._steps.take(audit_id, "answer", ref, change, named=named)

    def measure(self, audit_id: UUID, *, field_ref: str, value: str) -> Saved:
        """Fill in one field: a number, a text, a date; "" clears it."""

        def change(session: Session, audit: Audit, live: LiveAudit) -> set[str]:
            ref = _owner(live, field_ref)
            drop = ref if value.strip() else None
            return self._steps.put(session, audit, live, {field_ref: value.strip()}, drop_mark=drop)

        return self._steps.take(audit_id, "answer", field_ref, change)

    def mark(self, audit_id: UUID, *, ref: str, mark: Mark | None) -> Saved:
        """Say that a measured question is not applicable or was not verified."""

        def change(session: Session, audit: Audit, live: LiveAudit) -> set[str]:
            row = answer_row(session, audit, ref)
            row.mark = mark
            row.answered_by, row.answered_at = self._settings.auditor, self._clock.now()
            around(live, ref, mark=mark)
            return {ref}

        return self._steps.take(audit_id, "answer", ref, change)

    def note(self, audit_id: UUID, *, ref: str, text: str) -> Saved:
        """Write the note of a question."""

        def change(session: Session, audit: Audit, live: LiveAudit) -> set[str]:
            answer_row(session, audit, ref).note = text
            around(live, ref, note=text)
            return {ref}

        return self._steps.take(audit_id, "note", ref, change)

    def flag(self, audit_id: UUID, *, ref: str, on: bool) -> Saved:
        """Mark a question to come back to, or take the mark away."""

        def change(session: Session, audit: Audit, live: LiveAudit) -> set[str]:
            answer_row(session, audit, ref).flagged = on
            around(live, ref, flagged=on)
            return {ref}

        return self._steps.take(audit_id, "flag", ref, change)

    def skip(self, audit_id: UUID, *, ref: str, on: bool) -> Saved:
        """Pass a question for now, or take that back."""

        def change(session: Session, audit: Audit, live: LiveAudit) -> set[str]:
            answer_row(session, audit, ref).skipped = on
            around(live, ref, skipped=on)
            return {ref}

        return self._steps.take(audit_id, "skip", ref, change)

    def mark_rest(self, audit_id: UUID, *, section: str, selected: str) -> Saved:
        """Give one answer to every unanswered choice question of a section, in one step.

        Critical questions are left alone, and so are those that do not offer the answer; the
        result says how many critical ones were skipped.
        """
        skipped = 0

        def change(session: Session, audit: Audit, live: LiveAudit) -> set[str]:
            nonlocal skipped
            values: dict[str, str] = {}
            for ref in live.section_refs(section):
                row = live.row(ref)
                if row.answered or row.kind is not QuestionKind.CHOICE:
                    continue
                if row.critical:
                    skipped += 1
                elif any(choice.name == selected for choice in row.choices):
                    values[ref] = selected
            return self._steps.put(session, audit, live, values, drop_mark=None)

        return self._steps.take(audit_id, "mark rest", section, change, skipped=lambda: skipped)

    def add_repeat(self, audit_id: UUID, *, section: str) -> Saved:
        """Add another instance of a repeated section."""

        def change(session: Session, audit: Audit, live: LiveAudit) -> set[str]:
            path = section.partition("[")[0]
            added = live.engine.add_repeat(path, self._clock.new_id().hex)
            self._steps.write(session, audit, added.written)
            live.place()
            return set(live.order)

        return self._steps.take(audit_id, "add section", section, change, whole=True)

    def remove_repeat(self, audit_id: UUID, *, section: str) -> Saved:
        """Take an instance of a repeated section away; undo brings all of it back."""

        def change(session: Session, audit: Audit, live: LiveAudit) -> set[str]:
            outcome = live.engine.remove_repeat(section)
            self._steps.write(session, audit, outcome.written)
            live.place()
            return set(live.order)

        return self._steps.take(audit_id, "remove section", section, change, whole=True)

    def set_language(self, audit_id: UUID, *, language: str) -> AuditView:
        """Show the checklist in another of its languages; answers stay as they are."""
        with self._audits.lock:
            with self._store.write(actor=self._settings.auditor, action="language") as session:
                audit = session.get(Audit, audit_id)
                if audit is None:
                    raise NotFound("This audit is not in the workspace.")
                audit.language = language
            return self.open(audit_id)

    def undo(self, audit_id: UUID) -> Saved | None:
        """Take back the last step; None if there is none."""
        return self._steps.undo(audit_id)

    def redo(self, audit_id: UUID) -> Saved | None:
        """Do the last step taken back again; None if there is none."""
        return self._steps.redo(audit_id)

    def refresh(self, audit_id: UUID, *, ref: str) -> Saved:
        """The question as it stands on disk, after a finding or a photo of it changed."""
        with self._audits.lock, self._store.read() as session:
            live = self._audits.live(session, audit_id)
            self._audits.loader.load_around(session, live)
            shown = {ref} if live.placed(ref) else set()
            return saved(live, shown, self._journal.labels(session, audit_id))

    def left(self, audit_id: UUID) -> tuple[LeftRow, ...]:
        """What is still asked of the auditor, what blocks sign-off first."""
        with self._audits.lock, self._store.read() as session:
            live = self._audits.live(session, audit_id)
            self._audits.loader.load_around(session, live)
            return left_rows(session, live)

    def explain(self, audit_id: UUID, *, closing: frozenset[UUID] = frozenset()) -> Explanation:
        """The arithmetic of the score, and what it would be if these findings closed."""
        with self._audits.lock, self._store.read() as session:
            return explain(self._audits.live(session, audit_id), closing)

    def previous(self, audit_id: UUID, *, ref: str) -> PreviousAnswer | None:
        """What this question was answered at the site's last signed audit."""
        with self._audits.lock, self._store.read() as session:
            placed = self._audits.live(session, audit_id).placed(ref)
            if placed is None:
                return None
            return previous_audits.previous_answer(session, audit_id, placed.question.code)

    def marks(self, audit_id: UUID) -> tuple[Decimal, Decimal]:
        """From which percent this audit is green, and from which amber."""
        with self._audits.lock, self._store.read() as session:
            marks = self._audits.live(session, audit_id).marks
        return to_decimal(marks.green), to_decimal(marks.amber)

    def weights(self, audit_id: UUID) -> dict[str, tuple[str, str]]:
        """Weight and earned points of each scored question, as printed."""
        with self._audits.lock, self._store.read() as session:
            return points(self._audits.live(session, audit_id))

    def section_shares(self, audit_id: UUID) -> dict[str, Decimal]:
        """Each scored section's share of the whole score, in percent."""
        with self._audits.lock, self._store.read() as session:
            sections = self._audits.live(session, audit_id).score().sections
        used = {s.code: s.weight for s in sections if s.percent is not None and s.weight > 0}
        total = sum(used.values(), Fraction(0))
        return {code: to_decimal(100 * weight / total) for code, weight in used.items()}

    def previous_scores(self, audit_id: UUID) -> tuple[Point | None, dict[str, Decimal]]:
        """Score and day, and section scores, of the site's last audit with this checklist."""
        with self._audits.lock, self._store.read() as session:
            return previous_audits.previous_scores(session, audit_id)

    def live_copy(self, session: Session, audit_id: UUID) -> LiveAudit:
        """The live audit for reads by other services; they must not change it."""
        with self._audits.lock:
            return self._audits.live(session, audit_id)


def _owner(live: LiveAudit, field_ref: str) -> str:
    owner = live.question_of(field_ref)
    if owner is None:
        raise NotFound("This field is not in the checklist of this audit.")
    return owner
