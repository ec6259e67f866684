"""Vendors, sites and visits for the palette."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QCoreApplication

from audit_app.services.programme_rows import SiteRow, VendorRow, VisitRow
from ui.palette import Entry
from ui.routes import Route, Vendors, Visits
from ui.shell import Shell
from ui.words import span_words, word


def find_places(shell: Shell, take: Callable[[Sequence[Entry]], None]) -> None:
    """Read every vendor, site and visit in the database lane and hand their entries over."""
    services = shell.services

    def work() -> tuple[tuple[VendorRow, ...], tuple[SiteRow, ...], tuple[VisitRow, ...]]:
        return services.vendors.listed(), services.vendors.sites(), services.visits.listed()

    def done(
        rows: tuple[tuple[VendorRow, ...], tuple[SiteRow, ...], tuple[VisitRow, ...]],
    ) -> None:
        take(entries(rows[0], rows[1], rows[2], shell.router.go))

    shell.tasks.in_db(work, done, owner=shell.router)


def entries(
    vendors: Sequence[VendorRow],
    sites: Sequence[SiteRow],
    visits: Sequence[VisitRow],
    go: Callable[[Route], object],
) -> list[Entry]:
    """One entry for each, saying what it is."""
    vendor_word = QCoreApplication.translate("palette", "Vendor")
    found = [
        Entry(row.name, vendor_word, "building-2", partial(go, Vendors(row.id))) for row in vendors
    ]
    found += [
        Entry(
            row.name,
            f"{row.vendor}, {row.city or row.country}",
            "map-pin",
            partial(go, Vendors(row.vendor_id, row.id)),
        )
        for row in sites
    ]
    found += [
        Entry(
            f"{row.vendor}, {row.site}",
            f"{row.number}, {span_words(row.starts, row.ends)}, {word(row.state)}",
            "calendar-days",
            partial(go, Visits(row.id)),
        )
        for row in visits
    ]
    return found
