"""Answering a checklist over the real store and the real engine."""

from decimal import Decimal
from uuid import UUID

import pytest

from audit_app.domain.words import Grade, Mark, Rating, Tone
from audit_app.errors import AuditError, NotAllowed
from tests.builders import SMALL_FORM, World, a_small_template, an_audit, answer, question


def small_audit(world: World) -> UUID:
    return an_audit(world, a_small_template(world))


def test_an_answer_stands_after_a_restart(world: World) -> None:
    audit_id = small_audit(world)
    answer(world, audit_id, "A1", "C")
    world = world.reopened()
    row = question(world.services.checklist.open(audit_id), "A1")
    assert row.selected == ("C",)
    assert row.answer is not None
    assert row.answer.label == "Conforms"
    world.close()


def test_an_answer_gives_back_only_what_changed(world: World) -> None:
    audit_id = small_audit(world)
    saved = answer(world, audit_id, "A1", "C")
    assert [row.code for row in saved.rows] == ["A1"]
    assert saved.order is None
    assert saved.progress.answered == 1
    assert saved.score.shown == Decimal(100)


def test_a_major_opens_a_finding_with_clause_and_question(world: World) -> None:
    audit_id = small_audit(world)
    saved = answer(world, audit_id, "A2", "MAJ")
    assert saved.opened is not None
    assert saved.opened.number == "F-01"
    view = world.services.findings.view(saved.opened.id)
    assert view.row.grade is Grade.MAJOR
    assert view.criterion == "Is the floor free of paper?"
    assert saved.rows[0].finding == saved.opened


def test_a_major_on_a_critical_question_is_critical_and_caps_the_score(world: World) -> None:
    audit_id = small_audit(world)
    for code in ("A1", "A2"):
        answer(world, audit_id, code, "C")
    saved = answer(world, audit_id, "A3", "MAJ")
    assert saved.opened is not None
    assert saved.opened.grade is Grade.CRITICAL
    assert saved.score.rating is Rating.RED
    assert saved.score.shown is not None
    assert saved.score.shown <= 59


def test_a_better_answer_withdraws_an_empty_finding(world: World) -> None:
    audit_id = small_audit(world)
    answer(world, audit_id, "A2", "MIN")
    answer(world, audit_id, "A2", "C")
    assert world.services.findings.listed(audit_id=audit_id) == ()


def test_a_finding_that_was_written_comes_back_with_its_text(world: World) -> None:
    audit_id = small_audit(world)
    opened = answer(world, audit_id, "A2", "MIN").opened
    assert opened is not None
    world.services.findings.edit(opened.id, statement="Paper on four desks.")
    answer(world, audit_id, "A2", "C")
    assert world.services.findings.listed(audit_id=audit_id) == ()
    again = answer(world, audit_id, "A2", "MAJ").opened
    assert again is not None
    assert again.id == opened.id
    view = world.services.findings.view(again.id)
    assert view.statement == "Paper on four desks."
    assert view.row.grade is Grade.MAJOR


def test_a_grade_given_by_hand_is_not_changed_by_the_answer(world: World) -> None:
    audit_id = small_audit(world)
    opened = answer(world, audit_id, "A2", "MIN").opened
    assert opened is not None
    world.services.findings.regrade(opened.id, grade=Grade.CRITICAL, reason="harm")
    answer(world, audit_id, "A2", "MAJ")
    assert world.services.findings.view(opened.id).row.grade is Grade.CRITICAL


def test_not_applicable_asks_for_a_note(world: World) -> None:
    audit_id = small_audit(world)
    saved = answer(world, audit_id, "A2", "NA")
    (row,) = saved.rows
    assert row.problem == "Say why in the note."
    assert row.to_do
    saved = world.services.checklist.note(audit_id, ref=row.ref, text="No paper here at all.")
    assert saved.rows[0].problem == ""
    assert not saved.rows[0].to_do


