"""The audit meaning an author adds to a checklist in extra columns (DESIGN 3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

SURVEY_COLUMNS = (
    "weight",
    "critical",
    "evidence",
    "evidence_min",
    "evidence_kind",
    "clause",
    "finding_text",
    "unit",
    "direction",
    "target",
    "amber",
    "ci",
    "score_kind",
    "source",
    "previous_name",
    "pass_mark",
)
CHOICE_COLUMNS = (
    "score",
    "finding",
    "tone",
    "excludes",
    "lowers_coverage",
    "comment_required",
)
SETTINGS_COLUMNS = ("pass_mark", "amber_mark", "scoring")

Cells = Mapping[str, str]
"""Column → text, only columns that are filled."""


@dataclass(frozen=True, slots=True)
class AuditColumns:
    """Everything the XForm itself has no room for.

    Attributes:
        questions: path of the question or group (``/data/A/GEN-A01``) → cells.
        choices: list name → choice name → cells.
        about: purpose, estimated minutes, licence and the like.
    """

    questions: Mapping[str, Cells] = field(default_factory=dict)
    choices: Mapping[str, Mapping[str, Cells]] = field(default_factory=dict)
    settings: Cells = field(default_factory=dict)
    about: Cells = field(default_factory=dict)
