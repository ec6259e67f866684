"""What a report says, as plain data: no drawing, no store, no screen.

Everything that is drawn stands here, so that one content gives every format, and two drawings of
the same content give the same bytes. What is empty is left out together with its heading.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from audit_app.domain.words import Grade, Rating, Tone

Strokes = tuple[tuple[tuple[float, float], ...], ...]
"""Polylines of a drawn signature, x and y in 0..1 of the pad, y downwards."""


@dataclass(frozen=True, slots=True)
class GradeCounts:
    """How many findings of each grade."""

    critical: int = 0
    major: int = 0
    minor: int = 0
    ofi: int = 0
    strength: int = 0

    def of(self, grade: Grade) -> int:
        """The count of one grade."""
        return {
            Grade.CRITICAL: self.critical,
            Grade.MAJOR: self.major,
            Grade.MINOR: self.minor,
            Grade.OFI: self.ofi,
            Grade.STRENGTH: self.strength,
        }[grade]

    @property
    def total(self) -> int:
        """All but strengths."""
        return self.critical + self.major + self.minor + self.ofi


@dataclass(frozen=True, slots=True)
class QuestionLine:
    """One row of the full checklist.

    Attributes:
        score: printed, such as "3 / 4"; "" when not scored.
        evidence: labels such as "Photo 3".
        finding: printed number such as "F-003", "" if none.
        failed: the row is tinted.
    """

    number: str
    text: str
    answer: str
    tone: Tone
    score: str = ""
    comment: str = ""
    evidence: tuple[str, ...] = ()
    finding: str = ""
    failed: bool = False
    answered: bool = True


@dataclass(frozen=True, slots=True)
class SectionPart:
    """One section with its score in percent and its questions.

    Attributes:
        previous: its score in the site's last audit with the same checklist.
        counts: findings of this section by grade.
        weight: its share of the whole score in percent; None when it is not told.
    """

    number: str
    title: str
    score: Decimal | None
    previous: Decimal | None
    counts: GradeCounts
    answered: int
    total: int
    questions: tuple[QuestionLine, ...]
    weight: Decimal | None = None


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """One of the five figures of the summary; ``tone`` colours the remark."""

    label: str
    value: str
    remark: str
    tone: Tone = Tone.NEUTRAL


@dataclass(frozen=True, slots=True)
class ActionLine:
    """One corrective action; ``finding`` only where the table mixes findings.

    Attributes:
        state: the printed word; ``overdue`` prints its own.
        audit: number of the audit that found it; only where the table mixes audits.
        opened: when it was agreed; gives its age in the follow-up.
        done: when it was closed.
        verified_by: who saw that it was done, "" if nobody has.
    """

    text: str
    owner: str
    due: date | None
    state: str
    is_open: bool
    overdue: bool = False
    finding: str = ""
    audit: str = ""
    opened: date | None = None
    done: date | None = None
    verified_by: str = ""


@dataclass(frozen=True, slots=True)
class FindingPart:
    """One finding by the five Cs; empty ones are left out.

    Attributes:
        photos: numbers of its photos.
        where: such as "Data privacy · question 3.14".
        dissent: what the vendor says against it.
        repeat_of: printed number of the earlier finding or audit.
    """

    number: str
    grade: Grade
    title: str
    where: str
    condition: str = ""
    criteria: str = ""
    cause: str = ""
    impact: str = ""
    containment: str = ""
    dissent: str = ""
    repeat_of: str = ""
    photos: tuple[int, ...] = ()
    actions: tuple[ActionLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Photo:
    """One photo: a JPEG rendition of about 1,000 pixels.

    Attributes:
        jpeg: embedded as it is, without what a camera wrote about place and device; other formats,
            turned pictures and printing colours are converted.
        taken: printed local time, "" if unknown.
        where: such as "question 1.5".
        sha256: of the original, in hex.
    """

    number: int
    jpeg: bytes
    caption: str
    taken: str
    where: str
    sha256: str


@dataclass(frozen=True, slots=True)
class SignaturePart:
    """One drawn signature; ``signed`` is printed local time with zone."""

    party: str
    name: str
    role: str
    organisation: str
    remark: str
    signed: str
    strokes: Strokes


@dataclass(frozen=True, slots=True)
class Gap:
    """A part of the audit that was not done, and why."""

    number: str
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Dispute:
    """A diverging opinion that was not settled (ISO 19011:2018, 6.5.1 j)."""

    finding: str
    title: str
    vendor: str


@dataclass(frozen=True, slots=True)
class Remark:
    """What the auditor wrote in answer to an open question, such as the closing notes."""

    question: str
    text: str


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody who took part (ISO 19011:2018, 6.5.1 d); ``part`` says in what."""

    name: str
    role: str
    organisation: str
    part: str