def test_a_measured_answer_is_judged(world: World) -> None:
    audit_id = small_audit(world)
    row = question(world.services.checklist.open(audit_id), "B1")
    saved = world.services.checklist.measure(audit_id, field_ref=row.fields[0].ref, value="7")
    chip = saved.rows[0].answer
    assert chip is not None
    assert chip.judgement == "2 over the target of 5."
    assert chip.tone is Tone.GOOD


def test_a_mark_stands_in_for_a_number(world: World) -> None:
    audit_id = small_audit(world)
    row = question(world.services.checklist.open(audit_id), "B1")
    saved = world.services.checklist.mark(audit_id, ref=row.ref, mark=Mark.NOT_APPLICABLE)
    assert saved.rows[0].answer is not None
    assert saved.rows[0].problem
    saved = world.services.checklist.measure(audit_id, field_ref=row.fields[0].ref, value="4")
    assert saved.rows[0].mark is None


def test_an_unknown_answer_is_refused_and_nothing_changes(world: World) -> None:
    audit_id = small_audit(world)
    with pytest.raises(AuditError, match="not one of the answers"):
        answer(world, audit_id, "A1", "MAYBE")
    assert question(world.services.checklist.open(audit_id), "A1").answer is None


def test_marking_the_rest_skips_critical_questions_and_is_one_step(world: World) -> None:
    audit_id = small_audit(world)
    answer(world, audit_id, "A1", "MIN")
    saved = world.services.checklist.mark_rest(audit_id, section="A", selected="C")
    assert [row.code for row in saved.rows] == ["A2"]
    assert saved.skipped == 1
    undone = world.services.checklist.undo(audit_id)
    assert undone is not None
    assert [row.code for row in undone.rows] == ["A2"]
    assert undone.rows[0].answer is None


def test_undo_takes_back_answer_and_finding_and_redo_brings_them_again(world: World) -> None:
    audit_id = small_audit(world)
    answer(world, audit_id, "A2", "C")
    answer(world, audit_id, "A2", "MAJ")
    undone = world.services.checklist.undo(audit_id)
    assert undone is not None
    assert undone.rows[0].selected == ("C",)
    assert world.services.findings.listed(audit_id=audit_id) == ()
    redone = world.services.checklist.redo(audit_id)
    assert redone is not None
    assert redone.rows[0].selected == ("MAJ",)
    assert len(world.services.findings.listed(audit_id=audit_id)) == 1


def test_undo_survives_a_restart_and_ends_at_the_first_step(world: World) -> None:
    audit_id = small_audit(world)
    answer(world, audit_id, "A1", "C")
    answer(world, audit_id, "A2", "C")
    world = world.reopened()
    assert world.services.checklist.undo(audit_id) is not None
    assert world.services.checklist.undo(audit_id) is not None
    assert world.services.checklist.undo(audit_id) is None
    view = world.services.checklist.open(audit_id)
    assert view.progress.answered == 0
    assert view.redo_label
    world.close()


def test_a_new_step_ends_redo(world: World) -> None:
    audit_id = small_audit(world)
    answer(world, audit_id, "A1", "C")
    world.services.checklist.undo(audit_id)
    answer(world, audit_id, "A1", "MIN")
    assert world.services.checklist.redo(audit_id) is None


def test_the_score_explains_itself_down_to_each_answer(world: World) -> None:
    audit_id = small_audit(world)
    answer(world, audit_id, "A1", "MIN")
    opened = answer(world, audit_id, "A2", "C")
    explanation = world.services.checklist.explain(audit_id)
    text = "\n".join(line.arithmetic for line in explanation.lines)
    assert "Minor: 2 × 0.5 = 1" in text
    assert "2 of 3 = 66.6667 %, weight 60" in text
    finding = opened.rows[0]
    assert finding.finding is None


