"""What people read: each template parses strictly, brings no script or style of its own, and is used."""

import re
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined, meta

from tests.whole import tree

FOLDER = tree.ROOT / "templates"
TEMPLATES = tree.under(("templates",), ".html", ".txt")
# The service's name, and the signal that everybody reads alike.
IN_EVERY_LANGUAGE = ("Telemed", "SOS")
# The only way round autoescape, and why each place may use it.
MAY_MARK_SAFE = {
    "templates/kiosk/drawings.html": "the shapes stand in the same file",
    "templates/kiosk/pictures.html": "the shapes stand in the same file",
    "templates/staff/code_set_up.html": "the QR code is our own SVG",
}


def environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(FOLDER),
        undefined=StrictUndefined,
        autoescape=True,
        extensions=["jinja2.ext.i18n"],
    )


@pytest.mark.parametrize("path", TEMPLATES, ids=str)
def test_it_compiles_and_what_it_includes_exists(path: Path) -> None:
    jinja = environment()
    name = str(path.relative_to("templates"))
    jinja.get_template(name)
    wanted = [found for found in meta.find_referenced_templates(jinja.parse(tree.text(path))) if found]
    assert [each for each in wanted if not (FOLDER / each).exists()] == []


@pytest.mark.parametrize("path", [path for path in TEMPLATES if path.suffix == ".html"], ids=str)
def test_it_needs_no_hole_in_the_content_policy(path: Path) -> None:
    page = tree.text(path)
    assert re.findall(r"<script(?![^>]*\bsrc=)[^>]*>(?!\s*</script>)", page) == []
    assert re.findall(r"<style\b|\sstyle=|\son[a-z]+=[\"']|javascript:", page) == []
    assert re.findall(r"(?:src|href)=[\"'](?:https?:)?//", page) == []


@pytest.mark.parametrize("path", [path for path in TEMPLATES if path.suffix == ".html"], ids=str)
def test_every_word_goes_through_the_catalogue(path: Path) -> None:
    bare = re.sub(
        r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<svg.*?</svg>|<[^>]*>|[\w-]+=\"|&\w+;",
        " ",
        tree.text(path),
        flags=re.DOTALL,
    )
    assert [word for word in re.findall(r"[^\W\d_]{2,}", bare) if word not in IN_EVERY_LANGUAGE] == []


def test_autoescape_is_left_alone() -> None:
    unsafe = {
        str(path) for path in TEMPLATES if re.search(r"\|\s*safe\b|autoescape\s+false", tree.text(path))
    }
    assert unsafe - set(MAY_MARK_SAFE) == set()


def test_every_template_is_used() -> None:
    said = {string for path in tree.under(tree.PACKAGES, ".py") for string in tree.strings(path)}
    said |= {
        found
        for path in TEMPLATES
        for found in re.findall(r"[\"']([\w/]+\.(?:html|txt))[\"']", tree.text(path))
    }
    names = {path.relative_to("templates") for path in TEMPLATES}
    known = {name for name in names if str(name) in said or any(word.endswith(name.name) for word in said)}
    composed = {
        name for name in names - known if any(word in said for word in (name.stem, f"{name.parent}/"))
    }
    assert sorted(str(name) for name in names - known - composed) == []
