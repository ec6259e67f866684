"""The words of the field that every room shares."""

from enum import StrEnum


class Grade(StrEnum):
    """How grave a finding is (DOMAIN 1.2), gravest first."""

    CRITICAL = "critical"
    MAJOR = "major"
    MINOR = "minor"
    OFI = "ofi"
    STRENGTH = "strength"

    @property
    def rank(self) -> int:
        """0 for the gravest."""
        return list(Grade).index(self)


class Tone(StrEnum):
    """How an answer looks: its colour and its shape, chosen by the checklist's author."""

    GOOD = "good"
    WATCH = "watch"
    BAD = "bad"
    NEUTRAL = "neutral"


class Mark(StrEnum):
    """What stands in place of a value on a question that was not answered with one."""

    NOT_APPLICABLE = "na"
    NOT_VERIFIED = "nv"


class Critical(StrEnum):
    """What a failed question fails with it."""

    NO = ""
    SECTION = "section"
    FORM = "form"


class Direction(StrEnum):
    """Which way a number is better."""

    HIGHER = "higher-better"
    LOWER = "lower-better"


class Rating(StrEnum):
    """The verdict of an audit."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    NONE = "none"


class Stream(StrEnum):
    """The kinds of moderation work."""

    MERCHANT = "merchant"
    PRODUCT = "product"
    CONTENT = "content"
    LIVE = "live"


class VisitState(StrEnum):
    """Life of a visit (UI 4)."""

    PLANNED = "planned"
    UNDER_WAY = "under_way"
    TO_REVIEW = "to_review"
    SIGNED = "signed"
    ISSUED = "issued"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class AuditState(StrEnum):
    """Life of one checklist run."""

    OPEN = "open"
    SIGNED = "signed"
    SUPERSEDED = "superseded"


class FindingState(StrEnum):
    """Life of a finding (DOMAIN 1.3)."""

    DRAFT = "draft"
    ISSUED = "issued"
    ACKNOWLEDGED = "acknowledged"
    DISPUTED = "disputed"
    CLOSED = "closed"
    VOID = "void"


class ActionState(StrEnum):
    """Life of a corrective action (DOMAIN 1.3); overdue is computed, never stored."""

    OPEN = "open"
    CONTAINED = "contained"
    CAUSE_SUBMITTED = "cause_submitted"
    CAUSE_ACCEPTED = "cause_accepted"
    PLAN_SUBMITTED = "plan_submitted"
    PLAN_ACCEPTED = "plan_accepted"
    IMPLEMENTED = "implemented"
    VERIFIED = "verified"
    REJECTED = "rejected"
    EFFECTIVENESS_PENDING = "effectiveness_pending"
    EFFECTIVE = "effective"
    NOT_EFFECTIVE = "not_effective"
    CANCELLED = "cancelled"
