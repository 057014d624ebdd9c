"""A paper being written: draft mark, number, title, text, tables, signature, in their styles.

Everything is given as plain text and stays text. A piece of text is a `Span` where it is in another
font than its paragraph.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import docx
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_BREAK, WD_PARAGRAPH_ALIGNMENT
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Emu, Mm, Pt, RGBColor
from docx.table import Table
from docx.text.paragraph import Paragraph

from tracker.delivery.documents import layout

DRAFT = "代拟稿"
_DASHES = "－ " * 13
TEAR_LINE = f"✂ {_DASHES}裁切线 {_DASHES}✂"
_FORBIDDEN_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BLANK_ROW = 22  # points: a row to write in by hand


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of text; `font` where it differs from the paragraph's, `colour` as 'C00000'. Or a
    `picture` (PNG), so many mm wide, that the text describes."""

    text: str
    font: str = ""
    colour: str = ""
    picture: bytes = b""
    width: float = 0


Text = str | Sequence[Span]


class Paper:
    """One official paper on A4. Write from top to bottom, then take `data()`."""

    def __init__(self, name: str, *, landscape: bool = False) -> None:
        self.document = docx.Document()
        layout.prepare(self.document, landscape=landscape)
        about = self.document.core_properties
        about.title, about.author, about.comments = name, "", ""
        self._form = False

    def as_form(self, *, small: bool = False) -> None:
        """A form instead of a letter: narrower margins, no empty line; `small`: tables
        in small print."""
        self._form = True
        layout.narrow(self.document, small=small)

    def draft(self, mark: str = "", colour: str = "", word: str = DRAFT) -> None:
        """代拟稿 (or another word) at the top left; at the right a mark that a black-and-white
        print keeps."""
        paragraph = self._paragraph("文书密级", word)
        if mark:
            self._tab_stop(paragraph)
            _run(paragraph, f"\t{mark}", layout.HEI, colour)

    def number(self, text: str) -> None:
        """The number line, blank where a person writes the number."""
        self._paragraph("文书编号", text)

    def title(self, text: str) -> None:
        """The title, with an empty line after it, or in a form a narrow gap."""
        title = self._paragraph("文书标题", text)
        if self._form:
            title.paragraph_format.space_after = Pt(layout.FORM_GAP)
        else:
            self._paragraph("文书顶格", "")

    def recipients(self, text: str) -> None:
        """The line of those it is sent to (主送机关), flush left."""
        self._paragraph("文书顶格", text)

    def heading(self, text: Text, level: int = 1) -> None:
        """'一、...' (level 1) or '（一）...' (level 2)."""
        self._paragraph("文书一级" if level == 1 else "文书二级", text)

    def body(self, text: Text) -> None:
        """A paragraph of the text."""
        self._paragraph("文书正文", text)

    def note(self, text: Text) -> None:
        """A small line beside a table."""
        self._paragraph("文书表格", text)

    def signature(self, text: Text) -> None:
        """A line of the signature or date, blank but in place; never on a page of its own."""
        before = self.document.paragraphs[-1]
        before.paragraph_format.keep_with_next = True
        line = self._paragraph("文书落款", text)
        if before.style != line.style:
            line.paragraph_format.space_before = Pt(layout.LINE)

    def tear_line(self) -> None:
        """The dashed line along which a receipt is cut off."""
        self._paragraph("文书裁切", TEAR_LINE)

    def page_break(self) -> None:
        """What follows begins a new page."""
        self._paragraph("文书顶格", "").add_run().add_break(WD_BREAK.PAGE)

    def table(
        self, columns: Sequence[Text], rows: Sequence[Sequence[Text]],
        widths: Sequence[float] | None = None, centred: Sequence[bool] = (),
    ) -> None:  # fmt: skip
        """A bordered table. `columns` repeat on every page (all empty: a form without a head);
        `widths` are relative, `centred` per column. A row with an empty cell is one to write in;
        a form, and lines to write on, stay on one page."""
        shares = widths or [1] * len(columns)
        grid = [Emu(round(self._width * share / sum(shares))) for share in shares]
        middle = centred or [False] * len(columns)
        made = self.document.add_table(0, len(columns))
        made.alignment, made.autofit = WD_TABLE_ALIGNMENT.CENTER, False
        for part in _borders():
            made._tblPr.append(parse_xml(part))
        for column, width in zip(made.columns, grid, strict=True):
            column.width = width
        if any(columns):
            self._row(made, columns, grid, [True] * len(columns), head=True)
        for row in rows:
            self._row(made, row, grid, middle)
        if not any(columns) or len(columns) == 1:
            for row in made.rows[:-1]:
                row.cells[0].paragraphs[0].paragraph_format.keep_with_next = True
        self._paragraph("文书表后", "")

    def data(self) -> bytes:
        """The docx."""
        stream = io.BytesIO()
        self.document.save(stream)
        return stream.getvalue()

    def _paragraph(self, style: str, text: Text) -> Paragraph:
        return _write(self.document.add_paragraph(style=style), style, text)

    def _tab_stop(self, paragraph: Paragraph) -> None:
        stop = f'<w:tab w:val="right" w:pos="{round(self._width.pt * 20)}"/>'
        tabs = parse_xml(f"<w:tabs {nsdecls('w')}>{stop}</w:tabs>")
        paragraph._p.get_or_add_pPr().append(tabs)

    @property
    def _width(self) -> Emu:
        """The width of the text."""
        section = self.document.sections[0]
        page, left, right = section.page_width, section.left_margin, section.right_margin
        return Emu((page or 0) - (left or 0) - (right or 0))

    def _row(
        self, made: Table, cells: Sequence[Text], grid: Sequence[Emu], centred: Sequence[bool],
        *, head: bool = False,
    ) -> None:  # fmt: skip
        row = made.add_row()  # type: ignore[no-untyped-call]
        marks = ("cantSplit", "tblHeader") if head else ("cantSplit",)
        for mark in marks:
            row._tr.get_or_add_trPr().append(parse_xml(f"<w:{mark} {nsdecls('w')}/>"))
        if not all(cells):
            row.height = Pt(_BLANK_ROW)
        style = "文书表头" if head else "文书表格"
        for cell, text, width, middle in zip(row.cells, cells, grid, centred, strict=True):
            cell.width = width
            cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
            paragraph = cell.paragraphs[0]
            paragraph.style = self.document.styles[style]
            if middle:
                paragraph.alignment = WD_PARAGRAPH_ALIGNMENT.CENTER
            _write(paragraph, style, text)