def test_the_score_says_what_closing_a_finding_would_do(world: World) -> None:
    audit_id = small_audit(world)
    opened = answer(world, audit_id, "A1", "MIN").opened
    assert opened is not None
    explanation = world.services.checklist.explain(audit_id, closing=frozenset({opened.id}))
    assert explanation.shown == Decimal(50)
    assert explanation.if_closed == Decimal(100)


def test_a_signed_audit_refuses_answers(world: World) -> None:
    from tests.builders import STROKES

    audit_id = small_audit(world)
    answer(world, audit_id, "A1", "C")
    world.services.sign_off.sign(audit_id, party="auditor", name="Lena", strokes=STROKES)
    world.services.sign_off.sign_off(audit_id)
    with pytest.raises(NotAllowed, match="is signed"):
        answer(world, audit_id, "A1", "MAJ")
    assert question(world.services.checklist.open(audit_id), "A1").selected == ("C",)


def a_form_where_one_answer_hides_another(world: World) -> UUID:
    form = (
        SMALL_FORM.replace("| target |", "| target | relevant |")
        .replace("small-form", "hiding-form")
        .replace(
            "Is the floor free of paper? | 1     |          |          |            |        |",
            "Is the floor free of paper? | 1     |          |          |            |        "
            "| ${A1} = 'C' |",
        )
    )
    return an_audit(world, a_small_template(world, form))


def test_an_answer_that_hides_a_question_stands_and_withdraws_its_finding(world: World) -> None:
    audit_id = a_form_where_one_answer_hides_another(world)
    answer(world, audit_id, "A1", "C")
    opened = answer(world, audit_id, "A2", "MAJ").opened
    assert opened is not None
    world.services.findings.edit(opened.id, statement="Paper on four desks.")
    saved = answer(world, audit_id, "A1", "MIN")
    assert saved.order is not None
    assert [ref.rpartition("/")[2] for ref in saved.order] == ["A1", "A3", "B1", "B2"]
    assert (saved.score.majors, saved.score.minors) == (0, 1)
    assert [row.question for row in world.services.findings.listed(audit_id=audit_id)] == ["1.1"]


def test_a_question_that_applies_again_brings_answer_and_finding_back(world: World) -> None:
    audit_id = a_form_where_one_answer_hides_another(world)
    answer(world, audit_id, "A1", "C")
    opened = answer(world, audit_id, "A2", "MAJ").opened
    assert opened is not None
    world.services.findings.edit(opened.id, statement="Paper on four desks.")
    answer(world, audit_id, "A1", "MIN")
    saved = answer(world, audit_id, "A1", "C")
    (back,) = (row for row in saved.rows if row.code == "A2")
    assert back.selected == ("MAJ",)
    assert back.finding == opened
    assert world.services.findings.view(opened.id).statement == "Paper on four desks."


def test_undo_brings_a_hidden_question_and_its_finding_back(world: World) -> None:
    audit_id = a_form_where_one_answer_hides_another(world)
    answer(world, audit_id, "A1", "C")
    answer(world, audit_id, "A2", "MAJ")
    before = world.services.checklist.open(audit_id)
    answer(world, audit_id, "A1", "MIN")
    undone = world.services.checklist.undo(audit_id)
    assert undone is not None
    after = world.services.checklist.open(audit_id)
    assert (after.questions, after.score) == (before.questions, before.score)
    assert undone.order == tuple(row.ref for row in after.questions)


def test_undo_rescores_in_the_same_transaction(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    audit_id = small_audit(world)
    answer(world, audit_id, "A1", "C")
    saved = answer(world, audit_id, "A1", "MAJ")

    def power_cut(*_args: object) -> None:
        raise RuntimeError("power cut")

    monkeypatch.setattr("audit_app.services.checklist_steps.summarise", power_cut)
    with pytest.raises(RuntimeError, match="power cut"):
        world.services.checklist.undo(audit_id)
    view = world.services.checklist.open(audit_id)
    assert question(view, "A1").selected == ("MAJ",)
    (row,) = world.services.visits.of_audit(audit_id).audits
    assert row.score == saved.score.shown
