"""lines.yaml speaks the words of the vocabulary and of the forms, and nothing else."""

from __future__ import annotations

import pytest
from ruamel.yaml import YAML

from tracker.ledger.build import ROWS
from tracker.ledger.forms import load_forms
from tracker.ledger.household_rows import HOUSEHOLD_ROSTERS
from tracker.ledger.rosters import ROSTERS
from tracker.ledger.rules import KindBy, LineRule, load_rules
from tracker.resources import folder

RULES = load_rules()
WORDS = YAML(typ="safe").load((folder("duties") / "vocabulary.yaml").read_text(encoding="utf-8"))
LINES = [(form, line) for form, rule in RULES.forms.items() for line in rule.lines]


def kinds(line: LineRule) -> set[str]:
    if isinstance(line.kind, KindBy):
        return {*line.kind.words, line.kind.otherwise} - {""}
    return {line.kind} - {"marks"}


@pytest.mark.parametrize(("form", "line"), LINES, ids=lambda x: x if isinstance(x, str) else "")
def test_every_line_uses_kinds_and_roles_of_the_vocabulary(form: str, line: LineRule) -> None:
    assert kinds(line) <= set(WORDS["kinds"])
    assert line.role == "as" or line.role in WORDS["as"]


def test_every_form_is_either_a_roster_or_a_happening() -> None:
    assert set(RULES.forms) == set(ROWS)
    rosters = {form for form, rule in RULES.forms.items() if rule.roster}
    assert rosters == set(ROSTERS) | set(HOUSEHOLD_ROSTERS)


def test_names_are_fields_that_the_forms_have() -> None:
    fields = {name for form in load_forms().forms.values() for name in form.fields}
    assert set(RULES.names) <= fields
    assert {name for rule in RULES.forms.values() for name in rule.key} <= fields


def test_rosters_come_before_the_ledgers_that_need_them() -> None:
    order = [rule.roster for rule in RULES.forms.values()]
    assert order == sorted(order, reverse=True)


@pytest.mark.parametrize(
    ("value", "kind", "is_doubtful"),
    [
        ("党组会研究帮扶", "committee_study", False),
        ("党委会研究帮扶", "committee_study", False),
        ("党委（党组）会议研究部署", "committee_study", False),
        ("职工大会", "other_meeting", False),
        ("党组会", "other_meeting", True),
        ("局务会专题研究", "other_meeting", True),
    ],
)
def test_a_study_is_a_meeting_of_the_party_group_on_the_help(
    value: str, kind: str, is_doubtful: bool
) -> None:
    rule = RULES.forms["unit_meetings"].lines[0].kind
    assert isinstance(rule, KindBy)
    assert (rule.kind(value), rule.is_doubtful(value)) == (kind, is_doubtful)


@pytest.mark.parametrize(
    ("value", "kind", "is_doubtful"),
    [
        ("推进会", "promotion_meeting", False),
        ("总队长会议", "chief_captains_meeting", False),
        ("乡镇例会", "captains_meeting", False),
        ("轮训", "", False),
        ("座谈会", "", True),
    ],
)
def test_a_county_matter_is_of_a_known_type_or_worth_a_look(
    value: str, kind: str, is_doubtful: bool
) -> None:
    rule = RULES.forms["county_matters"].lines[0].kind
    assert isinstance(rule, KindBy)
    assert (rule.kind(value), rule.is_doubtful(value)) == (kind, is_doubtful)


@pytest.mark.parametrize(
    ("title", "is_captain"),
    [
        ("第一书记兼队长", True),
        ("队长", True),
        ("第一书记", True),
        ("副队长", False),
        ("队员", False),
    ],
)
def test_captains_are_known_by_their_title(title: str, is_captain: bool) -> None:
    assert RULES.captains.is_captain(title) is is_captain
