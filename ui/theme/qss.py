"""The one style sheet of the application, made from the tokens.

Widgets are chosen by their ``kind`` property (``ui.widgets.text.set_kind``) or object name. It
names no font family, because that would drop the tabular figures set on the application font.
"""

from collections.abc import Callable

from ui.theme.tokens import (
    RADIUS_CARD,
    RADIUS_CHIP,
    RADIUS_FIELD,
    RADIUS_TAG,
    SIZES,
    Tokens,
)

_Px = Callable[[float], str]


def style_sheet(t: Tokens, scale: float) -> str:
    """The style sheet for these tokens, with text ``scale`` times its normal size."""

    def px(value: float) -> str:
        return f"{round(value * scale)}px"

    return "\n".join((_ground(t, px(SIZES.body)), _text(t, px), _fields(t, px), _buttons(t, px)))


def _ground(t: Tokens, body: str) -> str:
    return f"""
    QWidget {{ color: {t.text}; font-size: {body}; }}
    QMainWindow, QDialog, QWidget[kind="canvas"] {{ background: {t.canvas}; }}
    QWidget[kind="surface"] {{ background: {t.surface}; }}
    QWidget[kind="sunken"] {{ background: {t.sunken}; }}
    QFrame#rail {{ background: {t.rail}; border: none; }}
    QFrame#visit {{ background: {t.sunken}; border: none; border-right: 1px solid {t.line}; }}
    QFrame#side {{ background: {t.sunken}; border: none; border-left: 1px solid {t.line}; }}
    QFrame#side[hand="left"] {{ border-left: none; border-right: 1px solid {t.line}; }}
    QFrame#visit[hand="left"] {{ border-right: none; border-left: 1px solid {t.line}; }}
    QFrame#bottombar {{ background: {t.surface}; border: none; border-top: 1px solid {t.line}; }}
    QFrame[kind="open-card"] {{ background: {t.surface}; border: 2px solid {t.accent};
        border-radius: {RADIUS_CARD}px; }}
    QFrame[kind="card"] {{ background: {t.surface}; border: 1px solid {t.line};
        border-radius: {RADIUS_FIELD}px; }}
    QFrame[kind="drawer"] {{ background: {t.sunken}; border: none;
        border-left: 1px solid {t.line}; }}
    QFrame[kind="drawer"][edge="left"] {{ border-left: none; border-right: 1px solid {t.line}; }}
    QFrame[kind="overlay"] {{ background: {t.surface}; border: 1px solid {t.control_line};
        border-radius: {RADIUS_CARD}px; }}
    QFrame[kind="strip"] {{ background: {t.rail}; border: none; border-radius: {RADIUS_FIELD}px; }}
    QFrame[kind="strip"] QLabel {{ color: {t.rail_on_text}; }}
    QFrame[kind="banner-bad"] {{ background: {t.bad_soft}; border: none;
        border-radius: {RADIUS_FIELD}px; }}
    QFrame[kind="banner-watch"] {{ background: {t.watch_soft}; border: none;
        border-radius: {RADIUS_FIELD}px; }}
    QFrame[kind="banner-good"] {{ background: {t.good_soft}; border: none;
        border-radius: {RADIUS_FIELD}px; }}
    QFrame[kind="banner-info"] {{ background: {t.accent_soft}; border: none;
        border-radius: {RADIUS_FIELD}px; }}
    QFrame[kind="hairline"] {{ background: {t.line}; border: none; max-height: 1px;
        min-height: 1px; }}
    QFrame[kind="segmented"] {{ background: {t.line}; border: none;
        border-radius: {RADIUS_FIELD}px; }}
    QAbstractItemView {{ background: transparent; border: none; outline: 0;
        selection-background-color: {t.accent_soft}; selection-color: {t.text}; }}
    QTableView, QTreeView {{ background: {t.surface}; border: 1px solid {t.line};
        border-radius: {RADIUS_FIELD}px; gridline-color: {t.line};
        alternate-background-color: {t.sunken}; }}
    QTableView:focus, QTreeView:focus {{ border: 2px solid {t.accent}; }}
    QTableView::item {{ padding: 8px 10px; }}
    QHeaderView {{ background: {t.surface}; }}
    QHeaderView::section {{ background: {t.surface}; color: {t.text2}; border: none;
        border-bottom: 1px solid {t.line}; padding: 8px 10px; font-weight: 600; }}
    QTableCornerButton::section {{ background: {t.surface}; border: none; }}
    QScrollArea {{ background: transparent; border: none; }}
    QScrollArea > QWidget > QWidget {{ background: transparent; }}
    QScrollBar:vertical {{ background: transparent; width: 10px; margin: 2px; }}
    QScrollBar:horizontal {{ background: transparent; height: 10px; margin: 2px; }}
    QScrollBar::handle {{ background: {t.control_line}; border-radius: 3px; }}
    QScrollBar::handle:vertical {{ min-height: 40px; }}
    QScrollBar::handle:horizontal {{ min-width: 40px; }}
    QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page {{
        background: none; width: 0; height: 0; }}
    QToolTip {{ background: {t.surface}; color: {t.text}; border: 1px solid {t.control_line};
        padding: 4px 8px; }}
    QMenu {{ background: {t.surface}; border: 1px solid {t.control_line}; padding: 6px; }}
    QMenu::item {{ padding: 10px 24px 10px 12px; border-radius: {RADIUS_TAG}px; }}
    QMenu::item:selected {{ background: {t.accent_soft}; color: {t.text}; }}
    QMenu::item:disabled {{ color: {t.text3}; }}
    QMenu::separator {{ height: 1px; background: {t.line}; margin: 4px 8px; }}
    """


