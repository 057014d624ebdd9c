"""The layout of GB/T 9704-2012, and templates: what users say stays text, mistakes are named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from docx.document import Document
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.delivery import reading
from tracker.delivery.documents import layout
from tracker.delivery.documents.paper import DRAFT, TEAR_LINE, Paper, Span
from tracker.delivery.documents.render import folders, render
from tracker.errors import LuzeError

MARKDOWN = "# 标题\n\n| 甲 | 乙 |\n|--|--|\n| **1** | _2_ |\n\n---\n\n1. 编号 `x` [a](b) {{ y }} \\"

EVERYTHING = """编号：〔{{ year }}〕　　号
主送：甲局
标记：▲ 黄色

# 题

## 一、节

### （一）小节

一句
话，**黑**、*楷*。

2. 甲
3. 乙

| 一 | 二 |
|:-:|---|
| 1 |  |

> （印章）

---

# 回执
"""


def written(**more: Any) -> bytes:
    """A paper with one of everything."""
    paper = Paper("样例", **more)
    paper.draft("● 红色", "C00000")
    paper.number("〔2020〕　　号")
    paper.title("样例")
    paper.recipients("某局：")
    paper.heading("一、事项")
    paper.heading("（一）小项", 2)
    paper.body([Span("正文“引文”2020"), Span("楷", layout.KAI)])
    paper.table(["序号", "事项"], [["1", "甲"], ["2", ""]], [1, 3], [True, False])
    paper.signature("（印章）")
    paper.tear_line()
    return paper.data()


def own(tmp_path: Path, template: str, name: str = "自拟") -> Path:
    """An office's home with a template of its own."""
    folder = tmp_path / "templates" / "documents"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.md").write_text(template, encoding="utf-8")
    return tmp_path


def styled(document: Document) -> list[tuple[str | None, str]]:
    """Style and text of every paragraph."""
    return [(p.style.name if p.style else "", p.text) for p in document.paragraphs]


# ---- the layout


def test_the_page_has_the_margins_of_the_standard() -> None:
    section = reading.opened(written()).sections[0]
    sizes = (
        section.page_width, section.page_height,
        section.top_margin, section.left_margin, section.right_margin, section.bottom_margin,
    )  # fmt: skip

    assert [round(size.mm) for size in sizes if size] == [210, 297, 37, 28, 26, 35]


def test_22_lines_of_28_characters_fit_and_one_more_does_not() -> None:
    height = 297 - layout.TOP - layout.BOTTOM
    width = 210 - layout.LEFT - layout.RIGHT
    body = reading.opened(written()).styles["文书正文"].element
    spacing, closer = body.find(qn("w:pPr")).find(qn("w:spacing")), body.rPr.find(qn("w:spacing"))
    line = int(spacing.get(qn("w:line"))) / 20 / 72 * 25.4
    character = (layout.BODY + int(closer.get(qn("w:val"))) / 20) / 72 * 25.4

    assert 22 * line <= height < 23 * line
    assert 28 * character <= width < 29 * character
    assert spacing.get(qn("w:lineRule")) == "exact"


def test_a_sheet_on_its_side_turns_the_margins_with_it() -> None:
    section = reading.opened(written(landscape=True)).sections[0]

    sizes = (section.page_width, section.page_height, section.left_margin, section.top_margin)
    assert [round(size.mm) for size in sizes if size] == [297, 210, layout.BOTTOM, layout.LEFT]


def test_every_run_names_its_font_for_chinese_and_for_the_rest() -> None:
    found = list(reading.runs(written()))

    assert len(found) > 15
    for run in found:
        fonts = run.rPr.find(qn("w:rFonts"))
        named = {fonts.get(qn(f"w:{slot}")) for slot in ("ascii", "hAnsi", "eastAsia")}
        assert len(named) == 1
        assert named <= set(layout.INSTEAD)


@pytest.mark.parametrize(
    ("style", "font", "points"),
    [
        ("文书标题", "方正小标宋简体", 22), ("文书正文", "仿宋_GB2312", 16),
        ("文书一级", "黑体", 16), ("文书二级", "楷体_GB2312", 16), ("文书单页码", "宋体", 14),
    ],
)  # fmt: skip
def test_each_style_has_the_font_and_size_of_the_standard(
    style: str, font: str, points: int
) -> None:
    found = reading.opened(written()).styles[style].element.rPr

    assert found.find(qn("w:rFonts")).get(qn("w:eastAsia")) == font
    assert int(found.find(qn("w:sz")).get(qn("w:val"))) == 2 * points


def test_the_text_is_indented_by_two_characters() -> None:
    style = reading.opened(written()).styles["文书正文"].element
    indent = style.find(qn("w:pPr")).find(qn("w:ind"))

    assert (indent.get(qn("w:firstLineChars")), indent.get(qn("w:firstLine"))) == ("200", "640")


def test_nothing_of_the_theme_is_left_and_every_font_has_a_substitute() -> None:
    data = written()

    assert [name for name in reading.parts(data) if "theme" in name or "thumbnail" in name] == []
    assert "Theme=" not in reading.part(data, "word/styles.xml")
    table = reading.part(data, "word/fontTable.xml")
    for name, other in layout.INSTEAD.items():
        assert f'w:name="{name}"><w:altName w:val="{other}"/>' in table


