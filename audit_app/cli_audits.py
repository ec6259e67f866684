"""Commands about audits: demo, list, show, report."""

import argparse
import sys

from audit_app.cli_workspace import Answer, services_of, store_of
from audit_app.errors import NotFound
from audit_app.forms.kinds import QuestionKind
from audit_app.services import Services
from audit_app.services.checklist_rows import AuditView, QuestionRow
from audit_app.services.finding_rows import FindingView
from audit_app.services.programme_rows import AuditRow, VisitRow


def _listing(visit: VisitRow, audit: AuditRow) -> dict[str, object]:
    return {
        "id": str(audit.id),
        "vendor": visit.vendor,
        "site": visit.site,
        "template": audit.template,
        "state": audit.state.value,
        "score": None if audit.score is None else float(audit.score),
        "coverage": None if audit.coverage is None else float(audit.coverage),
        "rating": audit.rating.value,
        "findings": audit.findings,
        "number": _number(visit, audit),
        "date": visit.starts.isoformat(),
    }


def _number(visit: VisitRow, audit: AuditRow) -> str:
    position = [row.id for row in visit.audits].index(audit.id) + 1
    return f"AUD-{visit.number}-{position}"


def _list(args: argparse.Namespace) -> Answer:
    with services_of(args) as services:
        visits = services.visits.listed()
    body = [_listing(visit, audit) for visit in visits for audit in visit.audits]
    lines = [
        f"{row['date']}  {row['number']}  {row['vendor']}, {row['site']}: {row['template']}, "
        f"{row['state']}, "
        + ("not scored" if row["score"] is None else f"{row['score']:.1f} % {row['rating']}")
        for row in body
    ]
    return body, lines or ["No audits yet."], 0


def find_audit(services: Services, words: str) -> tuple[VisitRow, AuditRow]:
    """The audit with this id or number.

    Raises:
        NotFound: there is none.
    """
    for visit in services.visits.listed():
        for audit in visit.audits:
            if words in (str(audit.id), _number(visit, audit)):
                return visit, audit
    raise NotFound(f"There is no audit “{words}”.", "List them with “audit list”.")


def _show(args: argparse.Namespace) -> Answer:
    with services_of(args) as services:
        visit, audit = find_audit(services, args.audit)
        view = services.checklist.open(audit.id)
        findings = [
            services.findings.view(row.id) for row in services.findings.listed(audit_id=audit.id)
        ]
        evidence = services.evidence.of_audit(audit.id)
    photos: dict[str, list[str]] = {}
    for item in evidence:
        photos.setdefault(item.ref, []).append(item.sha256)
    body = _listing(visit, audit) | {
        "score": _float(view.score.shown),
        "raw_score": _float(view.score.raw),
        "coverage": _float(view.score.coverage),
        "rating": view.score.rating.value,
        "provisional": view.score.provisional,
        "cap_reason": view.score.cap_reason,
        "majors": view.score.majors,
        "minors": view.score.minors,
        "version": view.version,
        "template_version": view.template_version,
        "sections": [
            {
                "code": section.code,
                "number": section.number,
                "title": section.title,
                "answered": section.answered,
                "total": section.total,
                "findings": section.findings,
                "score": _float(section.score),
            }
            for section in view.sections
        ],
        "answers": [_answer(row, photos) for row in view.questions],
        "findings": [_finding(item) for item in findings],
    }
    return body, _show_lines(view, findings), 0


def _float(value: object) -> float | None:
    return None if value is None else float(str(value))


def _answer(row: QuestionRow, photos: dict[str, list[str]]) -> dict[str, object]:
    if row.kind in (QuestionKind.CHOICE, QuestionKind.MULTI):
        value: object = row.selected[0] if len(row.selected) == 1 else list(row.selected)
        value = value or None
    elif len(row.fields) == 1:
        value = row.fields[0].value or None
    else:
        value = {field.ref.rpartition("_")[2]: field.value for field in row.fields}
    return {
        "ref": row.ref,
        "code": row.code,
        "number": row.number,
        "section": row.section,
        "question": row.text,
        "answered": row.answered,
        "value": value,
        "answer": row.answer.label if row.answer else None,
        "tone": row.answer.tone.value if row.answer else None,
        "mark": row.mark.value if row.mark else None,
        "note": row.note,
        "photos": photos.get(row.ref, []),
        "finding": row.finding.number if row.finding else None,
    }


def _finding(item: FindingView) -> dict[str, object]:
    return {
        "id": str(item.row.id),
        "number": item.row.number,
        "grade": item.row.grade.value,
        "state": item.row.state.value,
        "title": item.row.title,
        "question": item.row.question,
        "clause": item.row.clause,
        "criterion": item.criterion,
        "statement": item.statement,
        "cause": item.cause,
        "impact": item.impact,
        "containment": item.containment,
        "dissent": item.dissent,
        "repeat_of": item.row.repeat_of,
        "photos": [evidence.sha256 for evidence in item.evidence],
        "actions": [
            {
                "text": action.text,
                "owner": action.owner,
                "due": action.due.isoformat() if action.due else None,
                "state": action.state.value,
                "overdue": action.overdue,
            }
            for action in item.actions
        ],
    }


def _show_lines(view: AuditView, findings: list[FindingView]) -> list[str]:
    score = "not scored" if view.score.shown is None else f"{view.score.shown:.1f} %"
    lines = [
        f"{view.vendor}, {view.site}: {view.title} {view.template_version}",
        (
            f"{score}, {view.score.rating.value}, coverage {view.score.coverage:.1f} %, "
            f"{view.progress.answered} of {view.progress.total} answered"
        ),
    ]
    if view.score.cap_reason:
        lines.append(view.score.cap_reason)
    lines += [
        f"  {section.number} {section.title}: {section.answered} of {section.total}"
        + ("" if section.score is None else f", {section.score:.1f} %")
        for section in view.sections
    ]
    lines += [f"  {item.row.number} {item.row.grade.value}: {item.row.title}" for item in findings]
    return lines


def _report(args: argparse.Namespace) -> Answer:
    from audit_app.reports.export import export_pdf
    from audit_app.services.report_content import report_content

    with services_of(args) as services:
        _, audit = find_audit(services, args.audit)
        content = report_content(services, audit.id, language=args.lang)
        result = export_pdf(content, args.out)
        done = services.reports.issued(
            audit.id,
            file=args.out.resolve(),
            sha256=result.sha256,
            pages=result.pages,
            size=result.size,
            language=args.lang,
        )
    issued = done.id != audit.id
    body = {
        "ok": True,
        "file": str(args.out),
        "pages": result.pages,
        "bytes": result.size,
        "sha256": result.sha256,
        "issued": issued,
    }
    kind = "Report" if issued else "Draft (the audit is not signed)"
    return body, [f"{kind}: {args.out}, {result.pages} pages."], 0


def _demo(args: argparse.Namespace) -> Answer:
    from audit_app.clock import SystemClock
    from audit_app.demo.build import build_demo

    def show(done: int, total: int, what: str) -> None:
        # To the error stream, so that what a script reads stays clean.
        if not args.json:
            print(f"{done:>3} / {total}  {what}", file=sys.stderr, flush=True)

    with store_of(args, create=True) as store:
        made = build_demo(store, SystemClock(), show)
    body = {"ok": True, **made}
    lines = [
        (
            f"The demo programme is ready: {made['vendors']} vendors, {made['sites']} sites, "
            f"{made['audits']} audits, {made['findings']} findings, {made['photos']} photos."
        )
    ]
    return body, lines, 0


HANDLERS = {"demo": _demo, "audit list": _list, "audit show": _show, "report": _report}
