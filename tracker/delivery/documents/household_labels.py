"""户标签: QR labels of a village to cut out, and the list that tells which is whose, kept inside.

What is stuck on a door says neither the number of the household nor a name.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tracker.delivery.documents.household_sheet import place_of
from tracker.delivery.documents.occasion import Facts, Occasion
from tracker.delivery.documents.qr import qr_code
from tracker.households.codes import address, code_of, grouped
from tracker.households.facts import Household
from tracker.registry.spelling import masked

NAME = "户标签"
_QR, _ACROSS, _DOWN = 24, 2, 8  # mm; labels on a page
_NONE: dict[str, Any] = {"picture": "", "text": "", "code": "", "serial": ""}


def household_labels(
    occasion: Occasion, village: int, households: Sequence[Household], key: bytes,
    base_url: str = "",
) -> Facts:  # fmt: skip
    """The facts of the label sheet of a village, and of the list that stays in the office."""
    place = occasion.called(village)
    labels, listed = [], []
    for serial, household in enumerate(households, 1):
        code = code_of(key, *place_of(occasion, household))
        told = grouped(code)
        head = masked(occasion.registry.name(household.id))
        labels.append({
            "picture": qr_code(address(code, base_url), "户码", _QR), "code": told,
            "serial": f"第{serial}号",
            "text": f"一户一档　第{serial}号\n{place}\n{told}\n凭权限扫码查看",
        })  # fmt: skip
        listed.append((serial, household.number, head, told))
    return Facts(place, {
        "place": place, "total": len(labels), "as_of": occasion.as_of,
        "pages": list(_pages(labels)), "listed": listed,
    })  # fmt: skip


def _pages(labels: list[dict[str, Any]]) -> list[list[list[dict[str, Any]]]]:
    """Pages of rows of labels; the last row filled up with blanks."""
    filled = [*labels, *[_NONE] * (-len(labels) % _ACROSS)]
    rows = [filled[at : at + _ACROSS] for at in range(0, len(filled), _ACROSS)]
    return [rows[at : at + _DOWN] for at in range(0, len(rows), _DOWN)]
