"""Which hand holds the pen: the side panel stands on that side."""

from PySide6.QtWidgets import QBoxLayout, QWidget

from ui.theme.look import Look


def lay_out_for_hand(look: Look, row: QBoxLayout, *panels: QWidget) -> None:
    """Turn a row of panels round for a left hand, and draw their hairlines on the inner side.

    Qt turns the row once more in a right-to-left window, so that both together stand as usual.
    """
    direction = QBoxLayout.Direction
    row.setDirection(direction.RightToLeft if look.is_left_handed else direction.LeftToRight)
    hand = "left" if look.is_left_handed else "right"
    for panel in panels:
        if panel.property("hand") != hand:
            panel.setProperty("hand", hand)
            style = panel.style()
            style.unpolish(panel)
            style.polish(panel)
