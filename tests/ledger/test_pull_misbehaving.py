"""Pulling from a service that behaves badly: nothing lost, nothing doubled, one clear line."""

from __future__ import annotations

import logging
import random
import ssl
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import trustme
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.ledger import books as b
from tests.ledger.pull_service import SIGNING, TOKEN, Reply, Service, row, running, source_of, take
from tests.ledger.workbooks import save_csv
from tracker import tables
from tracker.db import open_engine, transaction
from tracker.errors import LuzeError
from tracker.ledger.apply import BATCHES
from tracker.ledger.forms import load_forms
from tracker.ledger.pull.cursors import CURSORS, current
from tracker.ledger.reading import read_workbook
from tracker.ledger.undo import undo_batch

DAYS = ["2019-03-01", "2019-04-02", "2019-05-06"]
AUTH = {"env": "TOKEN_OF_TESTS", "header": "Authorization", "prefix": "Bearer "}
SIGNED = {
    "env": "SIGNING_OF_TESTS", "header": "X-Signature", "timestamp": "X-Time", "skew_seconds": 60,
}  # fmt: skip


@pytest.fixture
def service() -> Iterator[Service]:
    with running(Service(rows=[row(n, day, n) for n, day in enumerate(DAYS, 1)])) as service:
        yield service


@pytest.fixture
def known(sqlite_engine: sa.Engine) -> sa.Engine:
    """A database that knows the rosters."""
    b.store(sqlite_engine, b.book(b.units(), b.leaders()))
    return sqlite_engine


def days(engine: sa.Engine) -> list[str]:
    found = b.tally(engine, "committee_study")
    return sorted(str(line[5]) for line in found if line[2] == "performer")


def refusal(engine: sa.Engine, service: Service, **changed: Any) -> str:
    """What a refused pull says, having stored nothing at all."""
    with engine.connect() as connection:
        before = connection.scalar(sa.select(sa.func.max(BATCHES.c.id)))
    with pytest.raises(LuzeError) as refused:
        take(engine, source_of(service, **changed))
    with engine.connect() as connection:
        assert connection.scalar(sa.select(sa.func.max(BATCHES.c.id))) == before
        assert connection.execute(sa.select(CURSORS)).all() == []
    assert days(engine) == []
    assert "\n" not in refused.value.what
    assert refused.value.fix
    return refused.value.what


def test_an_error_of_the_server_then_fine_is_tried_again(
    known: sa.Engine, service: Service
) -> None:
    service.script = [Reply(status=500), Reply(status=503)]
    waits: list[float] = []
    take(known, source_of(service, limits={"wait_seconds": 1}), waits=waits)
    assert days(known) == DAYS
    assert waits == [1, 2]


def test_an_error_that_stays_is_told_after_the_last_attempt(
    known: sa.Engine, service: Service
) -> None:
    service.script = [Reply(status=500)] * 3
    assert refusal(known, service) == "会议系统（meetings）暂时不能答复（HTTP 500）"
    assert len(service.asked) == 3


def test_an_error_on_the_second_page_stores_nothing_of_the_first(
    known: sa.Engine, service: Service
) -> None:
    service.script = [service.page, *[Reply(status=500)] * 3]
    refusal(known, service)
    take(known, source_of(service))
    assert days(known) == DAYS


@pytest.mark.parametrize(("after", "waited"), [("7", 7.0), ("Thu, 09 Jan 2020 01:00:30 GMT", 30.0)])
def test_too_many_requests_waits_as_long_as_it_is_asked_to(
    known: sa.Engine, service: Service, after: str, waited: float
) -> None:
    service.script = [Reply(status=429, headers={"Retry-After": after})]
    waits: list[float] = []
    take(known, source_of(service), waits=waits)
    assert waits == [waited]
    assert days(known) == DAYS


@pytest.mark.parametrize(("after", "is_refused"), [("59", False), ("60", False), ("61", True)])
def test_a_longer_wait_than_allowed_is_left_to_the_next_run(
    known: sa.Engine, service: Service, after: str, is_refused: bool
) -> None:
    service.script = [Reply(status=429, headers={"Retry-After": after})]
    if is_refused:
        assert "要求 61 秒后再来" in refusal(known, service)
    else:
        take(known, source_of(service))
        assert days(known) == DAYS


def test_a_slow_answer_is_given_up_and_asked_for_again(known: sa.Engine, service: Service) -> None:
    released = threading.Event()
    service.script = [Reply(delay=released)]
    try:
        take(known, source_of(service, limits={"read_seconds": 0.3}))
    finally:
        released.set()
    assert days(known) == DAYS


