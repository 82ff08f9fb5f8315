"""Every text for people is in every language, with the same places to fill in, and none is left over."""

import ast
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po
from jinja2 import Environment, nodes

from telemed.intake.intake import COMPLAINTS
from telemed.intake.steps import problems as step_problems
from telemed.intake.steps.form import Step
from telemed.intake.steps.groups import is_words
from telemed.intake.steps.journey import STEPS
from telemed.texts import STAFF_LANGUAGES
from telemed.web import (
    admin_conflicts,
    admin_desk,
    admin_outages,
    admin_sites,
    forms,
    line_chart,
    line_words,
    message_words,
    reading_words,
)
from telemed.web import problems as door_problems
from tests.whole import tree

LOCALES = Path("telemed/locales")
CATALOGUES = [path for path in tree.under(("telemed",), ".po") if LOCALES in path.parents]
TEMPLATES = tree.under(("templates",), ".html", ".txt")
OWN = tree.under(tree.PACKAGES, ".py")
TRANSLATED = [language for language in STAFF_LANGUAGES if language != "en"]
# The parts of a question, a choice or a problem that a person reads.
READ = {"text", "hint", "title", "review", "points", "label", "carry_on", "advice", "unit"}
APART = {"review", "carry_on"}

Text = tuple[str | None, str]


def messages(path: Path) -> list[Message]:
    """The entries of one catalogue, without its head."""
    with (tree.ROOT / path).open("rb") as file:
        return [message for message in read_po(file) if message.id]


def said_in(language: str) -> dict[Text, str]:
    """Everything that the catalogues of one language say."""
    paths = [path for path in CATALOGUES if path.parent.name == language]
    entries = [message for path in paths for message in messages(path)]
    return {(entry.context or None, str(entry.id)): str(entry.string) for entry in entries}


def constants(argument: nodes.Expr) -> list[str]:
    """The texts that an argument of t() can be, as far as the template says."""
    found = [argument] if isinstance(argument, nodes.Const) else list(argument.find_all(nodes.Const))
    if isinstance(argument, nodes.Getattr | nodes.Getitem | nodes.Call):
        return []
    if isinstance(argument, nodes.CondExpr):
        found = [each for each in (argument.expr1, argument.expr2) if isinstance(each, nodes.Const)]
    return [each.value for each in found if isinstance(each.value, str)]


def in_template(path: Path) -> Iterator[Text]:
    """The texts that one template asks for."""
    for call in Environment(extensions=["jinja2.ext.i18n"]).parse(tree.text(path)).find_all(nodes.Call):
        if not isinstance(call.node, nodes.Name) or not call.args:
            continue
        if call.node.name == "t":
            yield from ((None, text) for text in constants(call.args[0]))
        if call.node.name == "tc":
            contexts = constants(call.args[0])
            yield from ((context, text) for context in contexts for text in constants(call.args[1]))


def in_code(path: Path) -> Iterator[Text]:
    """The texts that Python code asks for by a literal."""
    for call in (node for node in ast.walk(tree.tree(path)) if isinstance(node, ast.Call)):
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        literal = [
            each.value for each in call.args if isinstance(each, ast.Constant) and isinstance(each.value, str)
        ]
        if name in ("translate", "_translate", "t") and literal:
            yield (literal[1] if len(literal) > 1 else None, literal[0])


def names_of(thing: object) -> tuple[str, ...]:
    """The names of what a record holds; none for anything else."""
    if is_dataclass(thing):
        return tuple(field.name for field in fields(thing))
    return getattr(thing, "_fields", ())


def in_data(thing: object, context: str | None = None) -> Iterator[Text]:
    """The texts inside a question, a problem or a table of them."""
    if isinstance(thing, dict):
        thing = tuple(thing.values())
    if names := names_of(thing):
        context = getattr(thing, "context", None) or context
        for name in names:
            value = getattr(thing, name)
            nested = names_of(value) or (isinstance(value, tuple) and any(names_of(each) for each in value))
            if isinstance(thing, Step) and name in APART:
                yield from apart(thing, name)
            elif name in READ or nested or not isinstance(value, str | tuple):
                yield from in_data(value, context)
    elif isinstance(thing, tuple | list):
        for each in thing:
            yield from in_data(each, context)
    elif isinstance(thing, str) and is_words(thing):
        yield (context, thing)


