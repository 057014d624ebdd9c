"""Award papers on the page: how many A4 pages each takes in LibreOffice."""

from __future__ import annotations

import itertools
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.awards.campaigning import COUNTY, PLAN, Campaign
from tests.scenarios.world import World, all_covers, moment, only, shipped_law
from tracker.awards import acts
from tracker.db import open_engine, transaction
from tracker.delivery.documents import award_compliance, award_form, award_report, award_summary
from tracker.delivery.documents.occasion import Occasion
from tracker.delivery.documents.render import render
from tracker.delivery.documents.sheets import as_xlsx

PROGRAMS = ("soffice", "pdfinfo", "pdftotext")
DAY = date(2020, 12, 16)
LONG = "情况说明" * 60


@pytest.fixture(scope="module")
def pages(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with every award paper and, by one run of LibreOffice, each as pdf."""
    missing = [program for program in PROGRAMS if shutil.which(program) is None]
    if missing:
        refuse = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        refuse(f"not here: {missing}; run `make office`")
    folder = tmp_path_factory.mktemp("awards")
    engine = open_engine(f"sqlite:///{shutil.copy(sqlite_template, folder / 'luze.sqlite3')}")
    with transaction(engine) as connection:
        for name, data in papers(connection):
            (folder / name).write_bytes(data)
    engine.dispose()
    written = sorted([*folder.glob("*.docx"), *folder.glob("*.xlsx")])
    command = [
        "soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless",
        "--convert-to", "pdf", "--outdir", str(folder), *map(str, written),
    ]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=240)
    return folder


def papers(connection: sa.Connection) -> Iterator[tuple[str, bytes]]:
    """A collective that is nominated, and a captain of whom everything is told at length."""
    campaign = Campaign(World(connection))
    world = campaign.world
    world.law = only(shipped_law(), ("unit.study", "cadre.days_220", "cadre.nights_160"))
    world.cadre("王乙丑", "甲局", "东村", (date(2018, 3, 1), None))
    world.post("王乙丑", "captain", "东村工作队", (date(2018, 3, 1), None))
    campaign.propose()
    captain = {"kind": "captain", "award": "helping.individual", "area_code": ""}
    campaign.propose(subject_id=world.ids["王乙丑"], **captain)
    campaign.ready(1)
    campaign.act(acts.opinion, "tax", number=2, on=COUNTY, agrees=False, text=LONG)
    campaign.nominate(1)
    at = Occasion(connection, world.law, all_covers(), DAY, moment(DAY, 21))
    for number in (1, 2):
        name, facts = award_form.form(at, number)
        yield f"form{number}.docx", render(name, facts.told)
        facts = award_compliance.compliance(at, number)
        yield f"compliance{number}.docx", render(award_compliance.NAME, facts.told)
        full = {**facts.told, "clauses": as_many_as_fit(bool(facts.told["code"]))}
        yield f"full{number}.docx", render(award_compliance.NAME, full)
    yield "report.docx", render(award_report.NAME, award_report.report(at, PLAN).told)
    yield "summary.xlsx", as_xlsx(award_summary.summary(at, PLAN))


def as_many_as_fit(coded: bool) -> list[tuple[str, str, str]]:
    """Rows of one line, of two and of three in turn, up to the room that a page has for them."""
    room = award_compliance.ROOM if coded else award_compliance.ROOM_WITHOUT_CODE
    rows: list[tuple[str, str, str]] = []
    for number in itertools.count(1):
        row = ("√ 通过", "甲" * 30 * (number % 3 + 1), "一(三)2（I46、I72）")
        if award_compliance.height([*rows, row]) > room:
            return rows
        rows.append(row)
    raise AssertionError


def told(folder: Path, program: str, name: str, *more: str) -> str:
    command = [program, str(folder / f"{name}.pdf"), *more]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def by_page(folder: Path, name: str) -> list[str]:
    """The text of each page."""
    return told(folder, "pdftotext", name, "-layout", "-").split("\f")[:-1]


@pytest.mark.parametrize("name", ["compliance1", "compliance2", "full1", "full2"])
def test_a_statement_of_compliance_is_one_page(pages: Path, name: str) -> None:
    (page,) = by_page(pages, name)

    assert "（印章）" in page


@pytest.mark.parametrize("name", ["form1", "form2"])
def test_a_form_is_one_sheet_of_paper_with_the_boxes_on_its_back(pages: Path, name: str) -> None:
    front, back = by_page(pages, name)

    assert "主要事迹" in front
    assert (front.count("（盖章）"), back.count("主要事迹")) == (0, 0)
    assert back.count("（盖章）") >= 6


def test_the_seal_of_the_report_is_on_a_page_with_text(pages: Path) -> None:
    (signed,) = [page for page in by_page(pages, "report") if "（印章）" in page]

    assert len(re.sub(r"\s", "", signed.split("（印章）")[0])) > 20
    assert "推荐名单" in by_page(pages, "report")[-1]


@pytest.mark.parametrize("name", ["form1", "compliance1", "report", "summary"])
def test_every_award_paper_is_a4(pages: Path, name: str) -> None:
    assert "(A4)" in told(pages, "pdfinfo", name)
