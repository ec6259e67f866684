"""The panel of the visit: who, how far, and the sections."""

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from audit_app.domain.words import Tone
from audit_app.services.checklist_rows import AuditView, ProgressRow, ScoreRow, SectionRow
from ui.theme.look import Look
from ui.theme.tokens import RATING_TONES, SIZES, VISIT_WIDTH
from ui.widgets.button import Button
from ui.widgets.choice import PickBox
from ui.widgets.progress import SectionProgress, StackBar
from ui.widgets.progress import SectionRow as SectionButton
from ui.widgets.tag import Tag
from ui.widgets.text import ElidedLabel, Label
from ui.words import percent_words, word


class _Count(Label):
    """A number in the colour of its tone, and its word."""

    def __init__(self, look: Look, tone: Tone) -> None:
        super().__init__("", "caption")
        self._look, self._tone = look, tone
        self._words = ("", "")
        self.setTextFormat(Qt.TextFormat.RichText)
        look.changed.connect(self._draw)

    def show_count(self, count: int, words: str) -> None:
        """Show this count; hidden while it is none."""
        self._words = (str(count), words)
        self.setAccessibleName(f"{count} {words}")
        self.setVisible(count > 0)
        self._draw()

    def _draw(self) -> None:
        colour = self._look.tokens.tone(self._tone)[0]
        count, words = self._words
        self.setText(f"<span style='color:{colour};font-weight:600'>{count}</span> {words}")


