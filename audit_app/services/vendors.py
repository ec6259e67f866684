"""Vendors, their sites and their people."""

from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy.orm import Session

from audit_app.changes import Changes, Kind
from audit_app.clock import Clock
from audit_app.errors import AuditError, NotFound
from audit_app.services import programme_reads as programme
from audit_app.services.programme_rows import SiteRow, VendorRow, VendorView
from audit_app.services.results import Done
from audit_app.services.settings import SettingsService
from db.store import Store
from db.tables import Contact, Site, Vendor


class VendorsService:
    """The register of who moderates for us, and where."""

    def __init__(self, store: Store, clock: Clock, settings: SettingsService) -> None:
        self._store = store
        self._clock = clock
        self._settings = settings

    def listed(self) -> tuple[VendorRow, ...]:
        """All vendors by name."""
        with self._store.read() as session:
            return programme.vendor_rows(session, self._clock.now().date())

    def view(self, vendor_id: UUID) -> VendorView:
        """One vendor with its sites, people and visits."""
        with self._store.read() as session:
            return programme.vendor_view(session, vendor_id, self._clock.now().date())

    def sites(self) -> tuple[SiteRow, ...]:
        """All sites, by vendor and name."""
        with self._store.read() as session:
            return programme.site_rows(session, self._clock.now().date())

    def site(self, site_id: UUID) -> SiteRow:
        """One site.

        Raises:
            NotFound: no such site.
        """
        found = [row for row in self.sites() if row.id == site_id]
        if not found:
            raise NotFound("This site is not in the workspace.")
        return found[0]

    def save_vendor(
        self, vendor_id: UUID | None = None, *, name: str, code: str = "", note: str = ""
    ) -> Done:
        """Add a vendor, or change one."""
        name = _needed(name, "vendor's name")
        with self._store.write(actor=self._settings.auditor, action="save vendor") as session:
            vendor = self._vendor(session, vendor_id)
            vendor.name = name
            vendor.code = code.strip() or vendor.code or _code(name)
            vendor.note = note.strip()
            session.add(vendor)
        return Done(vendor.id, Changes.of(Kind.VENDOR, vendor.id))

    def save_site(
        self,
        site_id: UUID | None = None,
        *,
        vendor_id: UUID,
        name: str,
        country: str,
        time_zone: str,
        code: str = "",
        city: str = "",
        address: str = "",
        languages: tuple[str, ...] = (),
        streams: tuple[str, ...] = (),
        markets: tuple[str, ...] = (),
        shared_markets: bool = False,
        ai_assist: bool = False,
        card_data: bool = False,
        remote_work: bool = False,
    ) -> Done:
        """Add a site, or change one.

        Raises:
            AuditError: no name, an unknown time zone, or a country that is not two letters.
        """
        name = _needed(name, "site's name")
        country = country.strip().upper()
        if len(country) != 2 or not country.isalpha():
            raise AuditError(
                f"“{country}” is not a country code.", "Enter two letters, such as PL or EG."
            )
        _check_zone(time_zone)
        with self._store.write(actor=self._settings.auditor, action="save site") as session:
            site = session.get(Site, site_id) if site_id else None
            if site is None:
                site = Site(id=site_id or self._clock.new_id(), scope=f"vendor:{vendor_id}")
            site.vendor_id = vendor_id
            site.name, site.city, site.country = name, city.strip(), country
            site.code = code.strip() or site.code or _code(city or name)
            site.time_zone, site.address = time_zone, address.strip()
            site.languages, site.streams = list(languages), list(streams)
            site.markets = [market.upper() for market in markets]
            site.shared_markets, site.ai_assist = shared_markets, ai_assist
            site.card_data, site.remote_work = card_data, remote_work
            session.add(site)
        return Done(site.id, Changes.of(Kind.SITE, site.id) | Changes.of(Kind.VENDOR, vendor_id))

    def save_contact(
        self,
        contact_id: UUID | None = None,
        *,
        vendor_id: UUID,
        name: str,
        site_id: UUID | None = None,
        role: str = "",
        email: str = "",
        phone: str = "",
    ) -> Done:
        """Add a person, or change one."""
        name = _needed(name, "person's name")
        with self._store.write(actor=self._settings.auditor, action="save contact") as session:
            contact = session.get(Contact, contact_id) if contact_id else None
            if contact is None:
                contact = Contact(
                    id=contact_id or self._clock.new_id(), scope=f"vendor:{vendor_id}"
                )
            contact.vendor_id, contact.site_id = vendor_id, site_id
            contact.name, contact.role = name, role.strip()
            contact.email, contact.phone = email.strip(), phone.strip()
            session.add(contact)
        return Done(
            contact.id, Changes.of(Kind.CONTACT, contact.id) | Changes.of(Kind.VENDOR, vendor_id)
        )

    def remove_contact(self, contact_id: UUID) -> Done:
        """Take a person off the register; the trail keeps the record."""
        with self._store.write(actor=self._settings.auditor, action="remove contact") as session:
            contact = session.get(Contact, contact_id)
            if contact is None:
                raise NotFound("This person is not in the workspace.")
            contact.deleted_at = self._clock.now()
        return Done(contact_id, Changes.of(Kind.CONTACT, contact_id))

    def _vendor(self, session: Session, vendor_id: UUID | None) -> Vendor:
        vendor = session.get(Vendor, vendor_id) if vendor_id else None
        if vendor is None:
            new_id = vendor_id or self._clock.new_id()
            vendor = Vendor(id=new_id, scope=f"vendor:{new_id}", code="")
        return vendor


def _needed(text: str, what: str) -> str:
    if not text.strip():
        raise AuditError(f"The {what} is empty.", "Enter it and save again.")
    return text.strip()


def _code(name: str) -> str:
    letters = [letter for letter in name.upper() if letter.isalnum()]
    return "".join(letters[:3]) or "SITE"


def _check_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise AuditError(
            f"“{name}” is not a time zone.", "Choose one such as Europe/Warsaw or Africa/Cairo."
        ) from error
