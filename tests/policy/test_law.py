"""Which document binds, what the law's hash covers, and that the field guide knows every key."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker import resources
from tracker.policy.base import Rule
from tracker.policy.law import Law
from tracker.policy.load import load_law
from tracker.policy.vocabulary import Vocabulary

VALID = Path(__file__).parents[1] / "bad_packs" / "valid"


def successor(tmp_path: Path) -> Law:
    """`sample` (from 2019-07-31) and a later document that repeals it from 2020-05-01."""
    root = tmp_path / "duties"
    shutil.copytree(VALID, root)
    later = root / "later"
    shutil.copytree(root / "sample", later)
    document = (later / "document.yaml").read_text("utf-8")
    document = document.replace("id: sample", "id: later").replace("2019〕1号", "2020〕1号")
    document = document.replace("in_force: {from: 2019-07-31}", "in_force: {from: 2020-05-01}")
    document += "repeals: [{number: 某发〔2019〕1号, cite: 二}]\n"
    (later / "document.yaml").write_text(document, "utf-8")
    return load_law([root])


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2019, 7, 30), []),
        (date(2019, 7, 31), ["sample"]),
        (date(2020, 4, 30), ["sample"]),
        (date(2020, 5, 1), ["later"]),
        (date(2020, 5, 2), ["later"]),
    ],
)
def test_a_repealed_document_ends_the_day_before_its_successor_begins(
    tmp_path: Path, on: date, expected: list[str]
) -> None:
    assert [p.document.id for p in successor(tmp_path).in_force(on)] == expected


def test_the_last_day_of_a_document_is_known(tmp_path: Path) -> None:
    law = successor(tmp_path)
    assert law.last_day(law.pack("sample")) == date(2020, 4, 30)
    assert law.last_day(law.pack("later")) is None


def test_a_document_ends_on_its_last_day(tmp_path: Path) -> None:
    root = tmp_path / "duties"
    shutil.copytree(VALID, root)
    file = root / "sample" / "document.yaml"
    text = file.read_text("utf-8").replace("from: 2019-07-31}", "from: 2019-07-31, to: 2019-12-31}")
    file.write_text(text, "utf-8")
    law = load_law([root])
    last = date(2019, 12, 31)
    assert [len(law.in_force(last + timedelta(days=n))) for n in (-1, 0, 1)] == [1, 1, 0]


@settings(deadline=None)  # the first example also loads the law
@given(st.from_regex(r"\A\d{2}(\d{2}){0,2}(\d{3}){0,2}\Z"))
def test_a_document_binds_exactly_where_its_code_begins_the_area_code(code: str) -> None:
    law = load_valid()
    assert bool(law.in_force(date(2020, 1, 1), code)) == (code[:2] == "62")


_LOADED: list[Law] = []


def load_valid() -> Law:
    if not _LOADED:
        _LOADED.append(load_law([VALID]))
    return _LOADED[0]


def test_the_same_files_give_the_same_hash_wherever_they_lie(tmp_path: Path) -> None:
    shutil.copytree(VALID, tmp_path / "elsewhere")
    assert load_law([tmp_path / "elsewhere"]).sha256 == load_valid().sha256


@pytest.mark.parametrize(
    "file",
    ["vocabulary.yaml", "interpretations.yaml", "calendar/local.yaml", "sample/duties.yaml"],
)
def test_the_hash_covers_every_file(tmp_path: Path, file: str) -> None:
    root = tmp_path / "duties"
    shutil.copytree(VALID, root)
    with (root / file).open("a", encoding="utf-8") as out:
        out.write("# x\n")
    assert load_law([root]).sha256 != load_valid().sha256


def test_an_unknown_document_or_duty_is_a_key_error() -> None:
    law = load_valid()
    assert law.duty("sample", "unit.study").at_least == 4
    with pytest.raises(KeyError):
        law.pack("nothing")
    with pytest.raises(KeyError):
        law.duty("sample", "unit.nothing")


def test_loaded_law_cannot_be_changed() -> None:
    duty = load_valid().duty("sample", "unit.study")
    with pytest.raises(ValueError, match="frozen"):
        duty.at_least = 5  # type: ignore[misc]


def rules(model: type[Rule]) -> Iterator[type[Rule]]:
    for child in model.__subclasses__():
        yield child
        yield from rules(child)


def test_the_field_guide_explains_every_key() -> None:
    guide = (resources.folder("duties") / "README.md").read_text("utf-8")
    inner = {"document", "duties", "qualitative", "interviews", "bars", "sha256"}
    inner |= {"targets", "tasks", "exit_checks"}
    keys = {
        info.alias or name
        for model in rules(Rule)
        for name, info in model.model_fields.items()
        if model.__module__.startswith("tracker.policy")
    }
    untold = [k for k in sorted(keys - inner) if f"`{k}" not in guide and f"{k}:" not in guide]
    assert untold == []


def test_the_field_guide_explains_every_section_of_the_vocabulary() -> None:
    guide = (resources.folder("duties") / "README.md").read_text("utf-8")
    sections = [info.alias or name for name, info in Vocabulary.model_fields.items()]
    assert [section for section in sections if f"`{section}`" not in guide] == []
