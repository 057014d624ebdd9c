"""Documentation that is tested: it names everything there is, and names nothing else."""

from __future__ import annotations

import inspect
import json
import re
import shlex
from collections.abc import Callable, Iterator
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pandas as pd
import pytest
import sqlalchemy as sa
import typer
from typer.testing import CliRunner

from jobs.timetable import JOBS, load_timetable
from tests.scenarios.world import shipped_law
from tracker import demo, journal
from tracker.awards.gate import ANSWER_NAMES, EXIT_CODES, OUTCOME_NAMES
from tracker.awards.nominations import NOMINATION
from tracker.cli import (
    app,
    bars,
    campaign_papers,
    campaign_proof,
    campaign_words,
    incident_words,
    interview_words,
    query,
    schedule,
    show,
    slates,
    verdict_words,
)
from tracker.cli.groups import Listing
from tracker.clock import SHANGHAI
from tracker.consequences.lives import INTERVIEW, NOTICE, OBJECTION
from tracker.db import transaction
from tracker.delivery.documents import (
    award_compliance,
    award_form,
    award_report,
    award_summary,
)
from tracker.delivery.documents.kinds import KINDS
from tracker.delivery.rules import delivery_rules
from tracker.delivery.sendings import LETTER
from tracker.digest import matters
from tracker.digest.week import Week
from tracker.evaluation import findings, words
from tracker.ledger.forms import load_forms
from tracker.ledger.pull.model import PullSource
from tracker.ledger.pull.sources import load_sources
from tracker.ledger.reading import read_workbook
from tracker.ledger.store import store_workbook
from tracker.lifecycle import Lifecycle
from tracker.registry.waivers import WAIVER
from tracker.settings import SETTINGS
from tracker.workdays import calendar_for

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
PAGES = sorted([ROOT / "README.md", ROOT / "duties" / "README.md", *DOCS.glob("*.md")])
COMMAND = re.compile(r"(?<![\w/.-])tracker (?=[a-z])([^`\n#|>;]*)")
LINK = re.compile(r"\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.M | re.S)  # the language, what stands between


def text(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def rows(page: str) -> list[list[str]]:
    """The cells of every table row of a page."""
    return [line.strip("|").split("|") for line in page.splitlines() if line.startswith("|")]


@cache
def whole() -> Any:
    """The program as one command."""
    return typer.main.get_command(app)


@cache
def commands() -> dict[tuple[str, ...], set[str]]:
    """Every command of the program with its options: ('policy', 'lint') -> {...}."""
    return dict(_commands(whole(), ()))


def _commands(command: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], set[str]]]:
    below = getattr(command, "commands", {})
    for name, one in below.items():
        yield from _commands(one, (*path, name))
    if not below:
        options = {o for p in command.params for o in p.opts if o.startswith("--")}
        yield path, options - {"--help"}


def shown_commands(page: str) -> Iterator[list[str]]:
    """The words of each `tracker ...` of a page."""
    for match in COMMAND.finditer(page.replace("\\\n", " ")):
        try:
            yield shlex.split(match[1])
        except ValueError:  # a quotation that ends outside the code
            yield match[1].split()


def command_of(said: list[str]) -> tuple[str, ...]:
    """The command that these words name; a group that lists by itself is its `list`."""
    named = next((tuple(said[:n]) for n in (2, 1) if tuple(said[:n]) in commands()), ())
    group = whole().commands.get(said[0])
    lists = isinstance(group, Listing) or (
        len(said) == 1 and getattr(group, "invoke_without_command", False)
    )
    return named or ((said[0], "list") if lists else ())


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_every_command_shown_exists_with_its_options(page: Path) -> None:
    unknown = []
    for said in shown_commands(page.read_text(encoding="utf-8")):
        options = {word for word in said if word.startswith("--")} - {"--help"}
        path = command_of(said)
        if not path or options - commands()[path]:
            unknown.append(" ".join(said))
    assert unknown == []


