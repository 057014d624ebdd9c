"""The letter of a week: its subject, its text to the letter, its HTML, and one to each contact."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.digest.weeks import TODAY, busy, quiet, told, two_counties
from tests.scenarios.world import OFFICER, World, moment
from tracker.db import table, transaction
from tracker.delivery import digest_letter
from tracker.delivery.tables import Contact
from tracker.digest.reader import GROUP, LEADER
from tracker.digest.week import Checked, Week
from tracker.errors import LuzeError
from tracker.outbox import Outgoing, OutgoingFile

GOLDEN = Path(__file__).parents[1] / "digest" / "golden"
MONDAY = date(2020, 1, 13)
OWN = "https://luze.example"


def stale(week: Week) -> Week:
    checked = Checked(date(2020, 1, 14), moment(date(2020, 1, 14), 2), stale=True, missed=3)
    return replace(week, checked=checked)


@pytest.mark.parametrize(("name", "happened"), [("busy", busy), ("quiet", quiet)])
def test_the_text_of_a_week_reads_as_agreed(world: World, name: str, happened: object) -> None:
    assert callable(happened)
    happened(world)
    letter = digest_letter.letter(told(world, "示例县"))
    golden = (GOLDEN / f"{name}.txt").read_text(encoding="utf-8")
    assert f"{letter.subject}\n\n{letter.text}" == golden


def test_the_subject_carries_the_figures(world: World) -> None:
    busy(world)
    subject = digest_letter.subject(told(world, "示例县"))
    assert subject == "示例县帮扶履责周报 1月17日：新增2 化解1 即将到期1 待您决定1"


def test_the_subject_of_a_quiet_week_says_so(world: World) -> None:
    quiet(world)
    assert digest_letter.subject(told(world, "示例县")) == "示例县帮扶履责周报 1月17日：本周无新增"


def test_a_stale_check_is_loud_at_the_top(world: World) -> None:
    quiet(world)
    letter = digest_letter.letter(stale(told(world, "示例县")))
    assert letter.subject == "【检查中断】示例县帮扶履责周报 1月17日：截至1月14日无新增"
    body = re.sub(r"<[^>]+>", "", letter.html.partition("<body")[2])
    for text in (letter.text, body):
        alarm, _, rest = text.partition("待您决定")
        assert "最近一次检查是1月14日，此后 3 夜没有检查" in alarm
        assert "照常运行" not in rest


def test_a_fresh_check_raises_no_alarm(world: World) -> None:
    quiet(world)
    letter = digest_letter.letter(told(world, "示例县"))
    assert "中断" not in letter.subject + letter.text + re.sub(
        r"<style.*?</style>", "", letter.html
    )
    assert "照常运行" in letter.html


def test_without_a_base_address_nothing_is_linked(world: World) -> None:
    busy(world)
    letter = digest_letter.letter(told(world, "示例县"))
    assert "<a " not in letter.html
    assert "http" not in letter.text


def test_with_a_base_address_every_matter_leads_to_its_page(world: World) -> None:
    busy(world)
    letter = digest_letter.letter(told(world, "示例县"), OWN)
    paths = re.findall(rf'href="{OWN}/([^"]+)"', letter.html)
    assert len(paths) == 7
    assert {path.partition("/")[0] for path in paths} == {"findings", "interviews"}
    assert all(f"{OWN}/{path}" in letter.text for path in paths)


def test_the_html_stands_alone_and_knows_old_mail_programs(world: World) -> None:
    busy(world)
    html = digest_letter.letter(told(world, "示例县")).html
    assert not re.findall(r"(?:src|href)=|url\(|@import|<img|<script|<link", html)
    assert re.search(r'<td class="line" style="[^"]*padding', html)
    assert 'style="' in re.findall(r"<h1[^>]*>", html)[0]
    assert "max-width: 600px" in html
    assert "display: flex" not in html
    assert "<div" not in html


def test_names_never_become_markup(world: World) -> None:
    busy(world)
    week = told(world, "示例县")
    html = digest_letter.letter(replace(week, name="<b>示例</b>&县")).html
    assert "<b>" not in html
    assert "&lt;b&gt;示例&lt;/b&gt;&amp;县" in html


def test_the_heat_table_says_in_words_what_its_colours_say(world: World) -> None:
    two_counties(world)
    world.check(TODAY)
    html = digest_letter.letter(told(world, "示例县")).html
    signs = re.findall(r'<td[^>]*class="mark [^"]*"[^>]*title="([^"]+)"[^>]*>([^<]*)</td>', html)
    assert ("党委（党组）研究部署帮扶工作：未达标", "●") in signs
    assert all((sign == "") == title.endswith("没有这项责任") for title, sign in signs)


def test_a_group_gets_its_figures_as_text_alone(world: World) -> None:
    busy(world)
    letter = digest_letter.letter(told(world, "示例县", GROUP))
    assert (letter.html, letter.files) == ("", ())
    assert "待" not in letter.subject
    assert len(letter.text.splitlines()) <= 10
    assert "赵甲子" not in letter.text


def test_an_office_has_its_own_template(world: World, tmp_path: Path) -> None:
    quiet(world)
    own = tmp_path / "templates" / "email"
    own.mkdir(parents=True)
    (own / "digest.txt").write_text("{{ week.name }}平安", encoding="utf-8")
    assert digest_letter.letter(told(world, "示例县"), home=tmp_path).text == "示例县平安\n"


def test_a_mistaken_template_is_named_with_its_line(world: World, tmp_path: Path) -> None:
    quiet(world)
    own = tmp_path / "templates" / "email"
    own.mkdir(parents=True)
    (own / "digest.html").write_text("一\n{{ week.nobody }}", encoding="utf-8")
    with pytest.raises(LuzeError, match=r"digest.html 第 2 行"):
        digest_letter.letter(told(world, "示例县"), home=tmp_path)


def contact(world: World, scope: str, *, wants: tuple[str, ...] = ("digest",)) -> int:
    t = table(Contact)
    values = {
        "name": "何甲子", "scope_id": world.ids[scope], "role": LEADER, "channel": "mail",
        "address": "a@mail.example", "wants": list(wants), "operator": OFFICER,
        "recorded_at": moment(MONDAY),
    }  # fmt: skip
    return int(world.connection.execute(t.insert().returning(t.c.id), values).scalar_one())


def enqueue(world: World, first_day: date = MONDAY) -> dict[str, int]:
    now = moment(TODAY, 9)
    written = digest_letter.letters(world.connection, world.law, as_of=TODAY, now=now)
    return digest_letter.enqueue(world.connection, written, first_day=first_day, now=now)


def letters(world: World) -> list[tuple[str, str]]:
    t = table(Outgoing)
    return [tuple(row) for row in world.connection.execute(sa.select(t.c.key, t.c.subject))]


def test_every_contact_that_wants_digests_gets_one_letter_of_a_week(world: World) -> None:
    busy_at_eight(world)
    county, unit = contact(world, "示例县"), contact(world, "甲局")
    contact(world, "乙局", wants=("notices",))
    assert enqueue(world) == {"digests": 2}
    assert enqueue(world) == {"digests": 0}
    assert letters(world) == [
        (f"digest|2020-01-13|{county}",
         "示例县帮扶履责周报 1月17日：新增2 化解1 即将到期1 待您决定1"),
        (f"digest|2020-01-13|{unit}", "甲局帮扶履责周报 1月17日：新增2 待您决定1"),
    ]  # fmt: skip
    files = world.connection.execute(sa.select(table(OutgoingFile).c.name)).scalars().all()
    assert sorted(files)[:2] == [
        "甲局帮扶履责周报_2020-01-17.docx",
        "甲局帮扶履责周报_2020-01-17.xlsx",
    ]


def test_the_next_week_gets_its_own_letter(world: World) -> None:
    busy_at_eight(world)
    contact(world, "示例县")
    assert enqueue(world) == {"digests": 1}
    assert enqueue(world, date(2020, 1, 20)) == {"digests": 1}


def test_without_contacts_nothing_is_written(world: World) -> None:
    assert enqueue(world) == {"digests": 0}


def busy_at_eight(world: World) -> None:
    """As `busy`, but last checked before nine, when the letters are written."""
    busy(world, hour=8)


def test_both_kinds_of_database_give_the_same_letter(engine: sa.Engine) -> None:
    with transaction(engine) as connection:
        world = World(connection)
        busy(world)
        letter = digest_letter.letter(told(world, "示例县"))
    golden = (GOLDEN / "busy.txt").read_text(encoding="utf-8")
    assert f"{letter.subject}\n\n{letter.text}" == golden
