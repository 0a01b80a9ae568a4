"""The picture at the head of papers, as Settings shows it."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QLabel, QWidget

from pms.core.i18n import _
from pms.ui.kit import theme as th
from pms.ui.kit.parts import col, frame, label, row

WIDE, HIGH = 200, 64


class LogoBox(QWidget):
    """The picture on white paper, whatever the theme, or that there is none; its buttons beside it."""

    def __init__(self, choose: QWidget, take_away: QWidget) -> None:
        super().__init__()
        self.take_away = take_away
        self.picture, self.sign = QLabel(), ""
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.picture.setMinimumSize(th.px(WIDE), th.px(HIGH))
        self.picture.setAccessibleName(_("Logo, at the head of papers"))
        self.paper = frame("card", col(self.picture, pad=(8, 8, 8, 8)))
        self.none = label(_("Papers carry no picture."), "muted")
        self.setLayout(
            col(
                label(_("Logo, at the head of papers"), "meta"),
                row(self.paper, self.none, choose, take_away, None, gap=12),
                label(
                    _("PNG or JPEG with dark lines. It stands on bills, receipts and registration cards."),
                    "meta",
                    wrap=True,
                ),
                gap=4,
            )
        )

    def show_logo(self, sign: str, png: bytes) -> None:
        """Show a picture; none where there is no sign."""
        self.sign = sign
        drawn = QPixmap()
        if png:
            drawn.loadFromData(png)
            drawn = drawn.scaled(
                th.px(WIDE),
                th.px(HIGH),
                Qt.AspectRatioMode.KeepAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
        self.picture.setPixmap(drawn)
        self.paper.setVisible(bool(sign))
        self.none.setVisible(not sign)
        self.take_away.setVisible(bool(sign))
