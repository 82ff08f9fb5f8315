"""Measure everything we promised a figure for and print one table; names on the command line choose parts."""

import sys
from collections.abc import Callable, Iterator

from bench import (
    booking,
    calls,
    held_calls,
    imports,
    kiosk_pages,
    measuring,
    parts,
    pure_tests,
    reminders,
    signaling,
    start_up,
    waiting,
    weight,
)
from bench.figure import Figure, table

PARTS: dict[str, Callable[[], Iterator[Figure]]] = {
    "imports": imports.figures,
    "tests": pure_tests.figures,
    "weight": weight.figures,
    "kiosk": kiosk_pages.figures,
    "measuring": measuring.figures,
    "start": start_up.figures,
    "parts": parts.figures,
    "waiting": waiting.figures,
    "reminders": reminders.figures,
    "signaling": signaling.figures,
    "held": held_calls.figures,
}
# What each part of the tests takes is asked for by name: it is a whole run of them.
USUAL = ("imports", "tests", "weight", "kiosk", "start")


def main() -> int:
    """Run the parts one after another, so that none disturbs another."""
    if sys.argv[1:2] == ["booking"]:
        # A workload with options and tables of its own.
        return booking.main(sys.argv[2:])
    if sys.argv[1:2] == ["calls"]:
        return calls.main(sys.argv[2:])
    chosen = sys.argv[1:] or list(USUAL)
    unknown = set(chosen) - set(PARTS)
    if unknown:
        print(f"Unknown: {', '.join(sorted(unknown))}. There are: {', '.join(PARTS)}.", file=sys.stderr)
        return 2
    measured: list[Figure] = []
    for name in chosen:
        print(f"measuring {name} …", file=sys.stderr, flush=True)
        for figure in PARTS[name]():
            print("  ".join(figure.row()), file=sys.stderr, flush=True)
            measured.append(figure)
    print(table(measured))
    return 1 if any(figure.met is False for figure in measured) else 0


if __name__ == "__main__":
    sys.exit(main())
