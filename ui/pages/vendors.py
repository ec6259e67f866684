"""The register: vendors by search, one vendor with its sites, people and audits."""

from typing import ClassVar
from uuid import UUID

from PySide6.QtWidgets import QVBoxLayout, QWidget

from audit_app.changes import Kind
from audit_app.services.programme_rows import ContactRow, SiteRow, VendorRow, VendorView
from audit_app.services.results import Done
from ui.breadth import Breadth
from ui.commands import Command
from ui.fuzzy import fits
from ui.models.row_list import ListRow
from ui.pages.contact_form import ContactForm
from ui.pages.list_column import ListColumn
from ui.pages.page import Page, PageHead
from ui.pages.rows import site_list_row, vendor_list_row
from ui.pages.site_form import SiteForm
from ui.pages.vendor_form import VendorForm
from ui.pages.vendor_panel import VendorPanel
from ui.routes import Route, Vendors
from ui.shell import Shell
from ui.widgets.button import Button, Segmented
from ui.widgets.empty_state import EmptyState
from ui.widgets.field import SearchField
from ui.widgets.row_view import RowView
from ui.widgets.side_by_side import SideBySide

Found = tuple[tuple[VendorRow, ...], tuple[SiteRow, ...]]


class VendorsPage(Page):
    """Search first; one press opens a vendor beside the list."""

    cares_for: ClassVar[frozenset[Kind]] = frozenset(
        {Kind.VENDOR, Kind.SITE, Kind.CONTACT, Kind.VISIT, Kind.FINDING, Kind.ACTION}
    )

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        look = self.look
        self._route = Vendors()
        self._vendors: tuple[VendorRow, ...] = ()
        self._sites: tuple[SiteRow, ...] = ()
        self.head = PageHead(self.tr("Vendors"))
        add = Button(look, self.tr("Add a vendor"), "plus", "primary")
        add.clicked.connect(self._add_vendor)
        self.head.add(add)
        self.search = SearchField(look, self.tr("Find a vendor, site, city or country"))
        self.search.searched.connect(lambda _text: self._show_list())
        self.search.entered.connect(self._open_first)
        self.which = Segmented(
            look,
            (("vendors", self.tr("Vendors")), ("sites", self.tr("Sites"))),
            self.tr("What to list"),
        )
        self.which.chosen.connect(lambda _which: self._show_list())
        self.empty = EmptyState(look, "building-2", "", "", self.tr("Add a vendor"))
        self.empty.chosen.connect(self._add_vendor)
        self.list = RowView(look, self.tr("Vendors"), self.empty)
        self.list.opened.connect(self._on_opened)
        self.search.arrowed.connect(lambda _by: self.list.list.setFocus())
        main = ListColumn(self.head, self.list, controls=(self.search, self.which))
        self.side = SideBySide(look, main, width=430)
        self.side.closed.connect(lambda: shell.router.replace(Vendors()))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.side)
        group = self.tr("Vendors")
        shell.commands.declare(
            [
                Command(
                    "vendors.search",
                    self.tr("Search the register"),
                    group,
                    self.search.setFocus,
                    "search",
                    ("Ctrl+F",),
                ),
                Command("vendors.add", self.tr("Add a vendor"), group, self._add_vendor, "plus"),
            ],
            on=self,
        )

    def open_route(self, route: Route) -> None:
        self._route = route if isinstance(route, Vendors) else Vendors()
        self.reload()

    def reload(self) -> None:
        vendors = self.shell.services.vendors
        self.shell.tasks.in_db(lambda: (vendors.listed(), vendors.sites()), self._show, owner=self)

    def fit(self, breadth: Breadth) -> None:
        super().fit(breadth)
        self.side.fit(breadth)

    def panes(self) -> list[QWidget]:
        return [self.search, self.list, self.side.panel]

    def _show(self, found: Found) -> None:
        self._vendors, self._sites = found
        self._show_list()
        if self._route.vendor_id is not None:
            self._open_vendor(self._route.vendor_id)
        elif isinstance(self.side.content, VendorPanel):
            self.side.close_side()

    def _show_list(self) -> None:
        query = self.search.text().strip()
        today = self.shell.clock.now().astimezone().date()
        rows: list[tuple[int, ListRow]] = []
        if self.which.value == "sites":
            for site in self._sites:
                text = f"{site.name} {site.vendor} {site.city} {site.country} {site.code}"
                row = site_list_row(site, today)
                rows.append((fits(query, text), row))
        else:
            for vendor in self._vendors:
                sites = " ".join(
                    f"{site.name} {site.city}"
                    for site in self._sites
                    if site.vendor_id == vendor.id
                )
                text = f"{vendor.name} {vendor.code} {' '.join(vendor.countries)} {sites}"
                rows.append((fits(query, text), vendor_list_row(vendor)))
        shown = [pair for pair in rows if pair[0] > 0]
        if query:
            shown.sort(key=lambda pair: -pair[0])
        if query:
            self.empty.show_words(self.tr("Nothing fits “{0}”").format(query))
        else:
            self.empty.show_words(
                self.tr("No vendors yet"),
                self.tr("A vendor has sites; a site is what you visit and audit."),
                self.tr("Add a vendor"),
            )
        self.list.show_rows([row for _, row in shown])
        self.list.select(self._route.vendor_id)

    def _open_first(self) -> None:
        rows = self.list.model.rows
        if rows:
            self._on_opened(rows[0].id)

    def _on_opened(self, found: object) -> None:
        if not isinstance(found, UUID):
            return
        if self.which.value == "sites":
            site = next(site for site in self._sites if site.id == found)
            self.shell.router.go(Vendors(site.vendor_id, site.id))
        else:
            self.shell.router.go(Vendors(found))

    def _open_vendor(self, vendor_id: UUID) -> None:
        vendors = self.shell.services.vendors
        self.shell.tasks.in_db(lambda: vendors.view(vendor_id), self._show_vendor, owner=self)

    def _show_vendor(self, view: VendorView) -> None:
        if self._route.vendor_id != view.row.id:
            return
        content = self.side.content
        is_form = isinstance(content, VendorForm | SiteForm | ContactForm)
        if is_form:
            # What is being typed must not be swept away by a change elsewhere.
            return
        panel = content if isinstance(content, VendorPanel) else self._new_panel()
        panel.show_vendor(view, self._route.site_id)
        self.side.open_side(panel, view.row.name)

    def _new_panel(self) -> VendorPanel:
        panel = VendorPanel(self.shell)
        panel.vendor_edit_asked.connect(self._edit_vendor)
        panel.site_edit_asked.connect(self._edit_site)
        panel.contact_edit_asked.connect(self._edit_contact)
        return panel

    def _add_vendor(self) -> None:
        form = VendorForm(self.shell, None)
        form.saved.connect(self._on_vendor_saved)
        self.side.open_side(form, self.tr("New vendor"))
        form.name.setFocus()

    def _edit_vendor(self, row: VendorRow) -> None:
        form = VendorForm(self.shell, row)
        form.saved.connect(self._on_vendor_saved)
        self.side.open_side(form, row.name)
        form.name.setFocus()

    def _edit_site(self, vendor: VendorRow, site: SiteRow | None) -> None:
        form = SiteForm(self.shell, vendor.id, site)
        form.saved.connect(lambda _done: self._back_to(vendor.id))
        self.side.open_side(form, site.name if site else self.tr("New site"))
        form.name.setFocus()

    def _edit_contact(self, vendor: VendorView, contact: ContactRow | None) -> None:
        form = ContactForm(self.shell, vendor, contact)
        form.saved.connect(lambda _done: self._back_to(vendor.row.id))
        self.side.open_side(form, contact.name if contact else self.tr("New contact"))
        form.name.setFocus()

    def _on_vendor_saved(self, done: Done) -> None:
        self._back_to(done.id)

    def _back_to(self, vendor_id: UUID) -> None:
        self.side.close_side()
        self.shell.router.replace(Vendors(vendor_id))
