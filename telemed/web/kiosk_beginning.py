"""The kiosk's first page: the languages it speaks here, or in plain words that it speaks none yet."""

from uuid import UUID

from flask import Blueprint, Response, abort, g, render_template, request, session
from flask.typing import ResponseReturnValue

from telemed.services import Services
from telemed.texts import SOURCE, Texts
from telemed.web.kiosk_times import give_back
from telemed.web.packing import pack
from telemed.web.sessions import forget

DRAFT = "draft translation"
DRAFT_SOURCE = "draft text"


def in_address(texts: Texts) -> str:
    """The part of a kiosk's address that names the language: any there is, for help is called in each."""
    return f"<any({','.join(repr(code) for code in texts.languages)}):lang>"


def add_beginning(blueprint: Blueprint, services: Services) -> None:
    """Endpoint `.language`, and the guard before every page in a language that is not offered."""
    texts = services.texts

    def draft_words(language: str) -> str | None:
        """What is said beside texts that nobody has checked as they are now."""
        if services.offers.get(language, "reviewed") == "reviewed":
            return None
        return texts.translate(language, DRAFT_SOURCE if language == SOURCE else DRAFT)

    # Error pages stand in the kiosk's frame too.
    blueprint.app_context_processor(lambda: {"draft": draft_words(g.get("lang", SOURCE))})

    @blueprint.before_request
    def speak_only_what_is_offered() -> None:
        asked = request.view_args or {}
        lang = asked.get("lang")
        if lang and lang not in services.kiosk_languages and asked.get("key") != "emergency":
            abort(404)

    @blueprint.get("")
    def language() -> ResponseReturnValue:
        # Whoever stands at the beginning finds nothing of the one before, who may have looked at /my here.
        held = session.get("answers", {}).get("hold")
        if held and g.kiosk is not None and not session.get("filed"):
            give_back(services, UUID(held))
        session.clear()
        # Nobody has chosen yet: the page greets as the country does.
        g.lang = next(iter((*services.kiosk_languages, *services.country.languages)))
        choices = [(texts.languages[code], draft_words(code)) for code in services.kiosk_languages]
        page = Response(
            render_template("kiosk/language.html", choices=choices, say=texts.translate, draft=None)
        )
        forget(services, request, page, "my")
        return pack(page)
