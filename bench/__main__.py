"""python -m bench [ROUNDS]: the three benches on the demo county, as medians and ratios."""

from __future__ import annotations

import sys

from bench import first_result, importing, nights
from bench.stage import Figure, table
from tracker import demo

ROUNDS = 3


def main(rounds: int = ROUNDS) -> None:
    """Print one table; the figures are this machine's, the ratios are worth comparing."""
    figures: list[Figure] = []
    figures += first_result.measure(rounds)
    figures += importing.measure(demo.WORKBOOK, rounds)
    figures += nights.measure(demo.WORKBOOK, demo.LAST_NIGHT, rounds)
    sys.stdout.write(
        f"{table(figures)}\n\n各项为 {rounds} 轮的中位数；倍数是同一轮里与标尺之比。\n"
    )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