def test_a_command_that_does_not_exist_would_be_noticed() -> None:
    (said,) = shown_commands("先 `tracker polish --hard` 再说")
    assert (said, command_of(said)) == (["polish", "--hard"], ())
    assert command_of(["policy"]) == command_of(["audit", "--level"]) == ()
    assert command_of(["notices", "某单位"]) == ("notices", "list")


@pytest.mark.parametrize("path", commands(), ids=" ".join)
def test_the_manual_lists_every_command_with_all_its_options(path: tuple[str, ...]) -> None:
    said = f"`tracker {' '.join(path)}"
    (row,) = (r for r in rows(text("使用手册.md")) if re.match(rf"{said}[ `]", r[0]))
    named = set(re.findall(r"--[a-z-]+", "|".join(row)))
    assert named == commands()[path]


def test_the_manual_lists_every_setting() -> None:
    listed = {row[0].strip("`") for row in rows(text("使用手册.md")) if "TRACKER_" in row[0]}
    assert listed == {name for name, _, _ in SETTINGS}


def test_the_manual_lists_every_answer_with_its_exit_code() -> None:
    told = {row[0]: row[1] for row in rows(text("使用手册.md")) if len(row) == 3}
    assert {name: told[name] for name in ANSWER_NAMES.values()} == {
        ANSWER_NAMES[answer]: str(code) for answer, code in EXIT_CODES.items()
    }


def shown_words() -> list[tuple[str, str]]:
    """Every identifier a reader may meet, with the Chinese that the program shows for it."""
    law, forms = shipped_law(), load_forms().forms
    return [
        *((status.name, name) for status, name in words.STATUS_NAMES.items()),
        *((reason.name, name or "（无）") for reason, name in words.REASON_NAMES.items()),
        *((str(flag.name), mark) for flag, mark in words.FLAG_MARKS.items()),
        *show.LEVEL_MARKS.items(),
        *((answer.value, name) for answer, name in ANSWER_NAMES.items()),
        *((key, form.name) for key, form in forms.items()),
        *law.vocabulary.kinds.items(),
        *((kind.id, kind.name) for kind in KINDS),
    ]


@pytest.mark.parametrize(("word", "shown"), shown_words())
def test_the_glossary_gives_every_word_as_the_program_shows_it(word: str, shown: str) -> None:
    assert [f"`{word}`", shown] in [row[:2] for row in rows(text("glossary.md"))]


LIVES = (NOTICE, INTERVIEW, OBJECTION, WAIVER, NOMINATION, LETTER)


def under(page: str, title: str) -> list[list[str]]:
    """The first two cells of each row below a heading, without the head of the table."""
    (part,) = re.findall(rf"^#+ {re.escape(title)}\n(.*?)(?=^#|\Z)", page, re.M | re.S)
    return [row[:2] for row in rows(part)[2:]]


@pytest.mark.parametrize("life", LIVES, ids=lambda life: life.case)
def test_the_glossary_gives_every_act_and_state_of_a_life_and_no_other(life: Lifecycle) -> None:
    acts = [[f"`{event}`", step.name] for event, step in life.steps.items()]
    states = [[f"`{state}`" if state else "—", name] for state, name in life.states.items()]

    assert sorted(under(text("glossary.md"), f"{life.case}的经过")) == sorted(acts)
    assert sorted(under(text("glossary.md"), f"{life.case}的状态")) == sorted(states)


@pytest.mark.parametrize(
    ("title", "section"),
    [("事件的类别", "incidents"), ("事件的认定", "qualifiers"), ("限制", "effects")],
)
def test_the_glossary_gives_the_words_of_incidents_and_bars(title: str, section: str) -> None:
    words_of = getattr(shipped_law().vocabulary, section)

    assert sorted(under(text("glossary.md"), title)) == sorted(
        [f"`{word}`", name] for word, name in words_of.items()
    )


