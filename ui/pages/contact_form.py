"""Adding a person at a vendor, changing one, or taking one off."""

from uuid import UUID

from PySide6.QtCore import Qt, Signal

from audit_app.services.programme_rows import ContactRow, VendorView
from audit_app.services.results import Done
from ui.shell import Shell
from ui.widgets.button import Button
from ui.widgets.choice import PickBox
from ui.widgets.field import Field
from ui.widgets.form import Form


class ContactForm(Form):
    """Who somebody is and how to reach them.

    Signals:
        saved: the ``Done`` of the contact, also when it was taken off.
    """

    saved = Signal(object)

    def __init__(self, shell: Shell, vendor: VendorView, contact: ContactRow | None) -> None:
        super().__init__(shell.look, self.tr("Save"), "check")
        self._shell = shell
        self._vendor = vendor
        self._contact = contact
        self.name = self.line(self.tr("Name"), contact.name if contact else "")
        self.role = self.line(
            self.tr("Role"), contact.role if contact else "", example=self.tr("Site lead")
        )
        self.email = self.line(self.tr("Mail"), contact.email if contact else "")
        self.email.setInputMethodHints(Qt.InputMethodHint.ImhEmailCharactersOnly)
        self.phone = self.line(self.tr("Phone"), contact.phone if contact else "")
        self.phone.setInputMethodHints(Qt.InputMethodHint.ImhDialableCharactersOnly)
        self.site = PickBox(shell.look)
        everywhere: tuple[UUID | None, str] = (None, self.tr("The whole vendor"))
        sites = [(site.id, site.name) for site in vendor.sites]
        self.site.show_options([everywhere, *sites], contact.site_id if contact else None)
        self.add(Field(self.tr("Belongs to"), self.site))
        if contact is not None:
            remove = Button(shell.look, self.tr("Take off the register"), "trash-2", "danger")
            remove.clicked.connect(self._remove)
            self.add(remove)
        self.submitted.connect(self._save)

    def _save(self) -> None:
        vendors = self._shell.services.vendors
        contact_id = self._contact.id if self._contact else None
        site_id = self.site.value if isinstance(self.site.value, UUID) else None
        vendor_id = self._vendor.row.id
        name, role = self.name.text(), self.role.text()
        email, phone = self.email.text(), self.phone.text()
        self.begin()
        self._shell.tasks.in_db(
            lambda: vendors.save_contact(
                contact_id,
                vendor_id=vendor_id,
                name=name,
                site_id=site_id,
                role=role,
                email=email,
                phone=phone,
            ),
            self._on_saved,
            self.refuse,
            owner=self,
        )

    def _remove(self) -> None:
        contact, vendors = self._contact, self._shell.services.vendors
        if contact is None:
            return
        vendor_id, shell = self._vendor.row.id, self._shell

        def bring_back() -> None:
            shell.tasks.in_db(
                lambda: vendors.save_contact(
                    vendor_id=vendor_id,
                    name=contact.name,
                    site_id=contact.site_id,
                    role=contact.role,
                    email=contact.email,
                    phone=contact.phone,
                )
            )

        def removed(done: Done) -> None:
            shell.messages.say(
                self.tr("{0} is off the register.").format(contact.name),
                self.tr("Undo"),
                bring_back,
            )
            self._on_saved(done)

        self.begin()
        shell.tasks.in_db(
            lambda: vendors.remove_contact(contact.id), removed, self.refuse, owner=self
        )

    def _on_saved(self, done: Done) -> None:
        self.end()
        self.saved.emit(done)
