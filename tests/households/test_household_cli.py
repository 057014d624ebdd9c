"""`household` from the command line: see, check, decide, print for those who may, open a label."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from freezegun import freeze_time
from typer.testing import CliRunner

from tests.delivery import reading
from tests.households.home import HEAD, KEY, NUMBER, Home
from tests.scenarios.world import shipped_law
from tracker.audit import Act
from tracker.cli import app
from tracker.cli.office import Office
from tracker.db import table, transaction
from tracker.errors import LuzeError
from tracker.households.codes import code_of, codes, grouped

NOW = "2020-01-10T12:00:00+08:00"
BY = ("--officer", "何甲子", "--authority", "示例县脱贫攻坚领导小组", "--reason", "复核无误")


@pytest.fixture(autouse=True)
def office(sqlite_engine: sa.Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A household that was identified and exited in one year, its helper, somebody else."""
    with transaction(sqlite_engine) as connection:
        home = Home(connection)
        home.told("identified_on", "2019-03")
        home.told("exited_on", "2019-12-20")
        home.told("support", "低保")
        home.visited(date(2020, 1, 3))
        home.world.person("钱乙", "县水务局")
        home.household("时辰", "HC0002", "西村")
    monkeypatch.setenv("TRACKER_HOME", str(tmp_path))
    monkeypatch.setenv("TRACKER_DATABASE_URL", str(sqlite_engine.url))
    monkeypatch.setenv("TRACKER_LABEL_KEY", KEY.decode())
    monkeypatch.setenv("TRACKER_OPERATOR", "测试员")
    monkeypatch.setattr(Office, "law", shipped_law())


def run(*words: str) -> str:
    """What a command prints, in one line."""
    with freeze_time(NOW):
        result = CliRunner().invoke(app, ["household", *words], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return " ".join(result.stdout.split())


def refused(*words: str) -> str:
    with freeze_time(NOW), pytest.raises(LuzeError) as refusal:
        CliRunner().invoke(app, ["household", *words], catch_exceptions=False)
    return str(refusal.value)


def acts(engine: sa.Engine) -> list[tuple[str, dict[str, Any]]]:
    with engine.connect() as connection:
        query = sa.select(table(Act).c.act, table(Act).c.detail).order_by(table(Act).c.id)
        return [(row.act, row.detail) for row in connection.execute(query)]


def papers(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "papers").glob("*"))


def test_a_file_is_shown_masked() -> None:
    told = run("show", NUMBER)
    assert "HC0001 史**" in told
    assert "县水务局赵甲" in told
    assert "2020年1月3日" in told
    assert HEAD not in told


def test_what_waits_for_somebody_is_listed_by_area() -> None:
    told = run("checks")
    assert "退出核查 1 户，待处理 2 项" in told
    assert "待处理 2 项" in run("checks", "--area", "东村")
    assert "待处理 0 项" in run("checks", "--area", "西村")
    assert "共 5 项" in run("checks", "--all")


def test_checks_have_a_stable_json_form() -> None:
    found = json.loads(run("checks", "--json"))
    assert found[0] == {
        "household": NUMBER, "document": "gansu-2019-33", "check": "exit.same_year",
        "cite": "一(三)", "outcome": "held", "reason": "2019年3月识别，2019年12月20日脱贫",
        "rows": [], "open": True, "decision": None,
    }  # fmt: skip
    file = json.loads(run("show", NUMBER, "--json"))
    assert (file["number"], file["householder"], file["exited"]) == (NUMBER, "史**", "2019-12-20")
    assert file["visits"] == [{"day": "2020-01-03", "who": "县水务局赵甲"}]


def test_a_decision_is_made_shown_and_taken_back(sqlite_engine: sa.Engine) -> None:
    assert "已登记第 1 号决定：准予退出" in run(
        "decide", NUMBER, "当年识别当年脱贫", "准予退出", *BY
    )
    assert "待处理 1 项" in run("checks")
    assert "√ 准予退出" in run("show", NUMBER)
    run("decide", NUMBER, "exit.same_year", "hold", *BY)
    assert "待处理 2 项" in run("checks")
    told = run("show", NUMBER)
    assert "决定的经过" in told
    assert [name for name, _ in acts(sqlite_engine)] == ["exit_decision", "exit_decision"]


def test_a_check_that_there_is_not_is_named_with_those_there_are() -> None:
    told = refused("decide", NUMBER, "exit.other", "allow", *BY)
    assert "没有“exit.other”这项核查" in told
    assert "当年识别当年脱贫（exit.same_year）" in told
    assert "没有需要核查的事项" in refused("decide", "HC0002", "exit.same_year", "allow", *BY)