def _text(t: Tokens, px: _Px) -> str:
    return f"""
    QLabel {{ background: transparent; }}
    QLabel[kind="h1"] {{ font-size: {px(SIZES.page_title)}; font-weight: 600; }}
    QLabel[kind="h2"] {{ font-size: {px(SIZES.panel_title)}; font-weight: 600; }}
    QLabel[kind="h3"] {{ font-size: {px(SIZES.body)}; font-weight: 600; }}
    QLabel[kind="question"] {{ font-size: {px(SIZES.question)}; font-weight: 600; }}
    QLabel[kind="count"] {{ font-size: {px(SIZES.count)}; font-weight: 600; }}
    QLabel[kind="secondary"] {{ color: {t.text2}; font-size: {px(SIZES.secondary)}; }}
    QLabel[kind="caption"] {{ color: {t.text3}; font-size: {px(SIZES.caption)}; }}
    QLabel[kind="label"] {{ color: {t.text2}; font-size: {px(SIZES.caption)}; font-weight: 600; }}
    QLabel[kind="good"] {{ color: {t.good}; font-size: {px(SIZES.secondary)}; font-weight: 600; }}
    QLabel[kind="bad"] {{ color: {t.bad}; font-size: {px(SIZES.secondary)}; font-weight: 600; }}
    QLabel[kind="watch"] {{ color: {t.watch}; font-size: {px(SIZES.secondary)};
        font-weight: 600; }}
    QLabel[kind="error"] {{ color: {t.bad}; font-size: {px(SIZES.caption)}; font-weight: 500; }}
    QLabel[kind="code"] {{ font-size: {px(SIZES.question)}; font-weight: 600;
        letter-spacing: 1px; }}
    QLabel[kind="keycap"] {{ color: {t.text2}; font-size: {px(SIZES.caption)}; font-weight: 600;
        border: 1px solid {t.control_line}; border-radius: 5px; padding: 1px 6px; }}
    """


def _fields(t: Tokens, px: _Px) -> str:
    return f"""
    QLineEdit, QTextEdit, QPlainTextEdit, QComboBox, QDateEdit, QTimeEdit, QDateTimeEdit,
    QSpinBox, QDoubleSpinBox {{
        background: {t.surface}; border: 1px solid {t.control_line};
        border-radius: {RADIUS_FIELD}px; padding: 0 12px; min-height: {px(44)};
        selection-background-color: {t.accent}; selection-color: {t.on_accent}; }}
    QTextEdit, QPlainTextEdit {{ padding: 8px; }}
    QLineEdit:focus, QComboBox:focus, QDateEdit:focus, QTimeEdit:focus, QDateTimeEdit:focus,
    QSpinBox:focus, QDoubleSpinBox:focus {{ border: 2px solid {t.accent}; padding: 0 11px; }}
    QTextEdit:focus, QPlainTextEdit:focus {{ border: 2px solid {t.accent}; padding: 7px; }}
    QLineEdit[has_error="true"], QTextEdit[has_error="true"], QComboBox[has_error="true"] {{
        border: 2px solid {t.bad}; padding: 0 11px; }}
    QLineEdit:disabled, QTextEdit:disabled, QComboBox:disabled {{ background: {t.sunken};
        color: {t.text3}; border-color: {t.line}; }}
    QLineEdit[kind="measure"] {{ font-size: {px(SIZES.question)}; font-weight: 600; }}
    QComboBox::drop-down, QDateEdit::drop-down {{ border: none; width: 32px; }}
    QComboBox QAbstractItemView {{ background: {t.surface}; border: 1px solid {t.control_line};
        padding: 4px; selection-background-color: {t.accent_soft}; selection-color: {t.text}; }}
    QComboBox QAbstractItemView::item {{ min-height: {px(40)}; padding: 0 8px; }}
    QSlider::groove:horizontal {{ height: 6px; background: {t.line}; border-radius: 3px; }}
    QSlider::sub-page:horizontal {{ background: {t.accent}; border-radius: 3px; }}
    QSlider::handle:horizontal {{ width: 24px; height: 24px; margin: -9px 0;
        background: {t.surface}; border: 2px solid {t.accent}; border-radius: 13px; }}
    QProgressBar {{ background: {t.line}; border: none; border-radius: 4px; min-height: 8px;
        max-height: 8px; }}
    QProgressBar::chunk {{ background: {t.accent}; border-radius: 4px; }}
    """


