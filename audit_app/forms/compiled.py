"""A checklist version, frozen: what an audit is pinned to for ever."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Any, Self

from audit_app.errors import ImportRefused
from audit_app.forms.audit_columns import AuditColumns
from audit_app.forms.definition import FormDefinition
from audit_app.forms.reader import read_form

FORMAT = 1
"""Version of the byte form; a newer one is refused in words."""


@dataclass(frozen=True, slots=True)
class CompiledTemplate:
    """One immutable version of one checklist.

    Attributes:
        pass_mark: from which percent an audit is green; None for the default.
        amber_mark: from which percent it is amber; None for the default.
        scoring: the author's scoring mode; empty for the default.
        xform: the XForm as XML.
        columns: the audit columns beside it.
    """

    form_id: str
    version: str
    title: str
    default_language: str
    languages: tuple[str, ...]
    pass_mark: Decimal | None
    amber_mark: Decimal | None
    scoring: str
    xform: str
    columns: AuditColumns = field(repr=False)

    @classmethod
    def from_xform(cls, xform: str, columns: AuditColumns, title: str = "") -> Self:
        """Freeze an XForm and its audit columns.

        Raises:
            ImportRefused: the XForm cannot be read.
        """
        form = read_form(xform)
        settings = columns.settings
        return cls(
            form_id=form.form_id,
            version=form.version,
            title=form.title or title or form.form_id,
            default_language=form.translations.default,
            languages=form.translations.languages,
            pass_mark=_decimal(settings.get("pass_mark")),
            amber_mark=_decimal(settings.get("amber_mark")),
            scoring=settings.get("scoring", ""),
            xform=xform,
            columns=columns,
        )

    @property
    def sha256(self) -> str:
        """Hex digest of ``to_bytes()``: the identity of this version."""
        return hashlib.sha256(self.to_bytes()).hexdigest()

    def form(self) -> FormDefinition:
        """The form; the same object while it is in use, as it never changes.

        Raises:
            ImportRefused: the XForm cannot be read.
        """
        return _form_of(self.xform)

    def to_bytes(self) -> bytes:
        """Canonical JSON, the same bytes for the same template on every machine."""
        content = {
            "format": FORMAT,
            "form_id": self.form_id,
            "version": self.version,
            "title": self.title,
            "default_language": self.default_language,
            "languages": list(self.languages),
            "pass_mark": _text(self.pass_mark),
            "amber_mark": _text(self.amber_mark),
            "scoring": self.scoring,
            "xform": self.xform,
            "questions": _plain(self.columns.questions),
            "choices": {name: _plain(rows) for name, rows in self.columns.choices.items()},
            "settings": dict(self.columns.settings),
            "about": dict(self.columns.about),
        }
        text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return text.encode("utf-8")

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Read what ``to_bytes`` wrote.

        Raises:
            ImportRefused: these are other bytes, damaged, or from a newer Onsite.
        """
        try:
            content: dict[str, Any] = json.loads(data)
            found = content["format"]
            if not isinstance(found, int) or found > FORMAT:
                raise ImportRefused(
                    "This checklist was compiled by a newer version of Onsite.", "Update Onsite."
                )
            return cls(
                form_id=content["form_id"],
                version=content["version"],
                title=content["title"],
                default_language=content["default_language"],
                languages=tuple(content["languages"]),
                pass_mark=_decimal(content["pass_mark"]),
                amber_mark=_decimal(content["amber_mark"]),
                scoring=content["scoring"],
                xform=content["xform"],
                columns=AuditColumns(
                    content["questions"], content["choices"], content["settings"], content["about"]
                ),
            )
        except (ValueError, KeyError, TypeError, ArithmeticError) as wrong:
            raise ImportRefused(
                "These bytes are not a compiled checklist.", "Import the checklist again."
            ) from wrong


@lru_cache(maxsize=4)
def _form_of(xform: str) -> FormDefinition:
    # The page of a checklist, its engine and its report each ask for it.
    return read_form(xform)


def _plain(rows: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    return {key: dict(cells) for key, cells in rows.items()}


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


def _decimal(text: str | None) -> Decimal | None:
    return Decimal(text) if text else None
