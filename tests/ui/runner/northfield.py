"""The scene of the look: a plant's annual visit, half way through cold storage."""

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

from openpyxl import Workbook
from PIL import Image, ImageDraw

from audit_app.services.checklist_rows import AuditView
from tests.builders import STROKES, World, a_vendor, a_world, question

SECTIONS = (
    ("Site and legal", 12),
    ("Raw material intake", 16),
    ("Cold storage", 10),
    ("Production hygiene", 24),
    ("Allergen control", 14),
    ("Traceability test", 9),
    ("Maintenance", 18),
    ("People and training", 25),
)
COLD = (
    "Cold store temperature is logged continuously and the alarm is tested every month",
    "Door seals are intact and close without a visible gap",
    "Probe thermometers carry a calibration label that is in date",
    "Raw and finished goods are kept apart and labelled",
    "Frozen pallets are held at or below the specified temperature",
    "Defrost cycles are recorded and reviewed by a named person",
    "Dispatch bay doors stay closed when no vehicle is docked",
    "Vehicle temperature is checked and recorded before loading",
    "Damaged packs are held in a marked quarantine area",
    "Pest control points are numbered and match the site map",
)
SURVEY = (
    "type",
    "name",
    "label",
    "hint",
    "weight",
    "critical",
    "evidence",
    "evidence_kind",
    "clause",
)
CHOICES = (
    ("list_name", "name", "label", "score", "finding", "tone", "excludes"),
    ("verdict", "P", "Pass", "1", "", "good", ""),
    ("verdict", "F", "Fail", "0", "major", "bad", ""),
    ("verdict", "O", "Observation", "0.5", "minor", "watch", ""),
    ("verdict", "N", "Not applicable", "", "", "neutral", "yes"),
)
SETTINGS = (("form_title", "form_id", "version"), ("Annual GMP visit", "gmp", "4"))
FROZEN = "Probe three pallets: front, middle and back. Record the warmest core reading."


def as_xlsx(sheets: Mapping[str, Iterable[Sequence[str]]]) -> bytes:
    """A workbook with these sheets of text cells."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def gmp_form() -> bytes:
    """A checklist of 128 questions in eight sections."""
    rows: list[tuple[str, ...]] = [SURVEY]
    for number, (title, count) in enumerate(SECTIONS, 1):
        rows.append(("begin_group", f"S{number}", title))
        for place in range(1, count + 1):
            text = COLD[place - 1] if title == "Cold storage" else f"{title}, point {place}"
            name = f"Q{number}_{place}"
            critical = "yes" if name in {"Q3_5", "Q3_9"} else ""
            asked = (FROZEN, "always", "photo", "Clause 4.15.2") if name == "Q3_5" else ("",) * 4
            hint, evidence, kind, clause = asked
            rows.append(
                ("select_one verdict", name, text, hint, "1", critical, evidence, kind, clause)
            )
        rows.append(("end_group",))
    return as_xlsx({"survey": rows, "choices": CHOICES, "settings": SETTINGS})


def drawn_photo(kind: int) -> bytes:
    """A JPEG that stands for a photo taken on site."""
    image = Image.new("RGB", (1200, 900), "#8FA3AD" if kind == 0 else "#A9B7B8")
    draw = ImageDraw.Draw(image)
    for row in range(900):
        shade = int(row / 900 * 70)
        draw.line((0, row, 1200, row), (143 - shade, 163 - shade, 173 - shade))
    if kind == 0:
        for bay in range(4):
            draw.rectangle((110 + bay * 260, 200, 320 + bay * 260, 900), fill=(120, 138, 148))
        draw.rectangle((0, 700, 1200, 770), "#C9A26B")
    else:
        draw.rounded_rectangle((320, 200, 880, 620), 60, "#E8ECEC")
        draw.rounded_rectangle((380, 260, 820, 460), 20, "#22302A")
    data = io.BytesIO()
    image.save(data, "JPEG", quality=85)
    return data.getvalue()


@dataclass
class Northfield:
    """The world and the audit of the scene."""

    world: World
    audit_id: UUID

    @property
    def view(self) -> AuditView:
        return self.world.services.checklist.open(self.audit_id)

    def ref(self, code: str) -> str:
        return question(self.view, code).ref


def northfield(folder: Path) -> Northfield:
    """Forty-six of 128 answered, five findings, the fifth one open on 3.5."""
    world = a_world(folder)
    services = world.services
    imported = services.templates.import_file(gmp_form(), "gmp.xlsx")
    assert imported.version_id is not None, imported.result.problems
    site = services.vendors.save_site(
        vendor_id=a_vendor(world, "Northfield Packaging"),
        name="Leeds plant",
        country="GB",
        time_zone="Europe/London",
    ).id
    _spring_visit(world, site, imported.version_id)
    visit = services.visits.plan(
        site_id=site,
        starts=world.clock.now().date(),
        ends=world.clock.now().date() + timedelta(days=1),
        template_version_ids=[imported.version_id],
    ).id
    services.visits.start(visit)
    scene = Northfield(world, services.visits.view(visit).audits[0].id)
    by_code = {row.code: row.ref for row in scene.view.questions}
    given = {
        **{f"Q1_{n}": "P" for n in range(1, 13)},
        **{f"Q2_{n}": "P" for n in range(1, 17)},
        **{f"Q4_{n}": "P" for n in range(1, 14)},
        "Q2_4": "F",
        "Q2_9": "O",
        "Q4_3": "O",
        "Q1_5": "N",
        "Q4_7": "N",
        "Q3_1": "P",
        "Q3_2": "F",
        "Q3_3": "P",
        "Q3_4": "O",
        "Q3_5": "F",
    }
    for code, name in given.items():
        services.checklist.answer(scene.audit_id, ref=by_code[code], selected=(name,))
    for code in ("Q3_2", "Q3_2", "Q3_3", "Q3_4"):
        services.evidence.add_photo(
            scene.audit_id, data=drawn_photo(0), name=f"{code}.jpg", ref=by_code[code]
        )
    for kind, caption in ((0, "Bay 4, 10:42"), (1, "Probe, 10:44")):
        services.evidence.add_photo(
            scene.audit_id,
            data=drawn_photo(kind),
            name=f"{caption}.jpg",
            ref=by_code["Q3_5"],
            caption=caption,
        )
    for code in ("Q3_2", "Q3_4"):
        services.checklist.note(scene.audit_id, ref=by_code[code], text="Seen at 10:20.")
    chip = question(scene.view, "Q3_5").finding
    assert chip is not None
    services.findings.edit(
        chip.id, statement="Warmest pallet core −15.2 °C, rear of bay 4. Evaporator iced over."
    )
    services.actions.add(chip.id, text="Empty bay 4 and defrost", due=date(2026, 11, 24))
    return scene


def _spring_visit(world: World, site: UUID, template: UUID) -> None:
    """The visit before: frozen pallets were cold enough then."""
    services, clock = world.services, world.clock
    clock.go_on(days=-255)
    today = clock.now().date()
    visit = services.visits.plan(
        site_id=site, starts=today, ends=today, template_version_ids=[template]
    ).id
    services.visits.start(visit)
    audit_id = services.visits.view(visit).audits[0].id
    ref = question(services.checklist.open(audit_id), "Q3_5").ref
    services.checklist.answer(audit_id, ref=ref, selected=("P",))
    services.checklist.note(
        audit_id, ref=ref, text="Core −19.1 °C. Evaporator service was due in June."
    )
    services.sign_off.sign(audit_id, party="auditor", name="Ada Reed", strokes=STROKES)
    services.sign_off.sign_off(audit_id)
    clock.go_on(days=255)
