"""The tables, one file a subject."""

from db.tables.checklist import (
    Answer,
    Audit,
    AuditSummary,
    StoredFile,
    Template,
    TemplateVersion,
    UndoStep,
)
from db.tables.evidence import Evidence, Thumbnail
from db.tables.findings import Action, Finding
from db.tables.programme import Contact, Setting, Site, Vendor, Visit
from db.tables.reports import ReportIssue, Signature

__all__ = [
    "Action",
    "Answer",
    "Audit",
    "AuditSummary",
    "Contact",
    "Evidence",
    "Finding",
    "ReportIssue",
    "Setting",
    "Signature",
    "Site",
    "StoredFile",
    "Template",
    "TemplateVersion",
    "Thumbnail",
    "UndoStep",
    "Vendor",
    "Visit",
]