def apart(step: Step, name: str) -> Iterator[Text]:
    """On the review page a step is named without its context; only some steps have a button to go on."""
    if name == "review":
        yield from in_data(step.review)
    elif step.fields or step.kind in ("notice", "rest", "count"):
        yield from in_data(step.carry_on, step.context or None)


def asked_for() -> set[Text]:
    """Every text that templates, code and data ask for."""
    literal = {text for path in TEMPLATES for text in in_template(path)}
    literal |= {text for path in OWN for text in in_code(path)}
    data = (
        STEPS,
        step_problems.PROBLEMS,
        door_problems.PROBLEMS,
        COMPLAINTS,
        line_words.ALL,
        line_chart.CELLS,
        forms.PROBLEMS,
        admin_desk.LABELS,
        admin_outages.EVERY,
        admin_sites.OUTAGES,
        admin_conflicts.DECIDED,
        admin_conflicts.TROUBLE,
        message_words.ALL,
    )
    in_context = (
        (reading_words.CONTEXT, reading_words.WHAT, reading_words.PURPOSES),
        (reading_words.WHO_CONTEXT, reading_words.WHO),
    )
    literal |= {
        text for context, *tables in in_context for table in tables for text in in_data(table, context)
    }
    return literal | {text for table in data for text in in_data(table)}


@pytest.mark.parametrize("language", TRANSLATED)
def test_nothing_that_is_asked_for_is_missing(language: str) -> None:
    missing = sorted(asked_for() - set(said_in(language)), key=str)
    assert not missing, "\n".join(f"{context or ''}: {text}" for context, text in missing)


@pytest.mark.parametrize("path", CATALOGUES, ids=str)
def test_every_entry_is_translated_and_sure(path: Path) -> None:
    unsure = [str(entry.id) for entry in messages(path) if entry.fuzzy or not str(entry.string).strip()]
    assert unsure == []


@pytest.mark.parametrize("path", CATALOGUES, ids=str)
def test_a_translation_fills_in_the_same_places(path: Path) -> None:
    assert [
        str(entry.id) for entry in messages(path) if places(str(entry.id)) != places(str(entry.string))
    ] == []


def places(text: str) -> set[str]:
    """The names in braces."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_text_is_translated_in_two_ways(language: str) -> None:
    ways: dict[Text, set[str]] = {}
    for path in CATALOGUES:
        for entry in messages(path) if path.parent.name == language else ():
            ways.setdefault((entry.context or None, str(entry.id)), set()).add(str(entry.string))
    assert {text: strings for text, strings in ways.items() if len(strings) > 1} == {}


def test_no_translation_is_left_over() -> None:
    used = {text for path in OWN for text in tree.strings(path)} | {text for _, text in asked_for()}
    for path in TEMPLATES:
        used |= {const.value for const in Environment().parse(tree.text(path)).find_all(nodes.Const)}
    left = {str(entry.id) for path in CATALOGUES for entry in messages(path)} - used
    assert sorted(left) == []


@pytest.mark.parametrize("path", CATALOGUES, ids=str)
def test_bulgarian_is_written_in_bulgarian(path: Path) -> None:
    # An English text copied over as its own translation is the usual slip.
    copied = [
        str(entry.id) for entry in messages(path) if entry.id == entry.string and len(str(entry.id)) > 12
    ]
    assert copied == []


def test_the_kiosk_has_one_name_in_bulgarian() -> None:
    said = {text: each.lower() for text, each in said_in("bg").items() if "kiosk" in text[1].lower()}
    assert any("терминал" in each for each in said.values())
    assert not {text for text, each in said.items() if "киоск" in each}
    assert not {text for text, each in said.items() if "екран" in each and "screen" not in text[1].lower()}