def test_a_body_cut_short_is_asked_for_again(known: sa.Engine, service: Service) -> None:
    whole = service.page({}).body
    service.script = [Reply(whole[:40], promised=len(whole))]
    take(known, source_of(service))
    assert days(known) == DAYS


def test_pages_repeated_and_in_another_order_double_nothing(
    known: sa.Engine, service: Service
) -> None:
    first, second = service.page({"page": "1"}), service.page({"page": "2"})
    turned = service.reply({"data": service.rows[1::-1], "total": 3})
    service.script = [first, turned, first, second]
    take(known, source_of(service))
    assert days(known) == DAYS


def test_a_row_changed_between_two_pages_counts_as_it_was_last(
    known: sa.Engine, service: Service
) -> None:
    changed = row(1, "2019-06-03", 8)
    service.script = [service.page, service.reply({"data": [changed, service.rows[2]], "total": 3})]
    take(known, source_of(service))
    assert days(known) == [*DAYS[1:], "2019-06-03"]


def test_a_web_page_instead_of_json_is_named(known: sa.Engine, service: Service) -> None:
    service.script = [Reply("<html>请登录</html>".encode())]
    assert "第1页不是 JSON，是网页（多半是登录页）" in refusal(known, service)


@pytest.mark.parametrize("body", [b'{"data": [', b"", b"\xff\xfe", b"[" * 100_000])
def test_what_is_no_json_is_named(known: sa.Engine, service: Service, body: bytes) -> None:
    service.script = [Reply(body)]
    assert "第1页不是 JSON" in refusal(known, service)


@pytest.mark.parametrize("said", [{}, [], {"data": {}}, {"data": None}, 7])
def test_json_of_another_shape_is_named(known: sa.Engine, service: Service, said: object) -> None:
    service.script = [service.reply(said)]
    assert "第1页里没有“data”这一列表" in refusal(known, service)


def test_rows_of_any_shape_are_told_and_the_rest_is_stored(
    known: sa.Engine, service: Service
) -> None:
    odd: list[Any] = [
        None,
        7,
        "行",
        [],
        {},
        {"id": {"a": 1}, "updated": []},
        row(9, "a\u0000\ud800", 9),
    ]
    service.script = [service.reply({"data": [*odd, *service.rows]}), service.reply({"data": []})]
    pulled = take(known, source_of(service, total=None))
    assert days(known) == DAYS
    assert pulled.counts["refused"] == len(odd)
    assert pulled.cursor == ""


def test_a_reading_that_lacks_rows_is_refused(known: sa.Engine, service: Service) -> None:
    pages: list[list[dict[str, Any]]] = [service.rows[:2], []]
    service.script = [service.reply({"data": rows, "total": 3}) for rows in pages]
    assert "说共有 3 行，只读到 2 行" in refusal(known, service)


def test_endless_pages_are_refused(known: sa.Engine, service: Service) -> None:
    service.script = [service.page({"page": "1"})] * 20
    assert "超过 20 页还没有完" in refusal(known, service, total=None)


def test_a_page_cursor_that_goes_back_is_refused(known: sa.Engine, service: Service) -> None:
    service.script = [service.reply({"data": [], "next": after}) for after in ("b", "c", "b")]
    paging = {"by": "cursor", "param": "after", "next": "next"}
    assert "又回到读过的一页" in refusal(known, service, paging=paging, total=None)


def test_page_cursors_are_followed_to_the_last(known: sa.Engine, service: Service) -> None:
    service.script = [
        service.reply({"data": service.rows[:1], "next": 5}),
        service.reply({"data": service.rows[1:], "next": None}),
    ]
    paging = {"by": "cursor", "param": "after", "next": "next", "size_param": "n", "size": 50}
    take(known, source_of(service, paging=paging, total=None))
    assert service.asked == [{"n": "50"}, {"n": "50", "after": "5"}]
    assert days(known) == DAYS


def test_links_are_followed_within_the_host(known: sa.Engine, service: Service) -> None:
    first = service.reply({"data": service.rows[:1]})
    first.headers = {**first.headers, "Link": '</meetings?part=2>; rel="next"'}
    service.script = [first, service.reply({"data": service.rows[1:]})]
    take(known, source_of(service, paging={"by": "link"}, total=None, auth=AUTH))
    assert service.asked[1] == {"part": "2"}
    assert service.headers[1]["Authorization"] == f"Bearer {TOKEN}"
    assert days(known) == DAYS


