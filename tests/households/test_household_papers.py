"""The file and the labels as people hold them: masked, with a code that a scanner reads back."""

from __future__ import annotations

import base64
import io
import os
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from PIL import Image

from tests.delivery import reading
from tests.households.home import HEAD, KEY, NUMBER, Home
from tracker.delivery.documents import household_labels, household_sheet
from tracker.delivery.documents.household_sheet import Asked, as_docx, as_html
from tracker.delivery.documents.occasion import Facts
from tracker.households.codes import address, code_of, grouped, opened
from tracker.households.desk import residents
from tracker.households.facts import households

CODE = code_of(KEY, "629901", NUMBER)
PROGRAMS = ("soffice", "pdftoppm")
BASE = "https://luze.example.gov.cn"


def sheet(home: Home, asked: Asked | None = None) -> Facts:
    asked = asked or Asked("测试员", "县水务局赵甲", "", KEY)
    return household_sheet.household_sheet(home.occasion(), home.file(), asked)


def labels(home: Home, base_url: str = "") -> Facts:
    village, registry = home.world.ids["东村"], home.registry
    occasion = home.occasion()
    ids = residents(registry, village, occasion.as_of)
    there = list(households(home.connection, registry, ids, occasion.known_at))
    return household_labels.household_labels(occasion, village, there, KEY, base_url)


def scanned(picture: Any) -> set[str]:
    """What a scanner reads on a picture."""
    return {found.text for found in zxingcpp.read_barcodes(picture)}


def pictures(docx: bytes) -> Iterator[Any]:
    """The pictures inside a paper."""
    archive = zipfile.ZipFile(io.BytesIO(docx))
    for name in archive.namelist():
        if name.startswith("word/media/"):
            yield Image.open(io.BytesIO(archive.read(name)))


def shown(html: bytes) -> Iterator[Any]:
    """The pictures of a page."""
    for data in re.findall(r'src="data:image/png;base64,([^"]+)"', html.decode()):
        yield Image.open(io.BytesIO(base64.b64decode(data)))


def told(home: Home) -> tuple[str, str]:
    """The file as paper and as page, as text."""
    facts = sheet(home)
    page = re.sub(r"<style>.*?</style>|<[^>]+>", " ", as_html("户档案", facts).decode(), flags=re.S)
    return reading.text(as_docx("户档案", facts)), " ".join(page.split())


def test_the_file_says_the_same_on_paper_and_on_the_page(home: Home) -> None:
    home.sound_exit()
    home.told("household_type", "一般贫困户")
    home.visited(date(2020, 1, 3))
    home.visited(date(2019, 1, 3), date(2020, 1, 5), kind="plan_adjusted")
    for text in told(home):
        for words in (
            NUMBER, "史**", "东乡东村", "一般贫困户", "县水务局赵甲", "2020年1月3日", grouped(CODE),
            "一户一策第2次调整", "义务教育 √ 达标（2019年11月8日）", "甘办发〔2019〕33号 一(三)",
            "√ 未发现问题", "2020-01-10 12:00由测试员打印，供县水务局赵甲使用", "内部资料",
            "户主姓名已遮盖",
        ):  # fmt: skip
            assert words in text


def test_what_speaks_against_an_exit_names_its_rows(home: Home) -> None:
    home.told("exited_on", "2019-12-20")
    home.guaranteed(date(2019, 11, 8), "住房安全")
    (_, _, reason, _) = next(row for row in sheet(home).told["checks"] if "三保障" in row[1])
    assert re.fullmatch(
        "2019年12月20日脱贫时未达标：住房安全（2019年11月8日核实）（台账第\\d+行）；未作决定",
        reason,
    )


def test_no_name_of_a_household_stands_on_a_masked_file(home: Home) -> None:
    home.sound_exit()
    for text in told(home):
        assert HEAD not in text
        assert HEAD[1:] not in text


def test_a_file_for_one_who_may_read_it_says_the_name_and_who(home: Home) -> None:
    facts = sheet(home, Asked("测试员", "县水务局赵甲", "帮扶责任人", KEY))
    text = reading.text(as_docx("户档案", facts))
    assert HEAD in text
    assert "姓名未遮盖：帮扶责任人专用" in text


