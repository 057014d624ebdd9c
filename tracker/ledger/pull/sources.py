"""Pulling, its data: the sources of TRACKER_PULLS, one YAML file or a folder, read strictly."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import httpx
from ruamel.yaml import YAML

from tracker.errors import LuzeError, Problem
from tracker.ledger.forms import Form, Forms
from tracker.ledger.pull.model import Column, PullFile, PullSource
from tracker.ledger.rules import load_rules
from tracker.policy.parse import Item, near, parse
from tracker.policy.source import Source, read_source

_SHIPPED = Path(__file__).with_name("pull.yaml")
_SETTING = "TRACKER_PULLS"
_GUIDE = "写法见 duties/README.md"  # of the packs; of no use here


@cache
def _limits() -> dict[str, Any]:
    return dict(YAML(typ="safe").load(_SHIPPED.read_text("utf-8"))["limits"])


def load_sources(path: Path, forms: Forms) -> list[PullSource]:
    """The sources in the order of their files. Raises LuzeError with every defect and its line."""
    found: list[Item[PullSource]] = []
    problems: list[Problem] = []
    for file in _files(path):
        source = _read(file)
        items, wrong = _items(source)
        found += items
        problems += [*source.problems, *wrong]
    for item in found:
        problems += _defects(item, forms)
    problems += _twice(found)
    if problems:
        kept = [p.fix.removesuffix(_GUIDE).removesuffix("；") for p in problems]
        raise LuzeError(
            f"拉取来源 {path.name} 有 {len(problems)} 处不对，未采用",
            problems=[Problem(p.what, p.where, k) for p, k in zip(problems, kept, strict=True)],
            fix="写法见使用手册“拉取”一章",
        )
    return [item.rule for item in found]


def choose(sources: list[PullSource], wanted: str | None) -> list[PullSource]:
    """All, or the one of this id or name. Raises LuzeError where there is none."""
    chosen = [s for s in sources if wanted in (None, s.id, s.name)]
    if not chosen:
        known = "、".join(s.id for s in sources)
        raise LuzeError(f"没有拉取来源“{wanted}”", fix=f"可用的：{known}")
    return chosen


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    files = sorted(path.glob("*.yaml"))
    if not files:
        raise LuzeError(f"{path.name} 里没有 .yaml 文件", fix=f"请核对 {_SETTING} 的路径")
    return files


def _read(path: Path) -> Source:
    try:
        return read_source(path, path.name)
    except OSError as error:
        raise LuzeError(
            f"打不开拉取来源 {path.name}（{error.strerror}）", fix=f"请核对 {_SETTING} 的路径"
        ) from None


def _items(source: Source) -> tuple[list[Item[PullSource]], list[Problem]]:
    """Each source of a file by itself, so that a defect of one hides none of another."""
    if source.data is None:
        return [], []
    _, problems = parse(source, (), PullFile)
    items = []
    listed = source.data.get("sources") if isinstance(source.data, dict) else None
    for number, each in enumerate(listed if isinstance(listed, list) else []):
        if isinstance(each, dict):
            own = each.get("limits", {})
            each["limits"] = _limits() | own if isinstance(own, dict) else own
        item, wrong = parse(source, ("sources", number), PullSource)
        items += [item] if item else []
        problems += wrong
    return items, problems


def _twice(items: list[Item[PullSource]]) -> Iterator[Problem]:
    for key in ("id", "name"):
        seen: set[str] = set()
        for item in items:
            value = getattr(item.rule, key)
            if value in seen:
                yield item.problem((key,), f"“{value}”写了两次", "每个来源各用一个")
            seen.add(value)


def _defects(item: Item[PullSource], forms: Forms) -> Iterator[Problem]:
    """What the parts of a source, each right by itself, get wrong together."""
    yield from _address(item)
    yield from _asking(item)
    form = forms.forms.get(item.rule.form)
    if form is None:
        yield item.problem(
            ("form",), f"没有表式“{item.rule.form}”", near(item.rule.form, forms.forms)
        )
        return
    yield from _extent(item, form)
    yield from _columns(item, form)


def _address(item: Item[PullSource]) -> Iterator[Problem]:
    url, hosts = item.rule.url, item.rule.hosts
    try:
        asked = httpx.URL(url)
    except httpx.InvalidURL:
        asked = httpx.URL("")
    if asked.scheme not in ("https", "http") or not asked.host:
        yield item.problem(("url",), f"“{url}”不是网址", "例如 https://服务地址/路径")
    elif asked.host not in hosts:
        yield item.problem(("hosts",), f"网址的主机 {asked.host} 不在允许之列", "请写进 hosts")
    if asked.userinfo:
        yield item.problem(("url",), "网址里写着口令", "口令放进环境变量，用 auth 写明变量名")
    ca = item.rule.ca
    if ca and not Path(ca).is_file():
        yield item.problem(("ca",), f"没有证书文件 {Path(ca).name}", "请核对路径")


def _asking(item: Item[PullSource]) -> Iterator[Problem]:
    rule = item.rule
    if rule.auth and bool(rule.auth.header) == bool(rule.auth.query):
        yield item.problem(("auth",), "header 和 query 应写其中一个", "密钥放在请求头或网址参数里")
    paging = rule.paging
    needed = {"page": ("param",), "cursor": ("param", "next")}.get(paging.by, ())
    for name in needed:
        if not getattr(paging, name):
            yield item.problem(("paging",), f"按 {paging.by} 翻页，缺少“{name}”", "请补上")
    asked = " ".join([rule.url, *rule.params.values()])
    if rule.periods and f"{{{rule.periods.every}}}" not in asked:
        what = f"网址和参数里都没有 {{{rule.periods.every}}}"
        yield item.problem(("periods",), what, "请写明期间放在哪里，例如 params: {year: '{year}'}")
    if not rule.periods and ("{year}" in asked or "{month}" in asked):
        yield item.problem(("url",), "写了 {year} 或 {month}，却没有 periods", "请写明要哪些期间")


def _extent(item: Item[PullSource], form: Form) -> Iterator[Problem]:
    """Only what speaks for whole cells can speak of rosters and month grids: a roster is the list
    of its year, and a row of a grid is a whole month of somebody."""
    rule = item.rule
    grid = form.layout == "month_grid"
    if rule.reads == "changes":
        if rule.cursor is None:
            yield item.problem(
                ("reads",), "只读变化（changes），缺少“cursor”", "请写明按什么接着读"
            )
        if rule.periods:
            yield item.problem(("periods",), "只读变化时不按期间读", "请删去，或改为 reads: whole")
        if grid or load_rules().forms[rule.form].roster:
            what = f"“{form.name}”要整份读，不能只读变化"
            yield item.problem(("reads",), what, "请改为 reads: whole")
    elif rule.cursor:
        yield item.problem(
            ("cursor",), "整份读（whole）时不接着读", "请删去，或改为 reads: changes"
        )
    every = "month" if grid else "year"  # what a sheet of this form is of
    if rule.periods and rule.periods.every != every:
        what = f"“{form.name}”一{'月' if grid else '年'}一份"
        yield item.problem(("periods", "every"), what, f"请改为 every: {every}")
    for name in ("day", "mark"):
        if grid != bool(getattr(rule, name)):
            what = f"“{form.name}”{'缺少' if grid else '没有'}“{name}”"
            yield item.problem((name,) if not grid else (), what, "日期和符号只用于考勤")


def _columns(item: Item[PullSource], form: Form) -> Iterator[Problem]:
    rule = item.rule
    for name in rule.columns:
        if name not in form.fields:
            yield item.problem(
                ("columns", name), f"“{form.name}”没有“{name}”列", near(name, form.fields)
            )
    for name in sorted(form.required - rule.columns.keys()):
        what = f"缺少“{name}”（{form.fields[name].headers[0]}）"
        yield item.problem(("columns",), what, "这一列必须有，请写明取自哪里")
    named: dict[tuple[str, ...], Column | None] = {("day",): rule.day, ("mark",): rule.mark}
    named |= {("columns", name): column for name, column in rule.columns.items()}
    for at, column in named.items():
        if column and (column.field is None) == (column.constant is None):
            yield item.problem(at, "field 和 constant 应写其中一个", "取自字段，或固定的值")
