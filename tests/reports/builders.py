"""Believable report contents, without a store."""

import hashlib
import io
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from PIL import Image

from audit_app.demo.photos import draw_photo
from audit_app.domain.words import Grade, Rating, Tone
from audit_app.reports.content import (
    ActionLine,
    Dispute,
    FindingPart,
    Gap,
    GradeCounts,
    KeyFigure,
    Participant,
    Photo,
    Point,
    QuestionLine,
    Remark,
    ReportContent,
    SectionPart,
    SignaturePart,
)

SECTIONS = (
    "Contract and scope of work",
    "Leadership and staffing",
    "Workflow and procedures",
    "Quality management",
    "Performance data and reporting",
    "Security and data protection",
    "People and wellness",
    "Facilities, health and safety",
)
SCENES = ("desk", "screen", "rack", "door", "board", "document")


def a_photo(number: int) -> Photo:
    """A photo drawn by the program."""
    jpeg = draw_photo(SCENES[number % len(SCENES)], number, datetime(2026, 11, 18, tzinfo=UTC))
    return Photo(
        number=number,
        jpeg=jpeg,
        caption="Side door wedged open at the stairs",
        taken="18 Nov 2026, 11:42",
        where=f"question {number}.1",
        sha256=hashlib.sha256(jpeg).hexdigest(),
    )


def a_small_photo(number: int, jpeg: bytes = b"") -> Photo:
    """A photo as the photo store hands it to a report: 1,000 pixels on its long side."""
    photo = a_photo(number) if not jpeg else replace(_NO_PHOTO, number=number, jpeg=jpeg)
    if jpeg:
        return replace(photo, where=f"question {number}.1", sha256=hashlib.sha256(jpeg).hexdigest())
    with Image.open(io.BytesIO(photo.jpeg)) as image:
        image.thumbnail((1000, 1000))
        data = io.BytesIO()
        image.save(data, "JPEG", quality=80)
    return replace(photo, jpeg=data.getvalue())


_NO_PHOTO = Photo(0, b"", "Side door wedged open at the stairs", "18 Nov 2026, 11:42", "", "")


def a_finding(number: int, grade: Grade = Grade.MAJOR, photos: tuple[int, ...] = ()) -> FindingPart:
    """A finding with all five Cs and two actions."""
    return FindingPart(
        number=f"F-{number:03d}",
        grade=grade,
        title="The side door to the floor was wedged open",
        where="Security and data protection  ·  question 6.1",
        condition="The door to the stairs was wedged open from 10:05 to 10:30; eleven people "
        "passed without a badge.",
        criteria="ISO 27001 A.7.2: access to the floor is limited to authorised people.",
        cause="The closer is broken and the alarm was muted.",
        impact="Anybody in the building can reach screens with personal data.",
        photos=photos,
        actions=(
            ActionLine(
                "Repair the closer, reconnect the alarm.",
                "O. Haddad",
                date(2026, 12, 1),
                "Open",
                is_open=True,
            ),
            ActionLine(
                "Brief the guards.", "S. Farouk", date(2026, 11, 20), "Closed", is_open=False
            ),
        ),
    )


def a_section(number: int, questions: int = 6) -> SectionPart:
    """A section with some questions, one of them failed."""
    rows = tuple(
        QuestionLine(
            number=f"{number}.{n}",
            text="Is access to the production floor limited to authorised people, with "
            "tailgating prevented?",
            answer="Major nonconformity" if n == 2 else "Conforms",
            tone=Tone.BAD if n == 2 else Tone.GOOD,
            score="0 / 4" if n == 2 else "4 / 4",
            comment="Walked at 09:10 and 22:40." if n % 3 == 0 else "",
            evidence=("Photo 1",) if n == 2 else (),
            finding="F-001" if n == 2 else "",
            failed=n == 2,
            answered=n != 5,
        )
        for n in range(1, questions + 1)
    )
    score = Decimal(70 + 3 * number)
    return SectionPart(
        number=str(number),
        title=SECTIONS[(number - 1) % len(SECTIONS)],
        score=min(score, Decimal(100)),
        previous=min(score, Decimal(100)) - Decimal("2.5"),
        counts=GradeCounts(critical=int(number == 1), major=int(number < 3), minor=number % 3),
        weight=Decimal("12.5"),
        answered=questions - 1,
        total=questions,
        questions=rows,
    )


