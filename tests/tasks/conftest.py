"""The invented plan in an invented registry: departments of 庆阳市, two villages of 华池县."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests.scenarios.world import World, month_end, months
from tests.tasks.plan import plan_law

DEPARTMENTS = ("庆阳市教育局", "庆阳市水务局", "庆阳市扶贫开发办公室", "庆阳市财政局")


@pytest.fixture
def world(engine: sa.Engine) -> Iterator[World]:
    """Everything reported month by month; 市林草局 is registered nowhere."""
    with engine.begin() as connection:
        found = World(connection, plan_law())
        for name, parent in (
            ("庆阳市", "甘肃省"), ("华池县", "庆阳市"), ("林镇乡", "华池县"), ("乔川乡", "华池县"),
            ("林镇乡张岔村", "林镇乡"), ("乔川乡艾蒿掌村", "乔川乡"),
        ):  # fmt: skip
            found.area(name, parent)
        for name in DEPARTMENTS:
            found.unit(name, level="prefecture")
        found.attribute("庆阳市扶贫开发办公室", "short_name", "市扶贫办")
        for month in months("2020-01", "2020-12"):
            found.reported([month], entered=month_end(month) + timedelta(days=3))
        yield found