@pytest.mark.parametrize("link", ["http://elsewhere.example/x", "https://127.0.0.1/x", "//[x"])
def test_a_link_to_another_host_is_not_followed(
    known: sa.Engine, service: Service, link: str
) -> None:
    first = service.reply({"data": service.rows})
    first.headers = {**first.headers, "Link": f'<{link}>; rel="next"'}
    service.script = [first]
    assert "给的下一页" in refusal(known, service, paging={"by": "link"}, total=None, auth=AUTH)
    assert len(service.asked) == 1


def test_a_redirect_is_not_followed(known: sa.Engine, service: Service) -> None:
    service.script = [Reply(status=302, headers={"Location": "http://elsewhere.example/"})]
    assert "把请求转到别处" in refusal(known, service, auth=AUTH)
    assert len(service.asked) == 1


@pytest.mark.parametrize("status", [401, 403])
def test_a_key_that_is_refused_is_named_not_shown(
    known: sa.Engine, service: Service, status: int
) -> None:
    service.script = [Reply(status=status)]
    told = refusal(known, service, auth=AUTH)
    assert "不认密钥" in told
    assert TOKEN not in told


def test_a_body_of_a_hundred_megabytes_is_not_read(known: sa.Engine, service: Service) -> None:
    service.script = [Reply(b" " * 1024 * 1024, endless=100)]
    assert "一页超过 1 兆" in refusal(known, service)


def test_only_the_named_authority_is_trusted(known: sa.Engine, tmp_path: Path) -> None:
    ours, other = trustme.CA(), trustme.CA()
    for name, authority in (("ours", ours), ("other", other)):
        authority.cert_pem.write_to_path(tmp_path / f"{name}.pem")
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ours.issue_cert("127.0.0.1").configure_cert(tls)
    with running(Service(rows=[row(1, DAYS[0], 1)]), tls) as service:
        assert "证书不可信" in refusal(known, service)
        assert "证书不可信" in refusal(known, service, ca=str(tmp_path / "other.pem"))
        take(known, source_of(service, ca=str(tmp_path / "ours.pem")))
    assert days(known) == DAYS[:1]


def test_nobody_there_is_told(known: sa.Engine) -> None:
    with running(Service()) as gone:
        pass
    assert "连不上" in refusal(known, gone)


def test_a_missing_secret_is_named_before_anything_is_asked(
    known: sa.Engine, service: Service
) -> None:
    auth = {"env": "NOT_SET_ANYWHERE", "header": "Authorization"}
    assert "NOT_SET_ANYWHERE" in refusal(known, service, auth=auth)
    assert service.asked == []


def test_a_signed_page_is_believed(known: sa.Engine, service: Service) -> None:
    take(known, source_of(service, signature=SIGNED))
    assert days(known) == DAYS


@pytest.mark.parametrize(
    "change", [{"body": b'{"data": []}'}, {"headers": {}}, {"headers": {"X-Signature": "ü"}}]
)
def test_a_wrong_signature_is_not_believed(
    known: sa.Engine, service: Service, change: dict[str, Any]
) -> None:
    forged = service.page({})
    for name, value in change.items():
        setattr(forged, name, value)
    service.script = [forged]
    assert "签名不对" in refusal(known, service, signature=SIGNED)


def test_a_signature_of_another_key_is_not_believed(known: sa.Engine, service: Service) -> None:
    service.script = [service.reply({"data": [], "total": 0}, key=SIGNING + "x")]
    assert "签名不对" in refusal(known, service, signature=SIGNED)


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize(("seconds", "is_believed"), [(59, True), (60, True), (61, False)])
def test_clocks_may_differ_by_so_much(
    known: sa.Engine, service: Service, sign: int, seconds: int, is_believed: bool
) -> None:
    service.sign_at = b.NOW + timedelta(seconds=sign * seconds)
    if is_believed:
        take(known, source_of(service, signature=SIGNED))
        assert days(known) == DAYS
    else:
        assert "与本机差 61 秒" in refusal(known, service, signature=SIGNED)


