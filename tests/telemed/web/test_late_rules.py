"""A rule that compiles late builds the same addresses as one that compiled at the start."""

import pytest
from werkzeug.routing import BuildError, Map, Rule

from telemed.web.late_rules import LateRule

ADDRESSES: tuple[tuple[str, dict[str, object]], ...] = (
    ("/plain", {}),
    ("/visits/<visit>/notes/<int:number>", {"visit": "a b", "number": 7}),
    ("/files/<path:file>", {"file": "a/b.png"}),
    ("/visits/<visit>", {"visit": "x", "day": "2026-11-22", "none": None}),
)


@pytest.mark.parametrize(("rule", "values"), ADDRESSES)
def test_it_builds_what_an_ordinary_rule_builds_each_time(rule: str, values: dict[str, object]) -> None:
    ordinary, late = (
        Map([kind(rule, endpoint="it", methods=["GET"])]).bind("post.example") for kind in (Rule, LateRule)
    )
    expected = ordinary.build("it", values)
    assert [late.build("it", values), late.build("it", values)] == [expected, expected]


def test_what_cannot_be_built_is_refused() -> None:
    late = Map([LateRule("/visits/<visit>", endpoint="it")]).bind("post.example")
    with pytest.raises(BuildError):
        late.build("it", {})
