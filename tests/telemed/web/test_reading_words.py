"""Whatever the code writes into the access log is explained to its owner in plain words."""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from telemed.web.reading_words import PURPOSES, WHAT
from tests.whole import tree

OWN = tree.under(("scheduling", "telemed"), ".py")
PURPOSE_AT = 4
TELLS = ("seen", "_seen")


def spoken(module: ast.Module, given: ast.expr) -> set[str]:
    """The texts that an expression can be: a literal, a constant of this module, or any value of a table."""
    match given:
        case ast.Constant(value=str(text)):
            return {text}
        case ast.Dict(values=values):
            return {text for value in values for text in spoken(module, value)}
        case ast.Subscript(value=table):
            return spoken(module, table)
        case ast.Name(id=name):
            for line in module.body:
                if isinstance(line, ast.Assign) and any(
                    isinstance(target, ast.Name) and target.id == name for target in line.targets
                ):
                    return spoken(module, line.value)
    raise AssertionError(f"cannot tell what this says: {ast.unparse(given)}")


def called(call: ast.Call) -> str:
    """The name of what is called."""
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def purposes_in(module: ast.Module) -> Iterator[str]:
    """Every purpose that this module gives to a reader; a copy of what is stored already says nothing new."""
    for call in (each for each in ast.walk(module) if isinstance(each, ast.Call)):
        named: list[ast.expr] = []
        if called(call) == "Reader":
            named += call.args[PURPOSE_AT : PURPOSE_AT + 1]
            named += [word.value for word in call.keywords if word.arg == "purpose"]
        if called(call) == "with_purpose":
            named += call.args[:1]
        for given in named:
            if not isinstance(given, ast.Attribute):
                yield from spoken(module, given)


def kinds_in(module: ast.Module) -> Iterator[str]:
    """Every kind of thing that this module says it has handed out."""
    for call in (each for each in ast.walk(module) if isinstance(each, ast.Call)):
        if called(call) in TELLS and len(call.args) == 2:
            yield from spoken(module, call.args[1])


def said(find: Callable[[ast.Module], Iterator[str]]) -> dict[str, Path]:
    """What the whole code says, and one file that says it."""
    return {text: path for path in OWN for text in find(tree.tree(path))}


def test_every_purpose_is_explained() -> None:
    assert {text: path for text, path in said(purposes_in).items() if text not in PURPOSES} == {}


def test_every_kind_of_thing_is_named() -> None:
    assert {text: path for text, path in said(kinds_in).items() if text not in WHAT} == {}


def test_the_search_finds_what_it_looks_for() -> None:
    assert said(purposes_in).keys() >= {
        "care",
        "exchange",
        "the day sheet at the counter",
        "sending messages",
    }
    assert said(kinds_in).keys() >= {"patient", "appointment", "wish"}


@pytest.mark.parametrize(
    "line", ['reader.with_purpose("spying")', 'Reader("job", "x", None, "x", "spying")', 'PURPOSE = "spying"']
)
def test_a_purpose_that_nobody_explained_is_found(line: str) -> None:
    code = line if "=" not in line else f"{line}\nreader.with_purpose(PURPOSE)"
    assert not set(purposes_in(ast.parse(code))) <= PURPOSES.keys()
