"""Sending: at least once, recorded after the fact, again and again more rarely, never by two."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import textwrap
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path
from threading import Barrier

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event

from tests.delivery.posting import DAY, HOUR, MINUTE, MORNING, Office, Pretend
from tests.scenarios.world import moment
from tracker.db import open_engine, transaction
from tracker.delivery import send, sendings
from tracker.delivery.channel import DeliveryError
from tracker.delivery.rules import delivery_rules
from tracker.delivery.sendings import LETTER
from tracker.lifecycle import NEW
from tracker.outbox import Letter

BUSY = DeliveryError("邮箱忙")
DOWN = DeliveryError("连不上邮件服务器", whole_channel=True)
GONE = DeliveryError("收件地址被拒收", permanent=True)


@pytest.fixture
def office(sqlite_engine: sa.Engine) -> Office:
    return Office(sqlite_engine)


def counted(sent: int = 0, waiting: int = 0, set_aside: int = 0) -> dict[str, object]:
    return {"sent": sent, "waiting": waiting, "set_aside": set_aside, "told": []}


def test_a_letter_is_sent_once_and_recorded_with_its_moment(engine: sa.Engine) -> None:
    office, mail = Office(engine), Pretend()
    (key,) = office.letters(office.contact())

    assert send.step(engine, {"mail": mail}, MORNING) == counted(sent=1)
    assert send.step(engine, {"mail": mail}, MORNING + MINUTE) == counted()

    assert mail.sent == [(f"提醒 {key}", "li@example.cn", key)]
    row = office.sendings()[key]
    assert (row.state, row.attempts, row.leased_until, row.told) == ("sent", 1, None, "")
    assert MORNING <= row.sent_at < MORNING + MINUTE


def test_a_transient_failure_waits_exactly_its_minute(office: Office) -> None:
    failing = [BUSY]
    mail = Pretend(lambda _: failing.pop() if failing else None)
    (key,) = office.letters(office.contact())

    assert send.step(office.engine, {"mail": mail}, MORNING) == counted(waiting=1)
    due = office.sendings()[key].next_at
    assert MORNING + MINUTE <= due < MORNING + 2 * MINUTE
    assert office.sendings()[key].told == "邮箱忙"

    before = due - timedelta(seconds=10)
    assert send.step(office.engine, {"mail": mail}, before) == counted()
    assert send.step(office.engine, {"mail": mail}, due) == counted(sent=1)


def test_one_failure_holds_up_nobody_else(office: Office) -> None:
    mail = Pretend(lambda address: BUSY if address == "busy@example.cn" else None)
    office.letters(office.contact("忙", address="busy@example.cn"))
    office.letters(office.contact("闲", address="free@example.cn"), 2)

    assert send.step(office.engine, {"mail": mail}, MORNING) == counted(sent=2, waiting=1)


def test_a_defect_of_a_channel_waits_like_any_failure(office: Office) -> None:
    def broken(_: str) -> DeliveryError | None:
        raise KeyError("template")

    office.letters(office.contact())
    assert send.step(office.engine, {"mail": Pretend(broken)}, MORNING) == counted(waiting=1)
    (row,) = office.sendings().values()
    assert row.told == "发送程序出错（KeyError），详见运行日志"


def test_a_refused_recipient_is_set_aside_at_once(office: Office) -> None:
    (key,) = office.letters(office.contact())
    mail = Pretend(lambda _: GONE)
    assert send.step(office.engine, {"mail": mail}, MORNING) == counted(set_aside=1)
    assert send.step(office.engine, {"mail": mail}, MORNING + 9 * DAY) == counted()
    assert office.sendings()[key].told == "收件地址被拒收"


@pytest.mark.parametrize(
    ("contact", "told"),
    [
        ({"address": ""}, "收件人没有地址"),
        ({"channel": "pigeon"}, "没有“pigeon”这种发送方式"),
    ],
)
def test_what_can_never_arrive_is_set_aside_with_one_line(
    office: Office, contact: dict[str, str], told: str
) -> None:
    office.letters(office.contact(**contact))  # type: ignore[arg-type]
    assert send.step(office.engine, {"mail": Pretend()}, MORNING) == counted(set_aside=1)
    (row,) = office.sendings().values()
    assert row.told.startswith(told)


def test_a_removed_contact_gets_nothing_but_a_new_address_does(office: Office) -> None:
    gone, moved, mail = office.contact("走", address="a@x.cn"), office.contact("迁"), Pretend()
    office.letters(gone)
    office.letters(moved)
    office.void(gone)
    office.void(moved)
    office.contact("迁", address="new@x.cn", now=MORNING)

    assert send.step(office.engine, {"mail": mail}, MORNING) == counted(sent=1, set_aside=1)
    assert [address for _, address, _ in mail.sent] == ["new@x.cn"]
    assert [row.told for row in office.sendings().values()] == ["收件人已从联系人中移除", ""]


def test_a_server_down_for_three_days_loses_nothing_and_burns_no_attempts(office: Office) -> None:
    down = True
    tried: list[str] = []

    def refuse(address: str) -> DeliveryError | None:
        tried.append(address)
        return DOWN if down else None

    mail = Pretend(refuse)
    keys = office.letters(office.contact(), 20)
    now = MORNING
    while now < MORNING + 3 * DAY:
        done = send.step(office.engine, {"mail": mail}, now)
        assert done["told"] in ([], [DOWN.told])
        now += 20 * MINUTE
    assert len(tried) < 30, "the server is asked ever more rarely, by one letter at a time"
    assert set(office.states()) == {"waiting"}
    assert [row.attempts for row in office.sendings().values()][1:] == [0] * 19

    down = False
    for _ in range(25):  # the longest wait, within the day
        send.step(office.engine, {"mail": mail}, now)
        now += 10 * MINUTE
    assert [key for _, _, key in mail.sent] == keys
    assert set(office.states()) == {"sent"}


def test_a_channel_that_is_down_leaves_the_other_alone(office: Office) -> None:
    office.letters(office.contact(), 3)
    office.letters(office.contact("群", channel="wecom", role="group", address="县群"), 2)
    robot = Pretend()

    done = send.step(office.engine, {"mail": Pretend(lambda _: DOWN), "wecom": robot}, MORNING)

    assert done == {"sent": 2, "waiting": 1, "set_aside": 0, "told": [DOWN.told]}
    assert office.states() == ["waiting"] * 3 + ["sent"] * 2


@pytest.mark.parametrize(
    ("channel", "hour", "minute", "sent"),
    [
        ("mail", 6, 59, 0), ("mail", 7, 0, 1), ("mail", 20, 59, 1), ("mail", 21, 0, 0),
        ("wecom", 8, 29, 0), ("wecom", 8, 30, 1), ("wecom", 17, 59, 1), ("wecom", 18, 0, 0),
    ],
)  # fmt: skip
def test_quiet_hours_end_and_begin_to_the_minute(
    office: Office, channel: str, hour: int, minute: int, sent: int
) -> None:
    role = "group" if channel == "wecom" else "liaison"
    office.letters(office.contact(channel=channel, role=role))
    now = MORNING.replace(hour=hour, minute=minute)
    assert send.step(office.engine, {channel: Pretend()}, now) == counted(sent=sent)


@pytest.mark.parametrize(
    ("day", "sent"),
    [
        (date(2020, 1, 17), 1),  # Friday
        (date(2020, 1, 18), 0),  # Saturday
        (date(2020, 1, 19), 1),  # a Sunday worked for the Spring Festival
        (date(2020, 1, 24), 0),  # New Year's Eve, a Friday
    ],
)
def test_robots_keep_the_official_working_days(office: Office, day: date, sent: int) -> None:
    office.letters(office.contact(channel="wecom", role="group"))
    office.letters(office.contact())
    channels = {"wecom": Pretend(), "mail": Pretend()}
    assert send.step(office.engine, channels, moment(day, 9)) == counted(sent=sent + 1)


def test_only_an_alert_by_mail_passes_quiet_hours(office: Office) -> None:
    office.letters(office.contact(), kind="alert")
    office.letters(office.contact("群", channel="wecom", role="group"), kind="alert")
    night = MORNING.replace(hour=2)
    assert send.step(office.engine, {"mail": Pretend(), "wecom": Pretend()}, night) == counted(1)


def test_a_robot_says_no_more_a_minute_than_it_may(office: Office) -> None:
    most = delivery_rules().channels["wecom"].most_a_minute
    office.letters(office.contact("甲群", channel="wecom", role="group", address="甲"), most + 5)
    office.letters(office.contact("乙群", channel="wecom", role="group", address="乙"), 3)
    robots = {"wecom": Pretend()}

    assert send.step(office.engine, robots, MORNING) == counted(sent=most + 3)
    assert send.step(office.engine, robots, MORNING + timedelta(seconds=30)) == counted()
    assert send.step(office.engine, robots, MORNING + 2 * MINUTE) == counted(sent=5)


def test_a_lease_that_ran_out_goes_again_and_one_that_holds_does_not(office: Office) -> None:
    (key,) = office.letters(office.contact())
    with transaction(office.engine) as connection:
        leased = sendings.lease(connection, {"mail": None}, MORNING)
    assert leased is not None
    mail = {"mail": Pretend()}

    assert send.step(office.engine, mail, leased.until - MINUTE) == counted()
    assert send.step(office.engine, mail, leased.until) == counted(sent=1)

    with transaction(office.engine) as connection:
        sendings.record_failure(connection, leased, BUSY, leased.until)
    assert office.sendings()[key].state == "sent", "the first sender's late failure says nothing"


def test_a_sender_whose_clock_is_a_little_behind_takes_no_letter_twice(office: Office) -> None:
    office.letters(office.contact())
    with transaction(office.engine) as connection:
        assert sendings.lease(connection, {"mail": None}, MORNING)
    behind = MORNING - 2 * MINUTE
    assert send.step(office.engine, {"mail": Pretend()}, behind) == counted()


@pytest.mark.parametrize("ahead", [DAY, 400 * DAY])
def test_a_clock_that_jumped_ahead_and_back_holds_nothing_up(
    office: Office, ahead: timedelta
) -> None:
    office.letters(office.contact(), 2)
    with transaction(office.engine) as connection:
        sendings.lease(connection, {"mail": None}, MORNING + ahead)
        other = sendings.lease(connection, {"mail": None}, MORNING + ahead)
        assert other is not None
        sendings.record_failure(connection, other, BUSY, MORNING + ahead)
    assert send.step(office.engine, {"mail": Pretend()}, MORNING) == counted(sent=2)


def test_two_senders_at_once_never_both_have_one_letter(engine: sa.Engine) -> None:
    office, mail = Office(engine), Pretend()
    keys = office.letters(office.contact(), 40)
    start = Barrier(4)

    def one_sender(_: int) -> int:
        start.wait()
        return int(send.step(engine, {"mail": mail}, MORNING)["sent"])

    with ThreadPoolExecutor(4) as pool:
        counts = list(pool.map(one_sender, range(4)))

    assert sum(counts) == 40
    assert sorted(key for _, _, key in mail.sent) == sorted(keys)


class Locked(Pretend):
    """A channel during whose sending another program takes the database's write lock."""

    def __init__(self, engine: sa.Engine) -> None:
        super().__init__()
        engine.dispose()
        event.listen(engine, "connect", lambda c, _: c.execute("PRAGMA busy_timeout=20"))
        self.other = sqlite3.connect(engine.url.database or "", isolation_level=None)

    def send(self, letter: Letter, address: str, key: str) -> None:
        super().send(letter, address, key)
        self.other.execute("BEGIN IMMEDIATE")


