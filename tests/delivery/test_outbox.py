"""The outbox as the operator sees it: what waits, why, and what he can do about it."""

from __future__ import annotations

import json
from typing import Any

import pytest
import sqlalchemy as sa
from freezegun import freeze_time
from typer.testing import CliRunner

from tests.delivery.posting import DAY, MORNING, Office, Pretend
from tests.scenarios.world import OFFICER
from tracker import audit
from tracker.cli import app
from tracker.db import table, transaction
from tracker.delivery import outbox_acts, send
from tracker.delivery.channel import DeliveryError
from tracker.errors import LuzeError
from tracker.lifecycle import NEW

GONE = DeliveryError("收件地址被拒收（550）", permanent=True)
BUSY = DeliveryError("邮箱忙")


@pytest.fixture
def office(sqlite_engine: sa.Engine) -> Office:
    """Six letters: one sent, one set aside, one waiting, and three that nobody tried yet."""
    office = Office(sqlite_engine)
    office.letters(office.contact("甲"))
    office.letters(office.contact("乙", address="gone@example.cn"))
    office.letters(office.contact("丙", address="busy@example.cn"))
    failures = {"gone@example.cn": GONE, "busy@example.cn": BUSY}
    send.step(sqlite_engine, {"mail": Pretend(failures.get)}, MORNING)
    office.letters(office.contact("丁"), 3)
    return office


def retry(office: Office, *numbers: int) -> int:
    with transaction(office.engine) as connection:
        return outbox_acts.retry(
            connection, list(numbers) or None, now=MORNING + DAY, operator=OFFICER
        )


def cancel(office: Office, number: int, reason: str = "已口头告知") -> None:
    with transaction(office.engine) as connection:
        outbox_acts.cancel(connection, number, reason=reason, now=MORNING + DAY, operator=OFFICER)


def acts(office: Office) -> list[tuple[str, dict[str, Any]]]:
    act = table(audit.Act)
    with office.engine.connect() as connection:
        return [(row.act, row.detail) for row in connection.execute(sa.select(act))]


def test_counts_and_reasons_of_what_is_not_sent(office: Office) -> None:
    with office.engine.connect() as connection:
        counts, found = outbox_acts.counts(connection), outbox_acts.pending(connection)
    assert counts == {
        NEW: 3, "sending": 0, "waiting": 1, "set_aside": 1, "sent": 1, "cancelled": 0,
    }  # fmt: skip
    assert [(one.name, one.state, one.told) for one in found[:2]] == [
        ("乙", "set_aside", GONE.told), ("丙", "waiting", BUSY.told),
    ]  # fmt: skip
    assert [one.state for one in found[2:]] == [NEW] * 3


def test_what_was_set_aside_goes_again_when_a_person_says_so(office: Office) -> None:
    assert retry(office, 2) == 1
    mail = Pretend()
    send.step(office.engine, {"mail": mail}, MORNING + DAY)
    assert "gone@example.cn" in [address for _, address, _ in mail.sent]
    assert acts(office) == [("outbox_retry", {"letters": [2]})]


def test_all_that_waits_or_is_set_aside_goes_again_with_new_attempts(office: Office) -> None:
    assert retry(office) == 2
    assert [row.attempts for row in office.sendings().values()] == [1, 0, 0]
    assert office.states() == ["sent", "waiting", "waiting"]


def test_a_cancelled_letter_is_never_sent(office: Office) -> None:
    cancel(office, 3)
    cancel(office, 4)
    assert retry(office) == 1, "what was cancelled is not meant by all"
    mail = Pretend()
    send.step(office.engine, {"mail": mail}, MORNING + DAY)
    assert len(mail.sent) == 3
    assert office.sendings()["notices|2|3"].told == "已口头告知"
    assert acts(office)[0] == ("outbox_cancel", {"letters": [3], "reason": "已口头告知"})


