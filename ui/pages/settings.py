"""The choices of this device, on cards; the search box leaves only the cards that fit."""

from functools import partial
from typing import ClassVar

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from audit_app.changes import Kind
from audit_app.services.programme_rows import WorkspaceInfo
from audit_app.settings import (
    AUDITOR,
    AUTO_ADVANCE,
    LEFT_HANDED,
    ORGANISATION,
    REDUCED_MOTION,
    REPORT_CONFIDENTIALITY,
    ROLE,
    TEXT_SIZE,
    THEME,
    Setting,
)
from audit_app.version import VERSION
from ui.breadth import Breadth
from ui.commands import Command
from ui.fuzzy import fits
from ui.pages.page import HEAD_EDGE, Page, PageHead
from ui.pages.settings_safety import SafetyCard
from ui.pages.settings_storage import StorageCard
from ui.routes import Route, Settings
from ui.shell import Shell
from ui.theme.tokens import Theme
from ui.widgets.button import Segmented
from ui.widgets.choice import CheckBox
from ui.widgets.field import DebouncedText, Field, SearchField
from ui.widgets.line import Line
from ui.widgets.settings_card import SettingsCard
from ui.widgets.text import Label

CARD_GAP = 16
DEVICE_CARDS = frozenset({"safety", "storage", "about"})


