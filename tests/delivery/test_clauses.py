"""The words of a document: split by article as the pack names them, newest first, all on record."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import docx
import pytest
import sqlalchemy as sa

from tests.scenarios.world import OFFICER
from tracker import audit
from tracker.clock import SHANGHAI
from tracker.db import table, transaction
from tracker.delivery.documents.clauses import load_text, split, words_of
from tracker.delivery.tables import ClauseText
from tracker.errors import LuzeError
from tracker.policy.load import load_law
from tracker.policy.model import Pack

NOW = datetime(2020, 1, 9, 9, tzinfo=SHANGHAI)
STUDY = "研究。每年研究不少于1次，并且记录在案。"
WRITTEN = """某发〔2019〕1号

样例

为做好约谈和限制工作，制定本清单。

一、责任

（一）研究。每年研究不少于1次，

并且记录在案。
(二) 选派。精准选派。
1．政治素质好。
没有按要求做的，由某机关对其进行约谈。
弄虚作假的，不得评优，并约谈负责人。

二、附则
本清单自印发之日起施行。
附件
一、另表
（一）这里又从头编号。
"""


@pytest.fixture
def sample() -> Pack:
    """The invented pack of the tests, with articles 一(一), 一(二), 一·约谈, 一·限制 and 二."""
    (pack,) = load_law([Path(__file__).parents[1] / "bad_packs" / "valid"]).packs
    return pack


def stored(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def as_docx(path: Path) -> Path:
    document = docx.Document()
    for line in WRITTEN.splitlines():
        document.add_paragraph(line)
    document.save(str(path))
    return path


@pytest.mark.parametrize("kind", ["utf-8", "utf-8-sig", "gb18030", "docx"])
def test_every_article_is_found_in_every_kind_of_file(
    engine: sa.Engine, sample: Pack, tmp_path: Path, kind: str
) -> None:
    if kind == "docx":
        file = as_docx(tmp_path / "全文.docx")
    else:
        file = stored(tmp_path / "全文.txt", WRITTEN.encode(kind))

    with transaction(engine) as connection:
        loaded = load_text(connection, sample, file, now=NOW, operator=OFFICER)
        words = {a: words_of(connection, "sample", a) for a in loaded.found}

    assert loaded.missing == ()
    assert words == {
        "一(一)": STUDY,
        "一(二)": "选派。精准选派。\n1．政治素质好。",
        "一·约谈": "没有按要求做的，由某机关对其进行约谈。",
        "一·限制": "弄虚作假的，不得评优，并约谈负责人。",
        "二": "本清单自印发之日起施行。\n附件",
    }


def test_what_a_file_does_not_hold_is_said(
    sqlite_engine: sa.Engine, sample: Pack, tmp_path: Path
) -> None:
    file = stored(tmp_path / "摘录.txt", "一、责任\n（二）选派。精准选派。".encode())

    with transaction(sqlite_engine) as connection:
        loaded = load_text(connection, sample, file, now=NOW, operator=OFFICER)

    assert loaded.found == ("一(二)",)
    assert loaded.missing == ("一(一)", "一·约谈", "一·限制", "二")


def test_a_paragraph_that_ends_in_brackets_does_not_run_into_the_next(
    sqlite_engine: sa.Engine, sample: Pack, tmp_path: Path
) -> None:
    """Work plans close a point with the bodies that lead it."""
    text = "一、责任\n（一）研究。（甲局牵头）\n没有按要求做的，由某机关进行约谈。"
    file = stored(tmp_path / "要点.txt", text.encode())

    with transaction(sqlite_engine) as connection:
        load_text(connection, sample, file, now=NOW, operator=OFFICER)
        assert words_of(connection, "sample", "一(一)") == "研究。（甲局牵头）"
        assert words_of(connection, "sample", "一·约谈") == "没有按要求做的，由某机关进行约谈。"


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("别的.txt", "没有编号的一段话。".encode(), "没有找到 某发〔2019〕1号 的任何一条"),
        ("乱码.txt", b"\xff\xff\xff", "读不出文字"),
        ("不是.docx", b"no archive", "读不出文字"),
    ],
)
def test_a_file_without_the_text_is_refused_and_leaves_nothing(
    sqlite_engine: sa.Engine, sample: Pack, tmp_path: Path, name: str, data: bytes, said: str
) -> None:
    file = stored(tmp_path / name, data)

    with pytest.raises(LuzeError, match=said), transaction(sqlite_engine) as connection:
        load_text(connection, sample, file, now=NOW, operator=OFFICER)

    with sqlite_engine.connect() as connection:
        assert connection.execute(table(ClauseText).select()).all() == []
        assert audit.verify(connection) == (0, None)


def test_the_newest_text_is_quoted_and_an_earlier_moment_keeps_its_own(
    sqlite_engine: sa.Engine, sample: Pack, tmp_path: Path
) -> None:
    first = stored(tmp_path / "一.txt", "一、责任\n（一）旧文。".encode())
    second = stored(tmp_path / "二.txt", "一、责任\n（一）新文。".encode())
    later = NOW + timedelta(days=1)

    with transaction(sqlite_engine) as connection:
        assert words_of(connection, "sample", "一(一)") is None
        load_text(connection, sample, first, now=NOW, operator=OFFICER)
        load_text(connection, sample, second, now=later, operator=OFFICER)
        assert words_of(connection, "sample", "一(一)") == "新文。"
        assert words_of(connection, "sample", "一(一)", NOW) == "旧文。"
        assert words_of(connection, "sample", "一(一)", NOW - timedelta(seconds=1)) is None
        assert words_of(connection, "other", "一(一)") is None
        acts = connection.execute(table(audit.Act).select()).all()

    assert [(act.act, act.detail["found"]) for act in acts] == [("policy_text", ["一(一)"])] * 2
    assert acts[0].detail["sha256"] != acts[1].detail["sha256"]


@pytest.mark.parametrize(
    ("paragraph", "article"),
    [
        ("做得不好的，由某机关对负责人进行约谈。", "三·约谈"),
        ("当年不得评优的，并约谈负责人。", "三·限制"),
        ("某单位承担连带责任，不得评优，并约谈负责人。", "三·连带"),
        ("建立归口管理机制。", "三·机制"),
        ("旧的清单同时废止。", "附·废止"),
    ],
)
def test_a_paragraph_without_a_number_is_told_by_what_it_says(paragraph: str, article: str) -> None:
    wanted = ["三(一)", "三·约谈", "三·连带", "三·限制", "三·机制", "附·废止"]

    assert split(["三、清单", "（一）做事。", paragraph], wanted) == {
        "三(一)": "做事。",
        article: paragraph,
    }