def _buttons(t: Tokens, px: _Px) -> str:
    return f"""
    QPushButton {{ background: {t.surface}; border: 1px solid {t.control_line};
        border-radius: {RADIUS_FIELD}px; padding: 0 16px; min-height: {px(44)};
        font-weight: 500; }}
    QPushButton:hover {{ border-color: {t.text3}; }}
    QPushButton:pressed {{ background: {t.sunken}; }}
    QPushButton:focus {{ border: 2px solid {t.accent}; padding: 0 15px; }}
    QPushButton:disabled {{ color: {t.text3}; border-color: {t.line}; background: {t.sunken}; }}
    QPushButton[kind="icon"] {{ padding: 0; min-width: {px(46)}; }}
    QPushButton[kind="icon"]:focus {{ padding: 0; }}
    QPushButton[kind="primary"] {{ background: {t.accent}; color: {t.on_accent};
        border: 1px solid {t.accent}; font-weight: 600; padding: 0 20px; }}
    QPushButton[kind="primary"]:hover {{ border-color: {t.text}; }}
    QPushButton[kind="primary"]:pressed {{ border: 2px solid {t.text}; padding: 0 19px; }}
    QPushButton[kind="primary"]:focus {{ border: 2px solid {t.text}; padding: 0 19px; }}
    QPushButton[kind="primary"]:disabled {{ background: {t.line}; color: {t.text3};
        border-color: {t.line}; }}
    QPushButton[kind="danger"] {{ color: {t.bad}; border-color: {t.bad}; }}
    QPushButton[kind="danger"]:pressed {{ background: {t.bad_soft}; }}
    QPushButton[kind="ghost"], QPushButton[kind="ghost-icon"] {{ background: transparent;
        border: 1px solid transparent; color: {t.text2}; padding: 0 12px; }}
    QPushButton[kind="ghost-icon"] {{ padding: 0; min-width: {px(44)}; }}
    QPushButton[kind="ghost"]:hover, QPushButton[kind="ghost-icon"]:hover {{
        background: {t.line}; }}
    QPushButton[kind="ghost"]:focus {{ border: 2px solid {t.accent}; padding: 0 11px; }}
    QPushButton[kind="ghost-icon"]:focus {{ border: 2px solid {t.accent}; }}
    QPushButton[kind="ghost"]:disabled {{ color: {t.text3}; background: transparent;
        border-color: transparent; }}
    QPushButton[kind="on-strip"] {{ background: transparent; border: 1px solid {t.rail_text};
        color: {t.rail_on_text}; padding: 0 14px; min-height: {px(38)}; }}
    QPushButton[kind="on-strip"]:focus {{ border: 2px solid {t.rail_on_text}; padding: 0 13px; }}
    QPushButton[kind="segment"] {{ border-radius: {RADIUS_CHIP}px; min-height: {px(38)};
        border: 1px solid transparent; background: transparent; color: {t.text2};
        padding: 0 14px; font-size: {px(SIZES.secondary)}; }}
    QPushButton[kind="segment"]:checked {{ background: {t.surface}; color: {t.text};
        border: 1px solid {t.line}; font-weight: 600; }}
    QPushButton[kind="segment"]:focus {{ border: 2px solid {t.accent}; padding: 0 13px; }}
    QPushButton[kind="choice"] {{ border-radius: {RADIUS_CHIP}px; min-height: {px(42)};
        padding: 0 8px; font-size: {px(SIZES.secondary)}; }}
    QPushButton[kind="choice"]:checked {{ background: {t.accent_soft}; color: {t.accent};
        border: 2px solid {t.accent}; font-weight: 600; padding: 0 7px; }}
    QPushButton[kind="choice"]:focus {{ border: 2px solid {t.accent}; padding: 0 7px; }}
    QPushButton[kind="choice-bad"] {{ border-radius: {RADIUS_CHIP}px; min-height: {px(42)};
        padding: 0 8px; font-size: {px(SIZES.secondary)}; }}
    QPushButton[kind="choice-bad"]:checked {{ background: {t.bad}; color: {t.on_status};
        border-color: {t.bad}; font-weight: 600; }}
    QPushButton[kind="choice-bad"]:focus {{ border: 2px solid {t.text}; padding: 0 7px; }}
    """
