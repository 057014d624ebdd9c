"""The law: the words that packs, forms and the program share (vocabulary.yaml)."""

from __future__ import annotations

from pydantic import Field

from tracker.policy.base import Rule


class Vocabulary(Rule):
    """The words that packs, forms and the program share: id -> Chinese, by section.

    `ratings`: an annual rating -> the effect that rules it out, '' for none. `needs`: an incident
    -> what else must be told of it (`document_number`, `subject_id` ...), parted by spaces.
    """

    kinds: dict[str, str] = {}
    as_: dict[str, str] = Field(default={}, alias="as")
    roles: dict[str, str] = {}
    posts: dict[str, str] = {}
    ties: dict[str, str] = {}
    attributes: dict[str, str] = {}
    levels: dict[str, str] = {}
    interviewers: dict[str, str] = {}
    incidents: dict[str, str] = {}
    qualifiers: dict[str, str] = {}
    places: dict[str, str] = {}
    effects: dict[str, str] = {}
    ratings: dict[str, str] = {}
    needs: dict[str, str] = {}
    organs: dict[str, str] = {}
    recommendations: dict[str, str] = {}