def test_page_numbers_stand_right_on_odd_and_left_on_even_pages() -> None:
    document = reading.opened(written())
    section = document.sections[0]
    odd, even = section.footer.paragraphs[0], section.even_page_footer.paragraphs[0]

    assert document.settings.odd_and_even_pages_header_footer
    assert [odd.style.name, even.style.name] == ["文书单页码", "文书双页码"]
    for footer in (odd, even):
        field = footer._p.find(qn("w:fldSimple"))
        assert field.get(qn("w:instr")) == "PAGE"
        shown = "".join(node.text for node in footer._p.iter(qn("w:t")))
        assert shown == "— 1 —"


def test_the_head_of_a_table_repeats_and_no_row_is_torn() -> None:
    (table,) = reading.opened(written()).tables
    marks = [[node.tag.split("}")[1] for node in row._tr.trPr] for row in table.rows]

    assert marks == [["cantSplit", "tblHeader"], ["cantSplit"], ["cantSplit", "trHeight"]]


def test_a_signature_never_stands_alone_on_a_page() -> None:
    paper = Paper("样例")
    paper.body("最后一段。")
    paper.signature("（印章）")
    last, signature = reading.opened(paper.data()).paragraphs

    assert last.paragraph_format.keep_with_next
    assert signature.paragraph_format.space_before


# ---- templates


@settings(max_examples=40, deadline=None)
@given(said=st.text(min_size=1))
def test_what_users_say_stays_text_to_the_letter(said: str, tmp_path_factory: Any) -> None:
    home = own(
        tmp_path_factory.getbasetemp(),
        "# 题\n\n甲{{ said }}乙\n\n| 一 |\n|--|\n| 丙{{ said }}丁 |\n",
    )
    held = "".join(c if _xml_holds(c) else "\ufffd" for c in said)
    held = held.replace("\r\n", "\n").replace("\r", "\n")

    data = render("自拟", {"said": said}, home=home)

    paragraphs = [p.text for p in reading.opened(data).paragraphs]
    assert f"甲{held}乙" in [p.replace("\r", "\n") for p in paragraphs]
    (table,) = reading.opened(data).tables
    assert table.rows[1].cells[0].text == f"丙{held}丁"
    assert len(table.rows) == 2


def _xml_holds(character: str) -> bool:
    return character in "\t\n\r" or (
        character >= " "
        and not "\ud800" <= character <= "\udfff"
        and character not in "\ufffe\uffff"
    )


def test_markdown_of_a_user_makes_no_structure(tmp_path: Path) -> None:
    home = own(
        tmp_path,
        "主送：{{ said }}\n\n# 题\n\n{{ said }}\n\n{% for s in [said] %}{{ s }}{% endfor %}\n",
    )
    data = render("自拟", {"said": MARKDOWN}, home=home)
    document = reading.opened(data)

    assert document.tables == []
    assert [text for style, text in styled(document) if style == "文书正文"] == [MARKDOWN] * 2
    assert f"{MARKDOWN}：" in [p.text for p in document.paragraphs]


def test_a_template_says_title_lists_tables_signature_and_tear_line(tmp_path: Path) -> None:
    home = own(tmp_path, EVERYTHING)
    document = reading.opened(render("自拟", {"year": 2020}, home=home))

    assert styled(document) == [
        ("文书密级", f"{DRAFT}\t▲ 黄色"), ("文书编号", "〔2020〕　　号"), ("文书标题", "题"),
        ("文书顶格", ""), ("文书顶格", "甲局："), ("文书一级", "一、节"),
        ("文书二级", "（一）小节"), ("文书正文", "一句话，黑、楷。"),
        ("文书正文", "2．甲"), ("文书正文", "3．乙"),
        ("文书表后", ""), ("文书落款", "（印章）"), ("文书裁切", TEAR_LINE), ("文书标题", "回执"),
        ("文书顶格", ""),
    ]  # fmt: skip
    (table,) = document.tables
    widths = [cell.width for cell in table.rows[0].cells]
    assert widths[0] == widths[1]
    fonts = [run._r.get_or_add_rPr().find(qn("w:rFonts")).get(qn("w:eastAsia")) for run in
             document.paragraphs[7].runs]  # fmt: skip
    assert fonts == [layout.FANG, layout.FANG, layout.HEI, layout.FANG, layout.KAI, layout.FANG]


@pytest.mark.parametrize(
    ("template", "line", "said"),
    [
        ("# 题\n\n{{ nobody }}\n", 3, "nobody"),
        ("# 题\n\n{{ unit.nobody }}\n", 3, "nobody"),
        ("# 题\n\n正文\n\n{% if x %}\n", 5, "if"),
        ("# 题\n\n{{ unit|nothing }}\n", 3, "nothing"),
        ("# 题\n\n{{ year + unit }}\n", 3, "unsupported"),
        ("编号：甲\n天气：晴\n\n# 题\n", 2, "开头只能写"),
        ("编号：甲\n\n# 题\n\n- 一\n- 二\n", 5, "没有这种写法"),
    ],
)
def test_a_mistake_in_a_template_is_named_with_its_line(
    tmp_path: Path, template: str, line: int, said: str
) -> None:
    home = own(tmp_path, template)

    with pytest.raises(LuzeError, match=f"自拟.md 第 {line} 行有误，未生成文书：.*{said}"):
        render("自拟", {"unit": "甲局", "year": 2020}, home=home)


def test_a_template_of_ones_own_comes_first_and_a_missing_one_is_said(tmp_path: Path) -> None:
    home = own(tmp_path, "# 本局的样式\n", name="认定依据")

    assert "本局的样式" in reading.text(render("认定依据", {}, home=home))
    with pytest.raises(LuzeError, match=r"没有文书模板 无此文书.md") as refused:
        render("无此文书", {}, home=home)
    assert str(folders(home)[0]) in refused.value.fix
