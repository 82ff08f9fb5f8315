"""One measured figure: what was measured, what came out, and what we promised ourselves."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """A measurement beside its goal; `goal` is None when it is only context for the others."""

    what: str
    measured: float
    unit: str
    goal: float | None = None
    at_least: bool = False

    @property
    def met(self) -> bool | None:
        """Whether the goal is reached."""
        if self.goal is None:
            return None
        return self.measured >= self.goal if self.at_least else self.measured <= self.goal

    def row(self) -> tuple[str, str, str, str]:
        """The figure as four cells."""
        sign = "≥" if self.at_least else "≤"
        goal = "" if self.goal is None else f"{sign} {self.goal:g} {self.unit}"
        verdict = {True: "yes", False: "NO", None: ""}[self.met]
        return self.what, f"{self.measured:.1f} {self.unit}", goal, verdict


def table(figures: Sequence[Figure]) -> str:
    """The figures as text in columns."""
    rows = [("what", "measured", "goal", "reached"), *(figure.row() for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]
    return "\n".join([lines[0], "-" * len(lines[0]), *lines[1:]])
