"""Delivery: contacts as an office registers, replaces and removes them; each act is audited."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from tracker import audit
from tracker.clock import SHANGHAI
from tracker.db import table
from tracker.delivery import contacts
from tracker.delivery.contact_rows import Asked
from tracker.delivery.contacts import Recipient
from tracker.delivery.rules import delivery_rules
from tracker.delivery.tables import Contact
from tracker.errors import LuzeError, Problem
from tracker.ledger.written import plain, tight
from tracker.registry.dated import load_registry
from tracker.registry.lookup import Lookup
from tracker.registry.oneday import OneDay
from tracker.registry.spelling import split_hint

_CONTACT = table(Contact)
_MAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_LONGEST_NAME, _LONGEST_ADDRESS = 60, 200
_NEW = 0  # the number of a contact that has none yet


@dataclass(slots=True)
class Registered:
    """What registering did: the numbers of the new contacts, of those replaced and unchanged, of
    those the list does not have; who has no address, and who kept an earlier one."""

    added: list[int] = field(default_factory=list)
    replaced: list[int] = field(default_factory=list)
    unchanged: list[int] = field(default_factory=list)
    absent: list[Recipient] = field(default_factory=list)
    without_address: list[str] = field(default_factory=list)
    kept_address: list[str] = field(default_factory=list)


def register(
    connection: sa.Connection, asked: Sequence[Asked], *, now: datetime, operator: str,
    problems: Sequence[Problem] = (), source: str = "",
) -> Registered:  # fmt: skip
    """Register contacts in a transaction that holds the write lock; one that stands already is
    replaced where anything differs. Raises LuzeError with all problems (also those found before,
    `problems`), and then nothing is written. `source`: the file they were read from."""
    found, wrong = _Resolver(connection, asked, now).all()
    wrong = [*problems, *wrong, *_twice(found, asked)]
    if wrong:
        raise LuzeError("联系人有误，没有登记任何一个", problems=wrong, fix="请更正后重新登记")
    standing = {_identity(one): one for one in contacts.load(connection)}
    done = Registered()
    for one in found:
        _apply(connection, one, standing.pop(_identity(one), None), done, now, operator)
    done.absent = list(standing.values())
    if done.added or done.replaced:
        audit.append(
            connection, act="contacts", operator=operator, now=now,
            detail={"file": source, "added": done.added, "replaced": done.replaced},
        )  # fmt: skip
    return done


def remove(connection: sa.Connection, number: int, *, now: datetime, operator: str) -> Recipient:
    """Remove a contact; letters to it that still wait are set aside. Raises LuzeError."""
    found = next((one for one in contacts.load(connection) if one.contact_id == number), None)
    if found is None:
        raise LuzeError(f"没有第 {number} 号联系人", fix="编号见 tracker contacts")
    _void(connection, number, now)
    audit.append(
        connection, act="contact_removed", operator=operator, now=now, detail={"contact": number}
    )
    return found


def _apply(
    connection: sa.Connection, one: Recipient, old: Recipient | None, done: Registered,
    now: datetime, operator: str,
) -> None:  # fmt: skip
    if old and old.address and not one.address:
        one = replace(one, address=old.address)
        done.kept_address.append(one.name)
    if not one.address:
        done.without_address.append(one.name)
    if old and replace(one, contact_id=old.contact_id) == old:
        done.unchanged.append(old.contact_id)
        return
    if old:
        _void(connection, old.contact_id, now)
        done.replaced.append(old.contact_id)
    done.added.append(_insert(connection, one, now, operator))


def _insert(connection: sa.Connection, one: Recipient, now: datetime, operator: str) -> int:
    values: dict[str, Any] = {
        "name": one.name, "subject_id": one.subject_id, "scope_id": one.scope_id,
        "role": one.role, "channel": one.channel, "address": one.address,
        "wants": sorted(one.wants), "operator": operator, "recorded_at": now,
    }  # fmt: skip
    made = connection.execute(_CONTACT.insert().returning(_CONTACT.c.id), values)
    return int(made.scalar_one())


def _void(connection: sa.Connection, number: int, now: datetime) -> None:
    connection.execute(_CONTACT.update().where(_CONTACT.c.id == number).values(voided_at=now))


def _identity(one: Recipient) -> tuple[str, int, str, str]:
    """What makes a contact the same one with another address (see contacts.current)."""
    return one.name, one.scope_id, one.role, one.channel


def _twice(found: Sequence[Recipient], asked: Sequence[Asked]) -> Iterable[Problem]:
    """A problem for each contact that the list has a second time."""
    seen: set[tuple[str, int, str, str]] = set()
    for one in found:
        if _identity(one) in seen:
            where = [a.where for a in asked if split_hint(a.name)[0] == one.name][-1]
            yield Problem(f"“{one.name}”重复", where, "同一范围、同一身份只写一行")
        seen.add(_identity(one))


class _Resolver:
    """Understands what was written against the registry; every problem is kept."""

    def __init__(self, connection: sa.Connection, asked: Sequence[Asked], now: datetime) -> None:
        self.asked, self.rules = asked, delivery_rules()
        registry = load_registry(connection, now)
        self.kinds, self.sorts = registry.subjects["kind"], registry.subjects["sort"]
        self.names = registry.subjects["name"]
        self.day = OneDay(registry, now.astimezone(SHANGHAI).date())
        texts = {text for one in asked for text in (one.scope, one.name, _full(one)) if text}
        self.lookup = Lookup(connection, texts, now)
        self.problems: list[Problem] = []

    def all(self) -> tuple[list[Recipient], list[Problem]]:
        """The contacts meant, without numbers, and what is wrong with the others."""
        found = [self._one(one) for one in self.asked]
        return [one for one in found if one is not None], self.problems

    def _one(self, asked: Asked) -> Recipient | None:
        before = len(self.problems)
        name = split_hint(asked.name)[0]
        person = self._person(asked)
        scope = self._scope(asked, person)
        role = self._role(asked, person, scope)
        channel, address = self._address(asked, role)
        wants = self._wants(asked, role)
        if not name or len(name) > _LONGEST_NAME:
            self._wrong(asked, "没有写姓名，或超过 60 字", "请写姓名；群写群名")
        if len(self.problems) > before or scope is None:
            return None
        return Recipient(_NEW, name, person, scope, role, channel, address, wants)

    def _person(self, asked: Asked) -> int | None:
        """The person of the registry; who is written 姓名@单位 must be there."""
        must = bool(split_hint(asked.name)[1])
        text = asked.name if must else _full(asked)
        found = (
            [one for one in self.lookup.ids(text) if self.sorts[one] == "person"] if text else []
        )
        if must and len(found) != 1:
            what = (
                f"“{asked.name}”在登记库里有 {len(found)} 人" if found else f"找不到“{asked.name}”"
            )
            self._wrong(asked, what, "请核对姓名和单位，或只写姓名并写明单位（--scope）")
        return found[0] if len(found) == 1 else None

    def _scope(self, asked: Asked, person: int | None) -> int | None:
        """The body whose matters it is about: as written, else the one the person leads."""
        if not asked.scope:
            led = self._led(person)
            if len(led) != 1:
                why = "他领导的单位不止一个" if led else "登记库里看不出他负责哪里"
                self._wrong(asked, f"没有写单位（范围），{why}", "请写明单位或地区（--scope）")
            return led[0] if len(led) == 1 else None
        bodies = [one for one in self.lookup.ids(asked.scope) if self.sorts[one] == "body"]
        if len(bodies) == 1:
            return bodies[0]
        what = f"“{asked.scope}”可能是 {len(bodies)} 个单位" if bodies else f"找不到“{asked.scope}”"
        self._wrong(asked, what, "请写单位或地区的全称")
        return None

    def _led(self, person: int | None) -> list[int]:
        """The bodies a person leads, by his posts."""
        posts = self.day.posts_of(person) if person is not None else []
        led = [b for b, p in posts if p in self.rules.leading_posts or self.kinds[b] == "seat"]
        return list(dict.fromkeys(led))

    def _role(self, asked: Asked, person: int | None, scope: int | None) -> str:
        if asked.role:
            return self._word(asked, asked.role, self.rules.roles, "身份")
        if scope is not None and scope in self._led(person):
            return "leader"
        if asked.wecom:
            return "group"
        known = "、".join(self.rules.roles.values())
        self._wrong(asked, "没有写身份", f"请写 {known} 之一（--role）")
        return ""

    def _address(self, asked: Asked, role: str) -> tuple[str, str]:
        """Channel and address. A robot speaks to a whole group, so it takes no person's letters."""
        mail, robot = plain(asked.mail), plain(asked.wecom)
        if mail and robot:
            self._wrong(asked, "邮箱和机器人只能写一种", "请分作两个联系人")
        if robot and role != "group":
            self._wrong(asked, "机器人只对群说话", "身份请写“群”，或改写邮箱")
        if mail and not (_MAIL.fullmatch(mail) and len(mail) <= _LONGEST_ADDRESS):
            self._wrong(asked, "邮箱写法不对", "应写成 name@example.gov.cn")
        return ("wecom", robot) if robot else ("mail", mail)

    def _wants(self, asked: Asked, role: str) -> frozenset[str]:
        words = [word for word in re.split(r"[\s,;/、]+", plain(asked.wants)) if word]
        if not words:
            return frozenset(self.rules.usual.get(role, ()))
        return frozenset(self._word(asked, w, self.rules.wants, "接收内容") for w in words)

    def _word(self, asked: Asked, text: str, known: dict[str, str], what: str) -> str:
        """The id of a word, by its Chinese name or the id itself."""
        said = tight(text)
        found = next((key for key, name in known.items() if said in (key, name)), "")
        if not found:
            self._wrong(asked, f"没有“{text}”这种{what}", f"可写：{'、'.join(known.values())}")
        return found

    def _wrong(self, asked: Asked, what: str, fix: str) -> None:
        self.problems.append(Problem(what, asked.where or asked.name, fix))


def _full(asked: Asked) -> str:
    """姓名@单位 as the registry would know the person."""
    return f"{asked.name}@{asked.scope}" if asked.name and asked.scope else asked.name
