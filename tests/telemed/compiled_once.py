"""What the applications of all tests share: templates and rules of addresses, compiled once a process."""

from collections.abc import Callable
from typing import Any, ClassVar, NamedTuple

from jinja2.bccache import Bucket, BytecodeCache
from werkzeug.routing import BaseConverter

from telemed.web.late_rules import LateRule


class CompiledOnce(BytecodeCache):
    """Compiled templates: what one application has compiled, the next one takes."""

    def __init__(self) -> None:
        self._compiled: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give out what another application has compiled."""
        if bucket.key in self._compiled:
            bucket.bytecode_from_string(self._compiled[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        self._compiled[bucket.key] = bucket.bytecode_to_string()


TEMPLATES = CompiledOnce()


class Compiled(NamedTuple):
    """What Werkzeug makes of the text of a rule; of a rule and its map it keeps nothing else."""

    parts: list[Any]
    trace: list[tuple[bool, str]]
    converters: dict[str, BaseConverter]
    arguments: frozenset[str]
    build: Callable[..., Any]
    build_unknown: Callable[..., Any]


class QuickRule(LateRule):
    """A rule that takes over what the same rule of another application was taken apart into."""

    _compiled: ClassVar[dict[tuple[Any, ...], Compiled]] = {}

    def compile(self) -> None:
        """Take it over, or compile and keep it."""
        # All that the library's own method looks at.
        known = (self.rule, self.host, self.subdomain, self.merge_slashes, self.map.host_matching)
        key = (*known, repr(self.defaults), *self.map.converters.items())
        if key not in self._compiled:
            super().compile()
            taken_apart = self._parts, self._trace, self._converters, frozenset(self.arguments)
            builders = self._compile_builder(False), self._compile_builder(True)
            self._compiled[key] = Compiled(*taken_apart, *builders)
        made = self._compiled[key]
        self._parts, self._trace, self._converters = made.parts, made.trace, made.converters
        self.arguments = set(made.arguments)
        self._build = made.build.__get__(self, None)
        self._build_unknown = made.build_unknown.__get__(self, None)