@pytest.mark.parametrize(
    ("act", "told"),
    [
        (lambda office: retry(office, 1), "第 1 号信件现为“已发出”，不能重发"),
        (lambda office: cancel(office, 1), "第 1 号信件现为“已发出”，不能撤销"),
        (lambda office: cancel(office, 2, " "), "没有写理由"),
        (lambda office: retry(office, 2, 99), "没有第 99 号信件"),
        (lambda office: cancel(office, 99), "没有第 99 号信件"),
    ],
)
def test_what_cannot_be_done_is_refused_and_changes_nothing(
    office: Office, act: Any, told: str
) -> None:
    before = office.sendings()
    with pytest.raises(LuzeError, match=told):
        act(office)
    assert office.sendings() == before
    assert acts(office) == []


@pytest.fixture
def terminal(office: Office, monkeypatch: pytest.MonkeyPatch) -> Office:
    monkeypatch.setenv("TRACKER_DATABASE_URL", str(office.engine.url))
    return office


def run(*words: str) -> str:
    result = CliRunner().invoke(app, list(words), env={"COLUMNS": "180"})
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.stdout


@pytest.mark.usefixtures("terminal")
def test_the_list_says_how_many_why_and_what_to_do() -> None:
    with freeze_time(MORNING):
        told = run("outbox")
    assert "待发 3 封、发送中 0 封、待重发 1 封、已搁置 1 封、已发出 1 封、已撤销 0 封" in told
    assert "收件地址被拒收（550）" in told
    assert "tracker outbox retry 编号" in told
    assert "@example.cn" not in told


@pytest.mark.usefixtures("terminal")
def test_at_night_the_list_says_when_the_morning_begins() -> None:
    with freeze_time(MORNING.replace(hour=23)):
        told = run("outbox", "--limit", "0")
    assert told.count("07:00 起") == 4


def test_a_round_by_hand_tells_what_is_missing(terminal: Office) -> None:
    with freeze_time(MORNING + DAY):
        told = run("outbox", "send")
    assert "待重发 1 封；没有设置 TRACKER_SMTP_URL 和 TRACKER_MAIL_FROM" in told
    assert terminal.states().count("waiting") == 4


def test_retry_and_cancel_by_their_numbers(terminal: Office) -> None:
    with freeze_time(MORNING + DAY):
        assert "2 封信件将在下一轮重发" in run("outbox", "retry", "--all")
        assert "第 2 号信件已撤销" in run("outbox", "cancel", "2", "--reason", "人已调走")
        for words in (["retry"], ["retry", "2", "--all"]):
            with pytest.raises(LuzeError, match="没有写明重发哪一封"):
                run("outbox", *words)
    assert [act for act, _ in acts(terminal)] == ["outbox_retry", "outbox_cancel"]


def test_contacts_are_registered_listed_masked_and_removed(terminal: Office) -> None:
    run("contacts", "add", "周外", "--scope", "示例县", "--role", "领导", "--mail", "zhou@gov.cn")
    listed = run("contacts")
    assert "z***@gov.cn" in listed
    assert "zhou@gov.cn" not in listed
    assert "zhou@gov.cn" in run("contacts", "list", "--full")
    assert "第 5 号联系人 周外 已移除" in run("contacts", "remove", "5")
    assert "周外" not in run("contacts")
    assert json.dumps([d for _, d in acts(terminal)], ensure_ascii=False).count("gov.cn") == 0


def test_a_list_imported_as_the_whole_removes_who_is_not_in_it(
    terminal: Office, tmp_path: Any
) -> None:
    path = tmp_path / "联系人.csv"
    path.write_text("姓名,单位,身份,邮箱\n甲,示例县,联络员,new@gov.cn\n", encoding="utf-8")
    told = run("contacts", "import", str(path))
    assert "新增 0 个、更新 1 个、未变 0 个" in told
    assert "仍然保留的：第2号、第3号、第4号" in told
    assert "未变 1 个、移除 3 个" in run("contacts", "import", str(path), "--whole")
    assert "联系人 1 个" in run("contacts")