class SettingsPage(Page):
    """Each choice is kept as soon as it is made."""

    cares_for: ClassVar[frozenset[Kind]] = frozenset({Kind.SETTING})

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        look = self.look
        self._typing: dict[str, tuple[Line, DebouncedText]] = {}
        self.search = SearchField(look, self.tr("Find a setting"))
        self.search.searched.connect(self._filter)
        self.cards: dict[str, SettingsCard] = {
            "profile": self._profile(),
            "look": self._look_card(),
            "answers": self._answers(),
            "reports": self._reports(),
            "safety": SafetyCard(shell),
            "storage": StorageCard(shell),
            "about": self._about(),
        }
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(HEAD_EDGE, 4, HEAD_EDGE, 24)
        column.setSpacing(CARD_GAP)
        column.addWidget(self.search)
        self._columns = QHBoxLayout()
        self._columns.setSpacing(CARD_GAP)
        self._halves = (QVBoxLayout(), QVBoxLayout())
        for half in self._halves:
            half.setSpacing(CARD_GAP)
            self._columns.addLayout(half, 1)
            self._columns.setAlignment(half, Qt.AlignmentFlag.AlignTop)
        column.addLayout(self._columns)
        self._none = Label(self.tr("No setting fits."), "secondary")
        self._none.hide()
        column.addWidget(self._none)
        column.addStretch(1)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setWidget(inner)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._share_out(is_double=True)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(PageHead(self.tr("Settings"), self.tr("Kept on this device")))
        outer.addWidget(self.area, 1)
        shell.commands.declare(
            [
                Command(
                    "settings.search",
                    self.tr("Find a setting"),
                    self.tr("Settings"),
                    self.search.setFocus,
                    "search",
                    ("Ctrl+F",),
                )
            ],
            on=self,
        )

    def open_route(self, route: Route) -> None:
        self.reload()
        if isinstance(route, Settings) and route.section in self.cards:
            wanted = self.cards[route.section]
            # The cards have their places only after the first layout.
            QTimer.singleShot(0, self, lambda: self.area.ensureWidgetVisible(wanted, 0, 40))

    def reload(self) -> None:
        self.shell.tasks.in_db(self.shell.services.workspace.info, self._show, owner=self)

    def flush(self) -> None:
        for _, typing in self._typing.values():
            typing.flush()

    def fit(self, breadth: Breadth) -> None:
        super().fit(breadth)
        self._share_out(is_double=breadth >= Breadth.MIDDLE)

    def _share_out(self, *, is_double: bool) -> None:
        """Cards in two columns where there is room: what is mine, and what the device does."""
        first, second = self._halves
        # Removed one by one: an item taken out by place would stay the one Qt tells of new heights.
        for one in self.cards.values():
            first.removeWidget(one)
            second.removeWidget(one)
        for name, one in self.cards.items():
            half = second if is_double and name in DEVICE_CARDS else first
            half.addWidget(one)
        self._columns.setStretch(1, 1 if is_double else 0)
        self._columns.setSpacing(CARD_GAP if is_double else 0)

    def _show(self, info: WorkspaceInfo) -> None:
        for key, (line, _) in self._typing.items():
            if not line.hasFocus():
                line.show_text(info.settings.get(key, ""))
        self._theme.select(Theme(info.settings[THEME.key]))
        self._size.select(info.settings[TEXT_SIZE.key])
        self._motion.setChecked(info.settings[REDUCED_MOTION.key] == "yes")
        self._hand.setChecked(info.settings[LEFT_HANDED.key] == "yes")
        self._advance.setChecked(info.settings[AUTO_ADVANCE.key] == "yes")
        safety, storage = self.cards["safety"], self.cards["storage"]
        if isinstance(safety, SafetyCard) and isinstance(storage, StorageCard):
            safety.show_info(info)
            storage.show_info(info)

    def _filter(self, query: str) -> None:
        any_shown = False
        for one in self.cards.values():
            is_shown = bool(fits(query, one.words()))
            one.setVisible(is_shown)
            any_shown = any_shown or is_shown
        self._none.setVisible(not any_shown)

    def _put(self, setting: Setting, value: str) -> None:
        settings = self.shell.services.settings
        self.shell.tasks.in_db(lambda: settings.put({setting.key: value}))

    def _line(self, one: SettingsCard, setting: Setting, label: str, hint: str = "") -> None:
        line = Line()
        typing = DebouncedText(line)
        typing.settled.connect(partial(self._put, setting))
        line.shown.connect(typing.forget)
        self._typing[setting.key] = (line, typing)
        one.add(Field(label, line, hint))

    def _profile(self) -> SettingsCard:
        one = SettingsCard(self.look, "user", self.tr("Profile"))
        self._line(
            one,
            AUDITOR,
            self.tr("Your name"),
            self.tr("Stands on findings, reports and signatures."),
        )
        self._line(one, ROLE, self.tr("Your role"))
        self._line(one, ORGANISATION, self.tr("Your organisation"))
        return one

    def _look_card(self) -> SettingsCard:
        look = self.look
        one = SettingsCard(look, "sun", self.tr("Look"))
        themes = (
            (Theme.SYSTEM, self.tr("As the system")),
            (Theme.LIGHT, self.tr("Light")),
            (Theme.DARK, self.tr("Dark")),
            (Theme.OUTDOOR, self.tr("Outdoor")),
        )
        self._theme = Segmented(look, themes, self.tr("Theme"), is_stretched=True)
        self._theme.select(look.theme)
        self._theme.chosen.connect(self._choose_theme)
        outdoor = self.tr("Outdoor has the strongest contrast, for bright light.")
        one.add(Field(self.tr("Theme"), self._theme, outdoor))
        sizes = tuple((value, f"{value} %") for value in TEXT_SIZE.allowed)
        self._size = Segmented(look, sizes, self.tr("Text size"), is_stretched=True)
        self._size.select(
            str(look.text_percent) if str(look.text_percent) in dict(sizes) else "100"
        )
        self._size.chosen.connect(self._choose_size)
        one.add(Field(self.tr("Text size"), self._size))
        self._motion = CheckBox(look, self.tr("Without motion"))
        self._motion.clicked.connect(self._choose_motion)
        one.add(self._motion)
        self._hand = CheckBox(look, self.tr("Side panel on the left, for the left hand"))
        self._hand.clicked.connect(self._choose_hand)
        one.add(self._hand)
        return one

    def _choose_theme(self, theme: object) -> None:
        self.look.choose(theme=Theme(str(theme)))
        self._put(THEME, str(theme))

    def _choose_size(self, value: object) -> None:
        self.look.choose(text_percent=int(str(value)))
        self._put(TEXT_SIZE, str(value))

    def _choose_motion(self, is_on: object) -> None:
        self.look.is_motion_reduced = bool(is_on)
        self._put(REDUCED_MOTION, "yes" if is_on else "no")

    def _choose_hand(self, is_on: object) -> None:
        self.look.choose_hand(is_left=bool(is_on))
        self._put(LEFT_HANDED, "yes" if is_on else "no")

    def _answers(self) -> SettingsCard:
        one = SettingsCard(self.look, "clipboard-list", self.tr("Answers"))
        self._advance = CheckBox(self.look, self.tr("Move on by itself after a clean answer"))
        self._advance.clicked.connect(
            lambda is_on: self._put(AUTO_ADVANCE, "yes" if is_on else "no")
        )
        one.add(self._advance)
        one.say(
            self.tr("A question that opened a finding, or that still needs a photo, stays open.")
        )
        return one

    def _reports(self) -> SettingsCard:
        one = SettingsCard(self.look, "file-text", self.tr("Reports"))
        self._line(one, REPORT_CONFIDENTIALITY, self.tr("The line at the foot of each page"))
        return one

    def _about(self) -> SettingsCard:
        one = SettingsCard(self.look, "info", self.tr("About"))
        one.say(self.tr("Onsite {0}").format(VERSION))
        one.say(
            self.tr(
                "Fonts: IBM Plex Sans, SIL Open Font License. Icons: Lucide, ISC licence. "
                "The licences are in the folder resources/licences."
            )
        )
        return one