@pytest.mark.parametrize(
    ("title", "words_of"),
    [
        ("征求意见的部门", lambda: shipped_law().vocabulary.organs),
        ("一条审查的结果", lambda: OUTCOME_NAMES),
        ("联系人的身份", lambda: delivery_rules().roles),
        ("接收什么", lambda: delivery_rules().wants),
        ("定时运行的工作", lambda: JOBS),
        ("运行的结果", lambda: journal.STATE_NAMES),
    ],
)
def test_the_glossary_gives_these_words_and_no_other(
    title: str, words_of: Callable[[], dict[str, str]]
) -> None:
    assert sorted(under(text("glossary.md"), title)) == sorted(
        [f"`{word}`", name] for word, name in words_of().items()
    )


def test_the_glossary_gives_the_sections_of_a_digest_in_their_order() -> None:
    sections = [f"`{name}`" for name, kind in Week.__annotations__.items() if kind == "Section"]
    source = inspect.getsource(inspect.getmodule(Week) or Week) + inspect.getsource(matters)
    told = under(text("glossary.md"), "周报的部分")

    assert [word for word, _ in told] == sections
    assert [title for _, title in told if f'"{title}"' not in source] == []
    manual = {row[0] for row in rows(text("使用手册.md"))}
    assert {title for _, title in told} <= manual


def test_the_glossary_gives_every_award_paper() -> None:
    names = [award_summary.NAME, "推荐审批表", award_report.NAME, award_compliance.NAME]
    assert {name.partition("（")[0] for name in award_form.NAMES.values()} == {names[1]}
    told = under(text("glossary.md"), "评选文书")
    assert [name for _, name in told] == [*names, "名单审查结果"]
    kinds = "\n".join(inspect.getsource(m) for m in (campaign_papers, slates))
    assert [word for word, _ in told if f'"{word.strip("`")}"' not in kinds] == []
    assert [name for name in names if name not in text("使用手册.md")] == []


ACT = re.compile(
    r'act=f?"(\w+?)(?:_\{\w|_\{self|")|_(?:record|append)\(\s*\w+(?:\.\w+)?,\s*"(\w+)"'
)


def test_the_glossary_gives_every_act_of_the_audit_chain() -> None:
    sources = [p for top in ("tracker", "jobs") for p in (ROOT / top).rglob("*.py")]
    acts = {a or b for p in sources for a, b in ACT.findall(p.read_text(encoding="utf-8"))}
    told = {w for cell, _ in under(text("glossary.md"), "审计记录") for w in cell.split("` `")}

    assert {"import", "interview", "outbox_retry", "restore"} <= acts
    assert {word.strip("`") for word in told} == acts


@pytest.mark.parametrize("page", ["使用手册.md", "operations.md"])
def test_every_state_of_runs_and_letters_is_told_with_what_to_do(page: str) -> None:
    told = {row[0] for row in rows(text(page)) if len(row) == 3 and row[1]}
    assert {*journal.STATE_NAMES.values(), *LETTER.states.values()} <= told


def test_the_manual_tells_the_timetable_as_it_is() -> None:
    (hours,) = re.findall(r"^## 十一、.*?(?=^## )", text("使用手册.md"), re.M | re.S)
    told = {row[0]: row[1] for row in rows(hours)}
    timetable = load_timetable()

    assert [
        name for job, rule in timetable.daily.items()
        if f"{rule.at:%H:%M}" not in told[name := JOBS[job]]
    ] == []  # fmt: skip
    assert f"最近{timetable.backup.keep}份" in told[JOBS["backup"]]
    assert f"每{timetable.outbox.every_minutes}分钟" in told[JOBS["outbox"]]


def test_the_example_of_sources_is_accepted_and_shows_every_key(tmp_path: Path) -> None:
    (example,) = re.findall(r"```yaml\n(.+?)```", text("operations.md"), re.S)
    path = tmp_path / "pulls.yaml"
    path.write_text(example, encoding="utf-8")

    assert [s.id for s in load_sources(path, load_forms())] == ["visits", "attendance"]
    assert [key for key in PullSource.model_fields if f"{key}:" not in example] == []


