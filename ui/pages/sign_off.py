"""Signing one audit off: what stands, what is left, who signs; then read-only."""

from functools import partial
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from audit_app.changes import Kind
from audit_app.domain.words import AuditState, Tone
from audit_app.errors import AuditError
from audit_app.services.sign_off import AUDITOR, VENDOR, SignOffView
from audit_app.settings import AUDITOR as AUDITOR_NAME
from audit_app.settings import ORGANISATION, ROLE
from ui.breadth import Breadth
from ui.commands import Command
from ui.models.row_list import ListRow
from ui.pages.page import Page, PageHead
from ui.pages.sign_off_parts import Signer, Summary
from ui.routes import Checklist, Reports, Route, SignOff
from ui.shell import Shell
from ui.widgets.button import Button
from ui.widgets.field import Field
from ui.widgets.row_view import RowView
from ui.widgets.strip import Banner
from ui.widgets.text import Label, card

ROW = 62
MOST_ROWS = 3


class SignOffPage(Page):
    """From an answered checklist to a signed record."""

    cares_for = frozenset({Kind.SIGNATURE, Kind.AUDIT, Kind.ANSWER, Kind.FINDING, Kind.EVIDENCE})

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        look = shell.look
        self._audit: UUID | None = None
        self.view: SignOffView | None = None
        self.head = PageHead(self.tr("Sign-off"))
        self._back = Button(look, self.tr("Back to the checklist"), "chevron-left", "ghost")
        self._back.clicked.connect(self._to_checklist)
        self._report = Button(look, self.tr("Report"), "file-text")
        self._report.clicked.connect(self._to_report)
        self.head.add(self._back)
        self.head.add(self._report)
        self.summary = Summary(look)
        self.left = RowView(look, self.tr("What is left"))
        self.left.opened.connect(self._to_question)
        self._left_words = Label("", "h3")
        self._declaration = Label("", "", is_wrapped=True)
        self.auditor = Signer(look, AUDITOR, self.tr("Auditor"))
        self.vendor = Signer(look, VENDOR, self.tr("For the vendor"))
        self.signers = (self.auditor, self.vendor)
        for signer in self.signers:
            signer.sign_asked.connect(partial(self._sign, signer))
            signer.take_back_asked.connect(self._take_back)
        self.banner = Banner(look, Tone.WATCH)
        self.signed = Banner(look, Tone.GOOD)
        self._manifest = Label("", "caption", is_wrapped=True)
        self._manifest.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.sign_off = Button(look, self.tr("Sign off"), "shield-check", "primary")
        self.sign_off.clicked.connect(self._sign_off)
        self.reason = QLineEdit()
        self._reason_field = Field(
            self.tr("Why is it reopened?"),
            self.reason,
            self.tr("A new version begins; this one and its signatures stay on record."),
        )
        self.reopen = Button(look, self.tr("Reopen"), "rotate-ccw")
        self.reopen.clicked.connect(self._reopen)
        self._build()
        shell.commands.declare(
            [
                Command(
                    "sign_off.back",
                    self.tr("Back to the checklist"),
                    self.tr("Sign-off"),
                    self._to_checklist,
                    "chevron-left",
                    ("Escape",),
                ),
                Command(
                    "sign_off.sign_off",
                    self.tr("Sign off"),
                    self.tr("Sign-off"),
                    self._sign_off,
                    "shield-check",
                    ("Ctrl+Return",),
                    is_enabled=lambda: self.sign_off.isEnabled() and self.sign_off.isVisible(),
                ),
            ],
            on=self,
        )

    def open_route(self, route: Route) -> None:
        if isinstance(route, SignOff):
            if route.audit_id != self._audit:
                for signer in self.signers:
                    signer.show_signature(None, is_locked=False)
                    signer.pad.wipe()
            self._audit = route.audit_id
        self.reload()

    def reload(self) -> None:
        audit_id, services = self._audit, self.shell.services
        if audit_id is None:
            return

        def work() -> tuple[SignOffView, tuple[str, str, str]]:
            get = services.settings.get
            who = (get(AUDITOR_NAME), get(ROLE), get(ORGANISATION))
            return services.sign_off.summary(audit_id), who

        def done(read: tuple[SignOffView, tuple[str, str, str]]) -> None:
            if audit_id == self._audit:
                self.auditor.suggest(*read[1])
                self.vendor.suggest("", "", read[0].vendor)
                self.show_view(read[0])

        self.shell.tasks.in_db(work, done, owner=self)

    def show_view(self, view: SignOffView) -> None:
        """Show where the audit stands."""
        self.view = view
        is_signed = view.state is not AuditState.OPEN
        version = self.tr("version {0}").format(view.version)
        self.head.show_words(
            self.tr("Sign-off"), f"{view.vendor}, {view.site}. {view.title}, {version}"
        )
        self.summary.show_view(view)
        self._declaration.setText(view.declaration)
        rows = {row.party: row for row in view.signatures}
        for signer in self.signers:
            signer.show_signature(rows.get(signer.party), is_locked=is_signed)
        self.vendor.setVisible(not is_signed or VENDOR in rows)
        self._show_left(view)
        self.sign_off.setVisible(not is_signed)
        self.sign_off.setEnabled(view.can_sign_off)
        self.banner.say("" if is_signed or view.can_sign_off else view.why_not)
        self.signed.say(self.tr("Signed off. Nothing in it can change now.") if is_signed else "")
        self._manifest.setText(self.tr("Seal {0}").format(view.manifest) if view.manifest else "")
        self._manifest.setVisible(bool(view.manifest))
        self._reason_field.setVisible(is_signed)
        self.reopen.setVisible(is_signed)
        self._report.setVisible(is_signed)

    def fit(self, breadth: Breadth) -> None:
        super().fit(breadth)
        is_wide = breadth >= Breadth.MIDDLE
        direction = QHBoxLayout.Direction
        self._parties.setDirection(direction.LeftToRight if is_wide else direction.TopToBottom)

    def panes(self) -> list[QWidget]:
        return [self.left, self.auditor, self.vendor]

    def _show_left(self, view: SignOffView) -> None:
        lines = [
            ListRow(
                f"{place}:{row.ref}",
                f"{row.number}  {row.text}".strip(),
                row.reason,
                "circle-alert" if row.blocking else "circle",
                Tone.BAD if row.blocking else Tone.NEUTRAL,
            )
            for place, row in enumerate(view.left)
        ]
        self.left.show_rows(lines)
        self._left_words.setText(self.tr("What is left: %n thing(s)", "", len(lines)))
        for part in (self.left, self._left_words):
            part.setVisible(bool(lines))
        self.left.setFixedHeight(self.look.px(ROW) * min(MOST_ROWS, max(1, len(lines))) + 8)

    def _sign(self, signer: Signer) -> None:
        if self._audit is None:
            return
        work = partial(
            self.shell.services.sign_off.sign,
            self._audit,
            party=signer.party,
            name=signer.name.text(),
            role=signer.role.text(),
            organisation=signer.organisation.text(),
            remark=signer.remark.text(),
            strokes=signer.pad.strokes,
        )

        def failed(error: AuditError) -> None:
            signer.show_error(str(error))

        self.shell.tasks.in_db(work, failed=failed, owner=self)

    def _take_back(self, signature_id: UUID) -> None:
        work = partial(self.shell.services.sign_off.unsign, signature_id)
        self.shell.tasks.in_db(work, owner=self)

    def _sign_off(self) -> None:
        if self._audit is None or not self.sign_off.isEnabled():
            return
        self.sign_off.setEnabled(False)
        work = partial(self.shell.services.sign_off.sign_off, self._audit)

        def failed(error: AuditError) -> None:
            self.banner.say(str(error))
            self.reload()

        self.shell.tasks.in_db(work, failed=failed, owner=self)

    def _reopen(self) -> None:
        if self._audit is None:
            return
        work = partial(self.shell.services.sign_off.reopen, self._audit, reason=self.reason.text())

        def done(_done: object) -> None:
            self.reason.clear()
            self._reason_field.show_error("")
            self._to_checklist()

        def failed(error: AuditError) -> None:
            self._reason_field.show_error(str(error))

        self.shell.tasks.in_db(work, done, failed, owner=self)

    def _to_question(self, name: object) -> None:
        if self._audit is not None:
            ref = str(name).partition(":")[2]
            self.shell.router.go(Checklist(self._audit, ref))

    def _to_checklist(self) -> None:
        if self._audit is not None:
            self.shell.router.go(Checklist(self._audit))

    def _to_report(self) -> None:
        if self._audit is not None:
            self.shell.router.go(Reports(self._audit))

    def _build(self) -> None:
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(26, 6, 26, 20)
        column.setSpacing(14)
        column.addWidget(self.signed)
        column.addWidget(self.summary)
        column.addWidget(self._left_words)
        column.addWidget(self.left)
        declaration = card()
        words = QVBoxLayout(declaration)
        words.setContentsMargins(18, 14, 18, 16)
        words.setSpacing(6)
        words.addWidget(Label(self.tr("Received, not necessarily agreed"), "h2"))
        words.addWidget(self._declaration)
        column.addWidget(declaration)
        self._parties = QHBoxLayout()
        self._parties.setSpacing(14)
        for signer in self.signers:
            self._parties.addWidget(signer, 1)
        column.addLayout(self._parties)
        column.addWidget(self._manifest)
        column.addWidget(self._reason_field)
        column.addWidget(self.reopen, 0, Qt.AlignmentFlag.AlignLeading)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inner)
        foot = QWidget()
        foot.setProperty("kind", "canvas")
        row = QHBoxLayout(foot)
        row.setContentsMargins(26, 8, 20, 12)
        row.setSpacing(12)
        row.addWidget(self.banner, 1)
        row.addStretch(0)
        row.addWidget(self.sign_off)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self.head)
        outer.addWidget(area, 1)
        outer.addWidget(foot)
