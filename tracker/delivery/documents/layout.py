"""The layout of an official paper (GB/T 9704-2012) as fonts, styles and page of a docx.

python-docx starts from an American letter with theme fonts; `prepare` replaces all of it. Sizes are
points, chapters of the standard stand beside the figures.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from xml.sax.saxutils import quoteattr

from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.section import Section
from docx.shared import Mm
from docx.text.paragraph import Paragraph

SONG, FANG, HEI, KAI = "宋体", "仿宋_GB2312", "黑体", "楷体_GB2312"
TITLE = "方正小标宋简体"
# What a machine without the font may take instead, best first (w:altName).
INSTEAD = {
    TITLE: "小标宋,宋体,SimSun,Noto Serif CJK SC",
    FANG: "仿宋,FangSong,STFangsong,Noto Serif CJK SC",
    KAI: "楷体,KaiTi,STKaiti,Noto Serif CJK SC",
    HEI: "SimHei,Noto Sans CJK SC",
    SONG: "SimSun,Noto Serif CJK SC",
}
TOP, LEFT, RIGHT, BOTTOM = 37, 28, 26, 35  # mm: 5.2.1
WIDTH, HEIGHT = 210, 297  # mm, A4: 5.1
# 22 lines of 28 characters (5.2.3). 29 points would need 0.2 more than the 225 mm that there are.
LINE = 28.9
BODY = 16  # 3号
# 28 characters of 16 points are 2 mm wider than the text, so each stands a trifle closer. (A grid
# of characters would say so too, but LibreOffice gives a character that is wider two cells.)
_CLOSER = -0.25
# A form is not in the standard: mm, and points of its small print.
FORM_SIDE, FORM_TOP, _FORM_FOOTER = 20, 16, 7
SMALL, SMALL_LINE, FORM_GAP = 9, 12.5, 6
_FOOTER = 23  # mm: the number stands 7 mm below the text (7.5)


@dataclass(frozen=True, slots=True)
class Style:
    """A paragraph style: font, size and line in points, indents in characters."""

    font: str = FANG
    size: float = BODY
    line: float = LINE
    align: str = "both"
    first: float = 0
    left: float = 0
    right: float = 0
    before: float = 0
    outline: int | None = None
    keep: bool = False


STYLES = {
    "文书正文": Style(first=2),
    "文书标题": Style(TITLE, 22, 32, "center", before=14, keep=True),
    "文书一级": Style(HEI, first=2, outline=0, keep=True),
    "文书二级": Style(KAI, first=2, outline=1, keep=True),
    "文书顶格": Style(align="left", keep=True),
    "文书密级": Style(HEI, align="left"),
    "文书编号": Style(align="center"),
    "文书落款": Style(align="right", right=4, keep=True),
    "文书裁切": Style(SONG, 10.5, 20, "center", before=10, keep=True),
    "文书表头": Style(HEI, 10.5, 16, "center", keep=True),
    "文书表格": Style(FANG, 10.5, 16, "left"),
    "文书表后": Style(FANG, 2, 8, "left"),
    "文书单页码": Style(SONG, 14, 18, "right", right=1),
    "文书双页码": Style(SONG, 14, 18, "left", left=1),
}


def fonts(name: str) -> str:
    """The w:rFonts of a font: without eastAsia, Chinese falls back to the theme; the hint keeps
    quotation marks full-width."""
    quoted = quoteattr(name)
    each = " ".join(f"w:{slot}={quoted}" for slot in ("ascii", "hAnsi", "eastAsia", "cs"))
    return f'<w:rFonts {nsdecls("w")} w:hint="eastAsia" {each}/>'


def prepare(document: Document, *, landscape: bool = False) -> None:
    """Make an empty document of python-docx an empty official paper."""
    _drop_foreign_parts(document)
    _set_styles(document)
    _set_page(document.sections[0], landscape)
    document.settings.odd_and_even_pages_header_footer = True
    _number_pages(document.sections[0])


def narrow(document: Document, *, small: bool = False) -> None:
    """The page of a form: narrow margins; `small`: tables in small print."""
    section = document.sections[0]
    section.left_margin = section.right_margin = Mm(FORM_SIDE)
    section.top_margin = section.bottom_margin = Mm(FORM_TOP)
    section.header_distance = section.footer_distance = Mm(_FORM_FOOTER)
    for name in ("文书表头", "文书表格") if small else ():
        old = document.styles[name].element
        style = replace(STYLES[name], size=SMALL, line=SMALL_LINE)
        old.getparent().replace(old, parse_xml(_style_xml(name, style)))


def _drop_foreign_parts(document: Document) -> None:
    """Only what we wrote goes out: no theme, no thumbnail, and a font table of our fonts."""
    foreign = ("theme", "stylesWithEffects", "customXml", "webSettings", "numbering", "thumbnail")
    for rels in (document.part.rels, document.part.package.rels):
        for key in [k for k, rel in rels.items() if rel.reltype.endswith(foreign)]:
            del rels[key]
    table = next(r for r in document.part.rels.values() if r.reltype.endswith("fontTable"))
    part: Part = table.target_part
    part._blob = _font_table().encode()
    for old in document.settings.element.findall(qn("w:themeFontLang")):
        document.settings.element.remove(old)


def _font_table() -> str:
    fonts_ = "".join(
        f"<w:font w:name={quoteattr(name)}><w:altName w:val={quoteattr(other)}/>"
        f'<w:charset w:val="86"/><w:family w:val="{"swiss" if name == HEI else "roman"}"/>'
        '<w:pitch w:val="variable"/></w:font>'
        for name, other in INSTEAD.items()
    )
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    return f"{head}<w:fonts {nsdecls('w')}>{fonts_}</w:fonts>"


def _set_styles(document: Document) -> None:
    styles = document.styles.element
    kept = {"Normal", "DefaultParagraphFont", "TableNormal", "NoList"}
    for old in styles.findall(qn("w:style")):
        if old.get(qn("w:styleId")) not in kept:
            styles.remove(old)
    defaults = styles.find(qn("w:docDefaults"))
    styles.replace(defaults, parse_xml(
        f"<w:docDefaults {nsdecls('w')}><w:rPrDefault><w:rPr>{fonts(FANG)}"
        f'<w:sz w:val="{2 * BODY}"/><w:szCs w:val="{2 * BODY}"/>'
        '<w:lang w:val="en-US" w:eastAsia="zh-CN"/></w:rPr></w:rPrDefault>'
        "<w:pPrDefault/></w:docDefaults>"
    ))  # fmt: skip
    for name, style in STYLES.items():
        styles.append(parse_xml(_style_xml(name, style)))


def _style_xml(name: str, style: Style) -> str:
    closer = f'<w:spacing w:val="{_twips(_CLOSER)}"/>' if style.size == BODY else ""
    keep = "<w:keepNext/>" if style.keep else ""
    loose = "" if style.line == LINE else '<w:snapToGrid w:val="0"/>'
    outline = "" if style.outline is None else f'<w:outlineLvl w:val="{style.outline}"/>'
    return (
        f'<w:style {nsdecls("w")} w:type="paragraph" w:customStyle="1" w:styleId="{name}">'
        f'<w:name w:val="{name}"/><w:basedOn w:val="Normal"/><w:qFormat/><w:pPr>{keep}{loose}'
        f'<w:spacing w:before="{_twips(style.before)}" w:after="0" '
        f'w:line="{_twips(style.line)}" w:lineRule="exact"/>{_indent(style)}'
        f'<w:jc w:val="{style.align}"/>{outline}</w:pPr><w:rPr>{fonts(style.font)}{closer}'
        f'<w:sz w:val="{round(2 * style.size)}"/><w:szCs w:val="{round(2 * style.size)}"/>'
        "</w:rPr></w:style>"
    )


def _indent(style: Style) -> str:
    """Indents in characters, and in twips for those who do not know characters."""
    told = {"firstLine": style.first, "left": style.left, "right": style.right}
    given = [(name, amount) for name, amount in told.items() if amount]
    parts = [
        f'w:{name}Chars="{round(100 * n)}" w:{name}="{_twips(n * style.size)}"' for name, n in given
    ]
    return f"<w:ind {' '.join(parts)}/>" if parts else ""


def _set_page(section: Section, landscape: bool) -> None:
    """Turned by 90 degrees, the margins turn with the page."""
    sides = (TOP, RIGHT, BOTTOM, LEFT)
    top, right, bottom, left = (LEFT, TOP, RIGHT, BOTTOM) if landscape else sides
    width, height = (HEIGHT, WIDTH) if landscape else (WIDTH, HEIGHT)
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(width), Mm(height)
    section.top_margin, section.bottom_margin = Mm(top), Mm(bottom)
    section.left_margin, section.right_margin = Mm(left), Mm(right)
    section.header_distance, section.footer_distance = Mm(15), Mm(15 if landscape else _FOOTER)
    grid = section._sectPr.find(qn("w:docGrid"))
    grid.set(qn("w:type"), "lines")
    grid.set(qn("w:linePitch"), str(_twips(LINE)))


def _number_pages(section: Section) -> None:
    """'— 1 —', odd pages right, even pages left (7.5)."""
    for footer, style in ((section.footer, "文书单页码"), (section.even_page_footer, "文书双页码")):
        footer.is_linked_to_previous = False
        paragraph = footer.paragraphs[0]
        paragraph.style = style
        _number(paragraph)


def _number(paragraph: Paragraph) -> None:
    def run(inside: str) -> str:
        return f'<w:r {nsdecls("w")}><w:rPr>{fonts(SONG)}<w:sz w:val="28"/></w:rPr>{inside}</w:r>'

    field = f'<w:fldSimple {nsdecls("w")} w:instr="PAGE">{run("<w:t>1</w:t>")}</w:fldSimple>'
    space = ' xml:space="preserve"'
    for xml in (run(f"<w:t{space}>— </w:t>"), field, run(f"<w:t{space}> —</w:t>")):
        paragraph._p.append(parse_xml(xml))


def _twips(points: float) -> int:
    return round(points * 20)