class VisitPanel(QFrame):
    """Vendor, site, progress, score, sections.

    Signals:
        section_chosen: the code of a section.
        language_chosen: a language tag of the checklist.
        explain_asked: how did this score come about.
    """

    section_chosen = Signal(str)
    language_chosen = Signal(object)
    explain_asked = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.setObjectName("visit")
        self.setAccessibleName(self.tr("Visit"))
        self._look = look
        self._buttons: dict[str, SectionButton] = {}
        self._vendor = ElidedLabel("", "h2")
        self._site = ElidedLabel("", "secondary")
        self._count = Label("", "count")
        self._total = Label("", "secondary")
        self._bar = StackBar(look)
        self._counts = {
            Tone.GOOD: _Count(look, Tone.GOOD),
            Tone.BAD: _Count(look, Tone.BAD),
            Tone.WATCH: _Count(look, Tone.WATCH),
            Tone.NEUTRAL: _Count(look, Tone.NEUTRAL),
        }
        self.languages = PickBox(look)
        self.languages.setAccessibleName(self.tr("Language of the checklist"))
        self.languages.picked.connect(self.language_chosen)
        self._score = Button(look, "", kind="ghost")
        self._score.clicked.connect(self.explain_asked)
        self._rating = Tag(look, "")
        self._sections = QVBoxLayout()
        self._sections.setSpacing(0)
        self._sections.setContentsMargins(0, 0, 0, 0)
        self._build()
        look.changed.connect(self._fit_width)
        self._fit_width()

    def show_view(self, view: AuditView) -> None:
        """Show this audit."""
        self._vendor.show_text(view.vendor)
        self._site.show_text(", ".join(part for part in (view.site, view.title) if part))
        self.languages.setVisible(len(view.languages) > 1)
        if len(view.languages) > 1:
            options = [(tag, _language(tag)) for tag in view.languages]
            self.languages.show_options(options, view.language)
        self.show_progress(view.progress, view.score)
        self.show_sections(view.sections)

    def show_progress(self, progress: ProgressRow, score: ScoreRow) -> None:
        """How far the audit is, and its score so far."""
        self._count.setText(str(progress.answered))
        self._total.setText(self.tr("of {0} answered").format(progress.total))
        left = progress.total - progress.answered
        words = self.tr("{0} of {1} answered").format(progress.answered, progress.total)
        self._bar.show_parts(
            (
                (progress.good, Tone.GOOD),
                (progress.watch, Tone.WATCH),
                (progress.bad, Tone.BAD),
                (progress.neutral, Tone.NEUTRAL),
                (left, None),
            ),
            words,
        )
        self._counts[Tone.GOOD].show_count(progress.good, self.tr("good"))
        self._counts[Tone.BAD].show_count(progress.bad, self.tr("bad"))
        self._counts[Tone.WATCH].show_count(progress.watch, self.tr("watch"))
        self._counts[Tone.NEUTRAL].show_count(progress.neutral, self.tr("other"))
        self._score.setText(self.tr("Score {0}").format(percent_words(score.shown)))
        self._score.setToolTip(score.cap_reason or self.tr("How this score came about"))
        has_rating = score.shown is not None
        self._rating.setVisible(has_rating)
        words = word(score.rating)
        if score.provisional:
            words = self.tr("Provisional")
        tone = Tone.NEUTRAL if score.provisional else RATING_TONES[score.rating]
        self._rating.show_tag(words, tone)

    def show_sections(self, sections: tuple[SectionRow, ...]) -> None:
        """Show these sections; buttons are kept while the list is the same."""
        if [row.code for row in sections] != list(self._buttons):
            for button in self._buttons.values():
                self._sections.removeWidget(button)
                button.hide()
                button.deleteLater()
            self._buttons = {}
            for row in sections:
                button = SectionButton(self._look, SectionProgress(row.title, 0, 0))
                button.clicked.connect(lambda _on=False, code=row.code: self._on_pressed(code))
                self._sections.addWidget(button)
                self._buttons[row.code] = button
        repeats: dict[str, int] = {}
        for row in sections:
            title = row.title
            if row.repeat:
                repeats[title] = repeats.get(title, 0) + 1
                title = f"{row.title} {repeats[row.title]}"
            self._buttons[row.code].show_section(
                SectionProgress(title, row.answered, row.total, row.findings)
            )

    def mark(self, section: str) -> None:
        """Show which section is open."""
        for code, button in self._buttons.items():
            button.setChecked(code == section)
            if code == section:
                self._area.ensureWidgetVisible(button, 0, 0)

    def _on_pressed(self, code: str) -> None:
        button = self._buttons[code]
        button.setChecked(not button.isChecked())
        self.section_chosen.emit(code)

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 20, 18, 14)
        column.setSpacing(0)
        column.addWidget(self._vendor)
        column.addSpacing(2)
        column.addWidget(self._site)
        column.addSpacing(14)
        column.addWidget(self.languages)
        count = QHBoxLayout()
        count.setSpacing(8)
        count.addWidget(self._count)
        count.addWidget(self._total, 0, Qt.AlignmentFlag.AlignBottom)
        count.addStretch(1)
        column.addLayout(count)
        column.addSpacing(8)
        column.addWidget(self._bar)
        column.addSpacing(10)
        tones = QHBoxLayout()
        tones.setSpacing(14)
        for label in self._counts.values():
            tones.addWidget(label)
        tones.addStretch(1)
        column.addLayout(tones)
        inner = QWidget()
        box = QVBoxLayout(inner)
        box.setContentsMargins(0, 0, 0, 0)
        box.addLayout(self._sections)
        box.addStretch(1)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setWidget(inner)
        column.addSpacing(14)
        column.addWidget(self._area, 1)
        score = QHBoxLayout()
        score.setContentsMargins(0, 8, 0, 0)
        score.addWidget(self._score)
        score.addStretch(1)
        score.addWidget(self._rating)
        column.addLayout(score)

    def _fit_width(self) -> None:
        self.setFixedWidth(self._look.px(VISIT_WIDTH))
        high = QFontMetricsF(self._look.font(SIZES.count, 600)).height()
        self._count.setFixedHeight(round(high))


def _language(tag: str) -> str:
    """The language in its own words; the tag itself when Qt does not know it."""
    locale = QLocale(tag)
    if locale.language() is QLocale.Language.C:
        return tag
    name = locale.nativeLanguageName()
    return name[:1].upper() + name[1:]
