"""Vendors, sites, visits, templates, reports and the workspace as the screens show them."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from audit_app.domain.words import AuditState, Rating, Stream, VisitState
from audit_app.services.finding_rows import ActionRow


@dataclass(frozen=True, slots=True)
class ContactRow:
    """A person at a vendor or a site."""

    id: UUID
    vendor_id: UUID
    site_id: UUID | None
    name: str
    role: str
    email: str
    phone: str


@dataclass(frozen=True, slots=True)
class ScorePoint:
    """One signed audit in a strip of scores."""

    audit_id: UUID
    date: date
    template: str
    score: Decimal | None
    rating: Rating


@dataclass(frozen=True, slots=True)
class SiteRow:
    """One site; the flags decide which questions apply (DOMAIN 2.4).

    Attributes:
        country: ISO 3166-1 alpha-2.
        time_zone: IANA name.
        languages: BCP 47 tags worked there.
        markets: ISO 3166-1 alpha-2 codes served.
    """

    id: UUID
    vendor_id: UUID
    vendor: str
    name: str
    code: str
    city: str
    country: str
    time_zone: str
    languages: tuple[str, ...] = ()
    streams: tuple[Stream, ...] = ()
    markets: tuple[str, ...] = ()
    shared_markets: bool = False
    ai_assist: bool = False
    card_data: bool = False
    remote_work: bool = False
    address: str = ""
    last_visit: date | None = None
    next_visit: date | None = None
    open_findings: int = 0
    scores: tuple[ScorePoint, ...] = ()


@dataclass(frozen=True, slots=True)
class VendorRow:
    """One vendor in the list."""

    id: UUID
    name: str
    code: str
    note: str
    sites: int
    countries: tuple[str, ...]
    open_findings: int
    overdue_actions: int
    last_score: Decimal | None = None
    last_rating: Rating = Rating.NONE


@dataclass(frozen=True, slots=True)
class VendorView:
    """One vendor, whole."""

    row: VendorRow
    sites: tuple[SiteRow, ...]
    contacts: tuple[ContactRow, ...]
    visits: tuple["VisitRow", ...]


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One checklist run in a list."""

    id: UUID
    visit_id: UUID
    template: str
    template_version: str
    state: AuditState
    version: int
    answered: int
    total: int
    score: Decimal | None
    coverage: Decimal | None
    rating: Rating
    findings: int


@dataclass(frozen=True, slots=True)
class VisitRow:
    """One visit in a list."""

    id: UUID
    number: str
    vendor_id: UUID
    vendor: str
    site_id: UUID
    site: str
    country: str
    starts: date
    ends: date
    state: VisitState
    purpose: str
    team: tuple[str, ...]
    audits: tuple[AuditRow, ...] = ()
    agenda: str = ""


@dataclass(frozen=True, slots=True)
class TodayView:
    """What the Today screen shows.

    Attributes:
        under_way: the visit to continue, if one is open.
        backup_at: when the last verified backup was made; None if never.
        waiting: changes not yet at the centre.
    """

    under_way: VisitRow | None
    today: tuple[VisitRow, ...]
    upcoming: tuple[VisitRow, ...]
    overdue: tuple[ActionRow, ...]
    backup_at: datetime | None
    waiting: int


@dataclass(frozen=True, slots=True)
class TemplateRow:
    """One published template version."""

    id: UUID
    template_id: UUID
    title: str
    version: str
    sha256: str
    questions: int
    sections: int
    languages: tuple[str, ...]
    added_at: datetime
    audits: int
    newest: bool
    form_id: str = ""


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One issued report: locked, numbered, with its hash."""

    id: UUID
    audit_id: UUID
    number: str
    version: int
    vendor: str
    site: str
    template: str
    issued_at: datetime
    sha256: str
    pages: int
    size: int
    file: str


@dataclass(frozen=True, slots=True)
class SignatureRow:
    """One drawn signature; strokes are polylines with x and y in 0..1 of the pad.

    Attributes:
        party: "auditor" or "vendor".
        signed_at: aware UTC; ``zone`` is the IANA zone of the site.
    """

    id: UUID
    party: str
    name: str
    role: str
    organisation: str
    remark: str
    strokes: tuple[tuple[tuple[float, float], ...], ...]
    signed_at: datetime
    zone: str


@dataclass(frozen=True, slots=True)
class WorkspaceInfo:
    """What Settings and the start screen say about this workspace."""

    folder: str
    organisation: str
    auditor: str
    is_protected: bool
    has_recovery: bool
    database_bytes: int
    photo_bytes: int
    backups: int
    last_backup: datetime | None
    demo: bool = False
    settings: dict[str, str] = field(default_factory=dict)
