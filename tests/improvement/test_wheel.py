"""The seven steps: what completes them, free movement, and going back as a new loop."""

from datetime import date

import pytest

from common.refusals import Refused, Stale
from improvement import operations
from improvement.enums import State, Step, Word
from improvement.models import Answer, Improvement, Measure, Stride
from improvement.queries.drawing import drawn
from improvement.queries.wheel import combined, wheel_of
from records import operations as record_operations
from records.enums import LinkKind
from records.transitions import TransitionRefused
from tests.changes.conftest import gateway, write_change  # noqa: F401 - fixtures

from .conftest import ACTED_ON, JUNE, TUESDAY_9


def complete(improvement):
    return [each.number for each in wheel_of(improvement).steps if each.is_complete]


def test_at_first_no_step_is_complete(bring_to):
    assert complete(bring_to("active")) == []


def test_each_step_is_complete_when_what_it_asks_is_there(house, bring_to):
    improvement = bring_to("judged")
    said = {"improvement": improvement, "by": house.aisha, "at": JUNE}
    operations.answer(**said, step=1, texts={"vision": "Sessions that last."})
    way = operations.add_option(**said, text="New firmware", value=4, effort=2, risk=2)
    before = complete(improvement)
    operations.choose_option(option=way, by=house.aisha, at=JUNE)
    operations.answer(**said, step=7, texts={"kept_by": "The firmware policy", "lessons": "Measure first."})

    assert before == [1, 2, 3, 5, 6]
    assert complete(improvement) == [1, 2, 3, 4, 5, 6, 7]


def test_passing_a_step_that_is_not_complete_needs_a_reason_and_stays_visible(house, bring_to):
    improvement = bring_to("active")
    with pytest.raises(Refused) as refused:
        operations.go_to(improvement=improvement, by=house.aisha, at=TUESDAY_9, step=3)

    moved = operations.go_to(improvement=improvement, by=house.aisha, at=TUESDAY_9, step=3, reason="Known to all")

    assert len(refused.value.refusals) == 2
    assert (moved.step, moved.loop) == (3, 1)
    # The baseline may be left out while no target is a number; the vision of a regular improvement may not.
    assert complete(moved) == [2]


def test_small_ones_skip_the_vision_and_nobody_skips_the_check(house, bring_to):
    improvement = bring_to("active", size="small")

    skipped = operations.skip(improvement=improvement, by=house.aisha, at=TUESDAY_9, step=1, reason="Obvious")
    for step in (3, 5, 6):
        with pytest.raises(Refused):
            operations.skip(improvement=skipped, by=house.aisha, at=TUESDAY_9, step=step, reason="Obvious")

    assert complete(skipped) == [1]


def test_going_back_needs_a_reason_and_keeps_the_earlier_answers(house, bring_to):
    improvement = bring_to("judged")
    said = {"improvement": improvement, "by": house.aisha, "at": JUNE}
    operations.answer(**said, step=1, texts={"vision": "First"})
    operations.answer(**said, step=4, texts={"plan": "One go"})
    moved = operations.go_to(**said, step=6, reason="All there")
    with pytest.raises(Refused):
        operations.go_to(improvement=moved, by=house.aisha, at=JUNE, step=3)

    back = operations.go_to(improvement=moved, by=house.aisha, at=JUNE, step=3, reason="The target was too low")

    wheel = wheel_of(back)
    assert (back.step, back.loop, back.acted_on) == (3, 2, None)
    assert wheel.answer_of(Step.VISION).texts == {"vision": "First"}
    assert wheel.answer_of(Step.WAY) is None
    assert Answer.objects.get(improvement=back, loop=1, step=4).texts == {"plan": "One go"}
    assert [(each.baseline_text, each.target_date) for each in wheel.measures] == [("They complain weekly", None)]
    assert Measure.objects.get(improvement=back, loop=1).target_text == "Nobody complains"
    stride = Stride.objects.filter(improvement=back).last()
    assert (stride.reason, stride.is_back, stride.loop) == ("The target was too low", True, 2)


def test_the_way_is_drawn_with_its_loops(house, bring_to):
    improvement = bring_to("active")
    for step, reason in ((4, "Known"), (2, "Measure first"), (3, "")):
        improvement = operations.go_to(
            improvement=improvement, by=house.aisha, at=TUESDAY_9, step=step, reason=reason or "On"
        )

    drawing = drawn(wheel_of(improvement))

    assert [(each.is_back, each.loop) for each in drawing.paths] == [(False, 1), (True, 2), (False, 2)]
    assert [each.state.number for each in drawing.nodes] == [1, 2, 3, 4, 5, 6, 7]


