"""What is known about a site goes into the checklist by itself."""

from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

from audit_app.errors import NotFound
from audit_app.forms.checklist import Checklist
from audit_app.forms.compiled import CompiledTemplate
from db.tables import Answer, Audit, Site, StoredFile, Visit


def answer_id(audit_id: UUID, ref: str) -> UUID:
    """The id of the answer to one node: the same on every device (SYNC 2.5)."""
    return uuid5(audit_id, ref)


def compiled_template(session: Session, sha256: str) -> CompiledTemplate:
    """The frozen template an audit is pinned to.

    Raises:
        NotFound: its bytes are not in this workspace.
    """
    stored = session.get(StoredFile, sha256)
    if stored is None:
        raise NotFound(
            "The checklist version of this audit is not in this workspace.",
            "Import the checklist again, or restore a backup that holds it.",
        )
    return CompiledTemplate.from_bytes(stored.data)


def site_facts(site: Site) -> dict[str, str]:
    """The site's flags as form values, keyed by what a question's ``source`` column says."""

    def yes_no(flag: bool) -> str:  # noqa: FBT001 (a mapping of one flag)
        return "yes" if flag else "no"

    return {
        "site:streams": " ".join(site.streams),
        "site:markets": " ".join(site.markets),
        "site:languages": " ".join(site.languages),
        "site:country": site.country,
        "site:name": site.name,
        "site:city": site.city,
        "site:shared_markets": yes_no(site.shared_markets),
        "site:ai_assist": yes_no(site.ai_assist),
        "site:card_data": yes_no(site.card_data),
        "site:remote_work": yes_no(site.remote_work),
    }


def prefill(session: Session, audit: Audit, moment: datetime, actor: str) -> None:
    """Write the site's facts into the audit's fact questions."""
    visit = session.get(Visit, audit.visit_id)
    site = session.get(Site, visit.site_id) if visit else None
    if site is None:
        raise NotFound("The site of this audit is not in the workspace.")
    known = site_facts(site)
    checklist = Checklist.of(compiled_template(session, audit.form_sha256))
    for question in checklist.facts:
        value = known.get(question.source, "")
        put_value(session, audit, question.ref, value, moment, actor)


def put_value(
    session: Session, audit: Audit, ref: str, value: str, moment: datetime, actor: str
) -> Answer:
    """Set the value of one node, bringing its row back if it was taken away."""
    answer = answer_row(session, audit, ref)
    if answer.value != value:
        answer.value = value
        answer.answered_by = actor
        answer.answered_at = moment
    return answer


def answer_row(session: Session, audit: Audit, ref: str) -> Answer:
    """The row of one node, made if it is not there yet."""
    answer = session.get(Answer, answer_id(audit.id, ref))
    if answer is None:
        answer = Answer(
            id=answer_id(audit.id, ref),
            scope=audit.scope,
            audit_id=audit.id,
            ref=ref,
            value="",
            note="",
            mark=None,
            flagged=False,
            skipped=False,
            answered_by="",
            answered_at=None,
        )
        session.add(answer)
    elif answer.deleted_at is not None:
        answer.deleted_at = None
        answer.value, answer.note, answer.mark = "", "", None
        answer.flagged = answer.skipped = False
    return answer
