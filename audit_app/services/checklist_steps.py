"""One step in a checklist: change, follow, score, and keep it all in one transaction."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from audit_app.clock import Clock
from audit_app.domain.scoring import Standing
from audit_app.services.answer_findings import follow_answer
from audit_app.services.checklist_rows import FindingChip, Saved
from audit_app.services.checklist_views import saved, summarise
from audit_app.services.facts import answer_row, put_value
from audit_app.services.judgement import Judged
from audit_app.services.live import Around, LiveAudit
from audit_app.services.open_audits import OpenAudits
from audit_app.services.settings import SettingsService
from audit_app.services.steps import After, Steps, Taken
from db.store import Store
from db.tables import Audit

Change = Callable[[Session, Audit, LiveAudit], set[str]]
"""Does the step; gives the refs of what it touched."""

HIDDEN = Judged(None, Standing.EXCLUDED)
"""How the answer of a question counts that does not apply (any more)."""


class ChecklistSteps:
    """Takes the steps of the checklist, forwards and back."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        settings: SettingsService,
        steps: Steps,
        audits: OpenAudits,
    ) -> None:
        self._store = store
        self._clock = clock
        self._settings = settings
        self._steps = steps
        self._audits = audits

    def take(
        self,
        audit_id: UUID,
        action: str,
        handle: str,
        change: Change,
        *,
        whole: bool = False,
        skipped: Callable[[], int] = lambda: 0,
        named: Callable[[LiveAudit, str], str] | None = None,
    ) -> Saved:
        """Take one step; a failed one leaves neither disk nor memory changed.

        Args:
            action: what the trail calls it.
            handle: the question or section it is about.
            whole: the order of the questions changes with it.
            skipped: how many questions the change left alone, asked when it is done.
            named: the step in words, from the question's printed number.

        Raises:
            NotAllowed: the audit is signed.
            NotFound: it is not in the workspace.
        """
        with self._audits.lock:
            try:
                with self._store.read() as session:
                    live = self._audits.live(session, audit_id)
                order = live.order
                label = _label(live, action, handle, named)
                with self._steps.step(audit_id, action=action, label=label) as session:
                    audit = session.get_one(Audit, audit_id)
                    refs = _questions(live, change(session, audit, live))
                    live.touch(refs)
                    opened = self._follow(session, audit, live, refs)
                    score = summarise(session, live)
                with self._store.read() as session:
                    return saved(
                        live,
                        refs,
                        self._steps.labels(session, audit_id),
                        label=label,
                        opened=opened,
                        skipped=skipped(),
                        score=score,
                        order=live.order if whole or live.order != order else None,
                    )
            except BaseException:
                self._audits.forget(audit_id)
                raise

    def undo(self, audit_id: UUID) -> Saved | None:
        """Take back the last step; None if there is none."""
        return self._turn(audit_id, self._steps.undo)

    def redo(self, audit_id: UUID) -> Saved | None:
        """Do the last step taken back again; None if there is none."""
        return self._turn(audit_id, self._steps.redo)

    def put(
        self,
        session: Session,
        audit: Audit,
        live: LiveAudit,
        values: dict[str, str],
        *,
        drop_mark: str | None,
    ) -> set[str]:
        """Set values in the engine and write whatever changed with them.

        Args:
            drop_mark: the question whose "not applicable" or "not verified" this replaces.
        """
        touched: set[str] = set()
        for ref, value in values.items():
            outcome = live.engine.set(ref, value)
            self.write(session, audit, outcome.written)
            touched.update(outcome.changed)
            touched.add(ref)
            owner = live.question_of(ref)
            if owner and live.around.get(owner, Around()).skipped:
                answer_row(session, audit, owner).skipped = False
                around(live, owner, skipped=False)
        if drop_mark and live.around.get(drop_mark, Around()).mark is not None:
            answer_row(session, audit, drop_mark).mark = None
            around(live, drop_mark, mark=None)
        return touched

    def write(self, session: Session, audit: Audit, values: dict[str, str]) -> None:
        """Write values that the engine has set."""
        moment, actor = self._clock.now(), self._settings.auditor
        for ref, value in values.items():
            put_value(session, audit, ref, value, moment, actor)

    def _follow(
        self, session: Session, audit: Audit, live: LiveAudit, refs: Iterable[str]
    ) -> FindingChip | None:
        """Open, regrade and withdraw the findings of these questions; gives the last opened."""
        opened = None
        places = {ref: place for place, ref in enumerate(live.order)}
        for ref in sorted(refs, key=lambda ref: (places.get(ref, len(places)), ref)):
            placed = live.placed(ref)
            if placed is None:
                continue
            # What does not apply asks for no finding; it comes back when the question does.
            judged = live.judged(ref) if ref in places else HIDDEN
            chip = follow_answer(
                session,
                audit,
                placed.question,
                judged,
                clock=self._clock,
                actor=self._settings.auditor,
            )
            if chip is None:
                live.findings.pop(ref, None)
            elif live.findings.get(ref) != chip:
                live.findings[ref] = opened = chip
        return opened

    def _turn(self, audit_id: UUID, turn: Callable[[UUID, After], Taken | None]) -> Saved | None:
        def rescore(session: Session) -> None:
            self._audits.forget(audit_id)
            summarise(session, self._audits.live(session, audit_id))

        with self._audits.lock:
            try:
                with self._store.read() as session:
                    before = self._audits.live(session, audit_id)
                taken = turn(audit_id, rescore)
                if taken is None:
                    return None
                with self._store.read() as session:
                    live = self._audits.live(session, audit_id)
                    refs = {
                        ref
                        for ref in live.order
                        if before.placed(ref) is None or before.row(ref) != live.row(ref)
                    }
                    turned = saved(
                        live,
                        refs,
                        self._steps.labels(session, audit_id),
                        label=taken.label,
                        order=None if before.order == live.order else live.order,
                    )
                    return replace(turned, changes=turned.changes | taken.changes)
            except BaseException:
                self._audits.forget(audit_id)
                raise


def around(live: LiveAudit, ref: str, **fields: Any) -> None:
    """Change what lies beside the value of a question, in memory."""
    live.around[ref] = replace(live.around.get(ref, Around()), **fields)


def _questions(live: LiveAudit, refs: Iterable[str]) -> set[str]:
    """The questions these nodes belong to; an unknown node has no row to repaint."""
    return {owner for ref in refs if (owner := live.question_of(ref)) is not None}


def _label(
    live: LiveAudit, action: str, handle: str, named: Callable[[LiveAudit, str], str] | None
) -> str:
    placed = live.placed(live.question_of(handle) or handle)
    number = placed.question.number if placed else handle
    if named is not None:
        return named(live, number)
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
