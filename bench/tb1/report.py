"""What was measured, as Markdown."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from bench.tb1.bursts import Count
from bench.tb1.measure import Loaded, Operation
from bench.tb1.stages import Stages


@dataclass
class Report:
    """One database, one kind of visit."""

    database: str
    visit_type: str
    processes: int
    load_before: float
    operations: list[Operation] = field(default_factory=list)
    ceiling: dict[int, float] = field(default_factory=dict)
    memory: list[tuple[float, float]] = field(default_factory=list)
    bursts: list[Count] = field(default_factory=list)
    checks: list[Count] = field(default_factory=list)
    stages: dict[str, Stages] = field(default_factory=dict)

    @property
    def passed(self) -> bool:
        """Whether every count is what it must be and nothing was refused under load."""
        counted = all(count.passed for count in (*self.bursts, *self.checks))
        return counted and not any(each.refused for op in self.operations for each in op.loaded)

    def markdown(self) -> str:
        """Everything, as tables."""
        what = "doctor and kiosk" if self.visit_type == "consultation" else "doctor only"
        head = (
            f"\n### {self.database}, each booking takes {what}\n\n"
            f"{self.processes} web processes; load average of the machine before the run "
            f"{self.load_before:.1f}.\n"
        )
        return "\n".join([head, self._rates(), self._where(), self._inside(), self._counts(), self._memory()])

    def _rates(self) -> str:
        rows = [
            [
                op.name,
                *(_rate(each) for each in op.loaded),
                _number(op.statements),
                _number(op.statement_ms, 2),
            ]
            for op in self.operations
        ]
        if self.ceiling:
            rows.append(
                ["database's ceiling (pgbench)", *(f"{tps:.0f}" for tps in self.ceiling.values()), "1", ""]
            )
        widths = [f"c={each.width}: /s · p50/p95/p99 ms" for each in self.operations[0].loaded]
        return table(["operation", *widths, "statements", "in the database, ms"], rows)

    def _where(self) -> str:
        """Whose processor time each request took at c=8."""
        rows = [
            [op.name, f"{at.web_ms:.2f}", f"{at.database_ms:.2f}", f"{at.client_ms:.2f}"]
            for op in self.operations
            for at in op.loaded
            if at.width == 8
        ]
        return table(["processor time per request at c=8, ms", "web", "database", "client"], rows)

    def _inside(self) -> str:
        """Where the time goes inside a web process, by a profiler, which makes Python look slower."""
        parts = list(dict.fromkeys(part for stage in self.stages.values() for part in stage.shares))
        rows = [
            [
                name,
                f"{stage.calls:.0f}",
                *(f"{100 * stage.shares.get(part, 0):.0f} %" for part in parts),
            ]
            for name, stage in self.stages.items()
        ]
        return table(["inside a web process", "function calls", *parts], rows)

    def _counts(self) -> str:
        rows = [
            [count.name, count.expected, count.came, "yes" if count.passed else "**NO**"]
            for count in (*self.bursts, *self.checks)
        ]
        return table(["burst or check", "expected", "came", "right"], rows)

    def _memory(self) -> str:
        each = "; ".join(f"{pss:.0f} / {rss:.0f} MB" for pss, rss in self.memory)
        return f"Memory of each worker after the load, PSS / RSS: {each}.\n"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *rows)]
    return "\n".join([*lines, ""])


def _rate(each: Loaded) -> str:
    refused = "".join(f" · {count} × {status}" for status, count in each.refused.items())
    return f"{each.rate:.0f} · {each.p50:.1f}/{each.p95:.1f}/{each.p99:.1f}{refused}"


def _number(value: float | None, digits: int = 1) -> str:
    return "" if value is None else f"{value:.{digits}f}"