def test_the_manual_names_every_paper_and_every_state_of_an_interview() -> None:
    named = {*(kind.name for kind in KINDS), *INTERVIEW.states.values()} - {"建议已撤回"}
    assert [name for name in sorted(named) if name not in text("使用手册.md")] == []


@pytest.mark.parametrize("status", words.STATUS_NAMES.values())
def test_the_manual_names_every_status(status: str) -> None:
    assert status in text("使用手册.md")


@pytest.mark.parametrize("form", load_forms().forms.values(), ids=lambda form: form.name)
def test_the_import_page_lists_the_columns_of_every_form(form: Any) -> None:
    (row,) = (r for r in rows(text("import.md")) if r[0] == form.name and len(r) == 2)
    bold = set(re.findall(r"\*\*(.+?)\*\*", row[1]))
    headers = {field.headers[0]: field.required for field in form.fields.values()}
    assert bold == {header for header, required in headers.items() if required} - {"1"}
    shown = {h for h in headers if h not in ("简称", "备注")}  # one column of remarks holds both
    assert [header for header in sorted(shown) if header not in row[1]] == []


def test_the_example_of_local_words_is_accepted(tmp_path: Path) -> None:
    (example,) = re.findall(r"```yaml\n(.+?)```", text("import.md"), re.S)
    path = tmp_path / "local.yaml"
    path.write_text(example, encoding="utf-8")
    forms = load_forms(path)
    assert "包户干部" in forms.forms["household_visits"].by_header
    assert forms.marks.by_symbol["★"] == "overnight"


def test_the_import_page_tells_every_problem_of_the_sample(sqlite_engine: sa.Engine) -> None:
    now = datetime(2020, 1, 9, tzinfo=SHANGHAI)
    law, workbook = shipped_law(), read_workbook(demo.WORKBOOK, load_forms(), today=now.date())
    calendar = calendar_for(law.calendar)
    with transaction(sqlite_engine) as connection:
        report = store_workbook(
            connection, workbook,
            vocabulary={"kinds": law.vocabulary.kinds, "as": law.vocabulary.as_},
            is_working_day=lambda day: bool(calendar.is_working(day)),
            now=now, operator="测试员",
        )  # fmt: skip
    page = text("import.md").split("## 样表中不清楚之处")[-1]
    told = {
        (sheet, row)
        for cells in rows(page)
        for sheet in (re.split("第|（", cells[0])[0],)
        for row in map(int, re.findall(r"\d+", cells[0].removeprefix(sheet)))
    }
    assert [p for p in report.problems if (p.sheet, p.row) not in told] == []
    refused = sum(sheet.refused for sheet in report.sheets)
    notes = len(report.of("note"))
    assert f"入库{report.entries}行，退回{refused}行和1格，另有{notes}处提示" in page


def finding() -> dict[str, Any]:
    """One finding as --json prints it."""
    document, duty = next((p.document, d) for p in shipped_law().packs for d in p.duties)
    row = dict.fromkeys(findings.COLUMNS) | {
        "key": "k", "status": "met", "reason": "none", "flags": 0, "holder_id": 1,
        "required": 1.0, "literal": 1.0, "done": 1.0, "opens": date(2019, 1, 1),
    }  # fmt: skip
    return show.finding_json(pd.Series(row, dtype=object), {1: "某单位"}, document, duty)


def test_the_json_example_has_the_keys_of_a_finding_in_their_order() -> None:
    example, _ = re.findall(r"```json\n(.+?)```", text("query-json.md"), re.S)
    assert list(json.loads(example)) == list(finding())


def test_the_json_page_explains_every_key() -> None:
    source = Path(query.__file__).read_text(encoding="utf-8")
    document = source.split("def as_document")[1].split("\n\n\ndef ")[0]
    keys = set(re.findall(r'"(\w+)":', document)) | set(finding())
    explained = set(re.findall(r"`(\w+)`", text("query-json.md")))
    assert keys - explained == set()


