"""The screens to photograph: how to come to each, and in which looks."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from openpyxl import Workbook

from audit_app.domain.words import AuditState, VisitState
from audit_app.forms.kinds import QuestionKind
from audit_app.services.programme_rows import AuditRow, VisitRow
from scripts.picture_studio import Shot, Studio
from ui.pages.backups import BackupsPage
from ui.pages.findings import FindingsPage
from ui.pages.opening import Unlock
from ui.pages.plan_form import PlanForm
from ui.pages.runner.page import RunnerPage
from ui.pages.sign_off import SignOffPage
from ui.pages.template_panel import TemplatePanel
from ui.pages.templates import TemplatesPage
from ui.pages.welcome import Welcome
from ui.routes import (
    Actions,
    Backups,
    Checklist,
    Findings,
    PlanVisit,
    Reports,
    Settings,
    SignOff,
    Sync,
    Templates,
    Today,
    Vendors,
    Visits,
)
from ui.tasks import Progress, Step
from ui.theme.tokens import Theme

Prepare = Callable[[Studio], object]
"""Brings the window to the screen, as the auditor would."""

TABLET, NARROW, PORTRAIT = (1100, 800), (820, 1000), (720, 960)


FOLDER = Path("~") / ".local" / "share" / "Onsite" / "workspace"


@dataclass(frozen=True, slots=True)
class Scene:
    """One screen and the pictures taken of it."""

    prepare: Prepare
    shots: tuple[Shot, ...]


def both(name: str, *more: Shot) -> tuple[Shot, ...]:
    """Light and dark, and more where named."""
    return Shot(f"{name}-light"), Shot(f"{name}-dark", Theme.DARK), *more


def under_way(studio: Studio) -> tuple[VisitRow, AuditRow]:
    """The visit of today and its audit."""
    visits = studio.services.visits.listed()
    visit = next(row for row in visits if row.state is VisitState.UNDER_WAY)
    return visit, visit.audits[0]


def welcome(studio: Studio) -> None:
    studio.window.show_alone(Welcome(studio.look, str(FOLDER)))


def planning(studio: Studio) -> None:
    visit, _ = under_way(studio)
    site = next(row for row in studio.services.vendors.sites() if row.id == visit.site_id)
    form = studio.find(studio.go(PlanVisit(site_id=site.id)), PlanForm)
    for row, box in form.checklists:
        box.setChecked("General" in row.title)


def runner(studio: Studio) -> None:
    _, audit = under_way(studio)
    page = studio.open(RunnerPage, Checklist(audit.id))
    found = [row for row in page.questions.rows() if row.finding is not None]
    page.walk.open_question(found[len(found) // 2].ref)


def sample(studio: Studio) -> None:
    _, audit = under_way(studio)
    page = studio.open(RunnerPage, Checklist(audit.id))
    rows = [row for row in page.questions.rows() if row.kind is QuestionKind.SAMPLE]
    page.walk.open_question(next((row for row in rows if row.answered), rows[0]).ref)


def findings_table(studio: Studio) -> None:
    page = studio.open(FindingsPage, Findings())
    page.turn_kind()


def finding(studio: Studio) -> None:
    _, audit = under_way(studio)
    rows = studio.services.findings.listed(audit_id=audit.id)
    studio.go(Findings(audit_id=audit.id, finding_id=rows[0].id))


def action(studio: Studio) -> None:
    rows = studio.services.actions.listed()
    late = next(row for row in rows if row.overdue)
    studio.go(Actions(finding_id=late.finding_id))


def vendor(studio: Studio) -> None:
    visit, _ = under_way(studio)
    studio.go(Vendors(visit.vendor_id, visit.site_id))


def template(studio: Studio) -> None:
    rows = studio.services.templates.listed()
    chosen = next(row for row in rows if "General" in row.title)
    panel = studio.find(studio.go(Templates(chosen.id)), TemplatePanel)
    studio.settle()
    row = [row for row in panel.questions.model.rows if not row.is_heading][2]
    panel.questions.opened.emit(row.id)


def problems(studio: Studio) -> None:
    file = studio.scratch / "Warehouse walk.xlsx"
    sheets = {
        "survey": (
            ("type", "name", "label", "weight", "critical", "relevant"),
            ("begin_group", "A", "Floor", "60", "", ""),
            ("select_one conforms", "A1", "Is the floor free of paper?", "2", "", ""),
            ("select_one conform", "A2", "Is the door locked?", "two", "", ""),
            ("integer", "A1", "How many leaders are on shift?", "1", "maybe", "${A9} = 'yes'"),
            ("end_group", "", "", "", "", ""),
        ),
        "choices": (
            ("list_name", "name", "label", "score", "tone"),
            ("conforms", "yes", "Conforms", "1", "good"),
            ("conforms", "no", "Does not conform", "3", "red"),
        ),
        "settings": (("form_title", "form_id"), ("Warehouse walk", "warehouse-walk")),
    }
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(file)
    page = studio.open(TemplatesPage, Templates())
    page.import_path(file)


def report(studio: Studio) -> None:
    audits = [audit for visit in studio.services.visits.listed() for audit in visit.audits]
    signed = next(audit for audit in audits if audit.state is AuditState.SIGNED)
    studio.go(Reports(signed.id))


def palette(studio: Studio) -> None:
    studio.go(Today())
    studio.window.commands.run("palette")


def palette_found(studio: Studio) -> None:
    palette(studio)
    studio.settle()
    studio.window.palette_over.search.setText("war")


def keys(studio: Studio) -> None:
    runner(studio)
    studio.settle()
    studio.window.commands.run("keys")


def sign_off(studio: Studio) -> None:
    _, audit = under_way(studio)
    page = studio.open(SignOffPage, SignOff(audit.id))
    page.vendor.name.setText("Omar Haddad")
    page.vendor.role.setText("Site director")
    studio.settle()
    stroke = ((0.1, 0.6), (0.16, 0.3), (0.2, 0.7), (0.28, 0.4), (0.34, 0.62), (0.44, 0.35))
    studio.draw(page.auditor.pad, (*stroke, (0.5, 0.6), (0.58, 0.45), (0.7, 0.55)))


def backups(studio: Studio) -> None:
    page = studio.open(BackupsPage, Backups())
    page.list.opened.emit(studio.services.workspace.backups()[0])


def building(studio: Studio) -> None:
    page = Welcome(studio.look, str(FOLDER))
    studio.window.show_alone(page)
    page.say_working("Building the demo programme", Progress(lambda _step: None))
    page.progress.show_step(Step(19, 47, "Warsaw Wola, June 2025"))


def unlock(studio: Studio) -> None:
    page = Unlock(studio.look)
    studio.window.show_alone(page)
    page.begin()


SCENES = (
    Scene(welcome, both("welcome")),
    Scene(building, (Shot("welcome-building"),)),
    Scene(unlock, (Shot("unlock"),)),
    Scene(
        lambda studio: studio.go(Today()),
        both(
            "today",
            Shot("today-rtl", is_right_to_left=True),
            Shot("today-portrait", size=PORTRAIT),
        ),
    ),
    Scene(lambda studio: studio.go(Visits(under_way(studio)[0].id)), both("visits")),
    Scene(planning, both("plan", Shot("plan-large-text", text_percent=150))),
    Scene(
        runner,
        both(
            "runner",
            Shot("runner-rtl", is_right_to_left=True),
            Shot("runner-narrow", size=NARROW),
            Shot("runner-tablet", size=TABLET),
        ),
    ),
    Scene(sample, (Shot("runner-sample"),)),
    Scene(lambda studio: studio.go(Findings()), both("findings")),
    Scene(findings_table, both("findings-table")),
    Scene(finding, both("finding")),
    Scene(action, both("actions")),
    Scene(lambda studio: studio.go(Vendors()), both("vendors")),
    Scene(vendor, both("vendor")),
    Scene(lambda studio: studio.go(Templates()), both("templates")),
    Scene(problems, both("import-problems")),
    Scene(template, both("template")),
    Scene(report, both("reports")),
    Scene(lambda studio: studio.go(Settings()), both("settings")),
    Scene(backups, both("backups")),
    Scene(lambda studio: studio.go(Sync()), both("sync")),
    Scene(palette, both("palette")),
    Scene(palette_found, both("palette-found")),
    Scene(keys, both("keys")),
    Scene(sign_off, both("sign-off")),
)