def a_report(
    *, sections: int = 8, questions: int = 6, findings: int = 5, photos: int = 4
) -> ReportContent:
    """A whole report of about this size."""
    data = b'{"audit": "AUD-CAI-261124-1"}'
    grades = (Grade.CRITICAL, Grade.MAJOR, Grade.MINOR, Grade.OFI)
    return ReportContent(
        language="en",
        draft=False,
        organisation="Meridian Marketplace",
        vendor="Nordwind Contact Services",
        site="Cairo Site 2",
        place="New Cairo, Egypt",
        title="General vendor site audit",
        checklist_version="1.0.0",
        number="AUD-CAI-261124-1",
        version=1,
        starts=date(2026, 11, 17),
        ends=date(2026, 11, 19),
        issued=date(2026, 11, 24),
        purpose="Scheduled, full scope",
        score=Decimal("84.6"),
        raw=Decimal("84.6"),
        coverage=Decimal("98.2"),
        rating=Rating.AMBER,
        provisional=False,
        cap_reason="",
        green_mark=Decimal(85),
        amber_mark=Decimal(70),
        previous=Point(date(2026, 3, 12), Decimal("82.1")),
        counts=GradeCounts(2, 8, 20, 10),
        lead_auditor="Lena Novak",
        team=("Lena Novak", "Tomás Ribeiro"),
        representative="Omar Haddad, Site director",
        client="Meridian Marketplace, EMEA",
        criteria="Vendor Standard 7.2; ISO/IEC 27001",
        scope="Content and live, 420 seats, 3 shifts",
        method="300 questions, 24 interviews, 60 photos",
        confidentiality="Confidential. For the audit client and the audited vendor only.",
        opinion="The site meets 84.6 % of the criteria, 0.4 points below the 85 % mark. 2 grave "
        "findings must be closed before the site can be rated green.",
        figures=(
            KeyFigure("Overall score", "84.6", "+2.5 vs March 2026", Tone.GOOD),
            KeyFigure("Findings", "40", "2 critical  ·  8 major", Tone.BAD),
            KeyFigure("Repeat findings", "5", "of the last two audits"),
            KeyFigure("Actions agreed", "31", "3 overdue", Tone.BAD),
            KeyFigure("Coverage", "98 %", "294 of 300 answered"),
        ),
        strong="Workforce, training and quality monitoring are above 90 % again.",
        weak="Security has the lowest score, 73.0 %.",
        following="31 actions are agreed with owners and dates.",
        sections=tuple(a_section(n, questions) for n in range(1, sections + 1)),
        trend=tuple(
            Point(date(year, month, 19), Decimal(score))
            for year, month, score in (
                (2024, 3, "71.2"),
                (2024, 9, "74.9"),
                (2025, 3, "73.0"),
                (2026, 11, "84.6"),
            )
        ),
        pareto=(("Data retention", 11), ("Access control", 9), ("Documentation", 7), ("Other", 3)),
        earlier_actions=(
            ActionLine(
                "Add 40 lockers.",
                "M. Said",
                date(2026, 6, 1),
                "Open",
                is_open=True,
                overdue=True,
                finding="F-002",
                audit="AUD-CAI-260312-1",
                opened=date(2026, 3, 12),
            ),
            ActionLine(
                "Brief the guards.",
                "S. Farouk",
                date(2026, 4, 1),
                "Closed",
                is_open=False,
                finding="F-003",
                audit="AUD-CAI-260312-1",
                opened=date(2026, 3, 12),
                done=date(2026, 3, 30),
                verified_by="Lena Novak",
            ),
        ),
        findings=tuple(
            a_finding(n, grades[min(3, n // 3)], (n,) if n <= photos else ())
            for n in range(1, findings + 1)
        ),
        strengths=("Team leaders start each shift with two disputed cases.",),
        gaps=(Gap("4.3", "Night shift calibration", "The night shift was not seen."),),
        photos=tuple(a_photo(n) for n in range(1, photos + 1)),
        signatures=tuple(
            SignaturePart(
                party,
                name,
                role,
                "",
                "Agreed with one remark.",
                "19 Nov 2026, 17:42 EET",
                (((0.1, 0.5), (0.3, 0.2), (0.5, 0.6), (0.7, 0.4)),),
            )
            for party, name, role in (
                ("Lead auditor", "Lena Novak", "Lead auditor"),
                ("Vendor representative", "Omar Haddad", "Site director"),
            )
        ),
        next_steps=((date(2026, 12, 1) + timedelta(days=14), "Actions due on F-001."),),
        manifest="9f2c" * 16,
        trail_head="71be" * 16,
        data=data,
        data_sha256=hashlib.sha256(data).hexdigest(),
        time_zone="Africa/Cairo",
        sample_words=("8 questions were judged on samples, 240 items in all.",),
        remarks=(Remark("Auditor's overall impression", "Open and well prepared."),),
        disputes=(Dispute("F-002", "Phones on desks", "The lockers belong to the landlord."),),
        people=(
            Participant("Lena Novak", "Lead auditor", "Meridian Marketplace", "Audit team"),
            Participant("Omar Haddad", "Site director", "Nordwind", "Signed on 19 Nov 2026"),
        ),
        agenda="09:00 opening meeting\n16:30 closing meeting",
    )


def with_text(text: str) -> ReportContent:
    """A small report with this text in every place where somebody may have typed it."""
    report = a_report(sections=1, questions=2, findings=1, photos=1)
    finding = replace(report.findings[0], title=text, condition=text, cause=text)
    row = replace(report.sections[0].questions[0], text=text, comment=text)
    section = replace(report.sections[0], title=text, questions=(row,))
    return replace(
        report,
        vendor=text,
        opinion=text,
        findings=(finding,),
        sections=(section,),
        strengths=(text,),
        photos=(replace(report.photos[0], caption=text),),
        pareto=(),
    )
