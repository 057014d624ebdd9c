"""The own words of a document, as an office loaded them: split by article, quoted by papers.

The text itself is no part of the project (DESIGN 5); without it papers carry our paraphrase.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zipfile import BadZipFile

import docx
import sqlalchemy as sa
from docx.opc.exceptions import OpcError

from tracker import audit
from tracker.db import table
from tracker.delivery.tables import ClauseText
from tracker.errors import LuzeError, Problem
from tracker.policy.model import Pack

ENCODINGS = ("utf-8-sig", "gb18030")
_TEXT = table(ClauseText)
_NUMBER = "[一二三四五六七八九十百]+"
_PART = re.compile(rf"({_NUMBER})、")
_ITEM = re.compile(rf"[（(]({_NUMBER})[）)]\s*")
_POINT = re.compile(r"\d+[.．、]")
_ENDS = "。；：！？…”）)"
_APPENDIX = "附"
# What tells a paragraph without a number: the word it says, and words it must not say. Any other
# name of such a paragraph is told by itself.
_TELLS = {"约谈": ("约谈", ("不得", "连带责任")), "连带": ("连带责任", ()), "限制": ("不得", ())}


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a file gave: articles found, and articles of the pack that it does not hold."""

    document: str
    file_name: str
    found: tuple[str, ...]
    missing: tuple[str, ...]


def load_text(
    connection: sa.Connection, pack: Pack, path: Path, *, now: datetime, operator: str
) -> Loaded:
    """Store the words of every article that the file holds, in the caller's transaction.

    Raises LuzeError where the file cannot be read or holds no article of the document.
    """
    data = path.read_bytes()
    wanted = [article.id for article in pack.document.articles]
    words = split(_paragraphs(path, data), wanted)
    missing = tuple(article for article in wanted if article not in words)
    if not words:
        raise LuzeError(
            f"“{path.name}”中没有找到 {pack.document.number} 的任何一条，未作任何改动",
            fix="请确认是这份文件的全文，条款按“一、”“（一）”编号，每条另起一段",
        )
    digest = hashlib.sha256(data).hexdigest()
    source = {"document": pack.document.id, "file_name": path.name, "sha256": digest}
    connection.execute(_TEXT.insert(), [
        {**source, "article": article, "text": text, "operator": operator, "recorded_at": now}
        for article, text in words.items()
    ])  # fmt: skip
    audit.append(
        connection, act="policy_text", operator=operator, now=now,
        detail={**source, "found": sorted(words), "missing": list(missing)},
    )  # fmt: skip
    return Loaded(pack.document.id, path.name, tuple(words), missing)


def words_of(
    connection: sa.Connection, document: str, article: str, known_at: datetime | None = None
) -> str | None:
    """The article's own words, newest first; None where no text was loaded (by `known_at`)."""
    statement = sa.select(_TEXT.c.text).where(
        _TEXT.c.document == document, _TEXT.c.article == article
    )
    if known_at is not None:
        statement = statement.where(_TEXT.c.recorded_at <= known_at)
    return connection.execute(statement.order_by(_TEXT.c.id.desc()).limit(1)).scalar_one_or_none()


def outline(path: Path) -> dict[str, str]:
    """Every numbered article of a document's text, in order, with the paragraph it begins with:
    '五(一)' for item （一） of part 五; a part only where it is more than the title of its items.

    Raises LuzeError where the file cannot be read, holds no numbered article, or a number twice.
    """
    found: dict[str, str] = {}
    part, twice = "", []
    for paragraph in _paragraphs(path, path.read_bytes()):
        if heading := _PART.match(paragraph):
            article = part = heading[1]
        elif part and (item := _ITEM.match(paragraph)):
            heading, article = item, f"{part}({item[1]})"
        else:
            continue
        if article in found:
            twice.append(Problem(f"“{article}”第二次出现：{paragraph[:20]}"))
        found.setdefault(article, paragraph[heading.end() :])
    if twice:
        fix = "请在文本里改正编号、删去附件，或者不写 --text，条款自己填"
        raise LuzeError("文本里的编号有重复，分不清是哪一条", fix=fix, problems=twice)
    titles = {a.partition("(")[0] for a in found if "(" in a and found[a.partition("(")[0]]}
    kept = {a: words for a, words in found.items() if a not in titles or words[-1] in _ENDS}
    if not kept:
        fix = "条款按“一、”“（一）”编号，每条另起一段；也可以不写 --text，条款自己填"
        raise LuzeError(f"“{path.name}”中没有找到编号的条款", fix=fix)
    return kept


def split(paragraphs: Iterable[str], wanted: Iterable[str]) -> dict[str, str]:
    """The text of each wanted article: '五(一)' is item （一） of part 五, '五' the part itself,
    '五·约谈' its paragraph without a number that speaks of 约谈, '附·废止' one at the end."""
    articles = list(wanted)
    found: dict[str, list[str]] = {}
    part, current = "", ""
    for paragraph in paragraphs:
        if heading := _PART.match(paragraph):
            part = heading[1]
            current, rest = _begun(part, found), paragraph[heading.end() :]
            rest = rest if rest[-1:] in _ENDS else ""  # else it is a mere title
        elif part and (item := _ITEM.match(paragraph)):
            current, rest = _begun(f"{part}({item[1]})", found), paragraph[item.end() :]
        elif part and (special := _special(paragraph, part, articles, found)):
            found[special], current = [paragraph], ""
            continue
        else:
            rest = paragraph
        if current in articles and rest:
            found.setdefault(current, []).append(rest)
    return {a: "\n".join(found[a]) for a in articles if a in found}


def _begun(article: str, found: dict[str, list[str]]) -> str:
    """The article that begins here; none where an annex numbers its parts anew."""
    return "" if article in found else article


def _special(
    paragraph: str, part: str, articles: list[str], found: dict[str, list[str]]
) -> str | None:
    """The article without a number that the paragraph is: of its part, else of the appendix."""
    for where in (part, _APPENDIX):
        for article in articles:
            head, _, name = article.partition("·")
            if head == where and name and article not in found:
                says, never = _TELLS.get(name, (name, ()))
                if says in paragraph and not any(word in paragraph for word in never):
                    return article
    return None


def _paragraphs(path: Path, data: bytes) -> list[str]:
    lines = _docx_lines(path, data) if path.suffix.lower() == ".docx" else _text_lines(path, data)
    return _joined(line.strip() for line in lines)


def _joined(lines: Iterable[str]) -> list[str]:
    """Paragraphs: a line that ends in the middle of a sentence goes on in the next one."""
    found: list[str] = []
    goes_on = False
    for line in filter(None, lines):
        begins = _PART.match(line) or _ITEM.match(line) or _POINT.match(line)
        if goes_on and not begins:
            found[-1] += line
        else:
            found.append(line)
        goes_on = not _PART.match(line) and line[-1] not in _ENDS
    return found


def _text_lines(path: Path, data: bytes) -> list[str]:
    for encoding in ENCODINGS:
        try:
            return data.decode(encoding).splitlines()
        except UnicodeDecodeError:
            continue
    raise _unreadable(path)


def _docx_lines(path: Path, data: bytes) -> list[str]:
    try:
        return [paragraph.text for paragraph in docx.Document(io.BytesIO(data)).paragraphs]
    except (OpcError, BadZipFile, KeyError, ValueError) as failure:
        raise _unreadable(path) from failure


def _unreadable(path: Path) -> LuzeError:
    return LuzeError(
        f"“{path.name}”读不出文字，未作任何改动",
        fix="请另存为 .docx，或 UTF-8、GB18030 编码的 .txt",
    )
