"""Answering a checklist: each method is one thing the auditor does, one transaction."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from threading import RLock
from uuid import UUID

from sqlalchemy.orm import Session

from audit_app.changes import Changes, Kind
from audit_app.clock import Clock
from audit_app.domain.scoring import AuditScore, to_decimal
from audit_app.domain.words import AuditState, Mark, Rating
from audit_app.errors import AuditError, NotFound
from audit_app.forms.kinds import QuestionKind
from audit_app.reports.content import Point
from audit_app.services import previous_audits
from audit_app.services.answer_findings import follow_answer
from audit_app.services.checklist_rows import (
    AuditView,
    Explanation,
    FindingChip,
    LeftRow,
    PreviousAnswer,
    QuestionRow,
    Saved,
    ScoreRow,
)
from audit_app.services.explain import cap_reason, explain, left_rows, points
from audit_app.services.facts import answer_row, put_value
from audit_app.services.live import Around, LiveAudit
from audit_app.services.loading import AuditLoader
from audit_app.services.settings import SettingsService
from audit_app.services.steps import Steps
from db.store import Store
from db.tables import Audit, AuditSummary


class ChecklistService:
    """The checklist of one audit: open it, answer it, take answers back.

    Open audits stay in memory between steps. Any failed step drops the copy, so that the next
    step starts from what is on disk.
    """

    def __init__(self, store: Store, clock: Clock, settings: SettingsService, steps: Steps) -> None:
        self._store = store
        self._clock = clock
        self._settings = settings
        self._steps = steps
        self._loader = AuditLoader(clock)
        self._open: dict[UUID, LiveAudit] = {}
        self._lock = RLock()

    def open(self, audit_id: UUID) -> AuditView:
        """One audit, whole, as it stands on disk."""
        with self._lock, self._store.read() as session:
            self._open.pop(audit_id, None)
            live = self._live(session, audit_id)
            return self._view(session, live)

    def forget(self, audit_id: UUID) -> None:
        """Drop the copy in memory; something outside this service changed the audit."""
        with self._lock:
            self._open.pop(audit_id, None)

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
            return self._put(session, audit, live, {ref: " ".join(selected)}, drop_mark=ref)

        return self._step(audit_id, "answer", ref, change)

    def measure(self, audit_id: UUID, *, field_ref: str, value: str) -> Saved:
        """Fill in one field: a number, a text, a date; "" clears it."""

        def change(session: Session, audit: Audit, live: LiveAudit) -> set[str]:
            ref = _owner(live, field_ref)
            drop = ref if value.strip() else None
            return self._put(session, audit, live, {field_ref: value.strip()}, drop_mark=drop)

        return self._step(audit_id, "answer", field_ref, change)

    def mark(self, audit_id: UUID, *, ref: str, mark: Mark | None) -> Saved:
        """Say that a measured question is not applicable or was not verified."""

        def change(session: Session, audit: Audit, live: LiveAudit) -> set[str]:
            row = answer_row(session, audit, ref)
            row.mark = mark
            row.answered_by, row.answered_at = self._settings.auditor, self._clock.now()
            self._around(live, ref, mark=mark)
            return {ref}

        return self._step(audit_id, "answer", ref, change)

    def note(self, audit_id: UUID, *, ref: str, text: str) -> Saved:
        """Write the note of a question."""

        def change(session: Session, audit: Audit, live: LiveAudit) -> set[str]:
            answer_row(session, audit, ref).note = text
            self._around(live, ref, note=text)
            return {ref}

        return self._step(audit_id, "note", ref, change)

    def flag(self, audit_id: UUID, *, ref: str, on: bool) -> Saved:
        """Mark a question to come back to, or take the mark away."""

        def change(session: Session, audit: Audit, live: LiveAudit) -> set[str]:
            answer_row(session, audit, ref).flagged = on
            self._around(live, ref, flagged=on)
            return {ref}

        return self._step(audit_id, "flag", ref, change)

    def skip(self, audit_id: UUID, *, ref: str, on: bool) -> Saved:
        """Pass a question for now, or take that back."""

        def change(session: Session, audit: Audit, live: LiveAudit) -> set[str]:
            answer_row(session, audit, ref).skipped = on
            self._around(live, ref, skipped=on)
            return {ref}

        return self._step(audit_id, "skip", ref, change)

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
            return self._put(session, audit, live, values, drop_mark=None)

        return self._step(audit_id, "mark rest", section, change, skipped=lambda: skipped)

    def add_repeat(self, audit_id: UUID, *, section: str) -> Saved:
        """Add another instance of a repeated section."""

        def change(session: Session, audit: Audit, live: LiveAudit) -> set[str]:
            path = section.partition("[")[0]
            added = live.engine.add_repeat(path, self._clock.new_id().hex)
            self._write(session, audit, added.written)
            live.place()
            return set(live.order)

        return self._step(audit_id, "add section", section, change, whole=True)

    def remove_repeat(self, audit_id: UUID, *, section: str) -> Saved:
        """Take an instance of a repeated section away; undo brings all of it back."""

        def change(session: Session, audit: Audit, live: LiveAudit) -> set[str]:
            outcome = live.engine.remove_repeat(section)
            self._write(session, audit, outcome.written)
            live.place()
            return set(live.order)

        return self._step(audit_id, "remove section", section, change, whole=True)

    def set_language(self, audit_id: UUID, *, language: str) -> AuditView:
        """Show the checklist in another of its languages; answers stay as they are."""
        with self._lock:
            with self._store.write(actor=self._settings.auditor, action="language") as session:
                audit = session.get(Audit, audit_id)
                if audit is None:
                    raise NotFound("This audit is not in the workspace.")
                audit.language = language
            return self.open(audit_id)

    def undo(self, audit_id: UUID) -> Saved | None:
        """Take back the last step; None if there is none."""
        return self._turn(audit_id, self._steps.undo, "Undid")

    def redo(self, audit_id: UUID) -> Saved | None:
        """Do the last step taken back again; None if there is none."""
        return self._turn(audit_id, self._steps.redo, "Did again")

    def refresh(self, audit_id: UUID, *, ref: str) -> Saved:
        """The question as it stands on disk, after a finding or a photo of it changed."""
        with self._lock, self._store.read() as session:
            live = self._live(session, audit_id)
            self._loader.load_around(session, live)
            return self._saved(session, live, {ref} if live.placed(ref) else set(), "", None)

    def left(self, audit_id: UUID) -> tuple[LeftRow, ...]:
        """What is still asked of the auditor, what blocks sign-off first."""
        with self._lock, self._store.read() as session:
            live = self._live(session, audit_id)
            self._loader.load_around(session, live)
            return left_rows(session, live)

    def explain(self, audit_id: UUID, *, closing: frozenset[UUID] = frozenset()) -> Explanation:
        """The arithmetic of the score, and what it would be if these findings closed."""
        with self._lock, self._store.read() as session:
            return explain(self._live(session, audit_id), closing)

    def previous(self, audit_id: UUID, *, ref: str) -> PreviousAnswer | None:
        """What this question was answered at the site's last signed audit."""
        with self._lock, self._store.read() as session:
            placed = self._live(session, audit_id).placed(ref)
            if placed is None:
                return None
            return previous_audits.previous_answer(session, audit_id, placed.question.code)

    def marks(self, audit_id: UUID) -> tuple[Decimal, Decimal]:
        """From which percent this audit is green, and from which amber."""
        with self._lock, self._store.read() as session:
            marks = self._live(session, audit_id).marks
        return to_decimal(marks.green), to_decimal(marks.amber)

    def weights(self, audit_id: UUID) -> dict[str, tuple[str, str]]:
        """Weight and earned points of each scored question, as printed."""
        with self._lock, self._store.read() as session:
            return points(self._live(session, audit_id))

    def previous_scores(self, audit_id: UUID) -> tuple[Point | None, dict[str, Decimal]]:
        """Score and date, and section scores, of the site's last audit with this checklist."""
        with self._lock, self._store.read() as session:
            return previous_audits.previous_scores(session, audit_id)

    def live_copy(self, session: Session, audit_id: UUID) -> LiveAudit:
        """The live audit for reads by other services; they must not change it."""
        with self._lock:
            return self._live(session, audit_id)

    def _live(self, session: Session, audit_id: UUID) -> LiveAudit:
        live = self._open.get(audit_id)
        if live is None:
            live = self._open[audit_id] = self._loader.load(session, audit_id)
        return live

    def _around(self, live: LiveAudit, ref: str, **fields: object) -> None:
        from dataclasses import replace

        live.around[ref] = replace(live.around.get(ref, Around()), **fields)  # type: ignore[arg-type]

    def _put(
        self,
        session: Session,
        audit: Audit,
        live: LiveAudit,
        values: dict[str, str],
        *,
        drop_mark: str | None,
    ) -> set[str]:
        """Set values in the engine and write whatever changed with them."""
        touched: set[str] = set()
        for ref, value in values.items():
            outcome = live.engine.set(ref, value)
            self._write(session, audit, outcome.written)
            touched.update(outcome.changed)
            touched.add(ref)
            owner = live.question_of(ref)
            if owner and live.around.get(owner, Around()).skipped:
                answer_row(session, audit, owner).skipped = False
                self._around(live, owner, skipped=False)
        if drop_mark and live.around.get(drop_mark, Around()).mark is not None:
            answer_row(session, audit, drop_mark).mark = None
            self._around(live, drop_mark, mark=None)
        return touched

    def _write(self, session: Session, audit: Audit, values: dict[str, str]) -> None:
        moment, actor = self._clock.now(), self._settings.auditor
        for ref, value in values.items():
            put_value(session, audit, ref, value, moment, actor)

    def _step(
        self,
        audit_id: UUID,
        action: str,
        handle: str,
        change: Callable[[Session, Audit, LiveAudit], set[str]],
        *,
        whole: bool = False,
        skipped: Callable[[], int] = lambda: 0,
    ) -> Saved:
        with self._lock:
            try:
                with self._store.read() as session:
                    live = self._live(session, audit_id)
                order = live.order
                label = _label(live, action, handle)
                with self._steps.step(audit_id, action=action, label=label) as session:
                    audit = session.get_one(Audit, audit_id)
                    refs = _questions(live, change(session, audit, live))
                    live.touch(refs)
                    opened = self._follow(session, audit, live, refs)
                    score = live.score()
                    _summarise(session, live, score)
                with self._store.read() as session:
                    saved = self._saved(session, live, refs, label, opened, skipped())
            except BaseException:
                self._open.pop(audit_id, None)
                raise
            return _with_order(saved, live, None if not whole and live.order == order else order)

    def _follow(
        self, session: Session, audit: Audit, live: LiveAudit, refs: Iterable[str]
    ) -> FindingChip | None:
        opened = None
        for ref in sorted(refs, key=live.order.index if len(live.order) < 3000 else None):
            placed = live.placed(ref)
            if placed is None:
                continue
            chip = follow_answer(
                session,
                audit,
                placed.question,
                live.judged(ref),
                clock=self._clock,
                actor=self._settings.auditor,
            )
            if chip is None:
                live.findings.pop(ref, None)
            elif live.findings.get(ref) != chip:
                live.findings[ref] = opened = chip
        return opened

    def _turn(self, audit_id: UUID, turn: Callable[[UUID], object], _word: str) -> Saved | None:
        with self._lock:
            try:
                with self._store.read() as session:
                    before = self._live(session, audit_id)
                taken = turn(audit_id)
                if taken is None:
                    return None
                self._open.pop(audit_id, None)
                with self._store.read() as session:
                    live = self._live(session, audit_id)
                with self._store.write(
                    actor=self._settings.auditor, action="recompute score"
                ) as session:
                    _summarise(session, live, live.score())
                refs = {
                    ref
                    for ref in live.order
                    if before.placed(ref) is None or before.row(ref) != live.row(ref)
                }
                with self._store.read() as session:
                    saved = self._saved(session, live, refs, getattr(taken, "label", ""), None)
            except BaseException:
                self._open.pop(audit_id, None)
                raise
            return _with_order(saved, live, None if before.order == live.order else ())

    def _saved(
        self,
        session: Session,
        live: LiveAudit,
        refs: Iterable[str],
        label: str,
        opened: FindingChip | None,
        skipped: int = 0,
    ) -> Saved:
        score = live.score()
        wanted = set(refs)
        rows = tuple(live.row(ref) for ref in live.order if ref in wanted)
        undo_label, redo_label = self._steps.labels(session, live.audit_id)
        changes = Changes.of(Kind.ANSWER) | Changes.of(Kind.AUDIT, live.audit_id)
        if opened:
            changes = changes | Changes.of(Kind.FINDING, opened.id)
        return Saved(
            changes=changes,
            rows=rows,
            sections=live.section_rows(score),
            progress=live.progress(),
            score=score_row(live, score),
            label=label,
            opened=opened,
            skipped=skipped,
            undo_label=undo_label,
            redo_label=redo_label,
        )

    def _view(self, session: Session, live: LiveAudit) -> AuditView:
        head = self._loader.heading(session, live.audit_id)
        score = live.score()
        rows = live.rows()
        undo_label, redo_label = self._steps.labels(session, live.audit_id)
        return AuditView(
            audit_id=live.audit_id,
            visit_id=head.visit_id,
            vendor=head.vendor,
            site=head.site,
            title=live.checklist.title,
            template_version=live.template.version,
            state=head.state,
            version=head.version,
            languages=live.template.languages,
            language=live.checklist.language,
            sections=live.section_rows(score),
            questions=rows,
            progress=live.progress(),
            score=score_row(live, score),
            undo_label=undo_label,
            redo_label=redo_label,
            previous_date=previous_audits.last_signed_at(session, live.audit_id),
            first_open=_first_open(rows),
        )


