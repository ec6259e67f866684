"""The rows that travel: which fields each has, and what happens when two people change one.

Both ends read this. The central store makes its tables from it, checks what is pushed against it,
and merges field by field by its policies (SYNC 2.5).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Shape(StrEnum):
    """What a field holds; in ops and on the wire every value is plain JSON."""

    TEXT = "text"
    INTEGER = "integer"
    REAL = "real"
    FLAG = "flag"
    MOMENT = "moment"
    """ISO 8601 in UTC."""
    DAY = "day"
    """ISO 8601, a date at the site."""
    ID = "id"
    """A UUID in its text form."""
    LIST = "list"


class Policy(StrEnum):
    """What happens to a value when somebody else changed its field unseen."""

    ASK = "ask"
    """The central value stays, both stand in a conflict for a person."""
    MERGE = "merge3"
    """Long text: merged by words against the text both began from; an overlap is asked."""
    WORST = "worst"
    """The graver grade stands; the other is kept in a conflict settled by the rule."""
    FOLLOW = "follow"
    """Says who or when about the fields beside it: goes in with them, or stays out with them."""
    FIRST = "first"
    """When something came here: the first one told stands, a later one is no change."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a record.

    Attributes:
        needed: a new row cannot be without it.
    """

    name: str
    shape: Shape = Shape.TEXT
    policy: Policy = Policy.ASK
    needed: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """One kind of row.

    Attributes:
        fields: by name; the tombstone ``deleted_at`` is one of them.
        parents: field name to the kind of row it names; that row must be there first.
    """

    kind: str
    fields: Mapping[str, Field]
    parents: Mapping[str, str]


DELETED = "deleted_at"
"""The tombstone: rows are never removed, so that a late edit can meet the deletion."""

_T, _I, _R, _F = Shape.TEXT, Shape.INTEGER, Shape.REAL, Shape.FLAG
_M, _D, _U, _L = Shape.MOMENT, Shape.DAY, Shape.ID, Shape.LIST


def _record(kind: str, *fields: Field, **parents: str) -> Record:
    known = {field.name: field for field in (*fields, Field(DELETED, _M))}
    for name in parents:
        # A child may come to belong elsewhere, but never without saying so.
        known.setdefault(name, Field(name, _U))
    return Record(kind, MappingProxyType(known), MappingProxyType(parents))


def _needed(name: str, shape: Shape = _T) -> Field:
    return Field(name, shape, needed=True)


def _merged(name: str) -> Field:
    return Field(name, _T, Policy.MERGE)


def _about(name: str, shape: Shape = _T) -> Field:
    return Field(name, shape, Policy.FOLLOW)


_ALL = (
    _record("template", _needed("form_id"), _needed("title")),
    _record(
        "template_version",
        Field("template_id", _U, needed=True),
        _needed("version"),
        _needed("title"),
        _needed("sha256"),
        _needed("source_sha256"),
        Field("source_name"),
        Field("questions", _I),
        Field("sections", _I),
        Field("languages", _L),
        Field("added_at", _M, Policy.FIRST),
        template_id="template",
    ),
    _record("vendor", _needed("name"), Field("code"), _merged("note")),
    _record(
        "site",
        Field("vendor_id", _U, needed=True),
        _needed("name"),
        Field("code"),
        Field("city"),
        _needed("country"),
        _needed("time_zone"),
        Field("address"),
        Field("languages", _L),
        Field("streams", _L),
        Field("markets", _L),
        Field("shared_markets", _F),
        Field("ai_assist", _F),
        Field("card_data", _F),
        Field("remote_work", _F),
        vendor_id="vendor",
    ),
    _record(
        "contact",
        Field("vendor_id", _U, needed=True),
        Field("site_id", _U),
        _needed("name"),
        Field("role"),
        Field("email"),
        Field("phone"),
        vendor_id="vendor",
        site_id="site",
    ),
    _record(
        "visit",
        Field("vendor_id", _U, needed=True),
        Field("site_id", _U, needed=True),
        _needed("number"),
        _needed("starts", _D),
        _needed("ends", _D),
        _needed("state"),
        Field("purpose"),
        _merged("agenda"),
        Field("team", _L),
        _about("started_at", _M),
        vendor_id="vendor",
        site_id="site",
    ),
    _record(
        "audit",
        Field("visit_id", _U, needed=True),
        Field("template_version_id", _U, needed=True),
        _needed("number"),
        _needed("state"),
        Field("version", _I),
        Field("language"),
        _needed("form_sha256"),
        _about("signed_at", _M),
        Field("manifest"),
        _about("reopen_reason"),
        visit_id="visit",
        template_version_id="template_version",
    ),
    _record(
        "answer",
        Field("audit_id", _U, needed=True),
        _needed("ref"),
        Field("value"),
        Field("mark"),
        _merged("note"),
        _about("flagged", _F),
        _about("skipped", _F),
        _about("answered_by"),
        _about("answered_at", _M),
        audit_id="audit",
    ),
    _record(
        "finding",
        Field("audit_id", _U, needed=True),
        Field("number", _I),
        Field("ref"),
        Field("question_code"),
        Field("question_number"),
        Field("grade", _T, Policy.WORST, needed=True),
        _about("graded_by_hand", _F),
        _about("opened_by_hand", _F),
        _needed("state"),
        _needed("title"),
        Field("clause"),
        Field("criterion"),
        _merged("statement"),
        _merged("cause"),
        _merged("impact"),
        _merged("containment"),
        _merged("dissent"),
        Field("repeat_of"),
        Field("void_reason"),
        _about("opened_at", _M),
        _about("opened_by"),
        audit_id="audit",
    ),
    _record(
        "action",
        Field("finding_id", _U, needed=True),
        _needed("text"),
        Field("owner"),
        Field("due", _D),
        _needed("state"),
        _merged("note"),
        _merged("proof"),
        _about("done_at", _M),
        finding_id="finding",
    ),
    _record(
        "evidence",
        Field("audit_id", _U, needed=True),
        Field("ref"),
        Field("finding_id", _U),
        _needed("kind"),
        _needed("name"),
        _needed("mime"),
        Field("caption"),
        _needed("sha256"),
        _needed("size", _I),
        Field("width", _I),
        Field("height", _I),
        Field("latitude", _R),
        Field("longitude", _R),
        _about("taken_at", _M),
        _about("added_by"),
        _about("binned_at", _M),
        audit_id="audit",
        finding_id="finding",
    ),
    _record(
        "signature",
        Field("audit_id", _U, needed=True),
        Field("audit_version", _I, needed=True),
        _needed("party"),
        _needed("name"),
        Field("role"),
        Field("organisation"),
        Field("remark"),
        Field("strokes", _L),
        _needed("signed_at", _M),
        _needed("zone"),
        audit_id="audit",
    ),
    _record(
        "report_issue",
        Field("audit_id", _U, needed=True),
        _needed("number"),
        Field("version", _I),
        Field("language"),
        _needed("sha256"),
        Field("pages", _I),
        Field("size", _I),
        Field("file"),
        _needed("issued_at", _M),
        audit_id="audit",
    ),
    _record(
        "conflict",
        _needed("entity"),
        Field("row_id", _U, needed=True),
        _needed("field"),
        Field("base", _L),
        Field("central", _L),
        Field("candidate", _L),
        Field("device", _U),
        _about("by"),
        _about("central_by"),
        _about("central_at", _M),
        _about("at", _M),
        _needed("status"),
        _about("resolved_by"),
        _about("resolved_at", _M),
    ),
)

RECORDS: Mapping[str, Record] = MappingProxyType({record.kind: record for record in _ALL})
"""By kind, parents before children."""

CONFLICT = "conflict"

LIBRARY = "library"
"""The scope of all checklists; every vendor and every audit has a scope of its own."""
