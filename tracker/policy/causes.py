"""The law against itself: whether what a duty `follows_from` exists and goes one way only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tracker.policy.parse import near
from tracker.policy.source import At

Follows = Mapping[str, tuple[str, ...]]  # duty id -> the duties whose breach explains a miss of it


def cause_defects(duty_id: str, follows: Follows) -> Iterator[tuple[At, str, str]]:
    """Upper causes of a duty that do not exist, or that lead back to it: path, what, fix."""
    for i, cause in enumerate(follows.get(duty_id, ())):
        if cause not in follows:
            yield ("follows_from", i), f"duties.yaml 里没有“{cause}”", near(cause, follows)
            continue
        circle = [one for one in _causes(cause, follows) if duty_id in _causes(one, follows)]
        if circle and duty_id == min(circle):  # a circle is told once
            fix = "上级原因只能单向，请删去一处"
            yield ("follows_from", i), f"“{duty_id}”的上级原因又回到它自己", fix


def _causes(duty_id: str, follows: Follows) -> set[str]:
    """The duty and all that it follows from, near and far."""
    found: set[str] = set()
    ahead = [duty_id]
    while ahead:
        one = ahead.pop()
        if one not in found:
            found.add(one)
            ahead += follows.get(one, ())
    return found