@pytest.mark.parametrize(
    ("title", "written_by"),
    [
        ("提醒", show.notice_json),
        ("约谈", interview_words.as_json),
        ("事件", incident_words.as_json),
        ("限制", bars._json),
        ("名单", slates.as_document),
        ("名单", slates._row_json),
        ("查询", verdict_words.verdict_json),
        ("查询", verdict_words.clause_json),
        ("评选推荐", campaign_words.as_json),
        ("评选推荐", campaign_words.overview_json),
        ("评选推荐", campaign_proof._flag_json),
        ("运行记录", schedule.run_json),
    ],
)
def test_the_json_page_explains_every_key_of_a_list(
    title: str, written_by: Callable[..., Any]
) -> None:
    (part,) = re.findall(
        rf"^## {title}\n(.*?)(?=^## |\Z)", text("query-json.md") + "\n", re.M | re.S
    )
    keys = set(re.findall(r'"(\w+)":', inspect.getsource(written_by))) - {"id", "name"}

    assert keys - set(re.findall(r"`(\w+)`", part)) == set()


def examples(page: str) -> Iterator[tuple[list[str], list[str]]]:
    """Each `$ tracker ...` of the blocks of a page: its words, and the lines shown below it."""
    for language, block in FENCE.findall(page):
        for example in re.split(r"^\$ tracker ", block, flags=re.M)[1:] if not language else ():
            said, *shown = example.splitlines()
            yield shlex.split(said), shown


def lines(printed: str) -> list[str]:
    return [" ".join(line.split()) for line in printed.splitlines()]


def stands_in(line: str, printed: list[str]) -> bool:
    """Whether a line was printed; …… stands for anything."""
    parts = ".*".join(map(re.escape, line.split("……")))
    return any(re.fullmatch(parts, one) for one in ["", *printed])


def test_a_line_that_the_program_does_not_print_would_be_noticed() -> None:
    assert stands_in("已备份：…….sqlite3", ["已备份：x.sqlite3"])
    assert not stands_in("已备份：……", ["已恢复"])
    assert not stands_in("第1号（甲）", ["第1号"])


def test_the_manual_shows_what_the_demo_prints(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKER_HOME", str(tmp_path))
    monkeypatch.setenv("TRACKER_OPERATOR", "何甲子")
    monkeypatch.chdir(tmp_path)
    ((_, listed),) = (found for found in FENCE.findall(text("使用手册.md")) if found[0] == "csv")
    Path("推荐名单.csv").write_text(listed, encoding="utf-8")
    runner = CliRunner()
    assert runner.invoke(app, ["demo"]).exit_code == 0
    story = list(examples(text("使用手册.md")))
    differing = []
    for said, shown in story:
        result = runner.invoke(app, said)
        told = result.output if result.exit_code != 1 else str(result.exception)
        printed = lines(told.replace(str(tmp_path), "…/luze-demo"))
        differing += [line for line in lines("\n".join(shown)) if not stands_in(line, printed)]

    assert len(story) == len(re.findall(r"^\$ ", text("使用手册.md"), re.M)) > 40
    assert differing == []


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as they are made from Chinese and English titles."""
    heads = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.M)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(page: Path) -> None:
    broken = []
    for link in LINK.findall(page.read_text(encoding="utf-8")):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = unquote(link).partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)
    assert broken == []


def test_the_readme_leads_to_every_document() -> None:
    linked = set(LINK.findall((ROOT / "README.md").read_text(encoding="utf-8")))
    assert {f"docs/{page.name}" for page in DOCS.glob("*.md")} <= linked


def test_the_readme_maps_every_folder_of_the_house() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    packages = [p.parent.name for p in ROOT.glob("*/__init__.py")]
    assert [name for name in packages if f"`{name}/`" not in readme] == []
    own = [p for p in (ROOT / "tracker").iterdir() if (p / "__init__.py").is_file()]
    assert [p.name for p in own if f"`tracker/{p.name}/`" not in readme] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_every_decision_cited_exists(page: Path) -> None:
    known = set(shipped_law().interpretations)
    cited = set(re.findall(r"\bI\d{1,3}\b", page.read_text(encoding="utf-8")))
    assert cited - known == set()
