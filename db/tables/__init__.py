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
from db.tables.packages import Package, PackageRow
from db.tables.programme import Contact, Setting, Site, Vendor, Visit
from db.tables.reports import ReportIssue, Signature
from db.tables.sync import Blob, Centre, Conflict, CursorLog, ScopeCursor, Staged, TrailAnchor
from db.tables.system import Device, OutboxOp, Shadow, TrailEntry

__all__ = [
    "Action",
    "Answer",
    "Audit",
    "AuditSummary",
    "Blob",
    "Centre",
    "Conflict",
    "Contact",
    "CursorLog",
    "Device",
    "Evidence",
    "Finding",
    "OutboxOp",
    "Package",
    "PackageRow",
    "ReportIssue",
    "ScopeCursor",
    "Setting",
    "Shadow",
    "Signature",
    "Site",
    "Staged",
    "StoredFile",
    "Template",
    "TemplateVersion",
    "Thumbnail",
    "TrailAnchor",
    "TrailEntry",
    "UndoStep",
    "Vendor",
    "Visit",
]
