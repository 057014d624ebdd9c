"""From facts to a paper: a template (Jinja2 in Markdown) is filled, read and laid out.

A template begins with lines of a head (`编号：`, `主送：` ...), a blank line, then Markdown.
What the facts say never becomes Markdown: each value is put aside while the text is read.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from tracker import resources
from tracker.delivery.documents import layout
from tracker.delivery.documents.paper import DRAFT, Paper, Span
from tracker.errors import LuzeError
from tracker.evaluation.narrate import amount, short_date

SUFFIX = ".md"
HEAD = ("编号", "主送", "标记", "版式", "稿别")
FORMS = {"表格": False, "小字表格": True}  # whether in small print
COLOURS = {"红": "C00000", "黄": "8A6100", "蓝": "1F4E99"}
_FONTS = {"strong": layout.HEI, "em": layout.KAI}
_VALUE = re.compile("\ue000(\\d+)\ue001")


@dataclass(slots=True)
class _Aside:
    """The values of a template's expressions, each replaced by a mark while Markdown is read."""

    values: list[str | Span] = field(default_factory=list)

    def put(self, value: Any) -> Any:
        """The mark of a value; an empty one leaves nothing, so that its paragraph is left out."""
        if isinstance(value, Markup | jinja2.Undefined) or value is None or value == "":
            return "" if value is None else value
        self.values.append(value if isinstance(value, Span) else str(value))
        return Markup(f"\ue000{len(self.values) - 1}\ue001")

    def back(self, text: str) -> str:
        """The text with its values."""
        return _VALUE.sub(self._text, text)

    def span(self, text: str, font: str) -> Span:
        """The text as a piece of a paper; a value that is a `Span` and stands alone stays one."""
        mark = _VALUE.fullmatch(text)
        value = self.values[int(mark[1])] if mark else ""
        return value if isinstance(value, Span) else Span(self.back(text), font)

    def _text(self, mark: re.Match[str]) -> str:
        value = self.values[int(mark[1])]
        return value.text if isinstance(value, Span) else value


def folders(home: Path | None) -> list[Path]:
    """Where templates are looked for: an office's own first, then those that come along."""
    own = [home / "templates" / "documents"] if home else []
    return [*own, resources.folder("templates") / "documents"]


def render(name: str, facts: Mapping[str, Any], *, home: Path | None = None) -> bytes:
    """The docx of the paper `name`, e.g. '预警通知书'. Raises LuzeError that names template and
    line where a template is missing, mistaken or uses what there is not."""
    aside = _Aside()
    text = _filled(name, facts, home, aside)
    head, _, body = ("", "", text) if text.startswith("#") else text.partition("\n\n")
    paper = Paper(name)
    recipients = _write_head(paper, name, head, aside)
    _Writer(paper, name, body, text.count("\n") - body.count("\n"), aside, recipients).write()
    return paper.data()