@pytest.mark.parametrize("step", [0, 8, -1, 10**12])
def test_there_are_seven_steps(house, bring_to, step):
    with pytest.raises(Refused):
        operations.go_to(improvement=bring_to("active"), by=house.aisha, at=TUESDAY_9, step=step, reason="x")


def test_a_stale_answer_is_not_saved(house, bring_to):
    improvement = bring_to("active")
    said = {"improvement": improvement, "by": house.aisha, "at": TUESDAY_9, "step": 1}
    operations.answer(**said, texts={"vision": "One"}, version=improvement.version)

    with pytest.raises(Stale):
        operations.answer(**said, texts={"vision": "Two"}, version=improvement.version)

    assert Answer.objects.get().texts == {"vision": "One"}


def test_work_that_has_not_ended_keeps_the_action_open(house, bring_to, write_change):  # noqa: F811 - the fixture
    improvement, change = bring_to("judged"), write_change()
    record_operations.link(record=improvement, to=change, kind=LinkKind.FIXED_BY, by=house.ines, at=JUNE)

    with pytest.raises(TransitionRefused) as refused:
        operations.realize(improvement=improvement, by=house.ines, at=JUNE)

    assert change.reference in str(refused.value)


def test_what_is_partly_reached_is_not_called_realized(house, bring_to):
    improvement = bring_to("judged")
    measure = Measure.objects.get(improvement=improvement)
    operations.judge(measure=measure, by=house.ines, at=JUNE, word="partly", note="Twice a month")

    with pytest.raises(TransitionRefused):
        operations.realize(improvement=improvement, by=house.ines, at=JUNE)
    partly = operations.realize_partly(improvement=improvement, by=house.ines, at=JUNE)

    assert (partly.state, partly.closed_at) == (State.PARTLY_REALIZED, JUNE)


def test_a_result_that_holds_is_not_opened_again_and_a_missed_one_is(house, bring_to):
    realized = bring_to("realized")
    with pytest.raises(TransitionRefused):
        operations.reopen(improvement=realized, by=house.ines, at=JUNE, reason="More")
    missed = bring_to("judged")
    missed = operations.end_unrealized(improvement=missed, by=house.ines, at=JUNE, reason="Too dear")

    again = operations.reopen(improvement=missed, by=house.ines, at=JUNE, reason="A cheaper way")

    assert (again.state, again.loop, again.step, again.closed_at) == (State.ACTIVE, 2, Step.TARGET, None)


def test_the_last_step_is_answered_after_it_was_realized_and_no_other(house, bring_to):
    improvement = bring_to("realized")
    said = {"improvement": improvement, "by": house.aisha, "at": JUNE}

    operations.answer(**said, step=7, texts={"lessons": "Measure first."})
    with pytest.raises(Refused):
        operations.answer(**said, step=1, texts={"vision": "Later"})

    assert [each.step for each in Answer.objects.filter(improvement=improvement)] == [6, 7]


@pytest.mark.parametrize("acted_on", [date(2026, 6, 2), date(1, 1, 1), date(9999, 12, 31), None])
def test_it_is_in_effect_from_a_day_of_the_past_ten_years(house, bring_to, acted_on):
    with pytest.raises(Refused):
        operations.take_effect(improvement=bring_to("active"), by=house.aisha, at=JUNE, acted_on=acted_on)


def test_the_worst_word_counts():
    assert combined([Word.REACHED, Word.REACHED]) == Word.REACHED
    assert combined([Word.REACHED, Word.NO_EVIDENCE]) == Word.PARTLY
    assert combined([Word.NO_EVIDENCE, Word.NO_EVIDENCE]) == Word.NO_EVIDENCE
    assert combined([Word.REACHED, Word.WORSE]) == Word.WORSE


def test_the_action_is_kept_when_the_loop_begins_after_it(house, bring_to):
    improvement = bring_to("judged")
    moved = operations.go_to(improvement=improvement, by=house.aisha, at=JUNE, step=7, reason="On")

    back = operations.go_to(improvement=moved, by=house.aisha, at=JUNE, step=6, reason="Look again")

    assert back.acted_on == ACTED_ON
    assert Improvement.objects.get(pk=back.pk).loop == 2