def _write(paragraph: Paragraph, style: str, text: Text) -> Paragraph:
    for span in [Span(text)] if isinstance(text, str) else text:
        if span.picture:
            _show(paragraph, span)
        elif span.text:
            _run(paragraph, span.text, span.font or layout.STYLES[style].font, span.colour)
    return paragraph


def _show(paragraph: Paragraph, span: Span) -> None:
    """A picture in its line; a line of fixed height would cut it off."""
    paragraph.paragraph_format.line_spacing = 1.0
    shown = paragraph.add_run().add_picture(io.BytesIO(span.picture), Mm(span.width))
    shown._inline.docPr.set("descr", span.text)


def _run(paragraph: Paragraph, text: str, font: str, colour: str = "") -> None:
    """A run that names its font in every slot; characters that XML cannot hold become '\ufffd'."""
    run = paragraph.add_run(_FORBIDDEN_IN_XML.sub("\ufffd", text))
    run._r.get_or_add_rPr().insert(0, parse_xml(layout.fonts(font)))
    if colour:
        run.font.color.rgb = RGBColor.from_string(colour)


def _borders() -> Iterator[str]:
    """Lines around every cell, and a little air inside."""
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    lines = "".join(f'<w:{side} w:val="single" w:sz="4" w:color="000000"/>' for side in sides)
    yield f"<w:tblBorders {nsdecls('w')}>{lines}</w:tblBorders>"
    margins = {"top": 30, "left": 70, "bottom": 30, "right": 70}
    inside = "".join(f'<w:{side} w:w="{n}" w:type="dxa"/>' for side, n in margins.items())
    yield f"<w:tblCellMar {nsdecls('w')}>{inside}</w:tblCellMar>"