def test_a_number_is_printed_as_it_is_written(sqlite_engine: sa.Engine) -> None:
    columns = "sort, kind, name, home_id, distinguisher, recorded_at"
    copied = f"SELECT {columns}, 'HC[/]3' FROM subjects WHERE code = '{NUMBER}'"
    with transaction(sqlite_engine) as connection:
        connection.execute(sa.text(f"INSERT INTO subjects ({columns}, code) {copied}"))
    assert "HC[/]3 史**" in run("show", "HC[/]3")
    with sqlite_engine.connect() as connection:
        code = next(c for c, one in codes(connection, KEY).items() if one == _newest(connection))
    assert "HC[/]3 史**" in run("open", grouped(code))


def _newest(connection: sa.Connection) -> int:
    return int(connection.execute(sa.text("SELECT max(id) FROM subjects")).scalar_one())


def test_what_is_no_household_has_no_file() -> None:
    assert "“东村”不是贫困户" in refused("show", "东村")


def test_a_file_is_written_masked_and_recorded(tmp_path: Path, sqlite_engine: sa.Engine) -> None:
    run("sheet", NUMBER, "HC0002", NUMBER)
    names = [f"户档案_{n}_2020-01-10.{end}" for n in (NUMBER, "HC0002") for end in ("docx", "html")]
    assert papers(tmp_path) == names
    paper, page = ((tmp_path / "papers" / name).read_bytes() for name in names[:2])
    assert HEAD not in reading.text(paper)
    assert HEAD not in page.decode()
    done = acts(sqlite_engine)
    assert [name for name, _ in done] == ["paper"] * 4
    assert {detail["unmasked"] for _, detail in done} == {False}


def test_the_name_is_written_only_for_one_who_may_read_it(
    tmp_path: Path, sqlite_engine: sa.Engine
) -> None:
    run("sheet", NUMBER, "--unmasked", "--for", "赵甲@县水务局")
    text = reading.text((tmp_path / "papers" / f"户档案_{NUMBER}_2020-01-10.docx").read_bytes())
    assert HEAD in text
    assert "供县水务局赵甲使用" in text
    done = acts(sqlite_engine)
    told = [(d["kind"], d["unmasked"], d["allowed"]) for _, d in done]
    assert told == [("household_sheet", True, "帮扶责任人")] * 2
    with sqlite_engine.connect() as connection:
        wanted = sa.text("SELECT id FROM subjects WHERE name = '赵甲'")
        assert {d["for"] for _, d in done} == {connection.execute(wanted).scalar_one()}


def test_nothing_is_written_for_one_who_may_not_read_all_of_it(
    tmp_path: Path, sqlite_engine: sa.Engine
) -> None:
    told = refused("sheet", NUMBER, "HC0002", "--unmasked", "--for", "钱乙@县水务局")
    assert "HC0001：县水务局钱乙不是这一户的帮扶责任人" in told
    assert "HC0002：县水务局钱乙不是这一户的帮扶责任人" in told
    assert "没有写供谁使用" in refused("sheet", NUMBER, "--unmasked")
    assert (papers(tmp_path), acts(sqlite_engine)) == ([], [])


def test_labels_of_a_village_are_written_and_recorded(
    tmp_path: Path, sqlite_engine: sa.Engine
) -> None:
    run("labels", "--village", "东村")
    assert papers(tmp_path) == [f"户标签_东乡东村_2020-01-10.{end}" for end in ("docx", "html")]
    assert [(n, d["kind"], d["households"]) for n, d in acts(sqlite_engine)] == [
        ("paper", "household_labels", 1)
    ] * 2


def test_a_village_without_households_and_an_office_without_a_key_are_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert "“东乡”不是村" in refused("labels", "--village", "东乡")
    monkeypatch.setenv("TRACKER_LABEL_KEY", "")
    assert "没有设置户码的密钥" in refused("labels", "--village", "东村")
    assert "没有设置户码的密钥" in refused("open", "luze:h/X")
    run("sheet", NUMBER)
    assert "本页不印二维码" in reading.text(
        (tmp_path / "papers" / f"户档案_{NUMBER}_2020-01-10.docx").read_bytes()
    )


def test_a_label_tells_which_household_it_is_masked() -> None:
    told = run("open", grouped(code_of(KEY, "629901", NUMBER)))
    assert told == "HC0001 史** 东乡东村；档案：tracker household show HC0001"
