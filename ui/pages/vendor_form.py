"""Adding a vendor, or changing one."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPlainTextEdit

from audit_app.services.programme_rows import VendorRow
from audit_app.services.results import Done
from ui.shell import Shell
from ui.widgets.field import Field
from ui.widgets.form import Form


class VendorForm(Form):
    """Name, code and a note.

    Signals:
        saved: the ``Done`` of the vendor.
    """

    saved = Signal(object)

    def __init__(self, shell: Shell, vendor: VendorRow | None) -> None:
        super().__init__(shell.look, self.tr("Save"), "check")
        self._shell = shell
        self._id = vendor.id if vendor else None
        self.name = self.line(self.tr("Name"), vendor.name if vendor else "")
        self.code = self.line(
            self.tr("Code"),
            vendor.code if vendor else "",
            self.tr("A few letters that stand in numbers. Left empty, it is made from the name."),
        )
        self.note = QPlainTextEdit(vendor.note if vendor else "")
        self.note.setTabChangesFocus(True)
        self.note.setFixedHeight(shell.look.px(120))
        self.add(Field(self.tr("Note"), self.note))
        self.submitted.connect(self._save)

    def _save(self) -> None:
        name, code, note = self.name.text(), self.code.text(), self.note.toPlainText()
        vendors, vendor_id = self._shell.services.vendors, self._id
        self.begin()
        self._shell.tasks.in_db(
            lambda: vendors.save_vendor(vendor_id, name=name, code=code, note=note),
            self._on_saved,
            self.refuse,
            owner=self,
        )

    def _on_saved(self, done: Done) -> None:
        self.end()
        self.saved.emit(done)
