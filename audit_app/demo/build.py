"""Fill a workspace with a believable vendor programme, through the same services as a person."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from uuid import UUID
from zoneinfo import ZoneInfo

from audit_app.clock import Clock
from audit_app.demo.audit import DemoAudit
from audit_app.demo.calendar import Calendar
from audit_app.demo.clock import DemoClock
from audit_app.demo.follow_up import FollowUp
from audit_app.demo.programme import VENDORS, DemoSite, DemoVendor
from audit_app.errors import NotAllowed
from audit_app.services import Services, build_services
from audit_app.settings import AUDITOR, DEMO, ORGANISATION, ROLE
from db.store import Store
from resources import path

AUDITORS = ("Lena Novak", "Tomás Ribeiro", "Amira Saleh")
ORGANISATION_NAME = "Meridian Marketplace"
_GENERAL = "general-vendor-site"
_DEPTH = (
    "information-security-clean-floor",
    "moderation-quality-calibration",
    "people-training-wellness-wfm",
    "continuity-and-regulatory",
)
_LIVE = "live-stream-moderation"

Progress = Callable[[int, int, str], None]
"""Steps done, steps in all, and what is being done."""


@dataclass(frozen=True, slots=True)
class _Plan:
    site_id: UUID
    site: DemoSite
    starts: date
    checklist: str
    round: int
    under_way: bool = False


def build_demo(
    store: Store,
    clock: Clock,
    progress: Progress = lambda _done, _all, _what: None,
    vendors: Sequence[DemoVendor] = VENDORS,
) -> dict[str, int]:
    """Build the demo programme in an empty workspace; gives how much of what there is.

    Args:
        vendors: whom to build; the whole programme takes a minute or two.

    Raises:
        NotAllowed: the workspace holds vendors already.
    """
    today = clock.now()
    demo_clock = DemoClock(today - timedelta(days=760))
    # The history of the demo is written on its own days, in the trail too.
    store.clock = demo_clock
    try:
        return _build(build_services(store, demo_clock), demo_clock, today, progress, vendors)
    finally:
        store.clock = clock


def _build(
    services: Services,
    demo_clock: DemoClock,
    today: datetime,
    progress: Progress,
    vendors: Sequence[DemoVendor],
) -> dict[str, int]:
    if services.vendors.listed():
        raise NotAllowed(
            "This workspace holds vendors already; the demo would mix with them.",
            "Choose an empty folder with --workspace.",
        )
    services.settings.put(
        {
            AUDITOR.key: AUDITORS[0],
            ROLE.key: "Lead auditor",
            ORGANISATION.key: ORGANISATION_NAME,
            DEMO.key: "yes",
        }
    )
    progress(0, 1, "Checklists")
    versions = _checklists(services)
    sites = [
        (site_id, site)
        for vendor in vendors
        for site_id, site in zip(_vendor(services, vendor), vendor.sites, strict=True)
    ]
    plans = _plans(sites, today.date())
    calendar = Calendar(demo_clock)
    follow_up = FollowUp(services, demo_clock, calendar)
    photos = 0

    def hold(number: int, plan: _Plan) -> None:
        nonlocal photos
        progress(number, len(plans) + 1, f"{plan.site.name}, {plan.starts:%B %Y}")
        photos += _run(services, demo_clock, follow_up, plan, versions[plan.checklist], number)

    for number, plan in enumerate(plans, 1):
        calendar.at(_morning(plan) - timedelta(days=1), partial(hold, number, plan))
    calendar.run(today - timedelta(hours=1))
    demo_clock.set(today - timedelta(minutes=5))
    _upcoming(services, sites, versions, today.date())
    services.workspace.back_up()
    progress(len(plans) + 1, len(plans) + 1, "Done")
    visits = services.visits.listed()
    return {
        "vendors": len(vendors),
        "sites": len(sites),
        "visits": len(visits),
        "audits": sum(len(visit.audits) for visit in visits),
        "findings": len(services.findings.listed()),
        "actions": len(services.actions.listed()),
        "photos": photos,
    }


def _checklists(services: Services) -> dict[str, UUID]:
    services.templates.import_shipped(path("checklists"))
    return {row.form_id: row.id for row in services.templates.listed()}


def _vendor(services: Services, vendor: DemoVendor) -> list[UUID]:
    vendor_id = services.vendors.save_vendor(
        name=vendor.name, code=vendor.code, note=vendor.note
    ).id
    services.vendors.save_contact(
        vendor_id=vendor_id,
        name=vendor.account_lead,
        role="Account director",
        email=_mail(vendor.account_lead, vendor.code),
    )
    ids = []
    for site in vendor.sites:
        site_id = services.vendors.save_site(
            vendor_id=vendor_id,
            name=site.name,
            code=site.code,
            city=site.city,
            country=site.country,
            time_zone=site.time_zone,
            languages=site.languages,
            streams=site.streams,
            markets=site.markets,
            shared_markets=True,
            ai_assist=site.ai_assist,
            card_data=site.card_data,
            remote_work=site.remote_work,
        ).id
        services.vendors.save_contact(
            vendor_id=vendor_id,
            site_id=site_id,
            name=site.lead,
            role="Site director",
            email=_mail(site.lead, vendor.code),
        )
        ids.append(site_id)
    return ids


def _mail(name: str, code: str) -> str:
    plain = name.encode("ascii", "ignore").decode().lower().replace(" ", ".")
    return f"{plain}@{code.lower()}.example"


def _plans(sites: list[tuple[UUID, DemoSite]], today: date) -> list[_Plan]:
    """Every site each half year: the general checklist, now and then one in depth."""
    plans = []
    for index, (site_id, site) in enumerate(sites):
        for turn in range(4):
            starts = today - timedelta(days=700 - turn * 178 - index * 11)
            plans.append(_Plan(site_id, site, _weekday(starts), _GENERAL, turn))
        depth = _LIVE if "live" in site.streams else _DEPTH[index % len(_DEPTH)]
        starts = _weekday(today - timedelta(days=250 - index * 13))
        plans.append(_Plan(site_id, site, starts, depth, 2))
    plans.sort(key=lambda plan: plan.starts)
    cairo = next((item for item in sites if item[1].code == "CAI"), sites[0])
    plans.append(_Plan(cairo[0], cairo[1], today, _GENERAL, 4, under_way=True))
    return plans


def _weekday(day: date) -> date:
    """A day from Monday to Thursday, so that the second one is no weekend; never at New Year."""
    if (day.month, day.day) >= (12, 18):
        day -= timedelta(days=14)
    elif (day.month, day.day) <= (1, 6):
        day += timedelta(days=7)
    return day - timedelta(days=max(0, day.weekday() - 3))


def _morning(plan: _Plan) -> datetime:
    return datetime.combine(plan.starts, time(9, 5), ZoneInfo(plan.site.time_zone))


def _run(
    services: Services,
    clock: DemoClock,
    follow_up: FollowUp,
    plan: _Plan,
    version: UUID,
    number: int,
) -> int:
    """Plan the visit and hold it; gives how many photos were taken."""
    start = _morning(plan)
    rng = random.Random(number * 101)  # noqa: S311 (invented data, not a secret)
    team = (AUDITORS[0], AUDITORS[1 + number % 2])
    visit_id = services.visits.plan(
        site_id=plan.site_id,
        starts=plan.starts,
        ends=plan.starts + timedelta(days=1),
        template_version_ids=[version],
        team=team,
        purpose="Yearly site audit" if plan.checklist == _GENERAL else "Audit in depth",
        agenda="09:00 opening meeting\n09:45 floor walk\n13:00 records and samples\n"
        "16:30 daily summary\nDay 2, 15:00 closing meeting",
    ).id
    clock.set(start)
    services.visits.start(visit_id)
    audit_id = services.visits.view(visit_id).audits[0].id
    audit = DemoAudit(services, clock, audit_id, plan.site, plan.round, rng)
    if plan.under_way:
        audit.answer_some(23)
        return audit.photos
    audit.answer_all()
    clock.set(start + timedelta(days=1, hours=6))
    audit.sign(AUDITORS[0])
    follow_up.plan(audit_id, rng)
    return audit.photos


def _upcoming(
    services: Services,
    sites: list[tuple[UUID, DemoSite]],
    versions: dict[str, UUID],
    today: date,
) -> None:
    chosen = [sites[place] for place in (0, 5, 7) if place < len(sites)]
    for offset, (site_id, site) in zip((9, 23, 41), chosen, strict=False):
        starts = _weekday(today + timedelta(days=offset))
        checklists = [versions[_GENERAL]]
        if "live" in site.streams:
            checklists.append(versions[_LIVE])
        services.visits.plan(
            site_id=site_id,
            starts=starts,
            ends=starts + timedelta(days=2),
            template_version_ids=checklists,
            team=AUDITORS[:2],
            purpose="Yearly site audit",
        )
