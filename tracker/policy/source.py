"""The law as written: one YAML 1.2 file as plain data, with the line of every part of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode
from ruamel.yaml.reader import ReaderError

from tracker.errors import Problem

At = tuple[str | int, ...]


@dataclass(slots=True)
class Source:
    """One file: its data, the line of each path in it, and what is wrong with it as YAML.

    `unreadable`: paths whose value could not be read; they are None in the data and already told.
    """

    name: str
    raw: bytes
    data: Any = None
    lines: dict[At, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    unreadable: set[At] = field(default_factory=set)

    def problem(self, at: At, what: str, fix: str = "") -> Problem:
        """A defect at a path of the data, e.g. (3, 'holder', 'role'); the line is found here."""
        line = next((self.lines[at[:n]] for n in range(len(at), -1, -1) if at[:n] in self.lines), 1)
        path = self._spoken(at)
        return Problem(what, f"{self.name}:{line}" + (f"（{path}）" if path else ""), fix)

    def at(self, path: At) -> Any:
        """The data at a path. Raises KeyError or IndexError."""
        found = self.data
        for step in path:
            found = found[step]
        return found

    def _spoken(self, at: At) -> str:
        """(3, 'holder', 'role') -> 'unit.study › holder › role': items go by their id."""
        words, data = [], self.data
        for step in at:
            try:
                data = data[step]
            except (KeyError, IndexError, TypeError):
                data = None
            named = data.get("id") if isinstance(step, int) and isinstance(data, Mapping) else None
            words.append(str(named or (f"第{step + 1}项" if isinstance(step, int) else step)))
        return " › ".join(words)


def read_source(path: Path, name: str) -> Source:
    """Read one file. Syntax errors, duplicate keys and impossible dates go to `problems`."""
    source = Source(name, path.read_bytes())
    yaml = YAML(typ="safe", pure=True)
    try:
        node = yaml.compose(source.raw.decode("utf-8-sig"))
    except UnicodeDecodeError:
        source.problems.append(source.problem((), "文件不是 UTF-8 编码", "请另存为 UTF-8"))
    except (MarkedYAMLError, ReaderError) as error:
        source.problems.append(_unreadable(source, error))
    else:
        if node is None:
            source.problems.append(source.problem((), "文件是空的", "请写入内容，或删除此文件"))
        else:
            source.data = _plain(source, yaml, node, ())
    return source


def _unreadable(source: Source, error: MarkedYAMLError | ReaderError) -> Problem:
    # An unclosed quote is noticed only at the end of the file; its beginning is what helps.
    quoted = "quoted scalar" in str(getattr(error, "context", ""))
    mark = getattr(error, "context_mark" if quoted else "problem_mark", None)
    source.lines[()] = mark.line + 1 if mark else 1
    return source.problem(
        (), "此处不合 YAML 的写法", "请检查缩进（只用空格）、冒号后的空格、成对的引号和括号"
    )


def _plain(source: Source, yaml: YAML, node: Node, at: At) -> Any:
    source.lines.setdefault(at, node.start_mark.line + 1)
    if isinstance(node, ScalarNode):
        try:
            return yaml.constructor.construct_object(node)
        except (ValueError, MarkedYAMLError):
            source.unreadable.add(at)
            fix = "请核对；如果本意是文字，请加引号"
            source.problems.append(source.problem(at, f"“{node.value}”不是真实的日期或数字", fix))
            return None
    if isinstance(node, MappingNode):
        return dict(_entries(source, yaml, node, at))
    return [_plain(source, yaml, item, (*at, i)) for i, item in enumerate(node.value)]


def _entries(
    source: Source, yaml: YAML, node: MappingNode, at: At
) -> Iterator[tuple[str | int, Any]]:
    seen: dict[str, int] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        key = _key(yaml, key_node)
        if key is None:
            source.lines[(*at, "?")] = line
            what = "这里的键不是一个词"
            source.problems.append(source.problem((*at, "?"), what, "键请用一个词、数字或日期"))
            continue
        if str(key) in seen:
            source.lines[(*at, key)] = line
            what = f"“{key}”写了两次，第一次在第 {seen[str(key)]} 行"
            source.problems.append(source.problem((*at, key), what, "请只保留一处"))
            continue
        seen[str(key)] = source.lines[(*at, key)] = line
        yield key, _plain(source, yaml, value_node, (*at, key))


def _key(yaml: YAML, node: Node) -> str | int | None:
    """The key as a word or a number, a day as it is written; None for anything else."""
    kind = str(node.tag).rpartition(":")[2] if isinstance(node, ScalarNode) else ""
    if kind == "timestamp":
        return str(node.value)
    found: str | int | None = (
        yaml.constructor.construct_object(node) if kind in ("str", "int") else None
    )
    return found