def test_what_was_sent_while_the_database_was_locked_is_recorded_and_not_sent_again(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.letters(office.contact())
    mail = Locked(office.engine)
    with closing(mail.other):
        monkeypatch.setattr(send, "sleep", lambda _: mail.other.execute("ROLLBACK"))
        assert send.step(office.engine, {"mail": mail}, MORNING) == counted(sent=1)
    assert office.states() == ["sent"]
    assert send.step(office.engine, {"mail": mail}, MORNING + HOUR) == counted()
    assert len(mail.sent) == 1


def test_a_database_locked_beyond_the_lease_ends_the_round_and_the_letter_goes_again(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.letters(office.contact(), 2)
    passed = [0.0]
    monkeypatch.setattr(send, "perf_counter", lambda: passed[0])
    monkeypatch.setattr(send, "sleep", lambda seconds: passed.append(passed.pop() + seconds))
    mail, lease = Locked(office.engine), delivery_rules().lease_minutes * MINUTE
    with closing(mail.other), pytest.raises(sa.exc.OperationalError, match="locked"):
        send.step(office.engine, {"mail": mail}, MORNING)
    assert timedelta(seconds=passed[0]) < lease, "once the lease is over it is not ours to record"
    again = Pretend()
    assert send.step(office.engine, {"mail": again}, MORNING + lease) == counted(sent=2)
    assert [key for *_, key in mail.sent] == [key for *_, key in again.sent][:1]


KILLED = """
    import os, signal, sys
    from datetime import datetime
    from tracker.db import open_engine
    from tracker.delivery import send

    class Mail:
        left = 7
        def send(self, letter, address, key):
            with open(sys.argv[2], "a") as out:
                out.write(key + "\\n")
            Mail.left -= 1
            if not Mail.left:
                os.kill(os.getpid(), signal.SIGKILL)

    send.step(open_engine(sys.argv[1]), {"mail": Mail()}, datetime.fromisoformat(sys.argv[3]))
"""


def test_killed_between_sending_and_recording_nothing_is_lost_and_one_goes_twice(
    office: Office, tmp_path: Path
) -> None:
    keys, told = office.letters(office.contact(), 12), tmp_path / "sent"
    command = [sys.executable, "-c", textwrap.dedent(KILLED), str(office.engine.url), str(told)]
    done = subprocess.run([*command, MORNING.isoformat()], capture_output=True, check=False)
    assert done.returncode == -9, done.stderr

    assert told.read_text().split() == keys[:7]
    assert office.states() == ["sent"] * 6 + ["sending"]

    mail = Pretend()
    again = open_engine(str(office.engine.url))
    lease = timedelta(minutes=delivery_rules().lease_minutes)
    send.step(again, {"mail": mail}, MORNING + 2 * lease)
    assert [key for _, _, key in mail.sent] == keys[6:], "the seventh again, under the same key"
    assert send.step(again, {"mail": mail}, MORNING + HOUR) == counted()
    assert office.states() == ["sent"] * 12
    assert [row.attempts for row in office.sendings().values()] == [1] * 6 + [2] + [1] * 5
    again.dispose()


@given(st.integers(min_value=1, max_value=200))
def test_waits_never_grow_shorter(attempts: int) -> None:
    rules = delivery_rules()
    assert timedelta(0) < rules.wait(attempts) <= rules.wait(attempts + 1)
    assert rules.wait(attempts) <= timedelta(hours=4)


def test_a_letter_is_tried_for_at_least_seven_days() -> None:
    rules = delivery_rules()
    assert sum((rules.wait(n) for n in range(1, rules.most_attempts)), timedelta()) >= 7 * DAY


def test_a_letter_that_never_gets_through_is_set_aside_in_the_end(office: Office) -> None:
    (key,) = office.letters(office.contact())
    now, tries = MORNING, 0
    while office.sendings().get(key) is None or office.sendings()[key].state == "waiting":
        done = send.step(office.engine, {"mail": Pretend(lambda _: BUSY)}, now)
        tries += int(done["waiting"]) + int(done["set_aside"])
        now += 4 * HOUR
    assert tries == delivery_rules().most_attempts
    assert office.sendings()[key].state == "set_aside"


ENDS = st.sampled_from([None, BUSY, GONE, DOWN])


@given(st.lists(ENDS, min_size=1, max_size=60))
def test_whatever_happens_a_letter_is_due_again_sent_or_set_aside(
    ends: list[DeliveryError | None],
) -> None:
    """The pure core: each failure leads to a state that the lifecycle allows, and only a refusal
    or the last attempt sets a letter aside."""
    state, attempts, now = NEW, 0, datetime.fromisoformat("2020-01-06T09:00+08:00")
    for end in ends:
        state = LETTER.after(state, "leased")
        if end is None:
            assert LETTER.after(state, "sent") == "sent"
            break
        event, values = sendings.after_failure(attempts, end, now)
        state = LETTER.after(state, event)
        assert values["attempts"] <= attempts + 1
        attempts = values["attempts"]
        if state == "set_aside":
            assert end.permanent or attempts >= delivery_rules().most_attempts
            break
        assert now < values["next_at"] <= now + timedelta(hours=4)