def test_income_is_told_apart(home: Home) -> None:
    home.line("income_actual", date(2020, 1, 2), "工资性收入", 8600)
    home.line("income_expected", date(2020, 1, 3), "经营净收入", 12000)
    home.line("expected_counted", date(2020, 1, 3), "经营净收入", 12000)
    assert sheet(home).told["income"] == "实际8600元，预期12000元，其中计入当年12000元"


def test_without_a_key_no_code_is_printed(home: Home) -> None:
    facts = sheet(home, Asked("测试员"))
    assert list(pictures(as_docx("户档案", facts))) == []
    html = as_html("户档案", facts)
    assert list(shown(html)) == []
    assert "没有设置户码的密钥，本页不印二维码" in html.decode()


def test_a_page_needs_no_other_file(home: Home) -> None:
    for name, facts in (("户档案", sheet(home)), ("户标签", labels(home))):
        html = as_html(name, facts).decode()
        assert not re.search(r"""(?:src|href)=["'](?!data:)""", html)
        assert "http" not in html
        assert "<script" not in html


@pytest.mark.parametrize("base_url", ["", BASE])
def test_the_code_of_the_file_is_read_back(home: Home, base_url: str) -> None:
    facts = sheet(home, Asked("测试员", key=KEY, base_url=base_url))
    held = {address(CODE, base_url)}
    for found in (pictures(as_docx("户档案", facts)), shown(as_html("户档案", facts))):
        assert [scanned(one) for one in found] == [held]
    assert opened(home.connection, KEY, held.pop()) == home.world.ids[HEAD]


def test_every_label_of_a_village_is_read_back_and_opens_its_household(home: Home) -> None:
    numbers = [f"HC{n:04}" for n in range(2, 20)]
    ids = {home.household(f"时辰{number}", number) for number in numbers}
    home.household("西村人", "HC9999", "西村")
    facts = labels(home)
    held = [scanned(one).pop() for one in shown(as_html("户标签", facts))]
    assert {opened(home.connection, KEY, one) for one in held} == {*ids, home.world.ids[HEAD]}
    assert len(held) == 19
    drawn = {scanned(one).pop() for one in pictures(as_docx("户标签", facts))}
    assert drawn == set(held)


def test_a_label_says_neither_number_nor_name(home: Home) -> None:
    facts = labels(home)
    (((label, blank),),) = facts.told["pages"]
    assert label["text"].splitlines() == [
        "一户一档　第1号", "东乡东村", grouped(CODE), "凭权限扫码查看"
    ]  # fmt: skip
    assert blank["picture"] == ""
    assert facts.told["listed"] == [(1, NUMBER, "史**", grouped(CODE))]
    assert NUMBER not in address(CODE, BASE)


@pytest.fixture
def printed(home: Home, tmp_path: Path) -> dict[str, list[Any]]:
    """The file and 20 labels as LibreOffice prints them: the pictures of the pages."""
    missing = [program for program in PROGRAMS if shutil.which(program) is None]
    if missing:
        refuse = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        refuse(f"not here: {missing}; run `make office`")
    home.sound_exit()
    for n in range(2, 21):
        home.household(f"时辰{n}", f"HC{n:04}")
    for name, facts in (("户档案", sheet(home)), ("户标签", labels(home))):
        (tmp_path / f"{name}.docx").write_bytes(as_docx(name, facts))
    command = [
        "soffice", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless",
        "--convert-to", "pdf", "--outdir", str(tmp_path), *map(str, tmp_path.glob("*.docx")),
    ]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=240)
    pages: dict[str, list[Any]] = {}
    for name in ("户档案", "户标签"):
        stem = str(tmp_path / name)
        subprocess.run(["pdftoppm", "-png", "-r", "200", f"{stem}.pdf", stem], check=True)
        pages[name] = [Image.open(page) for page in sorted(tmp_path.glob(f"{name}-*.png"))]
    return pages


def test_what_is_printed_is_read_back_from_the_page(printed: dict[str, list[Any]]) -> None:
    assert [scanned(page) for page in printed["户档案"]] == [{address(CODE)}]
    read = [scanned(page) for page in printed["户标签"]]
    assert [len(codes) for codes in read] == [16, 4, 0]
    assert address(CODE) in read[0]