def _filled(name: str, facts: Mapping[str, Any], home: Path | None, aside: _Aside) -> str:
    environment = ImmutableSandboxedEnvironment(
        loader=jinja2.FileSystemLoader(folders(home), encoding="utf-8"),
        undefined=jinja2.StrictUndefined, finalize=aside.put,
        autoescape=True, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip
    environment.filters.update(day=short_date, amount=amount)
    try:
        return environment.get_template(name + SUFFIX).render(facts)
    except jinja2.TemplateNotFound as failure:
        raise LuzeError(
            f"没有文书模板 {failure.name}", fix=f"模板放在 {'、'.join(map(str, folders(home)))}"
        ) from failure
    except jinja2.TemplateSyntaxError as failure:
        raise _mistake(failure.name or name, failure.lineno, failure.message) from failure
    except (jinja2.TemplateError, TypeError, ValueError, AttributeError) as failure:
        frames = traceback.extract_tb(failure.__traceback__)
        line = [f.lineno for f in frames if f.filename.endswith(SUFFIX)]
        raise _mistake(name, line[-1] if line else None, str(failure)) from failure


def _mistake(name: str, line: int | None, why: str | None) -> LuzeError:
    stem = name.removesuffix(SUFFIX)
    return LuzeError(
        f"文书模板 {stem}{SUFFIX} 第 {line or '?'} 行有误，未生成文书：{why}",
        fix="请改正模板；删去自己的模板即用随附的模板",
    )


def _write_head(paper: Paper, name: str, head: str, aside: _Aside) -> str:
    """Draft mark and number line; returns the recipients, who stand under the title."""
    told: dict[str, str] = {}
    for number, line in enumerate(head.splitlines(), start=1):
        key, colon, value = line.partition("：")
        if not colon or key not in HEAD:
            raise _mistake(name, number, f"开头只能写 {'、'.join(HEAD)}，每行一项，后面空一行")
        told[key] = aside.back(value.strip(" "))
    if form := told.get("版式"):
        if form not in FORMS:
            raise _mistake(name, 1, f"没有“{form}”这种版式，可写：{'、'.join(FORMS)}")
        paper.as_form(small=FORMS[form])
    mark = told.get("标记", "")
    colour = next((rgb for word, rgb in COLOURS.items() if word in mark), "")
    paper.draft(mark, colour, told.get("稿别") or DRAFT)
    if "编号" in told:
        paper.number(told["编号"])
    return told.get("主送", "")


class _Writer:
    """Writes the tokens of a Markdown text into a paper, one block after the other."""

    def __init__(
        self, paper: Paper, name: str, body: str, first_line: int, aside: _Aside, recipients: str
    ) -> None:
        self.recipients = recipients
        self.paper, self.name, self.aside, self.first = paper, name, aside, first_line
        self.lines = body.splitlines()
        reader = MarkdownIt("zero").enable(
            ["heading", "table", "hr", "blockquote", "list", "emphasis", "escape", "newline"]
        )
        self.tokens = reader.parse(body)
        self.inside: list[str] = []
        self.items: list[int] = []

    def write(self) -> None:
        """Write everything. Raises LuzeError for what a paper has no form for."""
        at = 0
        while at < len(self.tokens):
            token = self.tokens[at]
            if token.type == "table_open":
                at = self._table(at)
            else:
                self._block(token, self.tokens[at - 1])
            at += 1

    def _block(self, token: Token, before: Token) -> None:
        if token.type == "inline":
            self._paragraph(before, self._spans(token))
        elif token.type == "hr":
            (self.paper.page_break if token.markup.startswith("*") else self.paper.tear_line)()
        elif token.type == "ordered_list_open":
            self.items.append(int(token.attrs.get("start", 1)) - 1)
        elif token.type == "ordered_list_close":
            self.items.pop()
        elif token.type == "list_item_open" and self.items:
            self.items[-1] += 1
        elif token.type == "blockquote_open":
            self.inside.append("blockquote")
        elif token.type == "blockquote_close":
            self.inside.pop()
        elif not token.type.startswith(("paragraph", "heading", "list_item_close")):
            line = self.first + (token.map or [0])[0] + 1
            raise _mistake(self.name, line, "文书里没有这种写法（无序列表等；行号按填好之后计）")

    def _paragraph(self, opened: Token, spans: list[Span]) -> None:
        if opened.type == "heading_open" and opened.tag == "h1":
            self.paper.title("".join(span.text for span in spans))
            if self.recipients:
                self.paper.recipients(f"{self.recipients}：")
                self.recipients = ""
        elif opened.type == "heading_open" and opened.tag == "h4":
            self.paper.note(spans)
        elif opened.type == "heading_open":
            self.paper.heading(spans, int(opened.tag[1]) - 1)
        elif "blockquote" in self.inside:
            self.paper.signature(spans)
        elif self.items:
            self.paper.body([Span(f"{self.items[-1]}．"), *spans])
        else:
            self.paper.body(spans)

    def _table(self, start: int) -> int:
        """Write the table that begins here; returns the index of its end."""
        end = next(
            i for i in range(start, len(self.tokens)) if self.tokens[i].type == "table_close"
        )
        rows: list[list[list[Span]]] = []
        for token in self.tokens[start:end]:
            if token.type == "tr_open":
                rows.append([])
            elif token.type == "inline":
                rows[-1].append(self._spans(token))
        heads = [t for t in self.tokens[start:end] if t.type == "th_open"]
        ruler = self.lines[(self.tokens[start].map or [0])[0] + 1]
        widths = [len(part.strip()) for part in ruler.strip().strip("|").split("|")]
        centred = ["center" in str(t.attrs.get("style", "")) for t in heads]
        self.paper.table(rows[0], rows[1:], widths, centred)
        return end

    def _spans(self, inline: Token) -> list[Span]:
        """The pieces of a text; a line break of the template is none of the paper."""
        spans, font = [], ""
        for token in inline.children or []:
            kind, _, side = token.type.rpartition("_")
            if kind in _FONTS:
                font = _FONTS[kind] if side == "open" else ""
            elif token.type == "hardbreak":
                spans.append(Span("\n"))
            elif token.content:
                spans.append(self.aside.span(token.content, font))
        return spans
