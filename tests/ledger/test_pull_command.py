"""`tracker pull` and its job: every source in turn, one clear line each, no secret anywhere."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from jobs import pull as job
from jobs.slot import Slot
from tests.ledger import books as b
from tests.ledger.pull_service import TOKEN, Reply, Service, row, running
from tracker import cli, clock, db, journal, settings
from tracker.cli.office import Office
from tracker.ledger.tables import PullCursor

SOURCE = """\
cite: 本地设置
sources:
  - id: meetings
    name: 会议系统
    form: unit_meetings
    reporter: {reporter}
    url: {url}
    hosts: [127.0.0.1]
    auth: {{env: TOKEN_OF_TESTS, query: key}}
    reads: changes
    cursor: {{field: updated, param: since, order: text}}
    paging: {{by: page, param: page}}
    rows: data
    row_id: id
    total: total
    columns: {{day: date, name: title, type: kind, unit: unit, chair: chair.name}}
    limits: {{wait_seconds: 0, attempts: 2}}
"""


@pytest.fixture
def service() -> Iterator[Service]:
    with running(Service(rows=[row(1, "2019-03-01", 1), row(2, "2019-04-02", 2)])) as service:
        yield service


@pytest.fixture
def office(tmp_path: Path, service: Service, monkeypatch: pytest.MonkeyPatch) -> Office:
    """An office that knows the rosters and pulls from the service."""
    (tmp_path / "pulls.yaml").write_text(
        SOURCE.format(reporter=b.OFFICE, url=service.url), encoding="utf-8"
    )
    monkeypatch.setenv("TRACKER_HOME", str(tmp_path))
    monkeypatch.setenv("TRACKER_PULLS", str(tmp_path / "pulls.yaml"))
    monkeypatch.setenv("TOKEN_OF_TESTS", TOKEN)
    office = Office(settings.from_environment())
    db.upgrade(office.engine)
    b.store(office.engine, b.book(b.units(), b.leaders()))
    return office


def run(*words: str) -> tuple[int, str]:
    """Exit code and what was printed."""
    done = CliRunner().invoke(cli.app, ["pull", *words], standalone_mode=False)
    if done.exception:
        raise done.exception
    return int(done.return_value or 0), done.output


def meetings(office: Office) -> int:
    return len(b.tally(office.engine, "committee_study")) // 2


def test_the_command_says_what_came_and_up_to_where(office: Office) -> None:
    code, said = run("--dry-run")
    assert (code, meetings(office)) == (0, 0)
    assert "试拉取，未入库" in said
    code, said = run("meetings")
    assert (code, meetings(office)) == (0, 2)
    assert "会议系统（meetings）：读 1 页 2 行，新增 2，改动 0，删去 0，下次从 0002 读起" in said
    assert "撤销用 tracker undo 2" in said
    assert "没有变化" in run()[1]
    assert TOKEN not in said


def test_the_list_shows_names_of_variables_only(office: Office, service: Service) -> None:
    run()
    asked = len(service.asked)
    code, said = run("--list")
    assert (code, len(service.asked)) == (0, asked)
    assert "TOKEN_OF_TESTS" in said
    assert TOKEN not in said


def test_a_refused_source_exits_1_with_its_line(office: Office, service: Service) -> None:
    service.script = [Reply(status=403)]
    code, said = run()
    assert code == 1
    assert "会议系统（meetings）不认密钥（HTTP 403）" in said
    assert TOKEN not in said


def test_the_job_takes_every_source_though_one_fails(office: Office, service: Service) -> None:
    path = office.settings.pulls
    assert path is not None
    text = path.read_text(encoding="utf-8")
    broken = text[text.index("  - id") :].replace("id: meetings", "id: a")
    broken = broken.replace("会议系统", "别的系统").replace("rows: data", "rows: none")
    path.write_text(text.replace("sources:\n", f"sources:\n{broken}"), encoding="utf-8")
    now = clock.now()
    outcome = job.step(office, Slot("pull", "2020-01-09", now, date(2020, 1, 9)), now)
    assert outcome.state is journal.State.failed
    assert (outcome.counts["sources"], outcome.counts["failed"], outcome.counts["added"]) == (
        2,
        1,
        2,
    )
    assert "别的系统（a）第1页里没有“none”这一列表" in outcome.told
    assert "会议系统（meetings）：读 1 页 2 行" in outcome.told
    assert TOKEN not in json.dumps(outcome.told)
    assert meetings(office) == 2


def test_the_job_run_again_changes_nothing(office: Office) -> None:
    now = clock.now()
    slot = Slot("pull", "2020-01-09", now, date(2020, 1, 9))
    first, again = job.step(office, slot, now), job.step(office, slot, now)
    assert (first.counts["added"], again.counts["added"]) == (2, 0)
    assert again.state is journal.State.succeeded
    with office.engine.connect() as connection:
        assert len(connection.execute(sa.select(db.table(PullCursor))).all()) == 1


def test_an_office_that_pulls_nothing_skips(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TRACKER_PULLS")
    now = clock.now()
    bare = Office(settings.from_environment())
    outcome = job.step(bare, Slot("pull", "2020-01-09", now, date(2020, 1, 9)), now)
    assert outcome.state is journal.State.skipped