def test_a_key_in_the_address_stands_in_no_log_and_no_message(
    known: sa.Engine, service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    auth = {"env": "TOKEN_OF_TESTS", "query": "key"}
    with caplog.at_level(logging.INFO):
        take(known, source_of(service, auth=auth))
        service.script = [Reply(status=404)]
        with pytest.raises(LuzeError) as refused:
            take(known, source_of(service, auth=auth))
    assert service.asked[0]["key"] == TOKEN
    assert TOKEN not in caplog.text + str(refused.value) + repr(refused.value.__context__)


def test_another_pull_in_the_meantime_is_noticed(known: sa.Engine, service: Service) -> None:
    def meanwhile(asked: dict[str, str]) -> Reply:
        take(known, source_of(service))
        return service.page(asked)

    service.script = [meanwhile]
    with pytest.raises(LuzeError, match="其间另有一次拉取"):
        take(known, source_of(service))
    assert days(known) == DAYS


def test_a_crash_while_storing_leaves_nothing(
    known: sa.Engine, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object, **__: object) -> None:
        raise RuntimeError("crash")

    with monkeypatch.context() as patch:
        patch.setattr("tracker.ledger.pull.cursors.write", crash)
        with pytest.raises(RuntimeError):
            take(known, source_of(service))
    assert days(known) == []
    take(known, source_of(service))
    assert days(known) == DAYS


ROWS = st.lists(
    st.tuples(st.integers(1, 6), st.integers(0, 5), st.sampled_from([b.WATER, b.AUDIT])),
    min_size=1, max_size=8,
)  # fmt: skip


@settings(
    max_examples=20, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(ROWS, st.integers(1, 3), st.randoms(use_true_random=False))
def test_however_pages_come_the_ledger_is_that_of_one_file(
    tmp_path: Path, changes: list[tuple[int, int, str]], size: int, chance: random.Random
) -> None:
    """Each change is a version of a row; all versions come, some twice, in any order, over two
    readings; a file of the last versions says the same."""
    versions = [
        row(number, f"2019-03-{day + 1:02}", n, unit=unit)
        for n, (number, day, unit) in enumerate(changes, 1)
    ]
    came = versions + chance.choices(versions, k=3)
    chance.shuffle(came)
    pulled = fresh()
    with running(Service(size=size, cut_at_since=False)) as service:
        for part in (came[: len(came) // 2], came):
            service.rows = part
            take(pulled, source_of(service, total=None))
    last = {said["id"]: said for said in versions}.values()
    head = [["2019年会议台账"], [f"填报单位：{b.OFFICE}  填报日期：2020年1月9日"]]
    head += [["会议时间", "会议名称", "会议类型", "召开单位", "主持人"]]
    cells = [[r["date"], r["title"], r["kind"], r["unit"], r["chair"]["name"]] for r in last]
    file = read_workbook(
        save_csv(tmp_path / "华池县.csv", [*head, *cells]), load_forms(), today=b.NOW.date()
    )
    filed = fresh()
    b.store(filed, file)
    assert b.tally(pulled) == b.tally(filed) != []
    pulled.dispose()
    filed.dispose()


STEPS = st.lists(
    st.one_of(
        st.dictionaries(st.integers(1, 4), st.sampled_from([*DAYS, ""]), min_size=1),  # id -> day
        st.none(),  # undo the newest batch
    ),
    max_size=6,
)


@settings(max_examples=15, deadline=None)
@given(STEPS)
def test_undo_from_the_newest_on_returns_to_every_state_before(
    steps: list[dict[int, str] | None],
) -> None:
    """A row without a day is a deleted one. Rows and cursor are what they were."""
    engine, moment = fresh(), b.NOW
    states: list[tuple[dict[int, str], str]] = [({}, "")]
    batches: list[int] = []
    with running(Service(size=9)) as service:
        source = source_of(service, deleted={"field": "date", "is": [""]})
        for number, step in enumerate(steps, 1):
            moment += timedelta(minutes=1)
            if step is None and batches:
                with transaction(engine) as connection:
                    undo_batch(connection, batches.pop(), now=moment, operator="测试员")
                states.pop()
            elif step:
                service.rows = [row(name, day, number) for name, day in step.items()]
                pulled = take(engine, source, now=moment)
                if pulled.is_kept:
                    batches.append(pulled.report.batch_id)
                    said = {k: v for k, v in {**states[-1][0], **step}.items() if v}
                    states.append((said, pulled.cursor))
            with engine.connect() as connection:
                assert current(connection, source) == states[-1][1]
            assert days(engine) == sorted(states[-1][0].values())
    engine.dispose()


def fresh() -> sa.Engine:
    engine = open_engine("sqlite://")
    tables.METADATA.create_all(engine)
    b.store(engine, b.book(b.units(), b.leaders()))
    return engine
