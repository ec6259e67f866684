"""The camera, behind one door; a file is always the other way in."""

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QBuffer, QByteArray, QCoreApplication, QIODevice
from PySide6.QtGui import QImage, QImageWriter
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.theme.look import Look
from ui.widgets.button import Button, IconButton
from ui.widgets.overlay import Overlay
from ui.widgets.text import Label

JPEG_QUALITY = 92


class Camera(Protocol):
    """Something that takes photos."""

    def is_there(self) -> bool:
        """Whether a photo can be taken now."""
        ...

    def open_over(
        self, look: Look, host: QWidget, taken: Callable[[bytes], object], other: Callable[[], None]
    ) -> None:
        """Show what the camera sees; ``taken`` gets each photo, ``other`` chooses a file."""
        ...


def jpeg(image: QImage) -> bytes:
    """The image as JPEG bytes."""
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QImageWriter(buffer, QByteArray(b"jpeg"))
    writer.setQuality(JPEG_QUALITY)
    writer.write(image)
    buffer.close()
    return bytes(data.data())


class QtCamera:
    """The first camera of this computer. QtMultimedia is imported when it is first asked for."""

    def is_there(self) -> bool:
        try:
            from PySide6.QtMultimedia import QMediaDevices
        except ImportError:
            # Without the system's sound library the module cannot load; files still work.
            return False
        return bool(QMediaDevices.videoInputs())

    def open_over(
        self, look: Look, host: QWidget, taken: Callable[[bytes], object], other: Callable[[], None]
    ) -> None:
        _CameraOver(look, host, taken, other).start()


class _CameraOver(Overlay):
    """The live picture with one large button; it stays open for the next photo."""

    def __init__(
        self, look: Look, host: QWidget, taken: Callable[[bytes], object], other: Callable[[], None]
    ) -> None:
        from PySide6.QtMultimedia import QCamera, QImageCapture, QMediaCaptureSession, QMediaDevices
        from PySide6.QtMultimediaWidgets import QVideoWidget

        super().__init__(look, host, width=860)
        self._taken, self._other = taken, other
        self._picture = QVideoWidget()
        self._picture.setMinimumHeight(look.px(360))
        self._camera = QCamera(QMediaDevices.defaultVideoInput())
        self._capture = QImageCapture()
        self._session = QMediaCaptureSession()
        self._session.setCamera(self._camera)
        self._session.setImageCapture(self._capture)
        self._session.setVideoOutput(self._picture)
        self._words = Label("", "secondary", is_wrapped=True)
        self._capture.imageCaptured.connect(self._on_captured)
        self._capture.errorOccurred.connect(lambda _id, _error, words: self._words.setText(words))
        self._camera.errorOccurred.connect(lambda _error, words: self._words.setText(words))
        self._shoot = Button(look, _tr("Take photo"), "camera", "primary")
        self._shoot.clicked.connect(lambda _on=False: self._capture.capture())
        file = Button(look, _tr("From a file"), "images")
        file.clicked.connect(self._to_file)
        close = IconButton(look, "x", _tr("Close"), "ghost-icon")
        close.clicked.connect(self.close_over)
        row = QHBoxLayout()
        row.addWidget(file)
        row.addWidget(self._words, 1)
        row.addWidget(self._shoot)
        row.addWidget(close)
        inner = QVBoxLayout()
        inner.addWidget(self._picture, 1)
        inner.addLayout(row)
        self.column.addLayout(inner)
        self.closed.connect(self._stop)

    def start(self) -> None:
        """Show the picture."""
        self._camera.start()
        self.open_over(self._shoot)

    def _to_file(self) -> None:
        self.close_over()
        self._other()

    def _on_captured(self, _number: int, image: QImage) -> None:
        self._words.setText(_tr("Photo taken"))
        self._taken(jpeg(image))

    def _stop(self) -> None:
        self._camera.stop()
        self.deleteLater()


def _tr(text: str) -> str:
    return QCoreApplication.translate("camera", text)


__all__ = ["Camera", "QtCamera", "jpeg"]