@dataclass(frozen=True, slots=True)
class Point:
    """One audit in the trend: when it ended, and its shown score."""

    day: date
    score: Decimal


@dataclass(frozen=True, slots=True)
class ReportContent:
    """The whole report.

    Attributes:
        language: BCP 47 tag of the fixed words; what was entered stays as it was.
        draft: the audit is not signed; every page says so.
        place: city and country of the site.
        number, version: of the audit; a change after sign-off makes a new version.
        purpose: such as "Scheduled, full scope"; the checklist's title stands in for "".
        score: as shown, 0 to 100; None when nothing is scored yet.
        raw: without the cap of a failed critical question.
        coverage: percent of what applies that was answered.
        cap_reason: why the score is capped, "" if it is not.
        green_mark, amber_mark: scores from which the rating is green or amber.
        previous: score and date of the site's last audit with the same checklist.
        opinion: one or two sentences that stand first.
        figures: at most five.
        strong, weak, following: one short paragraph each, "" leaves it out.
        trend: oldest first, this audit last.
        pareto: where the findings come from, most first.
        earlier_actions: of earlier audits of this site.
        gaps: what was not covered, and why.
        next_steps: days and what is due then; three are printed.
        manifest: the hash sealed at sign-off, "" for a draft.
        trail_head: the last hash of the device's trail, "" if there is none.
        data: the audit as JSON, attached to the file.
        data_sha256: of ``data``.
        time_zone: IANA name of the site's zone, printed in the method appendix.
        sample_words: what the samples were, one paragraph each.
        remarks: answers to open questions, such as the closing notes.
        disputes: diverging opinions that were not settled.
        people: the audit team, and who signed.
        agenda: of the visit, as it was planned.
    """

    language: str
    draft: bool
    organisation: str
    vendor: str
    site: str
    place: str
    title: str
    checklist_version: str
    number: str
    version: int
    starts: date
    ends: date
    issued: date
    purpose: str
    score: Decimal | None
    raw: Decimal | None
    coverage: Decimal
    rating: Rating
    provisional: bool
    cap_reason: str
    green_mark: Decimal
    amber_mark: Decimal
    previous: Point | None
    counts: GradeCounts
    lead_auditor: str
    team: tuple[str, ...]
    representative: str
    client: str
    criteria: str
    scope: str
    method: str
    confidentiality: str
    opinion: str
    figures: tuple[KeyFigure, ...]
    strong: str
    weak: str
    following: str
    sections: tuple[SectionPart, ...]
    trend: tuple[Point, ...]
    pareto: tuple[tuple[str, int], ...]
    earlier_actions: tuple[ActionLine, ...]
    findings: tuple[FindingPart, ...]
    strengths: tuple[str, ...]
    gaps: tuple[Gap, ...]
    photos: tuple[Photo, ...]
    signatures: tuple[SignaturePart, ...]
    next_steps: tuple[tuple[date, str], ...]
    manifest: str
    trail_head: str
    data: bytes
    data_sha256: str
    time_zone: str = ""
    sample_words: tuple[str, ...] = ()
    remarks: tuple[Remark, ...] = ()
    disputes: tuple[Dispute, ...] = ()
    people: tuple[Participant, ...] = ()
    agenda: str = ""
