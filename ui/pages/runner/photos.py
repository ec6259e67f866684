"""Photos and files on their way in: from the camera, a file, a drop or the clipboard."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from uuid import UUID

from PySide6.QtCore import QMimeData, QObject, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFileDialog, QWidget

from audit_app.errors import AuditError, ImportRefused
from audit_app.services.evidence import Added
from ui.devices.camera import Camera, jpeg
from ui.shell import Shell
from ui.tasks import Progress

PHOTO_ENDINGS = (".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif", ".tif", ".tiff", ".gif")


@dataclass(frozen=True, slots=True)
class Place:
    """What a photo belongs to: a question, a finding, or both."""

    audit_id: UUID
    ref: str = ""
    finding_id: UUID | None = None


class Photos(QObject):
    """Takes photos to the store.

    Signals:
        added: the question it belongs to and the evidence row.
        named: the name of a file that is the answer, and its field.
    """

    added = Signal(str, object)
    named = Signal(str, str, str)

    def __init__(self, shell: Shell, host: QWidget, camera: Camera) -> None:
        super().__init__(host)
        self._shell, self._host, self._camera = shell, host, camera

    def use(self, camera: Camera) -> None:
        """Take photos with this camera from now on."""
        self._camera = camera

    def take(self, place: Place) -> None:
        """The camera if there is one, else a file."""
        if self._camera.is_there():
            name = f"photo-{self._shell.clock.now():%Y%m%d-%H%M%S}.jpg"
            self._camera.open_over(
                self._shell.look,
                self._host,
                lambda data: self.add_bytes(place, data, name),
                lambda: self.choose(place, is_photo=True),
            )
        else:
            self.choose(place, is_photo=True)

    def choose(self, place: Place, *, is_photo: bool, field: str = "") -> None:
        """Choose files; ``field`` names the field whose answer the file is."""
        dialog = QFileDialog(self._host)
        dialog.setObjectName("evidence")
        dialog.setFileMode(
            QFileDialog.FileMode.ExistingFile if field else QFileDialog.FileMode.ExistingFiles
        )
        if is_photo:
            endings = " ".join(f"*{ending}" for ending in PHOTO_ENDINGS)
            dialog.setNameFilters(
                [self.tr("Photos ({0})").format(endings), self.tr("All files (*)")]
            )
        dialog.filesSelected.connect(
            lambda names: self.add_files(place, [Path(name) for name in names], field)
        )
        dialog.finished.connect(lambda _result: dialog.deleteLater())
        dialog.open()

    def add_files(self, place: Place, files: Iterable[Path], field: str = "") -> None:
        """Add these files; photos are recognised by their endings, other files are kept whole."""
        for file in files:
            self._run(place, partial(self._from_file, place, file), field)

    def add_bytes(self, place: Place, data: bytes, name: str) -> None:
        """Add a photo that is in memory."""
        add = self._shell.services.evidence.add_photo
        work = partial(
            add,
            place.audit_id,
            data=data,
            name=name,
            ref=place.ref,
            finding_id=place.finding_id,
        )
        self._run(place, work, "")

    def add_from(self, place: Place, mime: QMimeData) -> bool:
        """Add what was dropped or pasted; tell whether there was anything."""
        files = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
        if files:
            self.add_files(place, files)
            return True
        image = mime.imageData() if mime.hasImage() else None
        if isinstance(image, QImage) and not image.isNull():
            name = f"pasted-{self._shell.clock.now():%Y%m%d-%H%M%S}.jpg"
            self.add_bytes(place, jpeg(image), name)
            return True
        return False

    def _from_file(self, place: Place, file: Path) -> Added:
        try:
            data = file.read_bytes()
        except OSError as error:
            raise ImportRefused(
                f"The file {file.name} could not be read.", "Check that it is still there."
            ) from error
        service = self._shell.services.evidence
        is_photo = file.suffix.casefold() in PHOTO_ENDINGS
        add = service.add_photo if is_photo else service.add_file
        return add(
            place.audit_id,
            data=data,
            name=file.name,
            ref=place.ref,
            finding_id=place.finding_id,
        )

    def _run(self, place: Place, work: "partial[Added]", field: str) -> None:
        def done(added: Added) -> None:
            self.added.emit(place.ref, added.row)
            if field:
                self.named.emit(place.ref, field, added.row.name)

        def failed(error: AuditError) -> None:
            self._shell.messages.refuse(error)

        def in_lane(_progress: Progress) -> Added:
            return work()

        self._shell.tasks.in_work(in_lane, done, failed, owner=self._host)


def has_photos(mime: QMimeData) -> bool:
    """Whether something that can be evidence is being dragged or pasted."""
    return mime.hasImage() or any(url.isLocalFile() for url in mime.urls())
