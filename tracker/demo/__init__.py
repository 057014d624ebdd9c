"""The demo: invented people in real places; a county's workbook, or a prefecture of any scale."""

from __future__ import annotations

from datetime import date

from tracker import resources

WORKBOOK = resources.folder("demo") / "华池县2019年帮扶工作台账.xlsx"
LAST_NIGHT = date(2020, 1, 9)
ASKED = "华池县卫生健康局"