def score_row(live: LiveAudit, score: AuditScore) -> ScoreRow:
    """The score in the form the screens show."""
    return ScoreRow(
        shown=None if score.shown is None else to_decimal(score.shown),
        raw=None if score.raw is None else to_decimal(score.raw),
        coverage=to_decimal(score.coverage),
        rating=score.rating,
        provisional=score.provisional,
        majors=score.majors,
        minors=score.minors,
        cap_reason=cap_reason(live, score),
    )


def _summarise(session: Session, live: LiveAudit, score: AuditScore) -> None:
    progress = live.progress()
    session.merge(
        AuditSummary(
            audit_id=live.audit_id,
            answered=progress.answered,
            total=progress.total,
            raw=None if score.raw is None else to_decimal(score.raw),
            shown=None if score.shown is None else to_decimal(score.shown),
            coverage=to_decimal(score.coverage),
            rating=score.rating if score.raw is not None else Rating.NONE,
            provisional=score.provisional,
            sections={
                result.code: str(to_decimal(result.percent))
                for result in score.sections
                if result.percent is not None
            },
        )
    )


def _questions(live: LiveAudit, refs: Iterable[str]) -> set[str]:
    """The questions these nodes belong to; an unknown node has no row to repaint."""
    return {owner for ref in refs if (owner := live.question_of(ref)) is not None}


def _owner(live: LiveAudit, field_ref: str) -> str:
    owner = live.question_of(field_ref)
    if owner is None:
        raise NotFound("This field is not in the checklist of this audit.")
    return owner


def _label(live: LiveAudit, action: str, handle: str) -> str:
    placed = live.placed(live.question_of(handle) or handle)
    number = placed.question.number if placed else handle
    words = {
        "answer": f"Answer to {number}",
        "note": f"Note on {number}",
        "flag": f"Flag on {number}",
        "skip": f"Skip of {number}",
        "mark rest": "Rest of section",
        "add section": "Section added",
        "remove section": "Section removed",
    }
    return words[action]


def _first_open(rows: tuple[QuestionRow, ...]) -> str:
    for row in rows:
        if row.to_do and not row.skipped:
            return row.ref
    return rows[0].ref if rows else ""


def _with_order(saved: Saved, live: LiveAudit, old: tuple[str, ...] | None) -> Saved:
    from dataclasses import replace

    return saved if old is None else replace(saved, order=live.order)


__all__ = ["AuditState", "ChecklistService", "score_row"]
