"""The first folder of a new document: readable whatever its title is, and whole or not at all."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from tracker.delivery.documents.clauses import outline
from tracker.errors import LuzeError, PackError
from tracker.policy.model import Document, Duty, Qualitative
from tracker.policy.scaffold import FILES, Beginning, begin, texts

ISSUED = date(2021, 1, 20)
# What a document may print: no control characters, which no file of the law may hold either.
printed = st.text(st.characters(exclude_categories=["C"]), min_size=1).filter(str.strip)


def beginning(title: str = "帮扶通知", article: str = "研究", starts: date = ISSUED) -> Beginning:
    return Beginning(
        "moxian-2021-3", "某发〔2021〕3号", title, ["某县委"], "621023", "某县", ISSUED, starts,
        {"一": article},
    )  # fmt: skip


@given(printed, printed)
def test_whatever_is_printed_in_a_title_is_read_back_the_same(title: str, article: str) -> None:
    written = texts(beginning(title, article))["document.yaml"]
    document = Document.model_validate(YAML(typ="safe").load(written))

    assert (document.title, document.number) == (title, "某发〔2021〕3号")
    assert [(a.id, a.covered) for a in document.articles] == [("一", "undecided")]
    assert article.strip().startswith(document.articles[0].name.removesuffix("…"))


def test_an_article_goes_by_its_first_words() -> None:
    def name(words: str) -> str:
        read = YAML(typ="safe").load(texts(beginning(article=words))["document.yaml"])
        return str(read["articles"][0]["name"])

    assert name("落实责任。各单位要研究") == "落实责任"
    assert name("一" * 20) == "一" * 20
    assert name("一" * 21) == "一" * 19 + "…"


@pytest.mark.parametrize(("day", "refused"), [(-1, True), (0, False), (1, False)])
def test_a_document_binds_from_its_issue_on(tmp_path: Path, day: int, refused: bool) -> None:
    new = beginning(starts=ISSUED + timedelta(days=day))
    if refused:
        with pytest.raises(PackError, match="没有建立"):
            begin(new, tmp_path, [])
        assert list(tmp_path.iterdir()) == []
    else:
        made = begin(new, tmp_path, [])
        assert sorted(path.name for path in made.iterdir()) == sorted(FILES)
        assert list(tmp_path.iterdir()) == [made]


def test_a_hidden_folder_that_goes_by_the_id_is_left_alone(tmp_path: Path) -> None:
    own = tmp_path / ".moxian-2021-3" / "kept"
    own.parent.mkdir()
    own.write_text("mine", "utf-8")
    made = begin(beginning(), tmp_path, [])
    assert own.read_text("utf-8") == "mine"
    assert sorted(tmp_path.iterdir()) == sorted([made, own.parent])


def example(name: str) -> object:
    """The example of a file without its comment marks."""
    body = texts(beginning())[name].partition("\n# - ")[2]
    return YAML(typ="safe").load("- " + body.replace("\n# ", "\n"))[0]


def test_the_examples_are_what_the_law_takes() -> None:
    duty = Duty.model_validate(example("duties.yaml"))
    qualitative = Qualitative.model_validate(example("qualitative.yaml"))

    assert (duty.every, duty.at_least, duty.on_breach) == ("quarter", 1, "warn")
    assert qualitative.holder.role == duty.holder.role == "assisting_unit"


@pytest.mark.parametrize("again", ["三、结对帮扶。", "二、每月走访。"])
def test_a_number_printed_twice_is_refused_and_no_clause_is_lost(
    tmp_path: Path, again: str
) -> None:
    text = tmp_path / "通知.txt"
    text.write_text("\n".join(["一、研究。", "二、例会。", "三、走访。", again]), "utf-8")
    with pytest.raises(LuzeError) as refused:
        outline(text)
    assert [p.what for p in refused.value.problems] == [f"“{again[0]}”第二次出现：{again}"]
