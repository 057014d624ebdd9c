"""The edge: a group of commands that lists where nothing else is said."""

from __future__ import annotations

from typing import Any

from typer.core import TyperGroup


class Listing(TyperGroup):
    """`tracker notices 某单位 --json` is `tracker notices list 某单位 --json`: whatever does not
    begin with one of the group's commands is said to its `list`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put `list` before words that name no command."""
        if not args or (args[0] not in self.commands and args[0] != "--help"):
            args = ["list", *args]
        return super().parse_args(ctx, args)
