"""Changes by file: write an encrypted package for a stick, or look at one and merge it."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QLineEdit

from audit_app.errors import AuditError
from audit_app.sync.package import SUFFIX, Exported, Merged
from audit_app.sync.package_choice import Photos
from audit_app.sync.package_cipher import new_passphrase
from audit_app.sync.package_preview import Preview
from ui.pages.sync_queue import kind_words
from ui.shell import Shell
from ui.sync_words import moment_words
from ui.widgets.button import Button
from ui.widgets.choice import CheckBox
from ui.widgets.form import Form
from ui.words import size_words

ChooseFile = Callable[[], str]


class WritePackageForm(Form):
    """Writes all that is not at the centre yet into one encrypted file.

    Signals:
        done: it is written; what to say.
    """

    done = Signal(str)

    def __init__(self, shell: Shell, choose: ChooseFile | None = None) -> None:
        super().__init__(shell.look, "", "usb")
        self._shell = shell
        self._choose = choose or self._ask
        self.button.setText(self.tr("Write the package"))
        self.text(
            self.tr(
                "Everything that is not at the central store yet goes into one encrypted file. "
                "Give the passphrase to the other person by another way than the file."
            )
        )
        self.passphrase = self.line(
            self.tr("Passphrase"), new_passphrase(), self.tr("It is shown here and kept nowhere.")
        )
        copy = Button(shell.look, self.tr("Copy the passphrase"), "copy")
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.passphrase.text()))
        self.buttons([copy])
        self.smaller = CheckBox(shell.look, self.tr("Photos only as large as reports need them"))
        self.add(self.smaller)
        self.submitted.connect(self._on_submitted)

    def _on_submitted(self) -> None:
        if not self.button.isEnabled():
            return
        name = self._choose()
        if not name:
            return
        file = Path(name if name.endswith(SUFFIX) else f"{name}{SUFFIX}")
        photos = Photos.SMALLER if self.smaller.isChecked() else Photos.ORIGINALS
        passphrase, packages = self.passphrase.text(), self._shell.services.packages
        self.banner.clear()
        self.button.setEnabled(False)
        self._shell.tasks.in_work(
            lambda _progress: packages.export(file, passphrase=passphrase, photos=photos),
            self._on_written,
            self._refuse,
            owner=self,
        )

    def _on_written(self, made: Exported) -> None:
        self.button.setEnabled(True)
        words = self.tr("Written: {0}, {1}").format(made.file.name, size_words(made.size))
        if made.absent:
            left = self.tr("%Ln photo(s) or files are not on this device.", "", made.absent)
            words = f"{words}. {left}"
        self.done.emit(words)

    def _refuse(self, error: AuditError) -> None:
        self.button.setEnabled(True)
        self.banner.say(str(error))

    def _ask(self) -> str:
        dialog = QFileDialog(self, self.tr("Write the package"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(self.tr("Onsite packages (*{0})").format(SUFFIX))
        return dialog.selectedFiles()[0] if dialog.exec() else ""


class ReadPackageForm(Form):
    """Looks into a package, says what merging it would change, and merges it.

    Signals:
        merged: what it did.
    """

    merged = Signal(Merged)

    def __init__(self, shell: Shell, file: Path) -> None:
        super().__init__(shell.look, "", "eye")
        self._shell, self._file = shell, file
        self._seen: Preview | None = None
        self.button.setText(self.tr("Look into it"))
        self.text(file.name, "h3")
        self.passphrase = self.line(self.tr("Passphrase"))
        self.passphrase.setEchoMode(QLineEdit.EchoMode.Password)
        self.facts = self.text("", "")
        self.facts.hide()
        self.submitted.connect(self._on_submitted)
        self.passphrase.textEdited.connect(self._forget)

    def _on_submitted(self) -> None:
        if not self.button.isEnabled():
            return
        self.banner.clear()
        self.button.setEnabled(False)
        packages, file = self._shell.services.packages, self._file
        passphrase = self.passphrase.text()
        if self._seen is None:
            self._shell.tasks.in_work(
                lambda _progress: packages.preview(file, passphrase=passphrase),
                self._show,
                self._refuse,
                owner=self,
            )
        else:
            self._shell.tasks.in_work(
                lambda _progress: packages.merge(file, passphrase=passphrase),
                self._on_merged,
                self._refuse,
                owner=self,
            )

    def _forget(self) -> None:
        self._seen = None
        self.facts.hide()
        self.button.setText(self.tr("Look into it"))
        self.button.setEnabled(True)

    def _show(self, seen: Preview) -> None:
        self.facts.setText("\n".join(self._lines(seen)))
        self.facts.show()
        if seen.refusal:
            self.banner.say(seen.refusal)
            return
        self._seen = seen
        self.button.setText(self.tr("Merge it"))
        self.button.setEnabled(True)

    def _lines(self, seen: Preview) -> list[str]:
        lines = [
            f"{seen.about}, {seen.by}, {moment_words(seen.at)}",
            *(
                self.tr("New: {0} {1}").format(count, kind_words(kind)[1].lower())
                for kind, count in seen.new.items()
            ),
            self.tr("%Ln field(s) would change", "", seen.fields),
        ]
        if seen.deletions:
            lines.append(self.tr("%Ln row(s) would be deleted", "", seen.deletions))
        if seen.conflicts:
            lines.append(self.tr("%Ln conflict(s) for you to decide", "", seen.conflicts))
        if seen.photos:
            size = size_words(seen.photo_bytes)
            lines.append(self.tr("%Ln photo(s) and files", "", seen.photos) + f", {size}")
        return [*lines, *seen.warnings]

    def _on_merged(self, merged: Merged) -> None:
        self.button.setEnabled(True)
        self.merged.emit(merged)

    def _refuse(self, error: AuditError) -> None:
        self.button.setEnabled(True)
        self.banner.say(str(error))
