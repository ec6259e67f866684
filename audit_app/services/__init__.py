"""One thing the auditor does = one method = one transaction = one frozen result."""

from dataclasses import dataclass

from audit_app.clock import Clock
from audit_app.services.actions import ActionsService
from audit_app.services.checklist import ChecklistService
from audit_app.services.evidence import EvidenceService
from audit_app.services.findings import FindingsService
from audit_app.services.following import Following
from audit_app.services.reports import ReportsService
from audit_app.services.search import SearchService
from audit_app.services.settings import SettingsService
from audit_app.services.sign_off import SignOffService
from audit_app.services.steps import Steps
from audit_app.services.syncing import SyncingService
from audit_app.services.templates import TemplatesService
from audit_app.services.travel import TravelService
from audit_app.services.unsaved import UnsavedService
from audit_app.services.vendors import VendorsService
from audit_app.services.visits import VisitsService
from audit_app.services.workspace import WorkspaceService
from audit_app.sync.package import PackagesService
from db.store import Store


@dataclass(frozen=True, slots=True)
class Services:
    """Everything the auditor can do, over one open store."""

    vendors: VendorsService
    visits: VisitsService
    checklist: ChecklistService
    evidence: EvidenceService
    findings: FindingsService
    actions: ActionsService
    sign_off: SignOffService
    templates: TemplatesService
    reports: ReportsService
    settings: SettingsService
    search: SearchService
    sync: SyncingService
    packages: PackagesService
    travel: TravelService
    workspace: WorkspaceService
    unsaved: UnsavedService


def build_services(store: Store, clock: Clock) -> Services:
    """Wire the services over a store."""
    settings = SettingsService(store)
    steps = Steps(store, settings)
    checklist = ChecklistService(store, clock, settings, steps)
    workspace = WorkspaceService(store, clock, settings)
    return Services(
        vendors=VendorsService(store, clock, settings),
        visits=VisitsService(store, clock, settings, workspace.last_backup, workspace.waiting),
        checklist=checklist,
        evidence=EvidenceService(store, clock, settings, steps),
        findings=FindingsService(store, clock, settings, steps, checklist),
        actions=ActionsService(store, clock, settings, steps),
        sign_off=SignOffService(store, clock, settings, checklist),
        templates=TemplatesService(store, clock, settings),
        reports=ReportsService(store, clock, settings),
        settings=settings,
        search=SearchService(store),
        sync=SyncingService(store, clock, settings, checklist),
        packages=PackagesService(store, clock, Following(checklist), lambda: settings.auditor),
        travel=TravelService(store, clock, workspace.last_backup),
        workspace=workspace,
        unsaved=UnsavedService(store, checklist),
    )
