"""The law begins here: a new document's folder, for a policy officer to fill in.

What is known of the document stands in it already, every article waits for a decision, and each
file of rules shows one example as a comment. The texts are templates/pack/.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import jinja2

from tracker import resources
from tracker.errors import PackError, Problem
from tracker.policy.base import AREA_CODE

FILES = ("document.yaml", "duties.yaml", "qualitative.yaml")
_FIRST_ARTICLE = {"一": "请改成条款的名称"}
_LONGEST_NAME = 20
_ID = re.compile(r"[a-z0-9-]+")


@dataclass(frozen=True, slots=True)
class Beginning:
    """What is known of a document at first. `articles`: id -> the words it begins with, empty
    where no text is at hand."""

    id: str
    number: str
    title: str
    issuers: Sequence[str]
    area_code: str
    area_name: str
    issued_on: date
    starts: date
    articles: Mapping[str, str]


def begin(new: Beginning, folder: Path, known: Collection[str]) -> Path:
    """Write the folder of a new document into `folder`, whole or not at all; returns it.
    `known`: the ids of the documents there are. Raises PackError with every defect."""
    made = folder / new.id
    problems = [*_defects(new, known)]
    if made.exists():
        problems.append(Problem("目录已经有了", str(made), "请换一个编号，或另写 --out"))
    if problems:
        raise PackError("新规则包没有建立", fix="请改正后再运行", problems=problems)
    written = texts(new)
    folder.mkdir(parents=True, exist_ok=True)
    # A name of its own: one made from the id could be a folder that is somebody's (.git, .ssh).
    with tempfile.TemporaryDirectory(prefix=".", dir=folder) as unfinished:
        begun = Path(unfinished, new.id)
        begun.mkdir()
        for name, text in written.items():
            (begun / name).write_text(text, encoding="utf-8")
        return begun.rename(made)


def texts(new: Beginning) -> dict[str, str]:
    """File name -> its text."""
    loader = jinja2.FileSystemLoader(resources.folder("templates") / "pack", encoding="utf-8")
    templates = jinja2.Environment(
        loader=loader, undefined=jinja2.StrictUndefined, keep_trailing_newline=True
    )
    said = {
        "id": new.id,
        "number": _quoted(new.number),
        "title": _quoted(new.title),
        "issuers": _quoted([*new.issuers]),
        "area_code": _quoted(new.area_code),
        "area_name": _quoted(new.area_name),
        "issued_on": new.issued_on,
        "starts": new.starts,
        "articles": [(a, _quoted(_name(w))) for a, w in (new.articles or _FIRST_ARTICLE).items()],
    }
    return {name: templates.get_template(name).render(said) for name in FILES}


def _quoted(value: object) -> str:
    """Text as YAML takes it, whatever stands in it: every JSON string is one of YAML's too."""
    return json.dumps(value, ensure_ascii=False)


def _name(words: str) -> str:
    """The words before the first stop, as far as a name goes."""
    name = re.split("[。；：！？…，]", words.strip())[0]
    return name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1] + "…"


def _defects(new: Beginning, known: Collection[str]) -> Iterator[Problem]:
    if not _ID.fullmatch(new.id):
        yield Problem(f"编号“{new.id}”写法不对", "ID", "只用小写字母、数字和短横，如 moxian-2021-3")
    if new.id in known:
        yield Problem(f"已经有规则包“{new.id}”", "ID", "请另取编号；旧文件只被接替，不被改写")
    for option, text in (("--number", new.number), ("--title", new.title)):
        if not text.strip():
            yield Problem("不能空着", option, "请照文件填写")
    if not re.fullmatch(AREA_CODE, new.area_code):
        fix = "2、4、6、9 或 12 位数字：省 62、市 6210、县 621023、乡镇 621023102"
        yield Problem(f"“{new.area_code}”不是统计区划代码", "--area-code", fix)
    elif (bare := _bare(new.area_code)) != new.area_code:
        what = f"区划代码“{new.area_code}”末尾补了零"
        yield Problem(what, "--area-code", f"请只写到本级：{bare}")
    if new.starts < new.issued_on:
        what = f"施行日 {new.starts} 早于印发日 {new.issued_on}"
        yield Problem(what, "--from", "请核对；确有追溯的，先写印发日，建好以后再改 document.yaml")


def _bare(code: str) -> str:
    """The code without the zeros it was padded with: 621000 -> 6210."""
    while len(code) > 2 and code.endswith(zeros := "00" if len(code) <= 6 else "000"):
        code = code.removesuffix(zeros)
    return code
