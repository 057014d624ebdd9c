"""Four answers, four outcomes: the gravest clause decides."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.awards.gate import Answer, Clause, Outcome, decide, leads_to

_ANSWERS = st.lists(st.sampled_from(Answer), max_size=6)


@given(_ANSWERS, st.sampled_from(Answer))
def test_one_more_clause_never_makes_the_answer_milder(before: list[Answer], one: Answer) -> None:
    def answer(answers: list[Answer]) -> Answer:
        return decide([Clause(each, "五·约谈", "") for each in answers])

    order = list(Answer)
    assert order.index(answer([*before, one])) >= order.index(answer(before))
    assert answer([*before, one]) in (one, answer(before))


def test_where_nothing_speaks_against_it_the_answer_is_eligible() -> None:
    assert decide([]) is Answer.eligible


@pytest.mark.parametrize(
    ("outcome", "answer"),
    [
        (Outcome.passed, Answer.eligible),
        (Outcome.unknown, Answer.incomplete),
        (Outcome.person, Answer.on_hold),
        (Outcome.failed, Answer.barred),
    ],
)
def test_each_outcome_leads_to_its_answer(outcome: Outcome, answer: Answer) -> None:
    assert leads_to(outcome) is answer


def test_the_law_says_what_a_failed_clause_leads_to() -> None:
    assert leads_to(Outcome.failed, Answer.on_hold) is Answer.on_hold
    assert leads_to(Outcome.passed, Answer.on_hold) is Answer.eligible
